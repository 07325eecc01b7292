"""The coordinations on the page of their case."""

from typing import Any

from access.actor import Actor
from casework import coordinations as joint
from casework.models import Case, Coordination
from casework.workflow.coordination import OPEN
from casework.workflow.steps import steps_of


def panel(case: Case, actor: Actor) -> dict[str, Any]:
    """The case page's panel. Asks nothing: the case comes with its coordinations."""
    every = sorted(case.coordinations.all(), key=lambda one: one.state not in OPEN)
    unborn = Coordination(unit_id=case.unit_id, case=case)
    closed = steps_of(Coordination)["propose"].hindrance(unborn, actor)
    return {"rows": [(one, joint.last_day(one)) for one in every], "may_propose": closed is None}
