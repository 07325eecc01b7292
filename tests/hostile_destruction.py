"""Hostile statements against destruction: as the service's own role, and as the destroyer's login.

The destroyer's login is tried on lists of which nothing may go: not yet approved, or running with
cases that are struck, held, changed since or not due. Nothing at all may be different afterwards.
"""

import random
from typing import Any

import psycopg
from psycopg import sql

from casework.destruction.destroying import BESIDE, LINES, TABLES

# As the service's own role (tests/hostile.py tries them among its others).
FIXED = (
    "UPDATE casework_destructionitem SET struck = ''",
    "UPDATE casework_destructionitem SET earliest = '2000-01-01', case_version = 0",
    "UPDATE casework_destructionitem SET lawful_tx = txid_current(), done_at = now()",
    "UPDATE casework_destructionitem SET left_why = '', ids = '[]'",
    "DELETE FROM casework_destructionitem",
    "DELETE FROM casework_destruction",
    "UPDATE casework_destruction SET reviewed_by_id = acting_user(),"
    " approved_by_id = acting_user()",
    "UPDATE casework_destruction SET state = 'running', version = version + 1",
    "UPDATE casework_certificate SET cases = 0, digest = ''",
    "DELETE FROM casework_certificate",
    "INSERT INTO casework_retentionrule SELECT * FROM casework_retentionrule",
    "UPDATE casework_retentionrule SET length = 0",
    "DELETE FROM casework_hold",
    "UPDATE casework_hold SET lifted_at = NULL, until = '2000-01-01'",
    "DELETE FROM casework_notice",
    "SELECT law_lets_go(id) FROM casework_case",
    "SELECT * FROM retention_windows(1)",
    "SELECT set_config('fortur.counting', 'yes', false)",
    "SET ROLE fortur_destroyer",
)
FAULTS = {
    "a list reviewed twice by one": """
        SELECT id FROM casework_destruction WHERE approved_by_id = reviewed_by_id
            OR state IN ('approved', 'running', 'done') AND approved_by_id IS NULL""",
    "a case that is done and there, or on a list of another unit": """
        SELECT i.id FROM casework_destructionitem i JOIN casework_case c ON c.id = i.case_id
        WHERE i.done_at IS NOT NULL OR i.unit_id <> c.unit_id""",
    "a rule of retention changed or gone": """
        SELECT n FROM (SELECT count(*) AS n FROM casework_retentionrule) r WHERE n < 13""",
}
SETTINGS = ("unit_id", "user_id", "authority_id", "trail_authority", "counting", "clock")
VALUES = ("1", "2", "yes", "2040-01-01T00:00Z")
# As the destroyer: beside what is made of its own tables.
ALONE = (
    "TRUNCATE casework_case CASCADE",
    "CREATE TABLE public.mine (x int)",
    "CREATE TEMP TABLE casework_destruction (id uuid, state text)",
    "ALTER TABLE casework_case DISABLE ROW LEVEL SECURITY",
    "DROP POLICY destroyer_only ON casework_case",
    "CREATE OR REPLACE FUNCTION may_be_destroyed(uuid) RETURNS boolean LANGUAGE sql"
    " AS 'SELECT true'",
    "CREATE FUNCTION pg_temp.may_be_destroyed(uuid) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    "CREATE OR REPLACE FUNCTION law_lets_go(uuid) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    "SET session_replication_role = replica",
    "SET row_security = off",
    "SET ROLE fortur_owner",
    "SET ROLE fortur_app",
    "SET search_path = pg_temp, public",
    "DELETE FROM audit_seal",
    "UPDATE audit_seal SET root = ''",
    "DELETE FROM audit_step",
    "UPDATE audit_step SET actor = 'x', at = now()",
    "UPDATE audit_step SET hash = '', payload = ''",
    "INSERT INTO audit_step DEFAULT VALUES",
    "SELECT reason, facts FROM audit_step",
    "SELECT text FROM casework_observation",
    "SELECT family_name, number_cipher FROM casework_person",
    "SELECT note FROM audit_verdict",
    "SELECT content FROM casework_delivery",
    "SELECT * FROM access_user",
    "UPDATE casework_destruction SET state = 'running', approved_by_id = reviewed_by_id",
    "UPDATE casework_destructionitem SET struck = '', case_version = 0",
    "UPDATE casework_destructionitem SET case_id = gen_random_uuid()",
    "UPDATE casework_destructionitem SET done_at = now(), rows = '{}', ids = '[]'",
    "INSERT INTO casework_destructionitem DEFAULT VALUES",
    "INSERT INTO casework_certificate DEFAULT VALUES",
    "UPDATE casework_case SET is_open = false, version = 0",
    "UPDATE casework_hold SET lifted_at = now()",
    "DELETE FROM casework_retentionrule",
    "DELETE FROM access_grant",
    "DELETE FROM procrastinate_jobs",
    "SELECT * FROM retention_windows(1)",
    "SELECT retention_due(1)",
)
ASKS = "UPDATE casework_destructionitem SET lawful_tx = 1"
EMPTIES = (
    "salt = NULL, destroyed_by = (SELECT id FROM casework_destruction ORDER BY random() LIMIT 1)"
)


def statement(dice: random.Random) -> str:
    """A deletion or an emptying, of everything that it sees."""
    table = dice.choice(TABLES)[0]
    lines, texts = dice.choice(LINES)
    decision = dice.choice(["gen_random_uuid()", EMPTIES.partition("= NULL, destroyed_by = ")[2]])
    return dice.choice([
        f"DELETE FROM {table}",  # noqa: S608
        f"DELETE FROM {table} WHERE id = (SELECT id FROM {table} ORDER BY random() LIMIT 1)",  # noqa: S608
        f"UPDATE {lines} SET {texts}, salt = NULL, destroyed_by = {decision}",  # noqa: S608
        f"UPDATE {lines} SET {texts}",  # noqa: S608
        f"SELECT set_config('fortur.{dice.choice(SETTINGS)}', '{dice.choice(VALUES)}', false)",
        dice.choice(BESIDE).partition(" WHERE ")[0],
        ASKS,
        dice.choice(ALONE),
    ])  # fmt: skip


def attack(raw: psycopg.Connection, count: int, seed: int) -> dict[str, int]:
    """Transactions of two to five statements, most of which ask the law first."""
    dice = random.Random(seed)  # noqa: S311 - repeatable, not secret
    tally = {"tried": 0, "accepted": 0, "refused": 0}
    while tally["tried"] < count:
        chain = [ASKS] * (dice.random() < 0.7)
        chain += [statement(dice) for _ in range(dice.randint(1, 4))]
        tally["tried"] += len(chain)
        try:
            with raw.transaction():
                for text in chain:
                    raw.execute(text.encode())
            tally["accepted"] += len(chain)
        except psycopg.Error:
            tally["refused"] += len(chain)
    return tally


def everything(superuser: psycopg.Connection) -> dict[str, set[str]]:
    """Every row of every table, as a digest; but for the mark of who asked the law last."""
    tables = superuser.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    ).fetchall()
    found: dict[str, Any] = {}
    for (table,) in tables:
        query = sql.SQL("SELECT md5((to_jsonb(t) - 'lawful_tx')::text) FROM {} t")
        rows = superuser.execute(query.format(sql.Identifier(table))).fetchall()
        found[table] = {digest for (digest,) in rows}
    return found
