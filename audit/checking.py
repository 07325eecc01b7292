"""Is every line as it was written? One case's chains for its page, or every line of the trail.

The database repeats each line's text and hash from the columns as they are now, in pieces that
come back as a count; only a broken line is ever read.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection
from psycopg import sql

from audit.chain import Broken, Fault, Link, verify

LINES = (
    "SELECT thing_id, seq, prev_hash, hash, convert_to(payload, 'UTF8'),"
    " payload = public.audit_step_payload(line) FROM public.audit_step AS line"
)
ORDER = " ORDER BY thing_id, seq"
PIECE = 25_000  # ids that are asked about at once
TABLES = ("step", "change", "reading")

# What the line before it ends with.
LAST = """coalesce((SELECT before.hash FROM public.audit_step AS before
    WHERE before.thing_id = line.thing_id AND before.seq = line.seq - 1), ''::bytea)"""
# A destroyed text's digest can't be repeated. It is gone whole, and the decision that it names ran
# in the line's unit and is about what the line is about.
DECIDED = """(line.destroyed_by IS NULL OR line.salt IS NULL AND {empty}
    AND public.audit_decided(line.destroyed_by, line.about_id, line.unit_id))"""
STEP = DECIDED.format(empty="line.reason = '' AND line.facts = '{}'")
CHANGE = DECIDED.format(empty="line.changes = '{}'")
READING = DECIDED.format(empty="(line.purpose, line.detail) = ('', '{}') AND line.address IS NULL")
# A line below zero would stand under no seal, and be looked at by nobody.
SOUND = {
    "step": f"""line.tx >= 0 AND line.payload = public.audit_step_payload(line)
        AND line.hash = sha256(line.prev_hash || convert_to(line.payload, 'UTF8'))
        AND (line.seq = 0) = (line.prev_hash = '') AND {STEP}""",
    "change": f"""line.tx >= 0
        AND line.hash = sha256(convert_to(public.audit_change_payload(line), 'UTF8'))
        AND (line.digest = public.audit_change_digest(line) OR line.destroyed_by IS NOT NULL)
        AND {CHANGE}""",
    "reading": f"""line.tx >= 0
        AND line.hash = sha256(convert_to(public.audit_reading_payload(line), 'UTF8'))
        AND (line.digest = public.audit_reading_digest(line) OR line.destroyed_by IS NOT NULL)
        AND {READING}""",
}
# Each line begins with what the one before it ends with. All chains side by side, in one sorted
# pass: half the work of looking each line's neighbour up.
CHAINED = """
    SELECT min(line.id) FILTER (WHERE (line.seq = coalesce(line.seq_before + 1, 0)
        AND line.prev_hash = coalesce(line.hash_before, '')) IS NOT TRUE)
    FROM (SELECT id, tx, seq, prev_hash, lag(seq) OVER chain AS seq_before,
            lag(hash) OVER chain AS hash_before
        FROM public.audit_step {whose} WINDOW chain AS (PARTITION BY thing_id ORDER BY seq)) AS line
    WHERE {since}
"""
TOUCHED = "WHERE thing_id IN (SELECT thing_id FROM public.audit_step WHERE tx >= %(tx)s)"
SLIPPED_IN = "CASE WHEN (line.tx >= 0) IS NOT TRUE THEN 'extra'"
HOW = {
    "step": f"""{SLIPPED_IN} WHEN line.seq > 0 AND {LAST} = '' THEN 'missing'
        WHEN line.prev_hash <> {LAST} THEN 'unlinked'
        WHEN line.hash <> sha256(line.prev_hash || convert_to(line.payload, 'UTF8')) THEN 'altered'
        WHEN line.payload <> public.audit_step_payload(line) THEN 'different'
        ELSE 'undecided' END""",
    "change": f"{SLIPPED_IN} WHEN {CHANGE} THEN 'altered' ELSE 'undecided' END",
    "reading": f"{SLIPPED_IN} WHEN {READING} THEN 'altered' ELSE 'undecided' END",
}
COUNTED = """
    SELECT count(*), count(line.destroyed_by), min(line.id) FILTER (WHERE ({sound}) IS NOT TRUE)
    FROM public.audit_{table} AS line
    WHERE line.id BETWEEN %(first)s AND %(last)s AND {since}
"""
NAMED = "SELECT {named}, {how} FROM public.audit_{table} AS line WHERE line.id = %(id)s"
FAST = (  # one piece is small, and the pieces are what runs at the same time
    "SET jit = off; SET max_parallel_workers_per_gather = 0; SET work_mem = '128MB';"
    " SET plan_cache_mode = force_custom_plan;"
    # Whatever the role or the database is told to look in first: sha256() is PostgreSQL's own.
    " SET search_path = ''"
)
NEXT = "SELECT min(id) FROM public.audit_{table} AS line WHERE id >= %(at)s AND {since}"
LAST_ID = 2**63 - 1
SINCE, EVERY = "line.tx >= %(tx)s", "true"


@dataclass(frozen=True, slots=True)
class Result:
    """How many lines were read, and the first broken one."""

    lines: int
    broken: Broken | None

    @property
    def whole(self) -> bool:
        """No line is broken."""
        return self.broken is None


@dataclass(frozen=True, slots=True)
class Breach:
    """What is broken in the whole trail: a line of a table, or a seal."""

    fault: Fault
    where: str  # "step 41", "seal 7": nobody's name, nobody's case
    line: str = ""  # a step also by thing and number

    def __str__(self) -> str:
        return f"{self.line or self.where} {self.fault}"


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring lines of one table."""

    table: str
    first: int
    last: int
    tx: int = 0  # only lines of this transaction and later ones


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at in a table, and the number of the first line that isn't as it was."""

    table: str
    lines: int
    destroyed: int
    bad: int | None


def check_case(about_id: UUID, heads: Mapping[UUID, int] | None = None) -> Result:
    """Verify the chains of all things that belong to a case, as far as who asks may read them.

    `heads`: the version that each thing has reached, so that a missing last line is seen.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"{LINES} WHERE about_id = %s{ORDER}", [about_id])
        lines = [Link(*row) for row in cursor.fetchall()]
    return Result(len(lines), verify(lines, heads))


def check_thing(reader: psycopg.Connection, thing_id: UUID) -> Result:
    """Verify one thing's chain."""
    query = sql.SQL(f"{LINES} WHERE thing_id = %s{ORDER}")
    lines = [Link(*row) for row in reader.execute(query, [thing_id]).fetchall()]
    return Result(len(lines), verify(lines))


def pieces(reader: psycopg.Connection, tx: int = 0) -> list[Piece]:
    """Every line (from a transaction on), in pieces, in the order in which they are reported."""
    return [piece for table in TABLES for piece in _pieces(reader, table, tx)]


def _pieces(reader: psycopg.Connection, table: str, tx: int) -> Iterator[Piece]:
    """Numbers that nobody has are passed over, however many there are."""
    query, at = NEXT.format(table=table, since=since(tx)), -LAST_ID
    while at <= LAST_ID:
        (first,) = _row(reader, query, {"at": at, "tx": tx})
        if first is None:
            return
        yield Piece(table, first, min(first + PIECE - 1, LAST_ID), tx)
        at = first + PIECE


def since(tx: int) -> str:
    """Which lines: really every one, or those from a transaction on."""
    return SINCE if tx else EVERY


def check(reader: psycopg.Connection, piece: Piece) -> Checked:
    """Repeat each line of the piece from its columns."""
    place = {"first": piece.first, "last": piece.last, "tx": piece.tx}
    query = COUNTED.format(sound=SOUND[piece.table], table=piece.table, since=since(piece.tx))
    return Checked(piece.table, *_row(reader, query, place))


def check_chains(reader: psycopg.Connection, tx: int = 0) -> Checked:
    """Does every step follow the one before it? All of them, or those from a transaction on."""
    (bad,) = _row(reader, CHAINED.format(whose=TOUCHED if tx else "", since=since(tx)), {"tx": tx})
    return Checked("step", 0, 0, bad)


def first_breach(reader: psycopg.Connection, found: Iterable[Checked]) -> Breach | None:
    """The first broken line in the order of the tables, and how it is broken."""
    bad = [(TABLES.index(one.table), one.bad) for one in found if one.bad is not None]
    if not bad:
        return None
    number, line = min(bad)
    table = TABLES[number]
    named = "line.thing_id, line.seq" if table == "step" else "NULL, 0"
    query = NAMED.format(named=named, how=HOW[table], table=table)
    thing, seq, fault = _row(reader, query, {"id": line})
    number = seq - 1 if fault == Fault.MISSING else seq
    return Breach(Fault(fault), f"{table} {line}", f"{thing}/{number}" if thing else "")


def check_lists(reader: psycopg.Connection) -> Breach | None:
    """What each destruction took is what the line about its end has the checksum of."""
    bad = reader.execute("SELECT id, thing_id, seq FROM public.audit_lists_altered()").fetchone()
    return Breach(Fault.UNDECIDED, f"step {bad[0]}", f"{bad[1]}/{bad[2]}") if bad else None


def _row(reader: psycopg.Connection, query: str, values: Mapping[str, Any]) -> tuple[Any, ...]:
    row = reader.execute(query.encode(), values).fetchone()
    if row is None:
        raise LookupError(query)
    return row
