"""The database holds that a user belongs to one authority, and that roles exist where they are."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from access.actor import Actor, actor_of
from access.models import Membership, Unit, User
from access.session import acting_as

pytestmark = pytest.mark.django_db
Actors = Callable[[str], Actor]
INSERT = (
    "INSERT INTO access_membership (user_id, unit_id, authority_id, kind, role, qualified, since)"
    " VALUES (%s, %s, %s, %s, %s, false, '2020-01-01')"
)


@pytest.fixture(autouse=True)
def _administrator(actor: Actors) -> Iterator[None]:
    with transaction.atomic(), acting_as(actor("admin")):
        yield


def insert(user: Actor, unit: Actor, authority: Actor, kind: str, role: str) -> None:
    """Past every model: what the application's role could send."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERT, [user.user_id, unit.unit_id, authority.authority_id, kind, role])


def test_a_second_unit_of_ones_own_authority_is_fine(actor: Actors) -> None:
    police = actor("utredare")
    insert(police, actor("utredare.granne"), police, "police", "investigator")


@pytest.mark.parametrize("claimed", ["utredare", "socialchef"])
def test_a_unit_of_another_authority_is_refused(actor: Actors, claimed: str) -> None:
    police, social = actor("utredare"), actor("socialchef")
    with pytest.raises(IntegrityError):
        insert(police, social, actor(claimed), actor(claimed).authority, "supervisor")


def test_a_kind_that_isnt_the_authoritys_is_refused(actor: Actors) -> None:
    police = actor("utredare")
    with pytest.raises(IntegrityError):
        insert(police, actor("utredare.granne"), police, "social", "social_worker")


def test_a_role_of_another_kind_is_refused(actor: Actors, cast: dict[str, User]) -> None:
    next_door = Unit.objects.get(pk=actor("utredare.granne").unit_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=cast["utredare"], unit=next_door, role="social_worker")


def test_a_user_does_not_move_to_another_authority(actor: Actors) -> None:
    user = User.objects.filter(username="utredare")
    elsewhere = actor("socialchef").authority_id
    with pytest.raises(IntegrityError), transaction.atomic():
        user.update(authority_id=elsewhere)


def test_one_open_membership_per_unit(actor: Actors, cast: dict[str, User]) -> None:
    unit = Unit.objects.get(pk=actor("utredare").unit_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=cast["utredare"], unit=unit, role="supervisor")


@pytest.mark.parametrize(
    "table", ["access_user", "access_membership", "access_unit", "access_authority", "access_grant"]
)
def test_nothing_is_deleted(table: str) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - a name from the list above


def test_nobody_joins_a_group_or_gets_a_permission(cast: dict[str, User]) -> None:
    for table in ("access_user_groups", "access_user_user_permissions"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} DEFAULT VALUES")


def test_a_username_is_in_small_letters(cast: dict[str, User]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="Stor", name="Stor", authority=cast["utredare"].authority)


def test_an_actor_needs_a_membership_of_today(cast: dict[str, User]) -> None:
    user = cast["utredare"]
    assert actor_of(user) is not None
    assert actor_of(user, unit_id=0) is None
    tomorrow = timezone.localdate() + timedelta(days=1)
    Membership.objects.filter(user=user).update(since=tomorrow)
    assert actor_of(user) is None
