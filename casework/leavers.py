"""People who have left a unit and still handle open cases there."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet

from access.actor import Actor
from access.models import Membership, User
from casework.models import Case
from casework.queue import open_cases


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody without a valid membership in the unit, and how many open cases are hers there."""

    id: UUID
    name: str
    cases: int


def leavers(actor: Actor) -> list[Leaver]:
    """Those of the actor's unit, as far as she sees the cases. One query."""
    here = Membership.objects.valid().filter(unit_id=actor.unit_id).values("user_id")
    left = open_cases(actor).filter(handler__isnull=False).exclude(handler_id__in=here)
    found = left.order_by().values_list("handler_id", "handler__name").annotate(Count("id"))
    return [Leaver(*one) for one in found.order_by("handler__name")]


def cases_of(actor: Actor, user: User) -> QuerySet[Case]:
    """Her open cases in the actor's unit."""
    return open_cases(actor).filter(handler_id=user.pk)
