"""What the database refuses as a step, whatever the code says: it asks nobody."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from django.db import connection

import tests
from access.actor import Actor
from casework.models import Case
from tests import make
from tests.audit.scene import as_actor, insert, line, move

REFUSED = (
    psycopg.errors.IntegrityError,
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.GeneratedAlways,
)


@pytest.fixture
def case(own_db: str, actor: Callable[[str], Actor]) -> Case:
    return make.prioritised(actor("utredare"))


@pytest.fixture
def raw(case: Case, actor: Callable[[str], Actor]) -> Iterator[psycopg.Connection]:
    url = tests.CLUSTER.url("fortur_app", connection.settings_dict["NAME"])
    with as_actor(url, actor("utredare")) as found:
        yield found
        state = "SELECT state, version FROM casework_case WHERE id = %s"
        assert found.execute(state, [case.pk]).fetchone() == (case.state, case.version)


LINES: dict[str, dict[str, Any]] = {
    "a line whose thing didn't take the step": {},
    "a jump over a number": {"seq": 7},
    "a number that is taken": {"seq": 1},
    "a negative number": {"seq": -1},
    "a second birth": {"seq": 0, "step": "flag", "from_state": ""},
    "a step from a state that it isn't in": {
        "step": "begin_follow_up",
        "from_state": "in_progress",
    },
    "an edge that doesn't exist": {"step": "close", "to_state": "closed"},
    "another authority's word": {"authority": "municipality"},
    "another machine's step": {
        "machine": "intervention",
        "step": "agree",
        "from_state": "proposed",
    },
    "a machine that doesn't exist": {"machine": "nothing"},
    "no actor": {"actor_id": None},
}


def test_a_line_alone_is_refused(
    raw: psycopg.Connection,
    case: Case,
    actor: Callable[[str], Actor],
    subtests: pytest.Subtests,
) -> None:
    for what, forged in LINES.items():
        with subtests.test(what), pytest.raises(REFUSED):
            insert(raw, "audit_step", line(case, actor("utredare"), **forged))


MOVES = {
    "a state without a line": ("closed", 0),
    "a state without a line, at the next number": ("in_progress", 1),
    "a number without a state": ("prioritised", 1),
    "a skipped number": ("flagged", 2),
    "a rewind": ("flagged", -1),
    "back to birth": ("flagged", -2),
}


def test_a_move_alone_is_refused(
    raw: psycopg.Connection, case: Case, subtests: pytest.Subtests
) -> None:
    for what, (state, further) in MOVES.items():
        with subtests.test(what), pytest.raises(psycopg.errors.IntegrityError):
            move(raw, case.pk, state, case.version + further)


def test_two_steps_in_one_go_are_refused(
    raw: psycopg.Connection, case: Case, actor: Callable[[str], Actor]
) -> None:
    first = line(case, actor("utredare"))
    second = first | {
        "seq": case.version + 2, "step": "set_aside", "from_state": "flagged",
        "to_state": "set_aside",
    }  # fmt: skip

    def both() -> None:
        with raw.transaction():
            insert(raw, "audit_step", first)
            insert(raw, "audit_step", second)
            move(raw, case.pk, "set_aside", case.version + 2)

    with pytest.raises(psycopg.errors.IntegrityError):
        both()


def test_a_case_cannot_be_born_in_a_later_state(raw: psycopg.Connection, case: Case) -> None:
    fields = [field for field in Case._meta.concrete_fields if not field.generated]
    columns = [str(field.column) for field in fields]
    copied = ", ".join(column for column in columns if column not in {"id", "reference", "state"})
    with pytest.raises(psycopg.errors.IntegrityError):
        raw.execute(
            f"INSERT INTO casework_case (id, reference, state, {copied})"  # noqa: S608
            f" SELECT gen_random_uuid(), 'X-1', 'closed', {copied} FROM casework_case"
            " WHERE id = %s",
            [case.pk],
        )


def test_a_case_cannot_leave_its_unit(raw: psycopg.Connection, case: Case) -> None:
    with pytest.raises(REFUSED):
        raw.execute("UPDATE casework_case SET unit_id = unit_id + 1 WHERE id = %s", [case.pk])


def test_a_temporary_table_of_the_same_name_fools_nobody(
    raw: psycopg.Connection, case: Case, actor: Callable[[str], Actor]
) -> None:
    with suppress(psycopg.errors.InsufficientPrivilege):
        raw.execute("CREATE TEMP TABLE audit_machine (name text, relation regclass)")
        raw.execute("CREATE TEMP TABLE fake (id uuid, version int, unit_id bigint)")
        raw.execute("INSERT INTO audit_machine VALUES ('case', 'fake')")
        raw.execute("INSERT INTO fake VALUES (%s, 99, %s)", [case.pk, actor("utredare").unit_id])
    with pytest.raises(psycopg.errors.IntegrityError):
        insert(raw, "audit_step", line(case, actor("utredare")))


STATEMENTS = (
    "INSERT INTO audit_edge VALUES ('case', 'jump', 'prioritised', 'closed', 'police')",
    "UPDATE audit_edge SET to_state = 'closed'",
    "DELETE FROM audit_edge",
    "UPDATE audit_machine SET relation = 'casework_place'",
    "SELECT make_stateful('casework_place', 'place')",
)


def test_the_machines_are_not_the_services_to_change(
    raw: psycopg.Connection, subtests: pytest.Subtests
) -> None:
    for statement in STATEMENTS:
        with subtests.test(statement), pytest.raises(psycopg.errors.InsufficientPrivilege):
            raw.execute(statement.encode())
