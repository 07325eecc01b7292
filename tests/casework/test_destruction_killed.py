"""kill -9 of a destruction's worker: each case is whole or gone, and the next run ends it, once."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection

import tests
from access.actor import Actor
from casework.destruction.destroying import TABLES, digest_of
from casework.models import Case, Certificate, Destruction, DestructionItem
from casework.workflow import moment
from tests import make
from tests.audit.test_superuser import sealed, verified
from tests.destruction import aged, approved, in_unit

Everybody = Callable[[str], Actor]
Worker = subprocess.Popen[bytes]
RUN = (
    "import django; django.setup(); from casework.destruction import destroying;"
    " print(destroying.run_waiting())"
)
PATIENCE = 60.0
LINES = ("audit_step", "audit_change", "audit_reading")
WAITS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()"
)
WORKERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND usename = 'fortur_destroyer'"
)


@pytest.fixture
def chief(actor: Everybody, own_db: str) -> Actor:
    return actor("polischef")


@pytest.fixture
def listed(
    actor: Everybody, chief: Actor, superuser: psycopg.Connection
) -> tuple[Destruction, list[Case]]:
    """Five old cases on an approved list, two of them about one person; in the list's own order."""
    by, number, made = actor("utredare"), make.number(), []
    for count in range(5):
        case = make.in_progress(by, number=number if count < 2 else "")
        part = make.intervention(case, by)
        part = make.step(
            part, "agree", by, consent_by="both", consent_on=moment.today(), consent_note="Ja"
        )
        make.step(part, "add_note", by, text="En anteckning")
        make.step(part, "cancel", by, "Avbruten", ended_on=moment.today())
        made.append(make.step(case, "close", chief, "Klart", outcome="no_further_need"))
    aged(superuser, *made)
    sealed()
    found = approved(chief, in_unit(actor("dataskydd.polis"), chief))
    order = superuser.execute(
        "SELECT case_id FROM casework_destructionitem WHERE destruction_id = %s ORDER BY id",
        [found.pk],
    ).fetchall()
    cases = {case.pk: case for case in made}
    return found, [cases[key] for (key,) in order]


@pytest.fixture
def workers(own_db: str) -> Iterator[Callable[[], Worker]]:
    """workers(): a worker of its own process begins what waits."""
    environment = os.environ | {
        "DATABASE_URL": tests.CLUSTER.url("fortur_app", own_db),
        "DATABASE_DESTROYER_URL": tests.CLUSTER.url("fortur_destroyer", own_db),
        "LOG_LEVEL": "CRITICAL",
    }
    begun: list[Worker] = []

    def begin() -> Worker:
        begun.append(
            subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-c", RUN], cwd=tests.PROJECT, env=environment,
                stdout=subprocess.PIPE,
            )
        )  # fmt: skip
        return begun[-1]

    yield begin
    for worker in begun:
        worker.kill()
        worker.wait(PATIENCE)


def ended(worker: Worker) -> str:
    """What it said, once it came to its own end."""
    said, _ = worker.communicate(timeout=PATIENCE)
    assert worker.returncode == 0
    return said.decode().strip()


def until(superuser: psycopg.Connection, query: str, count: int) -> None:
    over = time.monotonic() + PATIENCE
    while superuser.execute(query.encode()).fetchone() != (count,):
        assert time.monotonic() < over, query
        time.sleep(0.02)


@contextmanager
def held(lock: str, *values: Any) -> Iterator[None]:
    """Whoever wants what the lock is on waits inside her transaction."""
    name = connection.settings_dict["NAME"]
    with psycopg.connect(tests.CLUSTER.url("postgres", name)) as holder:
        holder.execute(lock.encode(), values or None)
        yield
        holder.rollback()


def killed(superuser: psycopg.Connection, worker: Worker) -> None:
    until(superuser, WAITS, 1)
    worker.kill()
    assert worker.wait(PATIENCE) == -9


def rows_of(superuser: psycopg.Connection, case: Case) -> list[str]:
    """All that there is of it, as text: rows, and the trail's lines about it."""
    given = {"case": case.pk, "person": case.person_id}
    found = []
    for table, which in TABLES[:-1]:
        query = f"SELECT '{table} ' || t::text FROM {table} t WHERE {which}"  # noqa: S608
        found += [text for (text,) in superuser.execute(query.encode(), given)]
    for table in LINES:
        query = f"SELECT '{table} ' || t::text FROM {table} t WHERE about_id = %(case)s"  # noqa: S608
        found += [text for (text,) in superuser.execute(query.encode(), given)]
    return sorted(found)


def is_gone(superuser: psycopg.Connection, case: Case, before: list[str]) -> bool:
    """True: gone, all of it. False: whole, all of it. Anything between is a fault."""
    now = rows_of(superuser, case)
    item = superuser.execute(
        "SELECT done_at IS NOT NULL, left_why FROM casework_destructionitem WHERE case_id = %s",
        [case.pk],
    ).fetchone()
    if now == before:
        assert item == (False, "")
        return False
    kinds, were = (Counter(text.split()[0] for text in texts) for texts in (now, before))
    assert set(kinds) <= set(LINES)
    assert all(kinds[table] == were[table] for table in LINES)
    for table in LINES:
        query = f"SELECT count(*) FROM {table} WHERE about_id = %s AND"  # noqa: S608
        query += " (destroyed_by IS NULL OR salt IS NOT NULL)"
        assert superuser.execute(query.encode(), [case.pk]).fetchone() == (0,)
    assert item == (True, "")
    return True


def all_gone(
    superuser: psycopg.Connection, chief: Actor, found: Destruction, cases: list[Case]
) -> None:
    """Everything went, was counted once and signed off once; the trail is whole."""
    with make.acting(chief):
        (paper,) = Certificate.objects.filter(destruction=found)
        items = list(DestructionItem.objects.filter(destruction=found))
        assert Destruction.objects.get(pk=found.pk).state == "done"
    assert (paper.cases, paper.left) == (len(cases), 0)
    assert paper.rows["casework_case"] == len(cases)
    assert paper.rows["casework_interventionnote"] == len(cases)
    assert paper.rows["casework_person"] == len({case.person_id for case in cases})
    assert paper.digest == digest_of(items)
    for case in cases:
        assert not [text for text in rows_of(superuser, case) if text.split()[0] not in LINES]
    people = [case.person_id for case in cases]
    left = superuser.execute("SELECT FROM casework_person WHERE id = ANY(%s)", [people])
    assert left.fetchall() == []
    steps = superuser.execute(
        "SELECT array_agg(step ORDER BY seq) FROM audit_step WHERE thing_id = %s", [found.pk]
    ).fetchone()
    assert steps == (["propose", "review", "approve", "run", "finish"],)
    (lines,) = superuser.execute(
        "SELECT sum(n)::int FROM (SELECT count(destroyed_by) AS n FROM audit_step UNION ALL"
        " SELECT count(destroyed_by) FROM audit_change UNION ALL"
        " SELECT count(destroyed_by) FROM audit_reading) t"
    ).fetchone() or (0,)
    assert sum(n for name, n in paper.rows.items() if name.endswith("emptied")) == lines
    sealed()
    verdict = verified()
    assert verdict.breach is None
    assert verdict.destroyed == lines


PLACES = {
    "before it takes anything of it": "SELECT FROM audit_step WHERE about_id = %s FOR UPDATE",
    "inside": "SELECT FROM casework_observation WHERE case_id = %s FOR UPDATE",
    "at its last row": "SELECT FROM casework_case WHERE id = %s FOR UPDATE",
}


@pytest.mark.parametrize(("place", "at"), list(zip(PLACES, [0, 2, 4], strict=True)))
def test_a_case_is_whole_or_gone(
    listed: tuple[Destruction, list[Case]], workers: Callable[[], Worker], chief: Actor,
    superuser: psycopg.Connection, place: str, at: int,
) -> None:  # fmt: skip
    found, cases = listed
    before = {case.pk: rows_of(superuser, case) for case in cases}
    with held(PLACES[place], cases[at].pk):
        killed(superuser, workers())
    until(superuser, WORKERS, 0)
    gone = [is_gone(superuser, case, before[case.pk]) for case in cases]
    assert gone == [True] * at + [False] * (5 - at)
    assert superuser.execute("SELECT FROM casework_certificate").fetchall() == []
    sealed()
    assert verified().breach is None
    assert ended(workers()) == "1"
    all_gone(superuser, chief, found, cases)
    assert ended(workers()) == "0"


def test_killed_between_the_last_case_and_the_certificate(
    listed: tuple[Destruction, list[Case]], workers: Callable[[], Worker], chief: Actor,
    superuser: psycopg.Connection,
) -> None:  # fmt: skip
    found, cases = listed
    before = {case.pk: rows_of(superuser, case) for case in cases}
    with held("LOCK TABLE casework_certificate IN SHARE MODE"):
        killed(superuser, workers())
    until(superuser, WORKERS, 0)
    assert all(is_gone(superuser, case, before[case.pk]) for case in cases)
    assert superuser.execute("SELECT FROM casework_certificate").fetchall() == []
    assert ended(workers()) == "1"
    all_gone(superuser, chief, found, cases)


def test_killed_before_the_run_is_written_down(
    listed: tuple[Destruction, list[Case]], workers: Callable[[], Worker], chief: Actor,
    superuser: psycopg.Connection,
) -> None:  # fmt: skip
    found, cases = listed
    before = {case.pk: rows_of(superuser, case) for case in cases}
    with held("SELECT FROM casework_destruction WHERE id = %s FOR UPDATE", found.pk):
        killed(superuser, workers())
    until(superuser, WORKERS, 0)
    assert not any(is_gone(superuser, case, before[case.pk]) for case in cases)
    assert ended(workers()) == "1"
    all_gone(superuser, chief, found, cases)


def test_two_workers_at_once_destroy_once(
    listed: tuple[Destruction, list[Case]], workers: Callable[[], Worker], chief: Actor,
    superuser: psycopg.Connection,
) -> None:  # fmt: skip
    found, cases = listed
    with held(PLACES["inside"], cases[2].pk):
        first = workers()
        until(superuser, WAITS, 1)
        assert ended(workers()) == "0"  # somebody else is at it
    assert ended(first) == "1"
    all_gone(superuser, chief, found, cases)
    racing = [workers(), workers()]
    assert [ended(worker) for worker in racing] == ["0", "0"]


def test_two_workers_that_start_together_certify_once(
    listed: tuple[Destruction, list[Case]], workers: Callable[[], Worker], chief: Actor,
    superuser: psycopg.Connection,
) -> None:  # fmt: skip
    found, cases = listed
    racing = [workers(), workers(), workers()]
    assert "1" in {ended(worker) for worker in racing}
    all_gone(superuser, chief, found, cases)


@pytest.mark.parametrize(("name", "facts"), [("reopen", {}), ("hold", {"until": None})])
def test_a_step_taken_while_its_case_is_being_destroyed_saves_it_whole(
    listed: tuple[Destruction, list[Case]], workers: Callable[[], Worker], chief: Actor,
    superuser: psycopg.Connection, name: str, facts: dict[str, Any],
) -> None:  # fmt: skip
    """Committed between the question whether it may go and the last of its rows."""
    found, cases = listed
    with held(PLACES["inside"], cases[2].pk):
        worker = workers()
        until(superuser, WAITS, 1)
        make.step(cases[2], name, chief, "Det behövs.", **facts)
        whole = rows_of(superuser, cases[2])
    assert ended(worker) == "1"
    assert rows_of(superuser, cases[2]) == whole
    with make.acting(chief):
        paper = Certificate.objects.get(destruction=found)
        assert DestructionItem.objects.get(case_id=cases[2].pk).left_why == "changed"
    assert (paper.cases, paper.left) == (4, 1)
    sealed()
    assert verified().breach is None
