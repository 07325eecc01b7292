"""A line is written once: no role changes, removes or empties it."""

from collections.abc import Callable
from itertools import product

import psycopg
import pytest
from django.db import connection

import tests
from access.actor import Actor
from tests import make
from tests.audit.scene import as_actor

TABLES = ("audit_step", "audit_change", "audit_reading", "audit_anchor", "audit_check")
WAYS = (
    "UPDATE {} SET at = now()",
    "DELETE FROM {}",
    "TRUNCATE {} CASCADE",
    "MERGE INTO {} t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
    "WITH gone AS (DELETE FROM {} RETURNING 1) SELECT count(*) FROM gone",
    "ALTER TABLE {} DISABLE TRIGGER ALL",
    "DROP TABLE {} CASCADE",
)


def url(role: str) -> str:
    return tests.CLUSTER.url(role, connection.settings_dict["NAME"])


@pytest.mark.usefixtures("own_db")
def test_the_service_cannot_rewrite_the_trail(
    actor: Callable[[str], Actor], subtests: pytest.Subtests
) -> None:
    make.prioritised(actor("utredare"))
    with as_actor(url("fortur_app"), actor("utredare")) as raw:
        for table, way in product(TABLES, WAYS):
            before = raw.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()  # noqa: S608
            with (
                subtests.test(table=table, way=way),
                pytest.raises(psycopg.errors.InsufficientPrivilege),
            ):
                raw.execute(way.format(table))
            assert raw.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() == before  # noqa: S608


@pytest.mark.usefixtures("own_db")
def test_nor_can_the_owner_of_the_tables(subtests: pytest.Subtests) -> None:
    with psycopg.connect(url("fortur_owner"), autocommit=True) as raw:
        for table, way in product(TABLES, WAYS[:4]):
            with (
                subtests.test(table=table, way=way),
                pytest.raises(psycopg.errors.InsufficientPrivilege, match="written once"),
            ):
                raw.execute(way.format(table))


@pytest.mark.usefixtures("own_db")
def test_the_verifier_reads_everything_and_writes_nothing(actor: Callable[[str], Actor]) -> None:
    make.case(actor("utredare"))
    make.case(actor("socialsekreterare"))
    with psycopg.connect(url("fortur_verify"), autocommit=True) as raw:
        units = raw.execute("SELECT count(DISTINCT unit_id) FROM audit_step").fetchone()
        assert units == (2,)
        for way in (*WAYS[:3], "INSERT INTO {} DEFAULT VALUES"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                raw.execute(way.format("audit_step"))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            raw.execute("SELECT * FROM casework_case")
