"""Seals what has been written since the last seal, as fortur_sealer: sees hashes, never texts.

A transaction gets its number when it writes its first line and may commit long after others with
higher numbers. So lines are taken only from below the horizon, the oldest transaction that is
still going on: whatever commits later stands above it, and comes after.
"""

from datetime import UTC, datetime, timedelta

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from audit.merkle import MARK, Tree, leaf
from audit.seals import Seal
from audit.signing import Signer

MOST = 20_000  # lines under one seal; a longer backlog gets several
MANY = 1_000  # lines that don't wait for the five minutes
EVERY = timedelta(minutes=5)
SLACK = timedelta(seconds=30)  # the worker looks once a minute, a little earlier or later

COLUMNS = [field.attname for field in Seal._meta.concrete_fields]
NAMES = sql.SQL(", ").join(map(sql.Identifier, COLUMNS))
INSERT = sql.SQL("INSERT INTO public.audit_seal ({}) VALUES ({})").format(
    NAMES, sql.SQL(", ").join(map(sql.Placeholder, COLUMNS))
)
ALL = sql.SQL("SELECT {} FROM public.audit_seal ORDER BY number").format(NAMES)
NEWEST = sql.SQL("{} DESC LIMIT 1").format(ALL)
WAITING = """
    SELECT tx, source, id, hash FROM public.audit_leaf
    WHERE tx >= %(tx)s AND (tx, source, id) > (%(tx)s, %(source)s, %(id)s)
        AND tx < (SELECT public.audit_horizon())
"""
NEXT = f"{WAITING} ORDER BY tx, source, id LIMIT %(most)s"
COUNT = f"SELECT count(*) FROM ({WAITING} LIMIT %(most)s) AS line"  # noqa: S608
BEHIND = "SELECT public.audit_horizon() <= %s"
TOLD = "manage.py continue_trail"


class Another(Exception):
    """Another sealer was quicker with these lines; nothing is lost."""

    def __str__(self) -> str:
        return "Another sealer has just sealed these lines; nothing is lost."


class Behind(Exception):
    """The server counts transactions from the beginning again: new lines would stand below a seal.

    So it is after a dump was restored elsewhere.
    """

    def __str__(self) -> str:
        return f"The server's transactions count below the last seal. Run {TOLD} as the owner."


def newest(connection: psycopg.Connection) -> Seal | None:
    """The last seal."""
    with connection.cursor(row_factory=class_row(Seal)) as cursor:
        return cursor.execute(NEWEST).fetchone()


def due(connection: psycopg.Connection) -> bool:
    """Lines wait: a thousand, or any for five minutes."""
    last = newest(connection)
    found = connection.execute(COUNT, after(last) | {"most": MANY}).fetchone()
    waiting = int(found[0]) if found else 0
    if last is None or waiting in (0, MANY):
        return waiting > 0
    return not timedelta() <= clock(connection) - last.at < EVERY - SLACK


def seal_now(connection: psycopg.Connection, signer: Signer, most: int = MOST) -> int:
    """Seal every line below the horizon. Gives the number of lines. The connection autocommits.

    Raises Behind; two sealers at once: one of them gets Another.
    """
    sealed = 0
    while fresh := one_seal(connection, signer, most):
        sealed += fresh
        if fresh < most:
            break
    return sealed


def one_seal(connection: psycopg.Connection, signer: Signer, most: int) -> int:
    """One more seal over the next lines, at most so many. Gives their number; 0: none waits."""
    with connection.transaction():
        last = newest(connection)
        if last and connection.execute(BEHIND, [last.last_tx]).fetchone() == (True,):
            raise Behind
        rows = connection.execute(NEXT, after(last) | {"most": most}).fetchall()
        if not rows:
            return 0
        seal = following(last, rows, signer)
        # A clock that was set back must not stop the sealing: the order counts, not the hour.
        seal.at = max(clock(connection), last.at) if last else clock(connection)
        seal.signature = signer.sign(seal.statement())
        try:
            connection.execute(INSERT, {name: getattr(seal, name) for name in COLUMNS})
        except (psycopg.errors.UniqueViolation, psycopg.errors.CheckViolation) as quicker:
            raise Another from quicker
    return len(rows)


def clock(connection: psycopg.Connection) -> datetime:
    """The database's time."""
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    now: datetime = row[0] if row else datetime.now(UTC)
    return now


def after(last: Seal | None) -> dict[str, int]:
    """The place after which lines wait."""
    tx, source, id_ = last.place if last else (-1, 0, 0)
    return {"tx": tx, "source": source, "id": id_}


def following(last: Seal | None, rows: list[tuple[int, int, int, bytes]], signer: Signer) -> Seal:
    """The seal that continues the last one with these lines; without time and signature."""
    tree = Tree(last.tree_size, bytes(last.peaks)) if last else Tree()
    before, counts = tree.root, [last.steps, last.changes, last.readings] if last else [0, 0, 0]
    leaves = [leaf(source, line_hash) for _, source, _, line_hash in rows]
    for _, source, _, _ in rows:
        counts[source] += 1
    tree.extend(leaves)
    steps, changes, readings = counts
    tx, source, id_, _ = rows[-1]
    return Seal(
        number=last.number + 1 if last else 1,
        tree_size=tree.size,
        root=tree.root,
        previous_size=tree.size - len(rows),
        previous_root=before,
        steps=steps,
        changes=changes,
        readings=readings,
        last_tx=tx,
        last_source=source,
        last_id=id_,
        key=signer.key,
        peaks=tree.edge,
        marks=b"".join(one[:MARK] for one in leaves),
    )
