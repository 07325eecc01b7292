"""Every way to alter or erase the trail that we know, tried as each login of the database.

Each way runs in a transaction of its own that is taken back. Blocked is: PostgreSQL refuses it, or
it finds no line to touch. What the tables' owner can do by changing the tables themselves isn't
blocked here; `manage.py verify_trail` and the seals are there to find it (docs/reliability.md).
"""

from functools import cache
from typing import Any

import psycopg

from tests.hostile import TRAIL
from tests.reliability.stage import Stage
from tests.reliability.work import flag

LOGINS = ("fortur_app", "fortur_demo", "fortur_verify", "fortur_owner")
OF_EACH_TABLE = (
    "UPDATE {} SET actor = 'somebody else'",
    "UPDATE {} SET at = at - interval '1 day'",
    "UPDATE {} SET unit_id = unit_id + 1",
    "UPDATE {} SET about_id = gen_random_uuid()",
    "DELETE FROM {}",
    "DELETE FROM ONLY {} WHERE id = (SELECT max(id) FROM {})",
    "TRUNCATE {}",
    "TRUNCATE {} CASCADE",
    "INSERT INTO {} SELECT * FROM {} LIMIT 1",
    "INSERT INTO {} OVERRIDING SYSTEM VALUE SELECT * FROM {} LIMIT 1 ON CONFLICT (id) DO UPDATE"
    " SET actor = 'somebody else'",
    "MERGE INTO {} t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
    "MERGE INTO {} t USING (SELECT 1) s ON true WHEN MATCHED THEN UPDATE SET actor = 'x'",
    "WITH gone AS (DELETE FROM {} RETURNING 1) SELECT count(*) FROM gone",
    "COPY {} TO PROGRAM 'cat'",
    "COPY {} FROM PROGRAM 'echo'",
    "LOCK TABLE {} IN ACCESS EXCLUSIVE MODE",
    "COMMENT ON TABLE {} IS 'x'",
    "CREATE RULE gone AS ON INSERT TO {} DO INSTEAD NOTHING",
    "CREATE TRIGGER gone BEFORE INSERT ON {} FOR EACH ROW EXECUTE FUNCTION"
    " suppress_redundant_updates_trigger()",
)
BY_CHANGING_THE_TABLE = (
    "ALTER TABLE {} DISABLE TRIGGER ALL",
    "ALTER TABLE {} DISABLE TRIGGER USER",
    "ALTER TABLE {} DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE {} NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE {} RENAME TO elsewhere",
    "ALTER TABLE {} DROP COLUMN actor CASCADE",
    "ALTER TABLE {} ALTER COLUMN actor TYPE text USING 'x'",
    "ALTER TABLE {} OWNER TO fortur_app",
    "DROP TRIGGER written_once ON {}",
    "DROP TABLE {} CASCADE",
    "CREATE POLICY open ON {} FOR DELETE USING (true)",
    "GRANT ALL ON {} TO fortur_app; DELETE FROM {}",
)
OF_THE_WHOLE = (
    "SET session_replication_role = replica",
    "SET SESSION AUTHORIZATION postgres",
    "SET ROLE postgres",
    "SET row_security = off; DELETE FROM audit_step",
    "DROP FUNCTION audit_step_link() CASCADE",
    "DROP FUNCTION audit_append_only() CASCADE",
    "CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN RETURN NULL; END'",
    "CREATE OR REPLACE FUNCTION trail_now() RETURNS timestamptz LANGUAGE sql AS"
    " 'SELECT timestamptz ''2001-01-01'''",
    "DELETE FROM audit_edge",
    "INSERT INTO audit_edge VALUES ('case', 'jump', 'flagged', 'closed', 'police')",
    "UPDATE audit_machine SET relation = 'casework_place'",
    "DROP SCHEMA public CASCADE",
    "DROP OWNED BY fortur_owner",
    "REASSIGN OWNED BY fortur_owner TO fortur_app",
    "ALTER SYSTEM SET fsync = off",
    "UPDATE pg_class SET relhastriggers = false WHERE relname = 'audit_step'",
    "SELECT lo_import('/etc/passwd')",
    "CREATE EXTENSION file_fdw",
)


def run(stage: Stage) -> dict[str, Any]:
    """Tried and blocked, per login."""
    flag(stage.browser("utredare"))
    found: dict[str, Any] = {}
    ways = [way.replace("{}", table) for way in OF_EACH_TABLE for table in TRAIL]
    ddl = [way.replace("{}", table) for way in BY_CHANGING_THE_TABLE for table in TRAIL]
    for login in LOGINS:
        blocked = [way for way in (*ways, *ddl, *OF_THE_WHOLE) if is_blocked(stage, login, way)]
        passed = [way for way in (*ways, *ddl, *OF_THE_WHOLE) if way not in blocked]
        found[login] = {"tried": len(ways) + len(ddl) + len(OF_THE_WHOLE), "blocked": len(blocked)}
        if passed:
            found[login]["not blocked"] = passed
    return found


def is_blocked(stage: Stage, login: str, way: str) -> bool:
    with psycopg.connect(stage.url(login)) as connection:
        become(connection, unit_of(stage))
        try:
            touched = connection.execute(way.encode()).rowcount
        except psycopg.Error:
            return True
        finally:
            connection.rollback()
        return touched == 0


@cache
def unit_of(stage: Stage) -> tuple[str, str]:
    """The unit that has lines, and its authority."""
    with stage.superuser() as chief:
        row = chief.execute(b"SELECT unit_id, authority_id FROM audit_step LIMIT 1").fetchone()
    assert row is not None
    return str(row[0]), str(row[1])


def become(connection: psycopg.Connection, owner: tuple[str, str]) -> None:
    """The settings of somebody who has lines: the role may make them, so an attacker would."""
    connection.execute(
        b"SELECT set_config('fortur.unit_id', %s, true),"
        b" set_config('fortur.authority_id', %s, true),"
        b" set_config('fortur.trail_authority', %s, true)",
        [*owner, owner[1]],
    )
