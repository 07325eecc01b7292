"""Helpers for tests of destruction: old cases, lists of them, all that the database holds."""

from dataclasses import replace

import psycopg

from access.actor import Actor
from access.models import Unit
from casework.destruction import destroying, proposals
from casework.models import Case, Destruction
from tests import make


def in_unit(officer: Actor, chief: Actor) -> Actor:
    """The authority's data protection officer, at work in the unit as its second reviewer."""
    return replace(officer, unit_id=chief.unit_id, unit=chief.unit)


def aged(superuser: psycopg.Connection, *cases: Case, days: int = 3 * 365) -> None:
    """As if they had been closed so many days earlier."""
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(
        "UPDATE casework_case SET closed_at = closed_at - make_interval(days => %s)"
        " WHERE id = ANY(%s)",
        [days, [case.pk for case in cases]],
    )
    superuser.execute("SET session_replication_role = DEFAULT")


def proposed(chief: Actor) -> Destruction:
    with make.acting(chief):
        return proposals.propose(chief)


def approved(chief: Actor, second: Actor) -> Destruction:
    found = make.step(proposed(chief), "review", chief)
    return make.step(found, "approve", second)


def run(chief: Actor, found: Destruction) -> bool:
    return destroying.run(Unit.objects.get(pk=chief.unit_id), found.pk)


def dump(superuser: psycopg.Connection) -> str:
    """Every row of every table of ours, as text."""
    tables = superuser.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    ).fetchall()
    said = []
    for (table,) in tables:
        rows = superuser.execute(f'SELECT t::text FROM "{table}" t'.encode()).fetchall()  # noqa: S608
        said += [text for (text,) in rows]
    return "\n".join(said)
