"""Opens and closes a named exception. The only file that knows guardian.

Grant is the truth: policies and visible_to() ask it, and its end counts at once. Guardian's row
is its shadow, in the thing's own table, for its tools to list.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Now
from guardian.models import UserObjectPermissionBase
from guardian.shortcuts import assign_perm, remove_perm

from access.actor import Actor
from access.models import Grant, Substitution, User

PASSING = timedelta(minutes=1)


class NamedAccess(UserObjectPermissionBase):
    """Base of a thing's own table of shadows: add `content_object`, a key to the thing."""

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True


@transaction.atomic
def open_grant(
    thing: Any,
    user: User,
    by: Actor,
    reason: str,
    until: datetime | Combinable,
    **more: Any,
) -> Grant:
    """Name a user for one thing of the actor's unit. IntegrityError outside her authority.

    `more`: kind, about (a reference), stake, since, instead_of, substitution.
    """
    grant = Grant.objects.create(
        **{
            "unit_id": by.unit_id,
            "authority_id": by.authority_id,
            "thing_id": thing.pk,
            "user": user,
            "reason": reason[:500],
            "opened_by": f"{by.name}, {by.unit}",
            "since": Now(),
            "until": until,
            **more,
        }
    )
    grant.refresh_from_db(fields=["since", "until"])
    assign_perm(view_permission(thing), user, thing)
    return grant


def open_passing(thing: Any, by: Actor, reason: str) -> Grant:
    """Let her take one step on a thing in whose list she doesn't stand; `close_passing` ends it."""
    until = Now() + PASSING
    return open_grant(thing, User(pk=by.user_id), by, reason, until, kind=Grant.Kind.PASSING)


def close_passing(thing: Any, by: Actor) -> None:
    for grant in open_on(thing.pk).filter(user_id=by.user_id, kind=Grant.Kind.PASSING):
        close_grant(grant, thing)


def open_for_substitute(standing: Substitution, grant: Grant, thing: Any, by: Actor) -> None:
    """The substitute sees what the absent colleague is named for, as long as both last."""
    since, until = max(grant.since, standing.since), min(grant.until, standing.until)
    if since < until:
        open_grant(
            thing, User(pk=standing.substitute_id), by, standing.reason, until, since=since,
            kind=Grant.Kind.SUBSTITUTE, about=grant.about, instead_of=grant, substitution=standing,
        )  # fmt: skip


def open_on(thing_id: UUID) -> QuerySet[Grant]:
    """Everyone's grants for the thing that have not ended."""
    held: QuerySet[Grant] = Grant.objects.pending()
    return held.filter(thing_id=thing_id)


@transaction.atomic
def close_grant(grant: Grant, thing: Any) -> None:
    """End it now, and a substitute's with it. The shadow goes with the last open grant."""
    for lesser in Grant.objects.pending().filter(instead_of=grant):
        close_grant(lesser, thing)
    grant.closed_at = Now()  # the database's clock, as policies ask it
    grant.save(update_fields=["closed_at"])
    if not open_on(grant.thing_id).filter(user_id=grant.user_id).exists():
        remove_perm(view_permission(thing), grant.user, thing)


def view_permission(thing: Any) -> str:
    return f"view_{thing._meta.model_name}"
