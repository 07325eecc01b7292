"""A line's text is the same, byte by byte, as it was when json took the way over jsonb."""

import json
import random
from uuid import UUID

import psycopg
import pytest

COLUMNS = {
    "step": "machine thing_id seq step from_state to_state actor_id actor role unit_id unit"
    " authority_id authority request_id about_id about",
    "change": "model object_id action actor_id actor role unit_id unit authority_id authority"
    " request_id about_id about",
    "reading": "kind actor_id actor role unit_id unit authority_id authority request_id about_id"
    " about",
}
LAST = {
    "step": """CASE WHEN line.destroyed_by IS NULL
        THEN encode(sha256(convert_to(coalesce(line.salt::text, '') || line.reason || chr(10)
            || line.facts::text, 'UTF8')), 'hex')
        ELSE line.payload::jsonb ->> 16 END""",
    "change": "encode(line.digest, 'hex')",
    "reading": "encode(line.digest, 'hex')",
}
ASKED = """
    SELECT audit_{table}_payload(line), {before}
    FROM jsonb_populate_recordset(NULL::public.audit_{table}, %s::jsonb) AS line
"""
NUMBERS = {"seq", "unit_id", "authority_id"}
IDS = {"thing_id", "actor_id", "request_id", "about_id"}
ODD = "\"\\/\b\f\n\r\t\x01\x1f\x7f\x80\u2028\ufeff\uffff😀åäöÅÄÖ '{}[],:null"


def some(chance: random.Random, column: str) -> object:
    if column in IDS:
        return str(UUID(int=chance.getrandbits(128))) if chance.random() < 0.7 else None
    if column in NUMBERS:
        return chance.choice([None, 0, -1, 7, 2**31 - 1])
    return "".join(
        chance.choice(ODD) if chance.random() < 0.4 else chr(chance.randrange(32, 0xD7FF))
        for _ in range(chance.randrange(12))
    )


def rows(table: str, chance: random.Random) -> list[dict[str, object]]:
    return [
        {column: some(chance, column) for column in COLUMNS[table].split()}
        | {
            "at": f"20{chance.randrange(10, 99)}-03-29T02:{chance.randrange(60):02}:07"
            f".{chance.choice(['0', '100', '123456', '000001'])}+0{chance.randrange(3)}:00",
            "salt": some(chance, "thing_id"),
            "digest": rf"\x{chance.getrandbits(64):016x}",
            "reason": some(chance, "reason"),
            "facts": {"text": some(chance, "reason")},
            "payload": json.dumps([*"0123456789abcdef", str(some(chance, "reason"))]),
            "destroyed_by": some(chance, "thing_id"),
        }
        for _ in range(500)
    ]


@pytest.mark.parametrize("table", COLUMNS)
def test_json_says_what_jsonb_said(superuser: psycopg.Connection, table: str) -> None:
    first = [] if table == "step" else [f"'{table}'"]
    columns = [f"line.{column}" for column in COLUMNS[table].split()]
    at = """to_char(line.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    before = f"jsonb_build_array({', '.join([*first, *columns, LAST[table], at])})::text"
    query = ASKED.format(table=table, before=before)
    chance = random.Random(7)  # noqa: S311 - nothing secret
    found = superuser.execute(query.encode(), [json.dumps(rows(table, chance))]).fetchall()
    assert len(found) == 500
    assert [now for now, _ in found] == [then for _, then in found]
