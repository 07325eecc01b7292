"""Clocks and drafts of an investigation, as its machine asks for them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from casework.workflow.duties import DutifulSteps
from casework.workflow.steps import Act


def start(part: DutifulSteps, act: Act, code: str, on: date, due: date | None) -> None:
    """Start the clock of that code for the investigation, once."""


def meet(part: DutifulSteps, act: Act, code: str, on: date) -> None:
    """The investigation's duty of that code is done."""


def drop(part: DutifulSteps, act: Act) -> None:
    """The investigation ended without: its open clocks no longer apply."""


def open_of(part: DutifulSteps) -> Iterable[Any]:
    """The investigation's open deadlines, earliest first."""
    return ()


def draft(part: DutifulSteps, act: Act, subject: str, ground_code: str) -> None:
    """Lay a disclosure from the investigation ready for whoever decides."""


def draft_waits(part: DutifulSteps, ground_code: str) -> bool:
    """A draft of that ground from the investigation waits for its decision."""
    return False


def was_sent(part: DutifulSteps, ground_code: str) -> bool:
    """A disclosure of that ground from the investigation has been sent."""
    return False
