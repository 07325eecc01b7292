"""People who have left a unit, or leave it soon, and still handle open cases there."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from access.actor import Actor
from access.models import Membership, User
from casework.models import Case
from casework.queue import open_cases

SOON = timedelta(days=14)  # a last day so near: her cases can be handed over before it


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody whose membership in the unit has ended or ends soon, and how many open cases are
    hers there."""

    id: UUID
    name: str
    cases: int
    last_day: date | None = None  # still ahead, or today


def leavers(actor: Actor) -> list[Leaver]:
    """Those of the actor's unit, as far as she sees the cases. One query."""
    here = Membership.objects.valid().filter(unit_id=actor.unit_id)
    soon = timezone.localdate() + SOON
    stays = here.filter(Q(until=None) | Q(until__gt=soon)).values("user_id")
    left = open_cases(actor).filter(handler__isnull=False).exclude(handler_id__in=stays)
    ends = here.filter(user_id=OuterRef("handler_id")).order_by("-until").values("until")[:1]
    whose = left.order_by().annotate(last_day=Subquery(ends))
    found = whose.values_list("handler_id", "handler__name", "last_day").annotate(Count("id"))
    return [
        Leaver(user_id, name, cases, last_day)
        for user_id, name, last_day, cases in found.order_by("handler__name")
    ]


def cases_of(actor: Actor, user: User) -> QuerySet[Case]:
    """Her open cases in the actor's unit."""
    return open_cases(actor).filter(handler_id=user.pk)
