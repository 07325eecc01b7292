"""Exceptions about cases: substitutes, and ending what was opened or closed to somebody.

As long as it lasts a substitute handles what the absent colleague handles, and sees the restricted
cases that she is named for.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models.functions import Now

from access import exceptions as doors
from access import grants
from access.actor import Actor
from access.models import Confined, Exclusion, Grant, Substitution
from access.visible import visible_to
from casework.models import Case, Delivery
from casework.workflow.steps import Closed, perform


def name_substitute(
    by: Actor, absent: Actor, substitute: Actor, reason: str, since: datetime, until: datetime
) -> Substitution:
    made = doors.substitute(absent.user_id, substitute.user_id, by, reason, since, until)
    if substitute.user_id == by.user_id:  # she opens no restricted case to herself
        return made
    named = Grant.objects.pending().filter(
        unit_id=by.unit_id, user_id=absent.user_id, kind=Grant.Kind.NAMED
    )
    for grant in named:
        grants.open_for_substitute(made, grant, thing_of(grant), by)
    return made


def end_substitution(standing: Substitution) -> None:
    """End it now, with the grants that came with it."""
    for grant in Grant.objects.pending().filter(substitution=standing):
        grants.close_grant(grant, thing_of(grant))
    standing.closed_at = Now()
    standing.save(update_fields=["closed_at"])


def thing_of(grant: Grant) -> Any:
    """What the grant is for, as guardian's shadow needs it; it may be hidden from who asks."""
    confined = Confined.objects.filter(thing_id=grant.thing_id).exclude(about="").exists()
    return (Case if confined else Delivery)(pk=grant.thing_id)


@contextmanager
def for_one_step(case_id: UUID, by: Actor, reason: str) -> Iterator[Case | None]:
    """The case, for a supervisor who isn't named and takes one step about who is; None where she
    is shut out of it."""
    case = visible_to(Case.objects.filter(pk=case_id), by).first()
    if case is not None:
        yield case
        return
    anchor = Case(pk=anchor_of(case_id))
    grants.open_passing(anchor, by, reason)
    try:
        yield visible_to(Case.objects.filter(pk=case_id), by).first()
    except Closed:  # anything else ends the transaction, and the grant with it
        grants.close_passing(anchor, by)
        raise
    grants.close_passing(anchor, by)


def anchor_of(case_id: UUID) -> UUID:
    """The id that a grant must name."""
    found = Confined.objects.filter(about_id=case_id, ended_at=None)
    return found.values_list("thing_id", flat=True).first() or case_id


def close(grant: Grant, by: Actor, reason: str) -> bool:
    """End somebody's access to a thing at once; False where the actor is shut out of it.

    A named person's is a step of the case; one that ends by itself soon leaves a line of its own.
    """
    if grant.kind != Grant.Kind.NAMED or not isinstance(thing_of(grant), Case):
        grants.close_grant(grant, thing_of(grant))
        return True
    with for_one_step(grant.thing_id, by, reason) as case:
        if case is None:
            return False
        perform(case, "unname", by, reason, person=person_of(grant.user, by))
    return True


def let_in(exclusion: Any, by: Actor, reason: str) -> bool:
    """Somebody's conflict of interest is over; False where the actor is shut out herself."""
    with for_one_step(exclusion.thing_id, by, reason) as case:
        if case is None:
            return False
        perform(case, "let_in", by, reason, person=person_of(exclusion.user, by))
    return True


def person_of(user: Any, by: Actor) -> Actor:
    """Somebody of the actor's authority, who may have left the unit."""
    return Actor(
        user_id=user.pk, username=user.username, name=user.name, role="", qualified=False,
        unit_id=by.unit_id, unit=by.unit, authority_id=by.authority_id, authority=by.authority,
    )  # fmt: skip


def insiders(case: Case, people: Iterable[Actor]) -> list[Actor]:
    """Those of them who would see the case: a handler must."""
    shut_out = {row.user_id for row in doors.shut_out_of(case.pk)}
    seeing = [person for person in people if person.user_id not in shut_out]
    if not case.restricted:
        return seeing
    held = Grant.objects.open().filter(thing_id=anchor_of(case.pk))
    named = set(held.values_list("user_id", flat=True))
    return [person for person in seeing if person.user_id in named]


def closed_to(person: Actor, cases: Iterable[Case]) -> set[UUID]:
    """Which of the cases that the actor sees this colleague doesn't see."""
    asked = list(cases)
    ids = [case.pk for case in asked]
    held = Exclusion.objects.pending().filter(user_id=person.user_id, about_id__in=ids)
    closed = set(held.values_list("about_id", flat=True))
    if restricted := [case.pk for case in asked if case.restricted]:
        mine = Grant.objects.open().filter(user_id=person.user_id)
        to_others = Confined.objects.filter(about_id__in=restricted, ended_at=None)
        to_others = to_others.exclude(thing_id__in=mine.values("thing_id"))
        closed |= set(to_others.values_list("about_id", flat=True))
    return closed
