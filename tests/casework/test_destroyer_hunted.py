"""What a hostile login could do to a destruction: lie in its list, or keep it from running."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import psycopg
import pytest

import tests
from access.actor import Actor
from access.models import Unit
from access.session import acting_as
from casework.destruction import destroying
from casework.models import Case, Destruction, DestructionItem
from casework.workflow.destruction import State
from casework.workflow.steps import perform
from tests import make
from tests.audit.test_superuser import sealed, verified
from tests.destruction import aged, approved, in_unit, run

Everybody = Callable[[str], Actor]
ASK = "UPDATE casework_destructionitem SET lawful_tx = 1"
EMPTY = (
    "UPDATE audit_step SET reason = '', facts = '{}', salt = NULL, destroyed_by ="
    " (SELECT id FROM casework_destruction) WHERE about_id = %s"
)


@pytest.fixture
def chief(actor: Everybody, own_db: str, settings: Any) -> Actor:
    settings.DATABASE_DESTROYER_URL = tests.CLUSTER.url("fortur_destroyer", own_db)
    return actor("polischef")


@pytest.fixture
def second(actor: Everybody, chief: Actor) -> Actor:
    return in_unit(actor("dataskydd.polis"), chief)


@pytest.fixture
def old(actor: Everybody, chief: Actor, superuser: psycopg.Connection) -> list[Case]:
    made = [make.closed(actor("utredare"), chief) for _ in range(2)]
    aged(superuser, *made)
    return made


@pytest.fixture
def running(old: list[Case], chief: Actor, second: Actor) -> Destruction:
    found = approved(chief, second)
    by = replace(chief, role="service")
    with make.acting(chief), acting_as(by):
        return perform(found, "run", by)


@contextmanager
def as_login(own_db: str, role: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(tests.CLUSTER.url(role, own_db), autocommit=True) as raw:
        yield raw


# --- the destroyer lies ------------------------------------------


@pytest.mark.parametrize(
    "lie",
    [
        "done_at = now()",
        "done_at = now(), ids = '[\"casework_case:' || case_id || '\"]'",
        "ids = '[\"casework_case:1\"]'",
        "rows = '{\"casework_case\": 1}'",
        "left_why = 'changed', done_at = now()",
    ],
)
def test_a_case_that_is_there_is_not_called_done(
    running: Destruction, own_db: str, lie: str
) -> None:
    if "||" in lie:
        lie = lie.replace("= '[", "= ('[").replace("]'", "]')::jsonb")
    with as_login(own_db, "fortur_destroyer") as raw:
        raw.execute(f"BEGIN; {ASK}".encode())
        with pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.InsufficientPrivilege)):
            raw.execute(f"UPDATE casework_destructionitem SET {lie}".encode())  # noqa: S608


def test_nothing_more_is_said_of_a_case_that_was_left(running: Destruction, own_db: str) -> None:
    with as_login(own_db, "fortur_destroyer") as raw:
        raw.execute("UPDATE casework_destructionitem SET left_why = 'changed'")
        for more in ("left_why = ''", "left_why = 'referred_to'", "done_at = now()"):
            with pytest.raises(psycopg.errors.CheckViolation):
                raw.execute(f"UPDATE casework_destructionitem SET {more}".encode())  # noqa: S608


@pytest.mark.parametrize("first", ["", "SET CONSTRAINTS ALL IMMEDIATE"])
def test_no_line_is_emptied_while_its_case_stays(
    running: Destruction, old: list[Case], own_db: str, first: str
) -> None:
    with as_login(own_db, "fortur_destroyer") as raw:
        raw.execute(f"BEGIN; {first}; {ASK}".encode())
        with pytest.raises(psycopg.errors.CheckViolation):
            raw.execute(f"{EMPTY % repr(str(old[0].pk))}; COMMIT".encode())


# --- the superuser does ------------------------------------------

ADDED = """
    INSERT INTO casework_destructionitem (id, unit_id, authority_id, destruction_id, case_id,
        person_id, case_version, reference, rule_id, earliest, latest, struck, left_why, done_at,
        rows, ids)
    SELECT gen_random_uuid(), unit_id, authority_id, destruction_id, %(case)s, %(person)s,
        case_version, 'G', rule_id, earliest, latest, '', '', done_at, rows, {ids}
    FROM casework_destructionitem LIMIT 1
"""


@pytest.mark.parametrize("ids", ["ids", "'[]'", "jsonb_build_array('casework_case:' || %(case)s)"])
def test_a_case_that_is_put_on_an_old_list_afterwards_is_found(
    old: list[Case], chief: Actor, second: Actor, actor: Everybody, own_db: str,
    superuser: psycopg.Connection, ids: str,
) -> None:  # fmt: skip
    other = make.in_progress(actor("utredare"))
    assert run(chief, approved(chief, second))
    sealed()
    assert verified().breach is None
    superuser.execute("SET session_replication_role = replica")
    given = {"case": other.pk, "person": other.person_id}
    superuser.execute(ADDED.format(ids=ids).encode(), given)
    assert superuser.execute(EMPTY, [other.pk]).rowcount
    assert "undecided" in str(verified().breach)


def test_a_list_that_was_changed_afterwards_is_found(
    old: list[Case], chief: Actor, second: Actor, own_db: str, superuser: psycopg.Connection
) -> None:
    assert run(chief, approved(chief, second))
    sealed()
    superuser.execute("SET session_replication_role = replica")
    superuser.execute("UPDATE casework_destructionitem SET ids = ids - 0")
    assert verified().breach is not None


# --- somebody keeps it from running ------------------------------


def test_an_advisory_lock_of_the_service_keeps_nothing_from_running(
    old: list[Case], chief: Actor, second: Actor, own_db: str
) -> None:
    found = approved(chief, second)
    with as_login(own_db, "fortur_app") as raw:
        key = f"destruction {found.pk}"
        raw.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [key])
        assert run(chief, found)


def test_a_run_that_is_under_way_is_left_alone(
    old: list[Case], chief: Actor, second: Actor, own_db: str
) -> None:
    found = approved(chief, second)
    with as_login(own_db, "fortur_destroyer") as raw:
        key = f"destruction {found.pk}"
        raw.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [key])
        assert not run(chief, found)


def test_a_case_that_is_kept_locked_waits_and_the_others_go(
    old: list[Case], chief: Actor, second: Actor, own_db: str
) -> None:
    found = approved(chief, second)
    with (
        as_login(own_db, "fortur_app") as raw,
        patch.object(destroying, "PATIENCE", "SET {}lock_timeout = '200ms'"),
    ):
        raw.execute("SELECT set_config('fortur.unit_id', %s, false)", [str(chief.unit_id)])
        raw.execute("BEGIN")
        raw.execute("SELECT 1 FROM casework_case WHERE id = %s FOR UPDATE", [old[0].pk])
        assert not run(chief, found)
        with make.acting(chief):
            assert [one.pk for one in Case.objects.all()] == [old[0].pk]
            assert Destruction.objects.get().state == State.RUNNING
            assert not DestructionItem.objects.get(case_id=old[0].pk).left_why
        raw.execute("ROLLBACK")
        assert run(chief, found)
    with make.acting(chief):
        assert not Case.objects.exists()
        assert Destruction.objects.get().state == State.DONE


def test_a_case_that_changes_all_the_time_doesnt_keep_the_worker(
    old: list[Case], chief: Actor, second: Actor
) -> None:
    found = approved(chief, second)
    moved = psycopg.errors.SerializationFailure
    with patch.object(destroying, "destroy", side_effect=moved):
        assert not run(chief, found)
    assert run(chief, found)


def test_a_list_that_cant_be_run_doesnt_keep_the_others(
    old: list[Case], chief: Actor, second: Actor, actor: Everybody,
    superuser: psycopg.Connection, caplog: Any,
) -> None:  # fmt: skip
    sick = approved(chief, second)
    more = make.closed(actor("utredare"), chief)
    aged(superuser, more)
    approved(chief, second)
    real = destroying.run

    def broken(unit: Unit, destruction_id: Any) -> bool:
        if destruction_id == sick.pk:
            raise RuntimeError(f"{old[0].reference} är trasigt")
        return real(unit, destruction_id)

    with patch.object(destroying, "run", broken), pytest.raises(destroying.Stopped):
        destroying.run_waiting()
    assert old[0].reference not in caplog.text
    with make.acting(chief):
        assert not Case.objects.filter(pk=more.pk).exists()
