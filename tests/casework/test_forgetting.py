"""Notices go when their rule says so: by the destroyer's login, and no others than those."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest

import tests
from access.actor import Actor
from casework.destruction import forgetting
from casework.models import Notice, RetentionRule
from casework.models.notice import tell
from casework.workflow import moment
from tests import make

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
