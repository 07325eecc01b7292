"""The run of an approved destruction: a case a transaction, as fortur_destroyer.

That login reads ids only and may delete just what the database finds approved (0025). What is done
is marked in the case's own transaction, so a run that was killed goes on where it stopped.
"""

import hashlib
import json
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import connection, transaction

from access.actor import SERVICE, Actor
from access.models import Membership, Unit, User
from access.service import at_work_in
from access.session import acting_as
from casework.destruction.proposals import propose
from casework.models import Certificate, Destruction, DestructionItem
from casework.workflow.destruction import State
from casework.workflow.steps import NotNow, perform

OF_CASE = "case_id = %(case)s"
# Table and what of it goes, in an order that leaves nothing pointing at what is gone.
TABLES = (
    ("casework_interventionnote",
     "intervention_id IN (SELECT id FROM public.casework_intervention WHERE case_id = %(case)s)"),
    ("casework_intervention", OF_CASE),
    ("casework_planitem",
     "coordination_id IN (SELECT id FROM public.casework_coordination WHERE case_id = %(case)s)"),
    ("casework_coordination", OF_CASE),
    ("casework_socialinvestigation", OF_CASE),
    ("casework_policeinvestigation", OF_CASE),
    ("casework_disclosure", OF_CASE),
    ("casework_deliveryaccess",
     "content_object_id IN (SELECT id FROM public.casework_delivery WHERE case_id = %(case)s)"),
    ("casework_delivery", OF_CASE),
    ("casework_deadline", OF_CASE),
    ("casework_notice", OF_CASE),
    ("casework_hold", OF_CASE),
    ("casework_caseaccess", "content_object_id = %(case)s"),
    ("casework_priority", OF_CASE),
    ("casework_observation", OF_CASE),
    ("casework_case", "id = %(case)s"),
    ("casework_person", "id = %(person)s AND NOT EXISTS"
     " (SELECT FROM public.casework_case WHERE person_id = %(person)s)"),
)  # fmt: skip
EMPTIED = (
    "salt = NULL, destroyed_by = %(decision)s WHERE destroyed_by IS NULL AND unit_id = %(unit)s"
    " AND about_id = ANY(%(gone)s)"
)
LINES = (
    ("audit_step", "reason = '', facts = '{}'"),
    ("audit_change", "changes = '{}'"),
    ("audit_reading", "purpose = '', detail = '{}', address = NULL"),
)
# Texts that other rows hold about what goes; who and when stay there.
BESIDE = (
    "UPDATE public.audit_verdict SET note = '–' WHERE item_id IN"
    " (SELECT i.id FROM public.audit_reviewitem i JOIN public.audit_reading r"
    " ON r.id = i.reading_id WHERE r.unit_id = %(unit)s AND r.about_id = ANY(%(gone)s))",
    "UPDATE public.access_judgement SET note = '–' WHERE grant_id IN"
    " (SELECT id FROM public.access_grant WHERE thing_id = ANY(%(gone)s))",
    "UPDATE public.access_decision SET reason = '–' WHERE of = 'grant' AND key IN"
    " (SELECT id::text FROM public.access_grant WHERE thing_id = ANY(%(gone)s))"
    " OR of = 'exclusion' AND key IN"
    " (SELECT id::text FROM public.access_exclusion WHERE about_id = ANY(%(gone)s))",
    "UPDATE public.access_grant SET reason = '–', about = '' WHERE thing_id = ANY(%(gone)s)",
    "UPDATE public.access_exclusion SET reason = '–', about = '' WHERE about_id = ANY(%(gone)s)",
)
ARRIVED = "SELECT id FROM public.casework_delivery WHERE case_id = %(case)s"
MINE = "SELECT pg_try_advisory_lock(hashtextextended('destruction ' || %s, 0))"
# Every login of the database can take any such lock: only one of the destroyer's own counts.
OURS = """
    SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid)
        WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
            AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND l.classid::bigint << 32 | l.objid::bigint
                = hashtextextended('destruction ' || %s, 0)
            AND a.usename = current_user AND a.pid <> pg_backend_pid())
"""
# A row that somebody keeps locked must not keep the worker, which seals the trail, too.
PATIENCE = "SET {}lock_timeout = '5s'"
LOCKED, ROUNDS = 3, 10  # cases that are locked; times that the list is gone through
WAITING = """
    SELECT id, case_id, person_id, unit_id FROM public.casework_destructionitem
    WHERE destruction_id = %s AND struck = '' AND left_why = '' AND done_at IS NULL ORDER BY id
"""
ASKED = "UPDATE public.casework_destructionitem SET lawful_tx = 0 WHERE id = %s"
LEFT = "UPDATE public.casework_destructionitem SET left_why = %s WHERE id = %s"
DONE = """UPDATE public.casework_destructionitem SET done_at = now(), rows = %s, ids = %s
    WHERE id = %s"""
Tell = Callable[[int], None]
log = logging.getLogger(__name__)


class Stopped(Exception):
    """Some lists were not run to their end. Their ids; why is in the log."""


def run_waiting() -> int:
    """Run every approved destruction, and those that were cut off; how many came to an end.

    One that can't be run doesn't keep the others from it. Raises Stopped afterwards.
    """
    if not settings.DATABASE_DESTROYER_URL:
        return 0
    ended, stopped = 0, []
    for unit in Unit.objects.select_related("authority").order_by("pk"):
        with transaction.atomic(), at_work_in(unit):
            wait = Destruction.objects.filter(
                unit_id=unit.pk, state__in=(State.APPROVED, State.RUNNING)
            )
            waiting = list(wait.values_list("pk", flat=True))
        for destruction_id in waiting:
            try:
                ended += run(unit, destruction_id)
            except Exception as fault:  # whatever it is, it is this list's
                log.error("Destruction %s stopped: %s", destruction_id, type(fault).__name__)
                stopped.append(str(destruction_id))
    if stopped:
        raise Stopped(", ".join(stopped))
    return ended


def run(unit: Unit, destruction_id: UUID, tell: Tell = lambda done: None) -> bool:
    """Destroy what is left of it. False: somebody else is at it, or something keeps a case."""
    with psycopg.connect(settings.DATABASE_DESTROYER_URL, autocommit=True) as destroyer:
        destroyer.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        destroyer.execute(PATIENCE.format("").encode())
        if destroyer.execute(MINE, [str(destruction_id)]).fetchone() != (True,):
            if destroyer.execute(OURS, [str(destruction_id)]).fetchone() == (True,):
                return False
            log.warning("Destruction %s: another login keeps its lock", destruction_id)
        with patiently():
            with at_work_in(unit):
                found = Destruction.objects.select_related("reviewed_by", "approved_by").get(
                    pk=destruction_id
                )
            if found.state == State.APPROVED:
                with by_first_reviewer(found, unit) as by:
                    perform(found, "run", by)
        if not destroy_all(destroyer, destruction_id, tell):
            log.warning("Destruction %s: cases are locked or changing; later", destruction_id)
            return False
        with patiently(), by_first_reviewer(found, unit) as by:
            certify(found, by)
    return True


@contextmanager
def patiently() -> Iterator[None]:
    """A transaction of the service that doesn't wait for ever either."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(PATIENCE.format("LOCAL "))
        yield


@contextmanager
def by_first_reviewer(found: Destruction, unit: Unit) -> Iterator[Actor]:
    """The service carries out what she and the second reviewer signed."""
    user = found.reviewed_by
    if user is None:  # the database has seen to it
        raise ValueError("nobody reviewed it")
    by = service_for(user, unit)
    with acting_as(by):
        yield by


def service_for(user: User, unit: Unit) -> Actor:
    return Actor(
        user_id=user.pk, username=user.username, name=user.name, role=SERVICE, qualified=False,
        unit_id=unit.pk, unit=unit.name, authority_id=unit.authority_id,
        authority=unit.authority.kind,
    )  # fmt: skip


def destroy_all(destroyer: psycopg.Connection, destruction_id: UUID, tell: Tell) -> bool:
    """Case by case; again for those that another case of the list still referred to.

    False: some are left for another time, because somebody keeps them locked or changes them.
    """
    done = 0
    for _round in range(ROUNDS):
        came: dict[str, list[UUID]] = defaultdict(list)
        for item, case, person, unit in destroyer.execute(WAITING, [destruction_id]).fetchall():
            given = {"case": case, "person": person, "unit": unit, "decision": destruction_id}
            how = tried(destroyer, item, given)
            came[how].append(item)
            if how == "done":
                tell(done + len(came["done"]))
            if len(came["locked"]) == LOCKED:
                return False
        if came["locked"]:
            return False
        done += len(came["done"])
        if not came["done"] and not came["moved"]:
            for item in came["referred"]:
                destroyer.execute(LEFT, ["referred_to", item])
            return True
    return False


def tried(destroyer: psycopg.Connection, item: UUID, given: dict[str, Any]) -> str:
    """Done (or left for good), or what was in the way; then nothing happened."""
    try:
        with destroyer.transaction():
            destroy(destroyer, item, given)
    except psycopg.errors.ForeignKeyViolation:
        return "referred"
    except psycopg.errors.SerializationFailure:
        return "moved"  # somebody took a step in it meanwhile: it is asked about anew
    except psycopg.errors.LockNotAvailable:
        return "locked"
    return "done"


def destroy(destroyer: psycopg.Connection, item: UUID, given: dict[str, Any]) -> None:
    """One case, its lines' texts and its person; or mark why it was left."""
    destroyer.execute(ASKED, [item])
    allowed = destroyer.execute("SELECT public.may_be_destroyed(%(case)s)", given).fetchone()
    if allowed != (True,):
        destroyer.execute(LEFT, ["changed", item])
        return
    rows: Counter[str] = Counter()
    ids: list[str] = []
    arrived = [key for (key,) in destroyer.execute(ARRIVED, given).fetchall()]
    rows.update(empty(destroyer, given | {"gone": [given["case"], *arrived]}))
    for table, which in TABLES:
        gone = destroyer.execute(
            f"DELETE FROM public.{table} WHERE {which} RETURNING id".encode(),  # noqa: S608
            given,
        ).fetchall()
        rows[table] += len(gone)
        ids += [f"{table}:{key}" for (key,) in gone]
    if rows["casework_person"]:
        rows.update(empty(destroyer, given | {"gone": [given["person"]]}))
    if not rows["casework_case"]:
        raise RuntimeError("a case that may be destroyed was not")
    destroyer.execute(DONE, [json.dumps(+rows), json.dumps(sorted(ids)), item])
    destroyer.execute("SET CONSTRAINTS ALL IMMEDIATE")


def empty(destroyer: psycopg.Connection, given: dict[str, Any]) -> Counter[str]:
    """The texts about what goes, in the trail's lines and beside; how many lines of each table."""
    emptied: Counter[str] = Counter()
    for statement in BESIDE:
        destroyer.execute(statement.encode(), given)
    for table, texts in LINES:
        lines = destroyer.execute(
            f"UPDATE public.{table} SET {texts}, {EMPTIED}".encode(),  # noqa: S608
            given,
        )
        emptied[f"{table} emptied"] += lines.rowcount
    return emptied


def certify(found: Destruction, by: Actor) -> None:
    """Count, sign off, end. Once: the step can't be taken twice."""
    found = Destruction.objects.select_related("reviewed_by", "approved_by").get(pk=found.pk)
    first, second, started = found.reviewed_by, found.approved_by, found.started_at
    if found.state != State.RUNNING or first is None or second is None or started is None:
        return  # a run that was never reviewed twice, or never begun: the database has neither
    items = list(found.items.select_related("rule"))
    done = [item for item in items if item.done_at]
    rows: Counter[str] = Counter()
    for item in done:
        rows.update(item.rows)
    left = sum(1 for item in items if item.left_why)
    digest = digest_of(done)
    rules = sorted({f"{item.rule} {item.rule.source}" for item in done})
    Certificate.objects.create(
        destruction=found, unit_id=found.unit_id, authority_id=found.authority_id,
        cases=len(done), left=left, rows=dict(sorted(rows.items())), rules=rules,
        first_reviewer=first.name, second_reviewer=second.name,
        started_at=started, finished_at=datetime.now(UTC), digest=digest,
    )  # fmt: skip
    perform(found, "finish", by, cases=len(done), left=left, digest=digest)


def digest_of(items: list[DestructionItem]) -> str:
    """sha256 over the sorted ids of every row destroyed, one a line."""
    ids = sorted(key for item in items for key in item.ids)
    return hashlib.sha256("".join(f"{key}\n" for key in ids).encode()).hexdigest()


# --- proposals by the month -----------------------------------------------------------------------


def propose_all() -> int:
    """A proposal in each unit where something is due, in the name of a supervisor of it."""
    made = 0
    chiefs = Membership.objects.valid().filter(role="supervisor")
    chiefs = chiefs.select_related("user", "unit__authority").order_by("unit_id", "since")
    seen: set[int] = set()
    for chief in chiefs:
        if chief.unit_id in seen or chief.kind not in ("police", "social"):
            continue
        seen.add(chief.unit_id)
        by = service_for(chief.user, chief.unit)
        with suppress(NotNow), transaction.atomic(), acting_as(by):
            propose(by)
            made += 1
    return made
