"""Measuring: medians of interleaved rounds, and what a piece of work asks of the database."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import connection

CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SET CONSTRAINTS")
Work = Callable[[], Any]


@dataclass(slots=True)
class Asked:
    """The statements of one piece of work, without BEGIN, COMMIT and savepoints."""

    statements: list[str] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.statements)

    def spent(self, about: tuple[str, ...] = ("",)) -> float:
        """Milliseconds in statements that mention one of these."""
        pairs = zip(self.statements, self.milliseconds, strict=True)
        return sum(spent for words, spent in pairs if any(one in words for one in about))


@contextmanager
def listening() -> Iterator[Asked]:
    asked = Asked()

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            if not sql.startswith(CONTROL):
                asked.statements.append(sql)
                asked.milliseconds.append((time.perf_counter() - began) * 1000)

    with connection.execute_wrapper(note):
        yield asked


def medians(works: dict[str, Work], rounds: int, warm: int = 4) -> dict[str, float]:
    """Milliseconds of each, taken in turns so that a noisy moment hits all of them."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(warm + rounds):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            if turn >= warm:
                taken[name].append((time.perf_counter() - began) * 1000)
    return {name: statistics.median(times) for name, times in taken.items()}


def asked_by(work: Work, rounds: int) -> tuple[int, float]:
    """How many statements, and the median of the milliseconds in them."""
    counts, times = [], []
    for _ in range(rounds + 2):
        with listening() as asked:
            work()
        counts.append(asked.count)
        times.append(asked.spent())
    return max(counts[2:]), statistics.median(times[2:])


def beside(
    work: Work, about: tuple[str, ...], hand: Work, rounds: int, warm: int = 2
) -> tuple[float, float]:
    """Milliseconds in the work's own statements, and of the same by hand, taken in turns."""
    asked_for, asked_by_hand = [], []
    for turn in range(warm + rounds):
        with listening() as asked:
            work()
        began = time.perf_counter()
        hand()
        if turn >= warm:
            asked_by_hand.append((time.perf_counter() - began) * 1000)
            asked_for.append(asked.spent(about))
    return statistics.median(asked_for), statistics.median(asked_by_hand)


def by_hand(raw: psycopg.Connection, statements: tuple[str, ...], facts: dict[str, Any]) -> Work:
    """The statements one after another, everything fetched."""

    def ask() -> None:
        for statement in statements:
            psycopg.ClientCursor(raw).execute(statement.encode(), facts).fetchall()

    return ask
