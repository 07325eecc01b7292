"""From which day a closed case may be destroyed, and when it must be gone. Pure: no rows are read.

Of several rules the longest decides. A birthday on 29 February comes on 1 March in other years.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol


class Terms(Protocol):
    """What is asked of a version of a rule."""

    code: str
    length: int
    measure: str
    from_year_end: bool
    until_next_year_end: bool
    lead_days: int
    never_before_age: int
    keep_forever: bool


@dataclass(frozen=True, slots=True)
class Part:
    """An ended investigation: what became of it, and the day that its time is counted from."""

    kind: str  # investigated, not_opened (social); court, other (police)
    decided: date


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the time depends on."""

    side: str
    born: date
    closed: date | None  # None: the case is open
    last_entry: date
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """May be destroyed from `earliest`, must be at the latest on `latest`, by that version."""

    earliest: date
    latest: date
    rule: Terms


def window(facts: Facts, book: Mapping[str, Terms]) -> Window | None:
    """None: the case is open, or one of its rules keeps it for ever."""
    if facts.closed is None:
        return None
    found = [(book[code], start) for code, start in rules_for(facts, facts.closed)]
    if any(terms.keep_forever for terms, _ in found):
        return None
    windows = [by_rule(terms, start, facts.born) for terms, start in found]
    return max(windows, key=lambda one: (one.earliest, one.latest, one.rule.code))


def rules_for(facts: Facts, closed: date) -> Iterator[tuple[str, date]]:
    """The rules that a case falls under, and the day that each counts from."""
    if facts.side == "social":
        opened = any(part.kind == "investigated" for part in facts.parts)
        yield ("SOL_UTREDNING" if opened else "SOL_UTAN_UTREDNING"), facts.last_entry
        for part in facts.parts:
            if part.kind == "not_opened":
                yield "SOL_EJ_INLEDD", part.decided
    else:
        for part in facts.parts:
            yield ("PBDL_ATAL" if part.kind == "court" else "PBDL_NEDLAGD"), part.decided
        if not facts.parts:
            yield "PBDL_EJ_DELAD", closed


def by_rule(terms: Terms, start: date, born: date) -> Window:
    if terms.from_year_end:
        start = date(start.year, 12, 31)
    if terms.measure == "years":
        over = years_on(start, terms.length)
    else:
        over = start + timedelta(days=terms.length)
    if terms.never_before_age:
        over = max(over, years_on(born, terms.never_before_age))
    latest = date(over.year + 1, 12, 31) if terms.until_next_year_end else over
    return Window(over - timedelta(days=terms.lead_days), latest, terms)


def years_on(day: date, years: int) -> date:
    """The same day so many years on; 1 March for a 29 February that the year doesn't have."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def may_go(windows: list[Window | None], today: date) -> bool:
    """All that a unit holds about one person may be destroyed (SoL 16 kap. 1 §: not while other
    data about the same person remains to be kept)."""
    return all(one is not None and one.earliest <= today for one in windows)
