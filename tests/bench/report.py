"""The figures as a page: docs/benchmark.md."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psutil
import psycopg

from tests.bench.server import PROJECT

PAGE = PROJECT / "docs" / "benchmark.md"
Figures = Mapping[str, Any]
Found = Mapping[int, Figures]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A figure as a multiple of another from the same run."""

    words: str
    of: str
    to: str
    goal: float


RATIOS = (
    Ratio("queue (mine and nobody's): SQL to SQL by hand", "queue_sql_ms", "queue_raw_ms", 1.5),
    Ratio("queue (the whole unit): SQL to SQL by hand", "queue_of_all_sql_ms",
          "queue_of_all_raw_ms", 1.5),
    Ratio("supervisor's counters: SQL to SQL by hand", "counters_sql_ms", "counters_raw_ms", 3),
    Ratio("queue page to the baseline view", "queue_ms", "baseline_ms", 3),
    Ratio("queue page (the whole unit) to the baseline view", "queue_of_all_ms", "baseline_ms", 3),
    Ratio("case page to the baseline view", "case_ms", "baseline_ms", 3),
    Ratio("a step, from posted form to redirect, to the baseline view", "step_ms",
          "baseline_ms", 2),
    Ratio("trail of a case: SQL to SQL by hand", "lines_of_case_sql_ms", "lines_of_case_raw_ms", 0),
    Ratio("trail of an actor: SQL to SQL by hand", "lines_of_actor_sql_ms",
          "lines_of_actor_raw_ms", 0),
    Ratio("trail of a day: SQL to SQL by hand", "lines_of_day_sql_ms", "lines_of_day_raw_ms", 0),
)  # fmt: skip
QUERIES = (("queue page", "queue", 12), ("case page", "case", 15), ("a step", "step", 12),
           ("backlog page", "backlog", 0))  # fmt: skip
PAGES = (("baseline view", "baseline"),
         ("baseline view, logged in behind Förtur's middleware", "inside"), ("queue page", "queue"),
         ("queue page, the whole unit", "queue_of_all"), ("case page", "case"),
         ("backlog page", "backlog"), ("a step", "step"))  # fmt: skip
SEARCHES = (("a case", "lines_of_case"), ("an actor", "lines_of_actor"), ("a day", "lines_of_day"))


def about(superuser: psycopg.Connection) -> str:
    """When, and on what kind of machine; no names."""
    (version,) = superuser.execute("SHOW server_version").fetchone() or ("",)
    superuser.close()
    memory = round(psutil.virtual_memory().total / 2**30)
    now = datetime.now(UTC)
    return (
        f"{now:%Y-%m-%d %H:%M} UTC · {os.cpu_count()} cores, {memory} GB · PostgreSQL {version},"
        " every commit on disk"
    )


def text(found: Found, when: str) -> str:
    sizes = list(found)
    last = found[sizes[-1]]
    parts = [
        "# Benchmark\n",
        "Written by `make bench`. Ratios within one run, medians; differences under 25 % are noise."
        " Nothing here is a promise about another machine's milliseconds.\n",
        f"{when}\n",
        "## Ratios\n",
        *ratios(found, sizes),
        "\n## Growth\n",
        *growth(found, sizes),
        "\n## Queries a page (BEGIN, COMMIT and savepoints not counted)\n",
        *queries(found, sizes),
        "\n## Milliseconds on this machine, through the whole stack in process\n",
        *table(
            ("page", *map(number, sizes)),
            ((words, *(ms(found[size][f"{name}_ms"]) for size in sizes)) for words, name in PAGES),
        ),
        "\n## The trail\n",
        *trail(found, sizes),
        *(changes(last, sizes[-1]) if "ours_steps_s" in last else ()),
    ]
    return "\n".join(parts) + "\n"


def ratios(found: Found, sizes: list[int]) -> Iterable[str]:
    rows = []
    for one in RATIOS:
        values = [found[size][one.of] / found[size][one.to] for size in sizes]
        goal = f"≤ {one.goal:g}" if one.goal else "–"
        rows.append((one.words, *(f"{value:.2f}" for value in values), goal,
                     met(values[-1] <= one.goal) if one.goal else ""))  # fmt: skip
    return table(("ratio, at cases", *map(number, sizes), "goal", ""), rows)


def growth(found: Found, sizes: list[int]) -> Iterable[str]:
    first, last = found[sizes[0]], found[sizes[-1]]
    head = (f"{number(sizes[0])} → {number(sizes[-1])} cases", "times", "goal", "")
    rows = []
    for words, name, goal in (
        ("queue page", "queue_ms", 1.3),
        ("queue page, the whole unit", "queue_of_all_ms", 1.3),
        ("queue's SQL", "queue_sql_ms", 0),
        ("case page", "case_ms", 1.3),
        ("a step", "step_ms", 1.3),
        ("backlog page", "backlog_ms", 0),
        ("the baseline view itself", "baseline_ms", 0),
    ):
        times = last[name] / first[name]
        wanted = f"≤ {goal:g}" if goal else "–"
        rows.append((words, f"{times:.2f}", wanted, met(times <= goal) if goal else ""))
    return table(head, rows)


def queries(found: Found, sizes: list[int]) -> Iterable[str]:
    rows = []
    for words, name, goal in QUERIES:
        counts = [found[size][f"{name}_queries"] for size in sizes]
        good = max(counts) <= goal and len(set(counts)) == 1
        rows.append((words, *map(str, counts), f"≤ {goal}, constant" if goal else "–",
                     met(good) if goal else ""))  # fmt: skip
    return table(("", *map(number, sizes), "goal", ""), rows)


def trail(found: Found, sizes: list[int]) -> Iterable[str]:
    large = [size for size in sizes if "verified_s" in found[size]]
    if not large:
        return ("Too few lines to say anything about.",)
    verifying = (
        ("lines", *(number(found[size]["trail_lines"]) for size in large), "", ""),
        ("sealed a second", *(number(found[size]["sealed_s"]) for size in large), "", ""),
        ("verified a second", *(number(found[size]["verified_s"]) for size in large), "≥ 200,000",
         met(found[large[-1]]["verified_s"] >= 200_000)),
        ("its own processor time a line, µs, without the database's",
         *(f"{found[size]['verified_own_us']:.2f}" for size in large), "", ""),
        ("chains only read", *(number(found[size]["only_read_s"]) for size in large), "", ""),
    )  # fmt: skip
    searches = [
        (f"search by {words}: SQL, ms", *(ms(found[size][f"{name}_sql_ms"]) for size in large),
         "≤ 50", met(found[large[-1]][f"{name}_sql_ms"] <= 50))
        for words, name in SEARCHES
    ]  # fmt: skip
    return table(("at cases", *map(number, large), "goal", ""), (*verifying, *searches))


def changes(last: Figures, size: int) -> Iterable[str]:
    hand = last["byhand_steps_s"]
    words = {
        "byhand": "by hand: one UPDATE, one INSERT",
        "ours": "Förtur",
        "outofbox": "django-fsm-2, django-guardian and django-auditlog out of the box",
    }
    rows = [
        (said, f"{last[f'{part}_steps_s']:.0f}", f"{last[f'{part}_steps_s'] / hand:.2f}",
         ms(last[f"{part}_cpu_ms"]))
        for part, said in words.items()
    ]  # fmt: skip
    ratio, better = last["ours_steps_s"] / hand, last["ours_steps_s"] / last["outofbox_steps_s"]
    yield f"\n## Steps (prioritise) by {last['clients']} clients, {number(size)} cases\n"
    yield from table(("", "steps/s", "of by hand", "client's CPU ms a step"), rows)
    yield f"\n* of by hand: {ratio:.2f}, goal ≥ 0.40: {met(ratio >= 0.4)}"
    yield f"* times the same packages out of the box: {better:.2f}, goal ≥ 2: {met(better >= 2)}"
    yield "\nBoth write the priority as a row of its own. Förtur also has row security, the allowed"
    yield "edges and the chain in the database; out of the box has none of them."
    rows_s = last["import_rows_s"]
    yield "\n## Import of 10,000 flags by the command\n"
    yield f"{rows_s:.0f} rows a second, each with its lines in the trail; goal ≥ 300:"
    yield met(rows_s >= 300)


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterable[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|---|" + "---:|" * (len(head) - 1)
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def met(good: bool) -> str:
    return "met" if good else "**not met**"


def ms(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def number(value: float) -> str:
    return f"{value:,.0f}"
