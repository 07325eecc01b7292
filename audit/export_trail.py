"""The trail for somebody outside: places and hashes of the lines, the seals, no text at all."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from audit.checking import FAST, TABLES
from audit.sealcheck import read_seals

# Hashes are made anew from what the lines say now, not copied: an edit that left the stored hash
# alone shows outside, too. Where a text was destroyed, its digest is all that there is of it.
STEPS = """
    SELECT tx, 0, id,
        encode(sha256(prev_hash || convert_to(public.audit_step_payload(line), 'UTF8')), 'hex'),
        thing_id, seq, encode(prev_hash, 'hex') FROM public.audit_step AS line
"""
OTHERS = """
    SELECT tx, {number}, id, encode(CASE
        WHEN destroyed_by IS NULL AND digest <> public.audit_{table}_digest(line)
            THEN public.audit_{table}_digest(line)
        ELSE sha256(convert_to(public.audit_{table}_payload(line), 'UTF8')) END, 'hex'),
        NULL, NULL, NULL FROM public.audit_{table} AS line
"""
LINES = "COPY ({} ORDER BY 1, 2, 3) TO STDOUT (NULL '')".format(
    " UNION ALL ".join(
        [STEPS, OTHERS.format(number=1, table="change"), OTHERS.format(number=2, table="reading")]
    )
)
TEXTS = {
    "step": "line.payload",
    "change": "public.audit_change_payload(line)",
    "reading": "public.audit_reading_payload(line)",
}
STAMPS = """
    SELECT seal, token FROM public.audit_anchor WHERE kind = 'timestamp' ORDER BY seal
"""


class NoLine(Exception):
    """There is no such line."""


def export(
    reader: psycopg.Connection,
    folder: Path,
    public_keys: dict[str, bytes],
    progress: Callable[[int], object] = lambda lines: None,
) -> int:
    """Write lines.tsv, seals.jsonl, keys.txt and timestamps/. Gives the number of lines."""
    reader.execute(FAST)
    with reader.transaction():  # one state of the trail: seals and lines fit each other
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        seals = read_seals(reader)
        records = "".join(f"{json.dumps(seal.record())}\n" for seal in seals)
        (folder / "seals.jsonl").write_text(records, encoding="ascii")
        keys = "".join(f"{public.hex()}\n" for public in public_keys.values())
        (folder / "keys.txt").write_text(keys, encoding="ascii")
        (folder / "timestamps").mkdir()
        texts = {seal.number: seal.statement() for seal in seals}
        for number, token in reader.execute(STAMPS).fetchall():
            (folder / "timestamps" / f"seal-{number}.txt").write_bytes(texts.get(number, b""))
            (folder / "timestamps" / f"seal-{number}.tst").write_bytes(token)
        with (folder / "lines.tsv").open("wb") as file:
            return _lines(reader, file, progress)


def _lines(reader: psycopg.Connection, file: IO[bytes], progress: Callable[[int], object]) -> int:
    lines = 0
    with reader.cursor() as cursor, cursor.copy(LINES.encode()) as copy:
        for row in copy:
            file.write(row)
            lines += 1
            if lines % 10_000 == 0:
                progress(10_000)
    return lines


def text_of(reader: psycopg.Connection, name: str) -> str:
    """What is hashed of one line ("step 41"): who, when, what; of free text only the digest."""
    table, _, number = name.partition(" ")
    if table not in TABLES or not number.isdecimal():
        raise NoLine(name)
    query = sql.SQL("SELECT {} FROM {} AS line WHERE id = %s").format(
        sql.SQL(TEXTS[table]), sql.Identifier("public", f"audit_{table}")
    )
    row = reader.execute(query, [int(number)]).fetchone()
    if row is None:
        raise NoLine(name)
    return str(row[0])
