"""The people of a unit: who can handle its cases, and who could before she left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from access.actor import Actor, acting_in
from access.compiled import Compiled
from access.models import Membership, Role

HANDLERS = (Role.INVESTIGATOR, Role.SOCIAL_WORKER, Role.SUPERVISOR)
SUPPORTERS = (*HANDLERS, Role.OUTREACH_WORKER, Role.COMMUNITY_OFFICER)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who can be a case's handler in the unit, or could."""

    actor: Actor
    here: bool

    @property
    def id(self) -> UUID:
        return self.actor.user_id

    @property
    def label(self) -> str:
        """Her name; a leaver's says so."""
        return (
            self.actor.name if self.here else _("%(name)s (has left)") % {"name": self.actor.name}
        )


def belonged(unit_id: int, today: date) -> QuerySet[Membership, Any]:
    """An actor of each membership of handlers, with whether it holds that day; the last counts."""
    valid = Exists(Membership.objects.valid(today).filter(pk=OuterRef("pk")))
    found: QuerySet[Membership, Any] = Membership.objects.filter(unit_id=unit_id, role__in=HANDLERS)
    return (
        found.annotate(here=valid)
        .order_by("here", "since", "id")
        .values_list(
            "user_id", "user__username", "user__name", "role", "qualified",
            "unit_id", "unit__name", "authority_id", "kind", "here",
        )
    )  # fmt: skip


BELONGED = Compiled[Membership](belonged, unit_id=int, today=date)


def members(unit_id: int) -> list[Member]:
    """Everyone who can handle the unit's cases, then those who could. By name; one query."""
    rows = BELONGED.rows(unit_id=unit_id, today=timezone.localdate())
    found = {user_id: Member(Actor(user_id, *about), here) for user_id, *about, here in rows}
    return sorted(found.values(), key=lambda one: (not one.here, one.actor.name.casefold()))


def present(everyone: Iterable[Member]) -> list[Actor]:
    """Those whom a case can be given to today."""
    return [one.actor for one in everyone if one.here]


def colleagues(actor: Actor, roles: Iterable[Role]) -> list[Actor]:
    """Who can be given work in the actor's unit today, by name."""
    found = (
        Membership.objects.valid()
        .filter(unit_id=actor.unit_id, role__in=list(roles))
        .select_related("user", "unit")
        .order_by("user__name", "-since")
    )
    by_id: dict[object, Actor] = {}
    for membership in found:
        by_id.setdefault(membership.user_id, acting_in(membership, membership.user))
    return list(by_id.values())
