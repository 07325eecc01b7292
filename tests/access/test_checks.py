"""The service does not start on a database, or as a role, that would void the second wall."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection

import tests
from access import checks
from access.checks import faults, refuse_unsafe_database


@contextmanager
def logged_in_as(role: str) -> Iterator[None]:
    """The default connection as another role of the cluster."""
    settings = connection.settings_dict
    usual = settings["USER"], settings["PASSWORD"]
    connection.close()
    settings["USER"], settings["PASSWORD"] = role, tests.CLUSTER.passwords[role]
    try:
        yield
    finally:
        connection.close()
        settings["USER"], settings["PASSWORD"] = usual


def test_starts_as_the_unprivileged_role(own_db: str) -> None:
    assert faults() == []
    refuse_unsafe_database()


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("postgres", "role is or can become"),
        ("fortur_owner", "role owns"),
        ("fortur_demo", "fortur_clock"),
    ],
)
def test_refuses_a_role_that_may_too_much(own_db: str, role: str, words: str) -> None:
    with logged_in_as(role), pytest.raises(ImproperlyConfigured, match=words):
        refuse_unsafe_database()


def test_refuses_a_role_that_can_become_one_that_passes_row_security(
    own_db: str, superuser: psycopg.Connection
) -> None:
    try:
        superuser.execute("CREATE ROLE beyond BYPASSRLS")
        superuser.execute("GRANT beyond TO fortur_app")
        with pytest.raises(ImproperlyConfigured, match="beyond"):
            refuse_unsafe_database()
    finally:
        superuser.execute("DROP ROLE beyond")


@pytest.mark.parametrize(
    "hole",
    [
        "ALTER TABLE casework_case NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE casework_case DISABLE ROW LEVEL SECURITY",
        "DROP POLICY own_unit ON casework_case",
        "CREATE TABLE casework_forgotten (text text)",
    ],
)
def test_refuses_a_table_that_nobody_guards(
    own_db: str, superuser: psycopg.Connection, hole: str
) -> None:
    superuser.execute(hole)
    with pytest.raises(ImproperlyConfigured, match="no forced row-level security on casework_"):
        refuse_unsafe_database()


def test_refuses_a_trail_that_can_be_rewritten(own_db: str, superuser: psycopg.Connection) -> None:
    superuser.execute("GRANT UPDATE (reason) ON audit_step TO fortur_app")
    with pytest.raises(ImproperlyConfigured, match="rewritten: audit_step"):
        refuse_unsafe_database()


def test_refuses_unapplied_migrations(own_db: str, superuser: psycopg.Connection) -> None:
    superuser.execute("DELETE FROM django_migrations WHERE app = 'audit'")
    with pytest.raises(ImproperlyConfigured, match="migrations are not applied: audit"):
        refuse_unsafe_database()


def test_the_worker_is_refused_too(own_db: str, superuser: psycopg.Connection) -> None:
    superuser.execute("ALTER TABLE casework_case NO FORCE ROW LEVEL SECURITY")
    with pytest.raises(ImproperlyConfigured, match="does not start"):
        call_command("procrastinate", "worker")


def test_every_table_without_a_policy_is_known_by_reason(own_db: str) -> None:
    there = set(connection.introspection.table_names())
    assert set(checks.WITHOUT_POLICY) <= there


def test_other_peoples_tables_can_be_used(own_db: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind = 'r' AND split_part(relname, '_', 1) <> ALL (%s)"
            " AND NOT has_table_privilege(oid, 'SELECT')",
            [list(checks.ROOMS)],
        )
        assert cursor.fetchall() == []
        cursor.execute("SELECT has_table_privilege('django_migrations', 'INSERT')")
        assert cursor.fetchone() == (False,)
