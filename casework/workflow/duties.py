"""What an investigation's steps set going beside it: statutory clocks and ready drafts.

The machine says which; the models know where clocks and drafts are kept (models/investigation.py).
"""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework.workflow.case import OPEN as OPEN_CASES
from casework.workflow.steps import Act, Stateful, condition


class DutifulSteps(Stateful):
    """A life in a case. A method `after_<step>(act)` says what follows from the step, in the same
    transaction, once the row and its line are saved."""

    pk: Any
    case: Any
    case_id: UUID
    unit_id: int
    ENDED: ClassVar[tuple[str, ...]]  # the states in which it no longer runs
    ENDS_WITH_IT: ClassVar[tuple[str, ...]] = ()  # codes of clocks that its last step meets

    class Meta:
        abstract = True

    @property
    def running(self) -> bool:
        return self.state not in self.ENDED

    def after(self, act: Act, name: str, noted: dict[str, Any]) -> None:
        if follows := getattr(self, f"after_{name}", None):
            follows(act)

    @staticmethod
    def today(act: Act) -> date:
        """The Swedish day of the act."""
        return timezone.localdate(act.at)

    def age_on(self, day: date) -> int:
        return int(self.case.person.age_on(day))

    def start_clock(self, act: Act, code: str, on: date, due: date | None = None) -> None:
        """Start the statutory clock of that code, unless this investigation has started one;
        `due` where somebody sets the day herself."""
        self.start_clocks((code,), on, due)

    def start_clocks(self, codes: tuple[str, ...], on: date, due: date | None = None) -> None:
        """Several that begin on the same day."""
        raise NotImplementedError

    def meet_clock(self, act: Act, code: str, on: date) -> None:
        """The duty of that code is done; nothing happens where none is open."""
        raise NotImplementedError

    def drop_clocks(self, act: Act) -> None:
        """What is still open no longer applies: the investigation ended without."""
        raise NotImplementedError

    def has_open_clocks(self) -> bool:
        """A duty is open that its last step doesn't meet by itself."""
        raise NotImplementedError

    def draft(self, act: Act, subject: str, ground_code: str) -> None:
        """Lay a disclosure ready for whoever decides about it."""
        raise NotImplementedError

    def draft_waits(self, ground_code: str) -> bool:
        raise NotImplementedError

    def was_sent(self, ground_code: str) -> bool:
        raise NotImplementedError


@condition(_("The case is closed or set aside. Reopen it first."))
def case_open(part: DutifulSteps) -> bool:
    return part.case.state in OPEN_CASES


@condition(_("A duty with a deadline is still open. Do it, or write down that it is met, first."))
def nothing_due(part: DutifulSteps) -> bool:
    return not part.has_open_clocks()
