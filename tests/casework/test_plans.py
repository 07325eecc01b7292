"""Plans, as the service's own role: the queue comes in its index's order, and figures are read
from indexes alone, whatever the policies ask. No time is measured."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import psycopg
from django.db import connection, transaction

from access.actor import Actor, actor_of
from access.models import User
from access.session import acting_as
from casework import backlog, queue
from casework.queue import Asked, Whose
from casework.views import start
from tests.bench.fill import fill

CASES = 5000
Ask = Callable[[Actor], Any]


def plans(ask: Ask, by: Actor) -> list[dict[str, Any]]:
    """The plan of each statement about cases."""
    found: list[dict[str, Any]] = []

    def explain(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT") and 'FROM "casework_case"' in sql:
            with context["connection"].connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
                (told,) = cursor.fetchone()
            found.append((told if isinstance(told, list) else json.loads(told))[0]["Plan"])
        return execute(sql, params, many, context)

    with transaction.atomic(), acting_as(by), connection.execute_wrapper(explain):
        ask(by)
    assert found
    return found


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def of_cases(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [node for node in nodes(plan) if node.get("Relation Name") == "casework_case"]


def who(name: str) -> Actor:
    found = actor_of(User.objects.get(username=name))
    assert found
    return found


COUNTED: dict[str, tuple[str, Ask]] = {
    "the queue's groups": ("utredare", lambda by: queue.count(Asked(None), by)),
    "the unit's groups": ("polischef", lambda by: queue.count(Asked(None, Whose.ALL), by)),
    "her start page": ("utredare", start.own_figures),
    "a supervisor's start page": ("polischef", start.supervisors_figures),
    "the backlog's stock": ("polischef", backlog.stock),
    "the backlog's ages": ("polischef", backlog.open_by_day),
    "the backlog's priorities": ("polischef", backlog.untouched),
}


def figures_are_read_from_indexes_alone() -> None:
    for name, (login, ask) in COUNTED.items():
        for plan in plans(ask, who(login)):
            (scan,) = of_cases(plan)
            assert scan["Node Type"] == "Index Only Scan", (name, scan)
            assert scan["Heap Fetches"] == 0, (name, scan)


def the_queue_comes_in_its_indexs_order() -> None:
    for whose in (Whose.BOTH, Whose.ALL, Whose.UNASSIGNED):
        by = who("polischef" if whose == Whose.ALL else "utredare")
        for plan in plans(partial(queue.first_open, Asked(None, whose), after=None), by):
            (scan,) = of_cases(plan)
            assert scan["Node Type"] == "Index Scan", (whose, scan)
            assert scan["Index Name"].startswith("case_queue"), (whose, scan)
            assert not any(node["Node Type"] == "Sort" for node in nodes(plan)), whose


def the_backlogs_first_cases_are_found_in_indexes() -> None:
    for plan in plans(backlog.lists, who("polischef")):
        found, read = sorted(of_cases(plan), key=lambda scan: scan["Node Type"] == "Index Scan")
        assert found["Node Type"] == "Index Only Scan", found
        assert found["Heap Fetches"] == 0, found
        assert read["Actual Rows"] * read["Actual Loops"] <= backlog.OLDEST, read


def test_pages_read_no_more_than_they_show(own_db: str, superuser: psycopg.Connection) -> None:
    """One test: filling the database takes longer than all that is asked of it."""
    fill(superuser, CASES)
    the_queue_comes_in_its_indexs_order()
    figures_are_read_from_indexes_alone()
    the_backlogs_first_cases_are_found_in_indexes()
