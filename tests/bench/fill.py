"""Fills a database with as many cases as asked, with their persons, observations and trail."""

import time

import psycopg
from psycopg import sql

from tests.bench.server import file

TABLES = (
    "casework_person", "casework_case", "casework_observation", "casework_priority",
    "audit_step", "audit_change", "audit_reading",
)  # fmt: skip
INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = ANY (%s::regclass[]) AND indexrelid NOT IN (SELECT conindid FROM pg_constraint)
"""
HIDDEN = "SELECT relname FROM pg_class WHERE oid = ANY (%s::regclass[]) AND relallvisible = 0"
AUTHORITY = "SELECT id FROM access_authority WHERE kind = 'police'"


def fill(connection: psycopg.Connection, cases: int) -> None:
    """As superuser, in autocommit. The indexes are built afterwards, at once: much faster."""
    (authority,) = connection.execute(AUTHORITY).fetchone() or (None,)
    indexes = connection.execute(INDEXES, [list(TABLES)]).fetchall()
    with connection.transaction():
        for name, _ in indexes:
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        text = file("fill.sql").read_text(encoding="utf-8")
        cursor = psycopg.ClientCursor(connection)
        cursor.execute(text.encode(), {"cases": cases, "authority": authority})
        connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for _, definition in indexes:
            connection.execute(definition.encode())
    for table in (*TABLES, "access_user", "access_membership", "access_unit"):
        connection.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table)))
    while hidden := connection.execute(HIDDEN, [list(TABLES)]).fetchall():
        time.sleep(1)  # somebody's older snapshot (autovacuum's) was in the way
        for (table,) in hidden:
            connection.execute(sql.SQL("VACUUM {}").format(sql.Identifier(table)))
    connection.execute("CHECKPOINT")
