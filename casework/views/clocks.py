"""The deadlines of a case as its page shows them: the house's own and the law's."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from access.actor import Actor
from access.compiled import Compiled
from casework import clocks
from casework.models import Case, Deadline
from casework.views import parts
from casework.words import clocks as clocks_words
from casework.workflow import who
from casework.workflow.case import OPEN

SHOWN = 60
CLOCKS = Compiled[Deadline](
    lambda case_id: Deadline.objects.filter(case_id=case_id).select_related("rule", "extended_by")[
        :SHOWN
    ],
    case_id=UUID,
)
# These have their links beside the deadlines, not among the next steps.
STEPS = ("add_deadline", "meet_deadline", "extend_deadline")


@dataclass(frozen=True, slots=True)
class Clock:
    """A statutory deadline in words."""

    row: Deadline
    duty: str
    who: str
    time: str
    soon: int  # days before the due date from which it warns
    extension: str  # who may extend it and on what, or that nobody may
    may_extend: bool

    @property
    def on_a_day_off(self) -> bool:
        """What is due at once is done whatever the day."""
        return self.row.due != self.row.starts_on and not clocks.is_working_day(self.row.due)

    @property
    def ground(self) -> str:
        """What it was extended on."""
        return str(self.row.get_extended_ground_display()) if self.row.extended_ground else ""


def panel(case: Case, actor: Actor) -> dict[str, Any]:
    """What the panel needs; one question to the database."""
    found = parts.within(case, CLOCKS(case_id=case.pk))
    minds = case.state in OPEN and who.minds_clocks(actor, case)
    return {
        "case": case,
        "own": parts.deadline_rows(case),
        "law": [clock_of(row, case, actor, minds) for row in found if row.is_open],
        "past": [clock_of(row, case, actor, False) for row in found if not row.is_open],
        "minds": minds,
        "may_add": minds and bool(clocks_words.by_hand(actor.authority)),
    }


def clock_of(row: Deadline, case: Case, actor: Actor, minds: bool) -> Clock:
    rule = row.rule
    duty = clocks_words.DUTIES.get(row.code)
    return Clock(
        row=row,
        duty=clocks_words.duty_of(row.code),
        who=str(duty.who) if duty else "",
        time=clocks_words.time_of(row.code, rule.measure, rule.length),
        soon=rule.warns,
        extension=extension(row),
        may_extend=minds and rule.may_extend(actor, case),
    )


def extension(row: Deadline) -> str:
    """Who may extend it and on what ground, or that nobody may."""
    if not row.rule.extendable_by:
        return _("It can’t be extended.")
    grounds = ", ".join(label.lower() for _code, label in row.rule.grounds_in_words)
    words = _("Can be extended by: %(who)s. Ground: %(grounds)s.")
    return words % {"who": row.rule.extender.lower(), "grounds": grounds}
