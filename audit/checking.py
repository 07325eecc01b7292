"""Is every line as it was written? One case's chains for its page, or every line of the trail.

The database repeats each line's text and hash from the columns as they are now, in pieces that
come back as a count; only a broken line is ever read.
"""

from collections.abc import Iterator, Mapping
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

# What the line before it ends with; looked up by its key, line by line.
LAST = """coalesce((SELECT before.hash FROM public.audit_step AS before
    WHERE before.thing_id = line.thing_id AND before.seq = line.seq - 1), ''::bytea)"""
# A destroyed text's digest can't be repeated; the decision that it names must be in the trail.
DECIDED = """(line.destroyed_by IS NULL OR EXISTS (SELECT FROM public.audit_step AS decision
    WHERE decision.thing_id = line.destroyed_by))"""
SOUND = {
    "step": f"""line.payload = public.audit_step_payload(line)
        AND line.hash = sha256(line.prev_hash || convert_to(line.payload, 'UTF8'))
        AND line.prev_hash = {LAST} AND (line.seq = 0) = (line.prev_hash = '') AND {DECIDED}""",
    "change": f"""line.hash = sha256(convert_to(public.audit_change_payload(line), 'UTF8'))
        AND (line.digest = public.audit_change_digest(line) OR line.destroyed_by IS NOT NULL)
        AND {DECIDED}""",
    "reading": f"""line.hash = sha256(convert_to(public.audit_reading_payload(line), 'UTF8'))
        AND (line.digest = public.audit_reading_digest(line) OR line.destroyed_by IS NOT NULL)
        AND {DECIDED}""",
}
HOW = {
    "step": f"""CASE WHEN line.seq > 0 AND {LAST} = '' THEN 'missing'
        WHEN line.prev_hash <> {LAST} THEN 'unlinked'
        WHEN line.hash <> sha256(line.prev_hash || convert_to(line.payload, 'UTF8')) THEN 'altered'
        WHEN line.payload <> public.audit_step_payload(line) THEN 'different'
        ELSE 'undecided' END""",
    "change": f"CASE WHEN {DECIDED} THEN 'altered' ELSE 'undecided' END",
    "reading": f"CASE WHEN {DECIDED} THEN 'altered' ELSE 'undecided' END",
}
FAST = (  # one piece is small, and the pieces are what runs at the same time
    "SET jit = off; SET max_parallel_workers_per_gather = 0; SET work_mem = '128MB';"
    " SET plan_cache_mode = force_custom_plan"
)
ENDS = "SELECT min(id), max(id) FROM public.audit_{table} AS line WHERE line.tx >= %(tx)s"


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
    """What a piece held."""

    lines: int
    destroyed: int
    breach: Breach | None


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
    first, last = reader.execute(ENDS.format(table=table), {"tx": tx}).fetchone() or (None, None)
    if first is not None:
        for at in range(first, last + 1, PIECE):
            yield Piece(table, at, at + PIECE - 1, tx)


def check(reader: psycopg.Connection, piece: Piece) -> Checked:
    """Count the piece's lines and find its first broken one."""
    source = (
        f"FROM public.audit_{piece.table} AS line"
        " WHERE line.id BETWEEN %(first)s AND %(last)s AND line.tx >= %(tx)s"
    )
    place = {"first": piece.first, "last": piece.last, "tx": piece.tx}
    count = (
        "SELECT count(*), count(line.destroyed_by),"
        f" min(line.id) FILTER (WHERE ({SOUND[piece.table]}) IS NOT TRUE) {source}"
    )
    lines, destroyed, bad = _row(reader, count, place)
    if bad is None:
        return Checked(lines, destroyed, None)
    named = "line.thing_id, line.seq" if piece.table == "step" else "NULL, 0"
    thing, seq, fault = _row(
        reader, f"SELECT {named}, {HOW[piece.table]} {source}", place | {"first": bad, "last": bad}
    )
    number = seq - 1 if fault == Fault.MISSING else seq
    said = f"{thing}/{number}" if thing else ""
    return Checked(lines, destroyed, Breach(Fault(fault), f"{piece.table} {bad}", said))


def _row(reader: psycopg.Connection, query: str, values: Mapping[str, Any]) -> tuple[Any, ...]:
    row = reader.execute(query.encode(), values).fetchone()
    if row is None:
        raise LookupError(query)
    return row
