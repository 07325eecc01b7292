"""A restricted thing is seen by whom a grant names, until it ends: list and database alike."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError
from django.utils import timezone

from access.actor import Actor
from access.grants import close_grant, open_grant
from access.models import Grant, User
from access.session import acting_as
from access.visible import visible_to
from casework.models import Case
from tests import make

pytestmark = pytest.mark.django_db
Actors = Callable[[str], Actor]


@pytest.fixture
def case(actor: Actors, cast: dict[str, User]) -> Case:
    """A case in utredare's unit, restricted to polischef."""
    chief = actor("polischef")
    made = make.case(by=actor("utredare"))
    with transaction.atomic(), acting_as(chief):
        open_grant(made, cast["polischef"], chief, "Skyddad identitet", in_three_hours())
        made.restricted = True
        made.save(update_fields=["restricted"])
    return made


def in_three_hours() -> datetime:
    return timezone.now() + timedelta(hours=3)


def sees(who: Actor, case: Case) -> tuple[bool, bool]:
    """By the queryset, and by the database alone."""
    with transaction.atomic(), acting_as(who), connection.cursor() as cursor:
        listed = visible_to(Case.objects.all(), who).filter(pk=case.pk).exists()
        cursor.execute("SELECT count(*) FROM casework_case WHERE id = %s", [case.pk])
        (count,) = cursor.fetchone()
    return listed, count == 1


def grant_of(who: Actor) -> Grant:
    return Grant.objects.get(user_id=who.user_id)


def test_only_who_is_named_sees_it(actor: Actors, case: Case) -> None:
    assert sees(actor("polischef"), case) == (True, True)
    for name in ("utredare", "utredare2", "utredare.granne", "socialchef", "admin"):
        assert sees(actor(name), case) == (False, False)


def test_a_closed_grant_counts_no_more(actor: Actors, case: Case) -> None:
    chief = actor("polischef")
    with transaction.atomic(), acting_as(chief):
        close_grant(grant_of(chief), case)
    assert sees(chief, case) == (False, False)


def test_a_grants_end_counts_at_once(actor: Actors, cast: dict[str, User], case: Case) -> None:
    mine = actor("utredare")
    with transaction.atomic(), acting_as(mine):
        soon = timezone.now() + timedelta(milliseconds=700)
        open_grant(case, cast["utredare"], mine, "Ersätter", soon)
    assert sees(mine, case) == (True, True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.8)")
    assert sees(mine, case) == (False, False)


def test_a_grant_to_another_authority_is_refused(
    actor: Actors, cast: dict[str, User], case: Case
) -> None:
    chief = actor("polischef")
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        acting_as(chief),
    ):
        open_grant(case, cast["socialchef"], chief, "Fel", in_three_hours())


def test_a_grant_in_another_unit_is_refused(
    actor: Actors, cast: dict[str, User], case: Case
) -> None:
    chief, next_door = actor("polischef"), actor("utredare.granne")
    with pytest.raises(ProgrammingError), transaction.atomic(), acting_as(next_door):
        open_grant(case, cast["utredare.granne"], chief, "Fel", in_three_hours())


@pytest.mark.parametrize("column", ["until", "user_id", "thing_id", "reason", "since", "unit_id"])
def test_a_grant_is_only_ever_closed(actor: Actors, case: Case, column: str) -> None:
    with (
        pytest.raises((ProgrammingError, InternalError)),
        transaction.atomic(),
        acting_as(actor("polischef")),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE access_grant SET {column} = {column}")  # noqa: S608 - from above


def test_a_grant_needs_a_reason(actor: Actors, cast: dict[str, User], case: Case) -> None:
    chief = actor("polischef")
    with pytest.raises(IntegrityError), transaction.atomic(), acting_as(chief):
        open_grant(case, cast["utredare"], chief, "", in_three_hours())


def test_a_grant_leaves_its_line(actor: Actors, case: Case) -> None:
    chief = actor("polischef")
    with transaction.atomic(), acting_as(chief), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_change WHERE model = 'access.grant'")
        assert cursor.fetchone() == (1,)
