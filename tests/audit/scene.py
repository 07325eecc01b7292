"""What the tests of the trail share: an actor's settings and lines written by hand."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from access.actor import Actor
from audit import seal
from audit.signing import Signer
from casework.models import Case

TELL = (
    "SELECT set_config('fortur.user_id', %s, false), set_config('fortur.unit_id', %s, false),"
    " set_config('fortur.authority_id', %s, false), set_config('fortur.trail_authority', %s, false)"
)


@contextmanager
def as_actor(url: str, actor: Actor) -> Iterator[psycopg.Connection]:
    """A connection of the service's own role that acts as the actor; each statement commits."""
    with psycopg.connect(url, autocommit=True) as raw:
        told = [actor.user_id, actor.unit_id, actor.authority_id, actor.trail_authority or ""]
        raw.execute(TELL, [str(value) for value in told])
        yield raw


def line(case: Case, actor: Actor, **other: Any) -> dict[str, Any]:
    """The columns of an honest next line: the case's priority is lowered."""
    return {
        "thing_id": case.pk, "machine": "case", "seq": case.version + 1, "step": "lower",
        "from_state": case.state, "to_state": "flagged", "actor_id": actor.user_id,
        "actor": actor.name, "role": actor.role, "unit_id": actor.unit_id, "unit": actor.unit,
        "authority_id": actor.authority_id, "authority": actor.authority, "about_id": case.pk,
        "about": case.reference, "reason": "Ett skäl", "facts": "{}",
    } | other  # fmt: skip


def insert(raw: psycopg.Connection, table: str, values: dict[str, Any]) -> None:
    """One line, written as a hostile client would: any column, any value."""
    raw.execute(
        sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(map(sql.Placeholder, values)),
        ),
        values,
    )


def move(raw: psycopg.Connection, case_id: UUID, state: str, version: int) -> None:
    """Set a case's state by hand."""
    raw.execute(
        "UPDATE casework_case SET state = %s, version = %s WHERE id = %s", [state, version, case_id]
    )


def settled(raw: psycopg.Connection) -> None:
    """Wait until every line that is there can be sealed.

    Transactions have one order in the whole server: another test's CREATE DATABASE, or an ANALYZE
    that nobody asked for, holds the horizon back for a moment.
    """
    (newest,) = raw.execute("SELECT coalesce(max(tx), 0) FROM audit_leaf").fetchone() or (0,)
    until = time.monotonic() + 60
    while raw.execute("SELECT audit_horizon() > %s", [newest]).fetchone() != (True,):
        assert time.monotonic() < until, "something holds the horizon back"
        time.sleep(0.02)


def seal_all(sealer: psycopg.Connection, signer: Signer, most: int = seal.MOST) -> int:
    """Seal every line that is there, however long that takes."""
    settled(sealer)
    return seal.seal_now(sealer, signer, most)
