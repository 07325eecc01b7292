"""The short version of tests/hostile_destruction.py, and the lists it is tried on."""

from collections.abc import Callable

import psycopg
import pytest

import tests
from access.actor import Actor
from casework.models import Case, DestructionItem
from casework.workflow import moment
from casework.workflow.steps import perform
from tests import hostile_destruction as hostile
from tests import make
from tests.destruction import aged, approved, in_unit, proposed

Everybody = Callable[[str], Actor]


@pytest.fixture
def town(own_db: str, actor: Everybody, superuser: psycopg.Connection) -> str:
    """Of none of these may anything go: each for another reason."""
    by, chief = actor("utredare"), actor("polischef")
    officer = in_unit(actor("dataskydd.polis"), chief)
    make.in_progress(by)  # open
    make.closed(by, chief)  # not due
    held, changed, struck, young = [make.closed(by, chief) for _ in range(4)]
    aged(superuser, held, changed, struck, young)
    found = proposed(chief)
    with make.acting(chief):
        item = DestructionItem.objects.get(case_id=struck.pk)
    found = make.step(found, "strike", chief, item=item.pk, why="unsure")
    found = make.step(make.step(found, "review", chief), "approve", officer)
    make.step(held, "hold", chief, "Ett utdrag väntar.", until=None)
    changed = make.step(changed, "hold", chief, "Ett utdrag väntar.", until=moment.today())
    make.step(changed, "lift_hold", chief, "Det är lämnat.")
    aged(superuser, young, days=-3 * 365)  # not due after all
    with make.acting(chief):
        perform(found, "run", chief.service())
    waiting = make.closed(by, chief)
    aged(superuser, waiting)
    approved(chief, officer)  # waits for its run
    worker, head = actor("socialsekreterare"), actor("socialchef")
    make.closed(worker, head)
    return own_db


def test_three_thousand_statements_of_the_destroyer_change_nothing(
    town: str, superuser: psycopg.Connection
) -> None:
    before = hostile.everything(superuser)
    url = tests.CLUSTER.url("fortur_destroyer", town)
    with psycopg.connect(url, autocommit=True) as raw:
        tally = hostile.attack(raw, 3_000, seed=20261122)
    after = hostile.everything(superuser)
    assert {name for name in before if before[name] != after[name]} == set()
    assert tally["refused"] > 1_000
    assert tally["accepted"] > 200


@pytest.mark.parametrize(
    "damage",
    ["DELETE FROM casework_observation", "UPDATE audit_step SET reason = '', salt = NULL",
     "UPDATE casework_destructionitem SET left_why = 'changed'"],
)  # fmt: skip
def test_the_look_afterwards_would_see_it(
    town: str, superuser: psycopg.Connection, damage: str
) -> None:
    before = hostile.everything(superuser)
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(damage.encode())
    assert before != hostile.everything(superuser)


@pytest.mark.parametrize("at", ["done_at = now()", "done_at = now(), left_why = 'changed'"])
def test_what_is_there_is_not_done(town: str, actor: Everybody, at: str) -> None:
    url = tests.CLUSTER.url("fortur_destroyer", town)
    refused = pytest.raises(psycopg.errors.CheckViolation)
    with psycopg.connect(url, autocommit=True) as raw, refused:
        raw.execute(f"UPDATE casework_destructionitem SET {at}".encode())  # noqa: S608
    with make.acting(actor("polischef")):
        assert Case.objects.count() == 7
