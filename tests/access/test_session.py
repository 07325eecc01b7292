"""A session ends when it should, and changes hands with nobody."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access.actor import Actor
from access.models import Membership, Unit, User
from access.session import acting_as
from tests.access.conftest import Lines

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.access.probe")]
As = Callable[[str], Client]
Actors = Callable[[str], Actor]
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def is_in(client: Client) -> bool:
    return client.get("/").content != b"nobody"


def test_a_session_idle_for_15_minutes_is_over(as_: As, actor: Actors, lines: Lines) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        client = as_("utredare")
        assert is_in(client)
        clock.shift(timedelta(minutes=15))
        assert is_in(client)
        clock.shift(timedelta(minutes=15, seconds=1))
        assert client.get("/").headers["Location"] == "/accounts/login/?next=/"
        assert not is_in(client)
        (line,) = lines(actor("utredare"), kind="logged_out")
        assert line.detail == {"why": "idle"}


def test_a_part_of_a_page_sends_the_whole_page_to_the_login(as_: As) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/profile/?a=1"}
    answer = Client().get("/chiefs/", headers=headers)
    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=/profile/%3Fa%3D1"


def test_a_session_of_8_hours_is_over_however_busy(as_: As) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        client = as_("utredare")
        for _ in range(48):
            assert is_in(client)
            clock.shift(timedelta(minutes=10))
        assert is_in(client)
        clock.shift(timedelta(seconds=1))
        assert client.get("/").status_code == 302
        assert not is_in(client)


def test_a_session_is_written_at_most_once_a_minute(as_: As) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        client = as_("utredare")
        client.get("/")
        clock.shift(timedelta(seconds=59))
        assert not wrote_session(client)
        clock.shift(timedelta(seconds=1))
        assert wrote_session(client)


def wrote_session(client: Client) -> bool:
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    return any(query["sql"].startswith("UPDATE") for query in queries.captured_queries)


def test_who_asks_costs_three_queries(as_: As) -> None:
    client = as_("utredare")
    client.get("/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    asked = [q["sql"] for q in queries.captured_queries if q["sql"].startswith("SELECT")]
    assert len(asked) == 3  # session; user with memberships; set_config


def test_deactivation_ends_a_session_at_once(as_: As) -> None:
    client = as_("utredare")
    assert is_in(client)
    User.objects.filter(username="utredare").update(is_active=False)
    assert not is_in(client)
    User.objects.filter(username="utredare").update(is_active=True)
    assert not is_in(client)


def test_an_ended_membership_ends_a_session_at_once(as_: As) -> None:
    client = as_("utredare")
    assert is_in(client)
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.filter(user__username="utredare").update(until=yesterday)
    assert not is_in(client)


def test_a_membership_holds_through_its_last_day(as_: As) -> None:
    client = as_("utredare")
    Membership.objects.filter(user__username="utredare").update(until=timezone.localdate())
    assert is_in(client)


def test_logging_out_everywhere_else_ends_the_others_only(as_: As) -> None:
    here, there, colleague = as_("utredare"), as_("utredare"), as_("utredare2")
    assert here.post("/profile/sessions/").status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert is_in(colleague)


@pytest.fixture
def second_unit(cast: dict[str, User], actor: Actors) -> Unit:
    """utredare also leads in the unit next door."""
    next_door = Unit.objects.get(pk=actor("utredare.granne").unit_id)
    with transaction.atomic(), acting_as(actor("admin")):
        Membership.objects.create(
            user=cast["utredare"], unit=next_door, role="supervisor",
            since=date(2020, 1, 1),
        )  # fmt: skip
    return next_door


def test_she_acts_in_one_unit_at_a_time(as_: As, actor: Actors, second_unit: Unit) -> None:
    client = as_("utredare")
    assert client.get("/told/").content.decode().split("|")[2] == str(actor("utredare").unit_id)
    assert client.get("/chiefs/").status_code == 403
    assert client.post("/profile/unit/", {"unit": second_unit.pk}).status_code == 302
    assert client.get("/told/").content.decode().split("|")[2] == str(second_unit.pk)
    assert client.get("/chiefs/").status_code == 200


def test_nobody_acts_in_a_unit_that_isnt_hers(as_: As, actor: Actors) -> None:
    client, mine = as_("utredare"), actor("utredare").unit_id
    for unit in (actor("socialchef").unit_id, "0", "x", ""):
        assert client.post("/profile/unit/", {"unit": unit}).status_code == 422
    assert client.get("/told/").content.decode().split("|")[2] == str(mine)


def test_the_language_is_the_users(as_: As, cast: dict[str, User], actor: Actors) -> None:
    client = as_("utredare")
    assert client.get("/").headers["Content-Language"] == "sv"
    answer = client.post("/language/", {"language": "en-gb", "next": "/profile/"})
    assert answer.headers["Location"] == "/profile/"
    assert as_("utredare").get("/").headers["Content-Language"] == "en-gb"


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "javascript:alert(1)"]
)
def test_a_change_of_language_leads_nowhere_else(as_: As, target: str) -> None:
    answer = as_("utredare").post("/language/", {"language": "sv", "next": target})
    assert answer.headers["Location"] == "/"


def test_ones_own_page_shows_where_one_belongs(as_: As, actor: Actors, second_unit: Unit) -> None:
    page = as_("utredare").get("/profile/").content.decode()
    assert actor("utredare").unit in page
    assert second_unit.name in page


def test_a_session_out_of_the_blue_is_nobodys(db: None) -> None:
    client = Client()
    client.cookies["session"] = "x" * 32
    assert not is_in(client)
    assert not Session.objects.filter(session_key="x" * 32).exists()
