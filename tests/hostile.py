"""Random hostile SQL as the application's own role, and a count of what it managed to break.

    python -m tests.hostile --statements 100000 --seed 1

It knows every table, row id and setting, and may name any unit and user; it commits what is not
refused. Afterwards a superuser looks: every state must stand in the trail, every life must follow
the table of edges, every line from before must be there unchanged. Exit status 1 if not.
"""

import argparse
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import sql
from tqdm import tqdm

from tests import hostile_destruction, hostile_exceptions, hostile_reviews

CASE, PART, STEP = "casework_case", "casework_intervention", "audit_step"
INVESTIGATIONS = ("casework_policeinvestigation", "casework_socialinvestigation")
# Every table with a life, and which machine it is.
LIVES = {
    CASE: "case",
    PART: "intervention",
    INVESTIGATIONS[0]: "police_investigation",
    INVESTIGATIONS[1]: "social_investigation",
    "casework_disclosure": "disclosure",
    "casework_delivery": "delivery",
    "casework_coordination": "coordination",
    "casework_destruction": "destruction",
}
EVERY_LIFE = " UNION ALL ".join(
    f"SELECT id, version, state, unit_id, machine FROM {table}"  # noqa: S608 - our own names
    for table in LIVES
)
# What crossed, as it was: all of a disclosure once it is decided, all that arrived of a delivery.
CROSSED = {
    "casework_disclosure": "SELECT md5(t::text) FROM casework_disclosure t WHERE state <> 'draft'",
    "casework_delivery": "SELECT md5((to_jsonb(t) - '{state,version,case_id,handled_by_id,"
    "handled_at,returned_why}'::text[])::text) FROM casework_delivery t",
}
TRAIL = (STEP, "audit_change", "audit_reading")
STATES = (
    "flagged", "prioritised", "in_progress", "follow_up", "closed", "set_aside", "proposed",
    "reported", "opened", "suspected", "inquiry", "received", "not_opened", "discontinued",
    "agreed", "ongoing", "completed", "cancelled", "declined", "coordinated", "", "rubbish",
    "draft", "sent", "refused", "accepted", "returned", "active", "ended",
)  # fmt: skip
STEPS = (
    "flag", "prioritise", "confirm", "lower", "start", "close", "reopen", "set_aside",
    "begin_follow_up", "hand_over", "propose", "agree", "complete", "cancel", "rubbish", "report",
    "open", "suspect", "discontinue", "receive", "not_open", "draft", "send", "refuse", "arrive",
    "accept", "give_back", "coordinate", "activate", "withdraw", "end", "heard_activated",
    "heard_ended",
)  # fmt: skip
FIXED = (
    "TRUNCATE audit_step CASCADE",
    "TRUNCATE casework_case CASCADE",
    "SET session_replication_role = replica",
    "SET row_security = off",
    "SET ROLE fortur_owner",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION postgres",
    "RESET ROLE",
    "ALTER TABLE audit_step DISABLE TRIGGER ALL",
    "ALTER TABLE casework_case DROP CONSTRAINT state_is_taken",
    "ALTER TABLE casework_case DISABLE ROW LEVEL SECURITY",
    "DROP TABLE audit_reading",
    "DROP TRIGGER link ON audit_step",
    "CREATE OR REPLACE FUNCTION acting_unit() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'",
    "CREATE TABLE public.audit_step (id int)",
    "CREATE TEMP TABLE audit_step (thing_id uuid, seq int, hash bytea, machine text)",
    "CREATE TEMP TABLE audit_machine (name text, relation regclass)",
    "SET search_path = pg_temp, public",
    "INSERT INTO audit_edge VALUES ('case', 'jump', 'flagged', 'closed', 'police')",
    *hostile_reviews.FIXED,
    *hostile_destruction.FIXED,
    "UPDATE audit_edge SET to_state = 'closed'",
    "DELETE FROM audit_edge",
    "UPDATE audit_machine SET relation = 'casework_place'",
    "GRANT fortur_owner TO fortur_app",
    "GRANT ALL ON ALL TABLES IN SCHEMA public TO fortur_app",
    "ALTER ROLE fortur_app BYPASSRLS",
    "COPY audit_step TO PROGRAM 'true'",
    "SELECT pg_read_file('PG_VERSION')",
    "SELECT setval('audit_step_id_seq', 1)",
    "DO $$ BEGIN UPDATE casework_case SET state = 'closed'; END $$",
    "DELETE FROM casework_case",
    "DELETE FROM casework_person",
    "DELETE FROM casework_observation",
    "UPDATE casework_observation SET text = ''",
    "UPDATE casework_deadline SET due = due + 30",
    "UPDATE casework_deadline SET due = due + 30, extended_by_id = acting_user(),"
    " extended_at = now(), extended_ground = 'mediation', extended_reason = 'x',"
    " extended_decided_by = 'x'",
    "UPDATE casework_deadline SET met_on = NULL, dropped_on = NULL",
    "UPDATE casework_deadline SET first_due = due, starts_on = starts_on + 1",
    "DELETE FROM casework_deadline",
    "UPDATE casework_disclosure SET content = '\\x00', content_hash = repeat('0', 64)",
    "UPDATE casework_disclosure SET to_unit_id = unit_id, text = 'x' WHERE state = 'sent'",
    "UPDATE casework_delivery SET content = '\\x00', content_hash = repeat('0', 64)",
    "UPDATE casework_delivery SET from_unit = 'x', restricted = false, disclosure_id = NULL",
    "DELETE FROM casework_delivery",
    "UPDATE casework_coordination SET consent_until = '2999-01-01', ends_on = '2999-01-01'",
    "UPDATE casework_coordination SET basis = 'ground', consent_withdrawn_on = NULL",
    "UPDATE casework_coordination SET other_unit_id = unit_id, shared_id = gen_random_uuid()",
    "DELETE FROM casework_coordination",
    "DELETE FROM casework_planitem",
    "ALTER TABLE casework_disclosure DISABLE TRIGGER for_good",
    "CREATE TEMP TABLE pg_class (oid oid, relowner oid)",
    "UPDATE casework_rule SET length = 9999",
    "DELETE FROM casework_rule",
    "UPDATE casework_notice SET facts = '{}', user_id = acting_user()",
    "SET CONSTRAINTS ALL IMMEDIATE",
    "SET CONSTRAINTS ALL DEFERRED",
    "SET statement_timeout = 0",
    "LOCK TABLE audit_step IN ACCESS EXCLUSIVE MODE",
    "CREATE POLICY open ON casework_case USING (true)",
    "SECURITY LABEL ON TABLE audit_step IS 'x'",
    "VACUUM FULL audit_step",
    "REINDEX TABLE audit_step",
)


@dataclass
class World:
    """What the attacker knows: ids, units, users and versions."""

    dice: random.Random
    things: list[tuple[UUID, int, str, int]]  # id, version, state, unit
    units: list[tuple[int, int, str]]  # unit, authority, kind
    users: list[UUID]
    persons: list[UUID]
    items: list[hostile_reviews.Item]
    tally: dict[str, int] = field(default_factory=lambda: {"tried": 0, "accepted": 0, "refused": 0})

    def thing(self) -> tuple[UUID, int, str, int]:
        return self.dice.choice(self.things)

    def state(self) -> str:
        return self.dice.choice(STATES)


Statement = tuple[str, list[Any]]


def acts_as(world: World) -> Statement:
    """Names any unit and user: the role may, and sees that unit's rows then."""
    unit, authority, _ = world.dice.choice(world.units)
    return (
        "SELECT set_config('fortur.unit_id', %s, false),"
        " set_config('fortur.authority_id', %s, false), set_config('fortur.user_id', %s, false),"
        " set_config('fortur.clock', %s, false), set_config('fortur.trail_authority', %s, false)",
        [
            str(unit), str(authority), str(world.dice.choice(world.users)),
            world.dice.choice(["", "2020-01-01T00:00Z"]), world.dice.choice(["", str(authority)]),
        ],
    )  # fmt: skip


def sets_state(world: World) -> Statement:
    thing = world.thing()[0]
    table = world.dice.choice(list(LIVES))
    how = world.dice.choice(
        ["state = %s", "state = %s, version = version + 1", "state = %s, version = version - 1",
         "state = %s, version = version + 2", "state = %s, version = 0"]
    )  # fmt: skip
    where = world.dice.choice(["WHERE id = %s", "WHERE id <> %s"])
    return f"UPDATE {table} SET {how} {where}", [world.state(), thing]  # noqa: S608


def moves(world: World) -> Statement:
    thing, _, _, unit = world.thing()
    table = world.dice.choice(list(LIVES))
    column, value = world.dice.choice(
        [("unit_id", world.dice.choice(world.units)[0]), ("id", uuid4()), ("version", 0),
         ("person_id", world.dice.choice(world.persons)), ("case_id", world.thing()[0])]
    )  # fmt: skip
    return f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, thing]  # noqa: S608


def forges_line(world: World) -> Statement:
    thing, version, state, unit = world.thing()
    own = world.dice.random() < 0.6
    unit, authority, kind = next(
        (row for row in world.units if own and row[0] == unit), world.dice.choice(world.units)
    )
    seq = world.dice.choice([version + 1, version, version + 2, 0, -1])
    back = world.dice.choice(["", " ON CONFLICT DO NOTHING", " OVERRIDING SYSTEM VALUE"])
    columns = (
        "INSERT INTO audit_step (thing_id, machine, seq, step, from_state, to_state, actor_id,"
        " actor, role, unit_id, unit, authority_id, authority, about_id, about, reason, facts,"
        " at, payload, prev_hash, hash)"
    )
    values = (
        " VALUES (%s, %s, %s, %s, %s, %s, %s, 'x', 'x', %s, 'x', %s, %s, %s, 'x', '', '{}',"
        " '2001-01-01', 'forged', '', '')"
    )
    text = columns + back + values if "OVERRIDING" in back else columns + values + back
    return text, [
        thing, world.dice.choice(list(LIVES.values())), seq, world.dice.choice(STEPS),
        world.dice.choice([state, world.state(), ""]), world.state(),
        world.dice.choice(world.users), unit, authority, kind, thing,
    ]  # fmt: skip


def bears(world: World) -> Statement:
    """A case born in any state, with or without its line."""
    unit = world.dice.choice(world.units)[0]
    return (
        "INSERT INTO casework_case (id, unit_id, person_id, place_id, reference, kinds, state,"
        " version, level, rank, next_due, outcome, restricted, opened_at)"
        " SELECT %s, %s, %s, min(id), %s, '', %s, %s, '', 5, '9999-12-31', '', false, now()"
        " FROM casework_place",
        [
            world.dice.choice([uuid4(), world.thing()[0]]), unit, world.dice.choice(world.persons),
            uuid4().hex[:12], world.state(), world.dice.choice([0, 1, -1]),
        ],
    )  # fmt: skip


def judges(world: World) -> Statement:
    """A verdict on any line, or a sign-off, or a decision about somebody's access."""
    if not world.items:
        return fixed(world)
    return hostile_reviews.statement(world.dice, world.items, world.users)


def rewrites(world: World) -> Statement:
    table = world.dice.choice(TRAIL)
    return world.dice.choice(
        [
            (f"UPDATE {table} SET actor = 'x' WHERE about_id = %s", [world.thing()[0]]),  # noqa: S608
            (f"DELETE FROM {table} WHERE about_id = %s", [world.thing()[0]]),  # noqa: S608
            (f"UPDATE {table} SET at = now()", []),  # noqa: S608
            (f"MERGE INTO {table} t USING (SELECT %s::uuid AS k) s ON t.about_id = s.k"
             " WHEN MATCHED THEN DELETE", [world.thing()[0]]),
            (f"WITH gone AS (DELETE FROM {table} RETURNING id) SELECT count(*) FROM gone", []),  # noqa: S608
        ]
    )  # fmt: skip


def exempts(world: World) -> Statement:
    return hostile_exceptions.statement(world.dice, world.units, world.users)


def fixed(world: World) -> Statement:
    return world.dice.choice(FIXED), []


KINDS: tuple[Callable[[World], Statement], ...] = (
    acts_as, sets_state, sets_state, moves, forges_line, forges_line, bears, rewrites, exempts,
    judges,
    fixed,
)  # fmt: skip


def attack(connection: psycopg.Connection, world: World, count: int) -> None:
    """Transactions of one to four statements; what isn't refused is committed."""
    with tqdm(total=count, unit="statement", disable=not sys.stderr.isatty()) as bar:
        while world.tally["tried"] < count:
            chain = [acts_as(world)]
            chain += [world.dice.choice(KINDS)(world) for _ in range(world.dice.randint(1, 3))]
            world.tally["tried"] += len(chain)
            bar.update(len(chain))
            try:
                with connection.transaction():
                    for text, values in chain:
                        connection.execute(text.encode(), values or None)
                world.tally["accepted"] += len(chain)
            except psycopg.Error:
                world.tally["refused"] += len(chain)
                if connection.closed:
                    raise


FAULTS = {
    "a state that is not the last line of its trail": """
        SELECT id FROM (EVERY_LIFE) t
        WHERE NOT EXISTS (SELECT FROM audit_step s WHERE s.thing_id = t.id AND s.seq = t.version
            AND s.to_state = t.state AND s.machine = t.machine AND s.unit_id = t.unit_id)
        OR EXISTS (SELECT FROM audit_step s WHERE s.thing_id = t.id AND s.seq > t.version)""",
    "a line that doesn't follow the one before it": """
        SELECT thing_id FROM (SELECT *, lag(to_state, 1, '') OVER life AS before,
            row_number() OVER life - 1 AS place, lag(hash, 1, '') OVER life AS link FROM audit_step
            WINDOW life AS (PARTITION BY thing_id ORDER BY seq)) s
        WHERE seq <> place OR from_state <> before OR prev_hash <> link
            OR hash <> sha256(prev_hash || convert_to(payload, 'UTF8'))""",
    "a step that no machine allows": """
        SELECT thing_id FROM audit_step s WHERE NOT EXISTS (SELECT FROM audit_edge e
            WHERE (e.machine, e.step, e.from_state, e.to_state, e.authority)
                = (s.machine, s.step, s.from_state, s.to_state, s.authority))""",
    "a deadline moved without a decision on a ground of its rule": """
        SELECT d.id FROM casework_deadline d JOIN casework_rule r ON r.id = d.rule_id
        WHERE d.due <> d.first_due AND (d.extended_by_id IS NULL OR d.extended_decided_by = ''
            OR NOT r.grounds ? d.extended_ground) OR d.due < d.first_due OR r.code <> d.code""",
    "a rule changed or gone": """
        SELECT n FROM (SELECT count(*) AS n, sum(length) AS total FROM casework_rule) r
        WHERE n < 16 OR total > 9000""",
    "a consent or an end that no step recorded": """
        SELECT id FROM casework_coordination WHERE ends_on >= '2999-01-01'""",
    **hostile_exceptions.FAULTS,
    **hostile_reviews.FAULTS,
    **hostile_destruction.FAULTS,
    "a line dated by the attacker": "SELECT id FROM audit_step WHERE at < '2010-01-01'",
    "a thing without its row": """
        SELECT thing_id FROM audit_step s WHERE NOT EXISTS (
            SELECT FROM (EVERY_LIFE) t WHERE t.id = s.thing_id)""",
}


def faults(superuser: psycopg.Connection, before: dict[str, set[str]]) -> Iterator[str]:
    """What is broken, in words."""
    for words, query in FAULTS.items():
        asked = query.replace("EVERY_LIFE", EVERY_LIFE).encode()
        for (key,) in superuser.execute(asked).fetchall():
            yield f"{words}: {key}"
    for table, lines in lines_of(superuser).items():
        for lost in before[table] - lines:
            yield f"a line of {table} changed or gone: {lost}"


def lines_of(superuser: psycopg.Connection) -> dict[str, set[str]]:
    """Every line of the trail, and what has crossed, as a digest."""
    found = {}
    for table in TRAIL:
        query = sql.SQL("SELECT md5(t::text) FROM {} t").format(sql.Identifier(table))
        found[table] = {digest for (digest,) in superuser.execute(query)}
    for table, asked in CROSSED.items():
        found[table] = {digest for (digest,) in superuser.execute(asked.encode())}
    return found


def world_of(superuser: psycopg.Connection, seed: int) -> World:
    def rows(query: bytes) -> list[Any]:
        return superuser.execute(query).fetchall()

    return World(
        random.Random(seed),  # noqa: S311 - repeatable, not secret
        rows(f"SELECT id, version, state, unit_id FROM ({EVERY_LIFE}) t".encode()),  # noqa: S608
        rows(
            b"SELECT u.id, a.id, a.kind FROM access_unit u"
            b" JOIN access_authority a ON a.id = u.authority_id"
        ),
        [row[0] for row in rows(b"SELECT id FROM access_user")],
        [row[0] for row in rows(b"SELECT id FROM casework_person")],
        rows(b"SELECT id, review_id, unit_id, authority_id, actor_id FROM audit_reviewitem"),
    )


def run(
    superuser: psycopg.Connection, app: psycopg.Connection, statements: int, seed: int
) -> tuple[dict[str, int], list[str]]:
    """Attack and look: the tally, and what is broken."""
    before = lines_of(superuser)
    world = world_of(superuser, seed)
    attack(app, world, statements)
    return world.tally, list(faults(superuser, before))


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--statements", type=int, default=100_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--superuser", required=True, help="URL of a database to be attacked")
    arguments.add_argument("--app", required=True, help="URL of the same as the service's role")
    given = arguments.parse_args()
    with (
        psycopg.connect(given.superuser, autocommit=True) as superuser,
        psycopg.connect(given.app, autocommit=True) as app,
    ):
        tally, broken = run(superuser, app, given.statements, given.seed)
    sys.stdout.write(f"{tally}, illegal states: {len(broken)}\n" + "\n".join(broken[:20]) + "\n")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
