"""What the database makes of a line: its time, text, hash and number are never the client's."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

import tests
from access.actor import Actor
from audit.models import Reading, Step
from casework.models import Case
from tests import make
from tests.audit.scene import as_actor, insert, line, move

FORGED = {
    "at": datetime(2001, 1, 1, tzinfo=UTC), "payload": "forged", "prev_hash": b"x", "hash": b"x",
}  # fmt: skip


@pytest.fixture
def case(own_db: str, actor: Callable[[str], Actor]) -> Case:
    return make.prioritised(actor("utredare"))


@pytest.fixture
def raw(case: Case, actor: Callable[[str], Actor]) -> Iterator[psycopg.Connection]:
    url = tests.CLUSTER.url("fortur_app", connection.settings_dict["NAME"])
    with as_actor(url, actor("utredare")) as found:
        yield found


def lines_of(raw: psycopg.Connection, case: Case) -> list[tuple[Any, ...]]:
    return raw.execute(
        "SELECT seq, from_state, to_state, at, payload, prev_hash, hash FROM audit_step"
        " WHERE thing_id = %s ORDER BY seq",
        [case.pk],
    ).fetchall()


def test_time_text_and_hash_are_the_databases(
    raw: psycopg.Connection, case: Case, actor: Callable[[str], Actor]
) -> None:
    before = lines_of(raw, case)[-1]
    with raw.transaction():
        insert(raw, "audit_step", line(case, actor("utredare"), **FORGED))
        move(raw, case.pk, "flagged", case.version + 1)
    *_, at, payload, prev_hash, hash_ = lines_of(raw, case)[-1]
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=1)
    assert '"lower"' in payload
    assert prev_hash == before[-1]
    assert hash_ == sha256(prev_hash + payload.encode()).digest()


def test_the_number_is_the_databases(
    raw: psycopg.Connection, case: Case, actor: Callable[[str], Actor]
) -> None:
    with pytest.raises(psycopg.errors.GeneratedAlways):
        insert(raw, "audit_step", line(case, actor("utredare"), id=1))


def test_reason_and_facts_are_in_the_text_only_as_a_digest(
    raw: psycopg.Connection, case: Case
) -> None:
    for _seq, *_, payload, _prev, _hash in lines_of(raw, case):
        assert make.REASON not in payload
        assert "facts" not in payload


def test_only_the_demo_loader_sets_the_clock(raw: psycopg.Connection) -> None:
    raw.execute("SELECT set_config('fortur.clock', '2001-01-01T00:00Z', false)")
    now = raw.execute("SELECT extract(year FROM trail_now())").fetchone()
    assert now is not None
    assert now[0] >= 2026
    url = tests.CLUSTER.url("fortur_demo", connection.settings_dict["NAME"])
    with psycopg.connect(url, autocommit=True) as demo:
        demo.execute("SELECT set_config('fortur.clock', '2001-01-01T00:00Z', false)")
        assert demo.execute("SELECT extract(year FROM trail_now())").fetchone() == (2001,)


def test_nobody_writes_in_anothers_name(
    raw: psycopg.Connection,
    case: Case,
    actor: Callable[[str], Actor],
    subtests: pytest.Subtests,
) -> None:
    for column in ("actor_id", "unit_id", "authority_id"):
        other: object = uuid4() if column == "actor_id" else 999_999
        with (
            subtests.test(column),
            pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"),
        ):
            insert(raw, "audit_step", line(case, actor("utredare"), **{column: other}))


@pytest.mark.django_db
def test_a_step_is_one_insert_and_comes_back_with_its_time(actor: Callable[[str], Actor]) -> None:
    found = make.case(actor("utredare"))
    with make.acting(actor("utredare")):
        step = Step.objects.get(thing_id=found.pk)
        assert (step.seq, step.from_state, step.to_state) == (0, "", "flagged")
        assert (step.actor, step.unit, step.about) == (
            actor("utredare").name, actor("utredare").unit, found.reference,
        )  # fmt: skip


@pytest.mark.django_db
def test_a_failed_login_has_no_unit_and_is_nobodys_to_read() -> None:
    from_nobody = {"kind": "login_failed", "actor": "", "unit_id": None, "at": FORGED["at"]}
    line = Reading(**from_nobody)
    line.write()
    assert line.pk is None
    assert not Reading.objects.exists()
