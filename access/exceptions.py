"""Confining a thing, shutting somebody out of it, standing in for somebody, judging an opening.

Each leaves its line in the field log; what they mean to the thing itself is its own step.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now

from access.actor import Actor
from access.confinement import Confined, Exclusion, Judgement, Substitution
from access.models import Grant

Things = Iterable[tuple[UUID, str]]  # id and what supervisors call it


def confine(thing_id: UUID, things: Things, ground: str, by: Actor) -> None:
    """From now on only those with a grant for the thing see these, and the lines about them."""
    for about_id, about in things:
        Confined.objects.create(
            unit_id=by.unit_id, authority_id=by.authority_id, thing_id=thing_id,
            about_id=about_id, about=about, ground=ground, since=Now(),
        )  # fmt: skip


def release(thing_id: UUID) -> None:
    """What was confined to those named for the thing is so no longer."""
    for row in Confined.objects.filter(thing_id=thing_id, ended_at=None):
        row.ended_at = Now()
        row.save(update_fields=["ended_at"])


def loosen(about_id: UUID) -> None:
    """This one thing is confined to nobody any more; what it was confined with stays."""
    for row in Confined.objects.filter(about_id=about_id, ended_at=None):
        row.ended_at = Now()
        row.save(update_fields=["ended_at"])


def shut_out(
    user_id: UUID, thing_id: UUID, things: Things, by: Actor, reason: str, until: datetime | None
) -> None:
    """Close these to her, whatever grants she has."""
    for about_id, about in things:
        Exclusion.objects.create(
            unit_id=by.unit_id, authority_id=by.authority_id, thing_id=thing_id,
            about_id=about_id, about=about, user_id=user_id, reason=reason[:500],
            opened_by=f"{by.name}, {by.unit}", since=Now(), until=until,
        )  # fmt: skip


def shut_out_of(about_id: UUID) -> "QuerySet[Exclusion]":
    """The exclusions from the thing that have not ended."""
    held: QuerySet[Exclusion] = Exclusion.objects.pending()
    return held.filter(about_id=about_id)


def also_shut_out(of: UUID, things: Things) -> None:
    """Whoever is shut out of the one is shut out of what is new beside it, too."""
    new = list(things)
    for row in shut_out_of(of):
        for about_id, about in new:
            row.pk, row.about_id, row.about = None, about_id, about
            row._state.adding = True
            row.save(force_insert=True)


def let_in(user_id: UUID, things: Iterable[UUID]) -> None:
    held = Exclusion.objects.pending().filter(user_id=user_id, about_id__in=list(things))
    for row in held:
        row.closed_at = Now()
        row.save(update_fields=["closed_at"])


def substitute(
    absent_id: UUID, substitute_id: UUID, by: Actor, reason: str, since: datetime, until: datetime
) -> Substitution:
    made: Substitution = Substitution.objects.create(
        unit_id=by.unit_id, authority_id=by.authority_id, absent_id=absent_id,
        substitute_id=substitute_id, reason=reason[:500], opened_by=f"{by.name}, {by.unit}",
        since=since, until=until,
    )  # fmt: skip
    return made


def judge(grant: Grant, by: Actor, verdict: str, note: str) -> Judgement:
    """Somebody else's word on an emergency opening. IntegrityError by the one who opened."""
    return Judgement.objects.create(
        unit_id=grant.unit_id, authority_id=grant.authority_id, grant=grant,
        opener_id=grant.user_id, judge_id=by.user_id, verdict=verdict, note=note[:500],
        judged_at=Now(),
    )  # fmt: skip
