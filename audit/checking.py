"""Reads the chain out of the database and verifies it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

import psycopg
from django.db import connection
from psycopg import sql

from audit.chain import Broken, Link, verify

# The database repeats the text from the columns as they are now; psycopg parses nothing else.
LINES = (
    "SELECT thing_id, seq, prev_hash, hash, convert_to(payload, 'UTF8'),"
    " payload = public.audit_step_payload(line) FROM public.audit_step AS line"
)
ORDER = " ORDER BY thing_id, seq"
TYPES = ("uuid", "int4", "bytea", "bytea", "bytea", "bool")
BATCH = 5_000  # lines between two reports of progress


@dataclass(frozen=True, slots=True)
class Result:
    """How many lines were read, and the first broken one."""

    lines: int
    broken: Broken | None

    @property
    def whole(self) -> bool:
        """No line is broken."""
        return self.broken is None


def check_case(about_id: UUID, heads: Mapping[UUID, int] | None = None) -> Result:
    """Verify the chains of all things that belong to a case, as far as who asks may read them.

    `heads`: the version that each thing has reached, so that a missing last line is seen.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"{LINES} WHERE about_id = %s{ORDER}", [about_id])
        lines = [Link(*row) for row in cursor.fetchall()]
    return Result(len(lines), verify(lines, heads))


def check_all(
    reader: psycopg.Connection,
    thing_id: UUID | None = None,
    progress: Callable[[int], object] = lambda lines: None,
) -> Result:
    """Verify every chain that the connection's role may read, or one thing's; streams."""
    counted = Counted(progress)
    where = sql.SQL(" WHERE thing_id = {}").format(thing_id) if thing_id else sql.SQL("")
    query = sql.SQL("COPY ({}{}{}) TO STDOUT (FORMAT BINARY)").format(
        sql.SQL(LINES), where, sql.SQL(ORDER)
    )
    broken = None
    with suppress(_Enough), reader.cursor() as cursor, cursor.copy(query) as copy:
        copy.set_types(TYPES)
        broken = verify(counted(copy.rows()))
        if broken:
            raise _Enough
    return Result(counted.lines, broken)


class _Enough(Exception):
    """Ends a copy that nobody reads to the end, and the connection's transaction with it."""


class Counted:
    """Counts the lines that pass, and reports them in batches."""

    def __init__(self, progress: Callable[[int], object]) -> None:
        self.lines = 0
        self.progress = progress

    def __call__(self, rows: Iterable[tuple[object, ...]]) -> Iterator[Link]:
        for row in rows:
            self.lines += 1
            if self.lines % BATCH == 0:
                self.progress(BATCH)
            yield row  # type: ignore[misc] # a plain tuple costs less than a Link
        self.progress(self.lines % BATCH)
