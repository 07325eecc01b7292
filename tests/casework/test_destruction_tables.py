"""Every table that holds something of a case is destroyed with it: the catalogue is asked.

Fails when a new table points at a case, a person or one of their parts and nobody thought of it.
"""

from collections.abc import Iterator

import psycopg
import pytest

from casework.destruction.destroying import BESIDE, LINES, TABLES

pytestmark = pytest.mark.django_db
DESTROYED = {table for table, _which in TABLES}
EMPTIED = {table for table, _texts in LINES} | {
    statement.removeprefix("UPDATE public.").split()[0] for statement in BESIDE
}
# What points at a case by an id and stays whole, and why.
STAYS = {
    "casework_destruction": "the decision: who, when; its own life's lines",
    "casework_destructionitem": "the list itself: ids, a reference, codes",
    "access_confined": "an id, a reference and a code: what was restricted, when",
    "audit_reviewitem": "the number of a line, which stays",
}
NAMES = ("case_id", "person_id", "thing_id", "about_id", "part_id", "disclosure_id", "delivery_id",
         "reading_id", "intervention_id", "coordination_id", "observation_id")  # fmt: skip


def pointing(superuser: psycopg.Connection) -> Iterator[tuple[str, str]]:
    """Tables, and what in them points at a case or a part of one."""
    yield from superuser.execute(
        "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " WHERE c.relkind IN ('r', 'p', 'm') AND c.relnamespace = 'public'::regnamespace"
        " AND a.attnum > 0 AND NOT a.attisdropped AND a.attname = ANY(%s)",
        [list(NAMES)],
    ).fetchall()
    yield from superuser.execute(
        "SELECT k.conrelid::regclass::text, k.conname FROM pg_constraint k WHERE k.contype = 'f'"
        " AND k.confrelid = ANY(%s::regclass[])",
        [sorted(DESTROYED | EMPTIED)],
    ).fetchall()


def test_every_table_that_points_at_a_case_is_destroyed_emptied_or_said_to_stay(
    superuser: psycopg.Connection,
) -> None:
    known = DESTROYED | EMPTIED | set(STAYS)
    found = list(pointing(superuser))
    assert len({table for table, _ in found}) > 20
    assert [f"{table}.{what}" for table, what in found if table not in known] == []


def test_a_table_that_nobody_thought_of_is_found(superuser: psycopg.Connection) -> None:
    superuser.execute("BEGIN; CREATE TABLE casework_photo (id int, case_id uuid)")
    try:
        assert ("casework_photo", "case_id") in set(pointing(superuser))
        superuser.execute(
            "CREATE TABLE casework_scan (of uuid REFERENCES casework_observation (id))"
        )
        assert "casework_scan" in {table for table, _ in pointing(superuser)}
    finally:
        superuser.execute("ROLLBACK")


def test_what_is_destroyed_has_its_policies_and_nothing_else_can_be_deleted(
    superuser: psycopg.Connection,
) -> None:
    policies = set(
        superuser.execute(
            "SELECT tablename, policyname, permissive, cmd FROM pg_policies"
            " WHERE schemaname = 'public' AND roles = '{fortur_destroyer}'"
        ).fetchall()
    )
    for table in DESTROYED:
        assert (table, "destroyer", "PERMISSIVE", "DELETE") in policies
        assert (table, "destroyer_only", "RESTRICTIVE", "DELETE") in policies
    for table in EMPTIED | {"casework_destructionitem"}:
        assert (table, "destroyer", "PERMISSIVE", "UPDATE") in policies
        assert (table, "destroyer_only", "RESTRICTIVE", "UPDATE") in policies
    may = superuser.execute(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace ="
        " 'public'::regnamespace AND has_table_privilege('fortur_destroyer', oid, 'DELETE')"
    ).fetchall()
    assert {table for (table,) in may} == DESTROYED
    changes = superuser.execute(
        "SELECT DISTINCT table_name::text FROM information_schema.column_privileges"
        " WHERE grantee = 'fortur_destroyer' AND privilege_type = 'UPDATE'"
    ).fetchall()
    assert {table for (table,) in changes} == EMPTIED | {"casework_destructionitem"}
    adds = superuser.execute(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'v') AND relnamespace ="
        " 'public'::regnamespace AND (has_any_column_privilege('fortur_destroyer', oid, 'INSERT')"
        " OR has_table_privilege('fortur_destroyer', oid, 'TRUNCATE'))"
    ).fetchall()
    assert adds == []


READS = {"id", "unit_id", "case_id", "person_id", "intervention_id", "coordination_id",
         "content_object_id", "thing_id", "about_id", "grant_id", "item_id", "reading_id", "of",
         "key", "state", "reviewed_by_id", "approved_by_id", "destruction_id", "case_version",
         "struck", "earliest", "left_why", "done_at", "lawful_tx", "until", "lifted_at", "is_open",
         "version", "destroyed_by"}  # fmt: skip


def test_the_destroyer_reads_ids_and_days_only(superuser: psycopg.Connection) -> None:
    columns = superuser.execute(
        "SELECT DISTINCT column_name::text FROM information_schema.column_privileges"
        " WHERE grantee = 'fortur_destroyer' AND privilege_type = 'SELECT'"
    ).fetchall()
    assert {column for (column,) in columns} == READS
