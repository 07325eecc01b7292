"""The investigations of a case, as the case's own page shows them."""

from typing import Any
from uuid import UUID

from access.actor import Actor
from access.compiled import Compiled
from access.models import Kind
from casework.models import Case, PoliceInvestigation, SocialInvestigation
from casework.views import parts
from casework.views.investigation_rows import Investigation, age_rows
from casework.workflow.steps import Step, steps_of

OF_POLICE = Compiled[PoliceInvestigation](
    lambda case_id: PoliceInvestigation.objects.filter(case_id=case_id).order_by(
        "-deed_until", "number", "id"
    ),
    case_id=UUID,
)
SOCIAL = Compiled[SocialInvestigation](
    lambda case_id: SocialInvestigation.objects.filter(case_id=case_id).order_by(
        "-received_at", "id"
    ),
    case_id=UUID,
)
Model = type[PoliceInvestigation] | type[SocialInvestigation]


def kind_of(actor: Actor) -> Model:
    """The kind of investigation that her authority makes."""
    return PoliceInvestigation if actor.authority == Kind.POLICE else SocialInvestigation


def birth_of(model: Model) -> Step:
    """The step that registers what came in."""
    return next(step for step in steps_of(model).values() if step.birth)


def investigations_of(case: Case, actor: Actor) -> list[Investigation]:
    """All in the case, the newest first."""
    if actor.authority == Kind.POLICE:
        return [*parts.within(case, OF_POLICE(case_id=case.pk))]
    return [*parts.within(case, SOCIAL(case_id=case.pk))]


def panel_of(case: Case, actor: Actor, found: list[Investigation]) -> dict[str, Any]:
    """What the panel shows: each with what its ages mean, and whether she may register one."""
    model = kind_of(actor)
    unborn = model(unit_id=case.unit_id, case=case)
    return {
        "investigations": [(part, age_rows(part)) for part in found],
        "may_register": birth_of(model).hindrance(unborn, actor) is None,
    }
