"""Coordinations as rows: in their list, on the page of their case, on the start page."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.actor import Actor
from casework import coordinations as joint
from casework.coordinations import Side
from casework.models import Case, Coordination
from casework.workflow import moment as clock
from casework.workflow.coordination import OPEN, State
from casework.workflow.steps import steps_of


def panel(case: Case, actor: Actor) -> dict[str, Any]:
    """The case page's panel. Asks nothing: the case comes with its coordinations."""
    every = sorted(case.every_coordination(), key=lambda one: one.state not in OPEN)
    unborn = Coordination(unit_id=case.unit_id, case=case)
    closed = steps_of(Coordination)["propose"].hindrance(unborn, actor)
    return {"rows": [(one, joint.last_day(one)) for one in every], "may_propose": closed is None}


def waiting(actor: Actor, most: int) -> list[dict[str, Any]]:
    """What waits for her, for the start page."""
    return [row(one) for one in joint.waiting(actor, most)]


def waits(coordination: Coordination) -> bool:
    """A proposal to answer, or something that runs out within a week."""
    if coordination.state == State.PROPOSED:
        return not coordination.proposed_here
    last = joint.last_day(coordination)
    soon = clock.today() + joint.ASK_BEFORE
    return coordination.state == State.ACTIVE and last is not None and last <= soon


def row(coordination: Coordination) -> dict[str, Any]:
    """A coordination in a list. No names: references and units."""
    ours, theirs = joint.sides(coordination)
    return {
        "it": coordination,
        "ours": ours,
        "theirs": theirs,
        "untouched": [words for words in (longest(ours), longest(theirs)) if words],
        "last": joint.last_day(coordination) if coordination.state in OPEN else None,
        "task": task(coordination),
    }


def task(coordination: Coordination) -> str:
    """What is to be done next, in a few words."""
    if coordination.state == State.PROPOSED:
        return _("Waits for their answer") if coordination.proposed_here else _("Accept or decline")
    if coordination.state == State.ACTIVE:
        return _("Renew or end") if waits(coordination) else ""
    if coordination.state == State.ACCEPTED:
        if coordination.rests_on_something(clock.today()):
            return _("Begin")
        return _("Record consent or ground")
    return ""


def longest(side: Side) -> str:
    """How long a side's case waits untouched, where it does."""
    if side.begun_on or side.untouched is None:
        return ""
    words = ngettext(
        "%(unit)s: untouched for %(days)d day", "%(unit)s: untouched for %(days)d days",
        side.untouched,
    )  # fmt: skip
    return words % {"unit": side.unit, "days": side.untouched}
