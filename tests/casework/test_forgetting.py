"""Notices and deliveries in no case go when their rules say so: by the destroyer's login, and no
others than those."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest

import tests
from access.actor import Actor
from casework.destruction import forgetting
from casework.models import Delivery, Notice, RetentionRule
from casework.models.notice import tell
from casework.workflow import moment
from tests import letters, make

Everybody = Callable[[str], Actor]


@pytest.fixture
def told(
    own_db: str, settings: Any, actor: Everybody, superuser: psycopg.Connection
) -> tuple[Actor, Actor]:
    """Two notices on each side: one of 31 days ago, one of 29."""
    settings.DATABASE_DESTROYER_URL = tests.CLUSTER.url("fortur_destroyer", own_db)
    both = actor("utredare"), actor("socialsekreterare")
    for by in both:
        for _ in range(2):
            with make.acting(by):
                tell(by.unit_id, by.user_id, "delivery_arrived")
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(
        "UPDATE casework_notice n SET"
        " made_at = now() - make_interval(days => 27 + 2 * o.place::int)"
        " FROM (SELECT id, row_number() OVER (PARTITION BY user_id ORDER BY id) AS place"
        " FROM casework_notice) o WHERE o.id = n.id"
    )
    return both


def left(*people: Actor) -> list[int]:
    counts = []
    for by in people:
        with make.acting(by):
            counts.append(Notice.objects.count())
    return counts


def test_old_notices_go_and_the_log_says_how_many(
    told: tuple[Actor, Actor], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="casework.destruction.forgetting"):
        assert forgetting.forget_notices() == 2
        assert forgetting.forget_notices() == 0
    assert left(*told) == [1, 1]
    assert [one.getMessage() for one in caplog.records][0].startswith("2 notices")


def test_a_new_version_of_the_rule_counts(told: tuple[Actor, Actor]) -> None:
    (old,) = RetentionRule.objects.filter(code="NOTISER")
    old.pk, old.valid_from, old.length = None, moment.today() - timedelta(days=1), 400
    old._state.adding = True
    with make.acting(told[0]):
        old.save(force_insert=True)
    assert forgetting.forget_notices() == 0
    assert left(*told) == [2, 2]


def test_without_the_login_they_wait(told: tuple[Actor, Actor], settings: Any) -> None:
    settings.DATABASE_DESTROYER_URL = ""
    assert forgetting.forget_notices() == 0
    assert left(*told) == [2, 2]


# --- deliveries ----------------------------------------------------------------------------------


@pytest.fixture
def inbox(own_db: str, settings: Any, actor: Everybody, superuser: psycopg.Connection) -> Actor:
    """Of each kind two, a day older and a day younger than its rule; one was taken in long ago."""
    settings.DATABASE_DESTROYER_URL = tests.CLUSTER.url("fortur_destroyer", own_db)
    by, to, chief = actor("utredare"), actor("socialsekreterare"), actor("socialchef")
    days: dict[Delivery, int] = {}
    for more in (-2, 2):
        hidden = make.restricted(make.case(by), actor("polischef"), by)
        sent = letters.sent(hidden, by)
        with make.acting(chief):
            days[Delivery.objects.get(disclosure_id=sent.pk)] = 5 * 365 + 1 + more
        days[make.step(letters.arrived(by, to), "give_back", to, "Fel enhet.")] = 365 + more
    taken = make.step(letters.arrived(by, to), "accept", to, case=make.in_progress(to))
    days[taken] = 3650
    superuser.execute("SET session_replication_role = replica")
    for one, age in days.items():
        superuser.execute(
            "UPDATE casework_delivery SET arrived_at = now() - make_interval(days => %(age)s),"
            " handled_at = CASE WHEN handled_at IS NOT NULL THEN"
            " now() - make_interval(days => %(age)s) END WHERE id = %(pk)s",
            {"age": age, "pk": one.pk},
        )
    superuser.execute("SET session_replication_role = DEFAULT")
    return chief


def kept(superuser: psycopg.Connection) -> dict[str, int]:
    """The social services' deliveries; what comes back to the police isn't asked about."""
    found = superuser.execute(
        "SELECT state, count(*) FROM casework_delivery WHERE subject <> 'returned' GROUP BY 1"
    )
    return {str(state): int(count) for state, count in found.fetchall()}


def test_old_letters_in_no_case_go_with_what_is_beside_them(
    inbox: Actor, superuser: psycopg.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    assert kept(superuser) == {"received": 2, "returned": 2, "accepted": 1}
    with caplog.at_level(logging.INFO, logger="casework.destruction.forgetting"):
        assert forgetting.forget_letters() == 2
        assert forgetting.forget_letters() == 0
    assert kept(superuser) == {"received": 1, "returned": 1, "accepted": 1}
    assert [one.getMessage() for one in caplog.records][0].startswith("2 letters")
    found = superuser.execute(
        "SELECT count(*) FILTER (WHERE reason = '–' AND about = ''), count(*) FILTER (WHERE reason"
        " <> '–') FROM access_grant WHERE kind = 'named' AND unit_id = %s", [inbox.unit_id]
    )  # fmt: skip
    emptied, untouched = found.fetchone() or (0, 0)
    assert emptied == untouched > 0


def test_the_destroyer_deletes_no_younger_letter(
    inbox: Actor, own_db: str, superuser: psycopg.Connection
) -> None:
    with psycopg.connect(tests.CLUSTER.url("fortur_destroyer", own_db), autocommit=True) as raw:
        raw.execute("SELECT set_config('fortur.clock', '2090-01-01T00:00Z', false)")
        raw.execute("DELETE FROM casework_deliveryaccess")
        assert raw.execute("DELETE FROM casework_delivery").rowcount == 2
    assert kept(superuser) == {"received": 1, "returned": 1, "accepted": 1}


def test_a_longer_rule_keeps_them(inbox: Actor) -> None:
    for old in RetentionRule.objects.filter(code__in=("SANT_TILLBAKA", "EJ_INTAGET")):
        old.pk, old.valid_from, old.length = None, moment.today() - timedelta(days=1), 40
        old._state.adding = True
        with make.acting(inbox):
            old.save(force_insert=True)
    assert forgetting.forget_letters() == 0
