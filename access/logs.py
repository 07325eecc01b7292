"""The operational log: what went wrong and where in the code, never what was in a row or a form."""

import logging
import traceback
from types import TracebackType


class Line(logging.Formatter):
    """A fault is told by its kind and its place. Its message may quote a whole row (PostgreSQL's
    DETAIL) or what somebody typed, so it is left out; the request's path is in the line before.
    """

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, ...]
    ) -> str:
        told, fault = [], ei[1]
        while fault is not None:
            frames = "".join(traceback.format_tb(fault.__traceback__))
            told.append(f"Traceback (most recent call last):\n{frames}{type(fault).__qualname__}")
            fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
        return "\n\n".join(reversed(told))
