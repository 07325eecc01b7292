"""Giving many cases to one person: what would happen to each, and doing it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from access.actor import Actor
from casework.exceptions import closed_to
from casework.models import Case
from casework.workflow.case import State
from casework.workflow.steps import Closed, Stale, perform, steps_of

STEPS = {
    State.PRIORITISED: "start",
    State.IN_PROGRESS: "hand_over",
    State.COORDINATED: "hand_over",
    State.FOLLOW_UP: "hand_over",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """A case that somebody ticked, and the version she saw (None: as it is now)."""

    case_id: UUID
    version: int | None = None

    @classmethod
    def read(cls, text: str) -> "Wish":
        """From "<id>" or "<id>:<version>"; ValueError for anything else."""
        case_id, colon, version = text.partition(":")
        return cls(UUID(case_id), int(version) if colon else None)


@dataclass(frozen=True, slots=True)
class Plan:
    """What giving this case to that person would do: a step, or nothing and why."""

    case: Case
    step: str
    why_not: str = ""

    @property
    def wish(self) -> str:
        return f"{self.case.pk}:{self.case.version}"

    @property
    def changes_hands(self) -> bool:
        return self.step == "hand_over"


def plan(cases: Iterable[Case], handler: Actor | None, actor: Actor) -> list[Plan]:
    """One plan per case. Without a handler yet, whether the case could be given to anyone."""
    chosen = list(cases)
    closed = closed_to(handler, chosen) if handler else set()
    return [_plan(case, handler, actor, closed) for case in chosen]


def _plan(case: Case, handler: Actor | None, actor: Actor, to_her: set[UUID]) -> Plan:
    name = STEPS.get(State(case.state), "")
    if case.state == State.FLAGGED:
        return Plan(case, "", _("It is not prioritised yet. Only prioritised cases are started."))
    if not name:
        return Plan(case, "", _("It is closed. Reopen it first."))
    if handler and case.handler_id == handler.user_id:
        return Plan(case, "", _("%(name)s handles it already.") % {"name": handler.name})
    if handler and case.pk in to_her:
        return Plan(case, "", _("%(name)s may not see it.") % {"name": handler.name})
    closed = steps_of(Case)[name].hindrance(case, actor)
    return Plan(case, "" if closed else name, str(closed.words) if closed else "")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the wishes: how many went through, and why the others didn't."""

    done: int
    failed: list[tuple[Case, str]]


def assign(
    plans: Sequence[Plan], wishes: dict[UUID, Wish], handler: Actor, actor: Actor, reason: str
) -> Outcome:
    """Take each plan's step. A case that can't take it stays as it was; the others go on."""
    done, failed = 0, [(one.case, one.why_not) for one in plans if not one.step]
    for one in plans:
        if one.step:
            try:
                perform(
                    one.case, one.step, actor, reason,
                    version=wishes[one.case.pk].version, handler=handler,
                )  # fmt: skip
                done += 1
            except Stale:
                words = _("Somebody changed it while you were choosing. Look at it first.")
                failed.append((one.case, words))
            except Closed as closed:
                failed.append((one.case, str(closed.words)))
    return Outcome(done, failed)
