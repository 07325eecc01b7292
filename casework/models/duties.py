"""Clocks and drafts of an investigation, as its machine asks for them."""

from contextlib import suppress
from datetime import date

from casework.models import deadlines, drafting
from casework.models.deadline import Deadline, open_of
from casework.models.disclosure import Disclosure
from casework.workflow.disclosure import State
from casework.workflow.duties import DutifulSteps
from casework.workflow.steps import Act, NotNow


def start(part: DutifulSteps, codes: tuple[str, ...], on: date, due: date | None) -> None:
    """Start the clocks of those codes for the investigation, each once in its life."""
    deadlines.start_once(part.case, codes, on, part_id=part.pk, due=due)


def meet(part: DutifulSteps, act: Act, code: str, on: date) -> None:
    """The investigation's duty of that code is done."""
    deadlines.meet(part.case, code, on, act, part_id=part.pk)


def drop(part: DutifulSteps, act: Act) -> None:
    """The investigation ended without: its open clocks no longer apply."""
    deadlines.drop(part.case, act, part_id=part.pk)


def of(part: DutifulSteps) -> list[Deadline]:
    """The investigation's open deadlines, first due first."""
    return list(open_of(part.case_id).filter(part_id=part.pk).select_related("rule"))


def draft(part: DutifulSteps, act: Act, subject: str, ground_code: str) -> None:
    """Lay a disclosure from the investigation ready for whoever decides, to the usual receiver.

    Without a receiver, or a ground that carries it there, none is laid: the duty stays open.
    """
    with suppress(NotNow):
        drafting.prepare(
            part.case, act, subject=subject, ground_code=ground_code, part_id=part.pk,
            reply_to=getattr(part, "delivery_id", None),
        )  # fmt: skip


def waiting(part: DutifulSteps) -> dict[str, Disclosure]:
    """The drafts from the investigation that wait for a decision, by the code of their ground."""
    found = Disclosure.objects.filter(case_id=part.case_id, part_id=part.pk, state=State.DRAFT)
    return {one.ground.code: one for one in found.select_related("ground")}


def was_sent(part: DutifulSteps, ground_code: str) -> bool:
    """A disclosure of that ground from the investigation has been sent."""
    return drafting.sent(part.case, ground_code, part_id=part.pk)
