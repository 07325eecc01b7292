"""Opens and closes a named exception. The only file that knows guardian.

Grant is the truth: policies and visible_to() ask it, and its end counts at once. Guardian's row
is its shadow, in the thing's own table, for its tools to list.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from guardian.models import UserObjectPermissionBase
from guardian.shortcuts import assign_perm, remove_perm

from access.actor import Actor
from access.models import Grant, User


class NamedAccess(UserObjectPermissionBase):
    """Base of a thing's own table of shadows: add `content_object`, a key to the thing."""

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True


@transaction.atomic
def open_grant(thing: Any, user: User, by: Actor, reason: str, until: datetime) -> Grant:
    """Name a user for one thing of the actor's unit. IntegrityError outside her authority."""
    grant = Grant.objects.create(
        unit_id=by.unit_id,
        authority_id=by.authority_id,
        thing_id=thing.pk,
        user=user,
        reason=reason,
        opened_by=f"{by.name}, {by.unit}",
        since=Now(),
        until=until,
    )
    grant.refresh_from_db(fields=["since"])
    assign_perm(view_permission(thing), user, thing)
    return grant


@transaction.atomic
def close_grant(grant: Grant, thing: Any) -> None:
    """End it now. The shadow goes with the last open grant."""
    grant.closed_at = Now()  # the database's clock, as policies ask it
    grant.save(update_fields=["closed_at"])
    others = Grant.objects.filter(
        thing_id=grant.thing_id, user_id=grant.user_id, until__gt=Now(), closed_at__isnull=True
    )
    if not others.exists():
        remove_perm(view_permission(thing), grant.user, thing)


def view_permission(thing: Any) -> str:
    return f"view_{thing._meta.model_name}"
