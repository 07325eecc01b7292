"""When things are due: pure functions of dates. Statutory clocks join here with their rule rows.

The times for a priority are the house's own (level A is begun the same day, B within three
working days); they are no rule of law.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

import holidays

NO_DUE = date(9999, 12, 31)
Kind = Literal["start", "confirm", "renew", "look"]
WORKING_DAYS_TO_START = {"A": 0, "B": 3}
WORKING_DAYS_TO_CONFIRM = 3
LONGEST_PRIORITY = timedelta(days=90)


@dataclass(frozen=True, slots=True, order=True)
class Deadline:
    """One thing that is due on a day (Swedish calendar)."""

    due: date
    kind: Kind


@cache
def _red_days(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("SE", years=year))


def is_working_day(day: date) -> bool:
    """Monday to Friday and no public holiday in Sweden."""
    return day.weekday() < 5 and day not in _red_days(day.year)


def working_days_after(day: date, count: int) -> date:
    """The working day `count` working days after `day`; 0 is the same day, whatever it is."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def deadlines(
    *,
    state: str,
    level: str,
    prioritised_on: date | None,
    confirmed: bool,
    valid_until: date | None,
    next_look: date | None,
) -> list[Deadline]:
    """What is due in a case in this state, earliest first."""
    found = []
    if state == "prioritised" and prioritised_on and valid_until:
        found.append(Deadline(valid_until, "renew"))
        if level in WORKING_DAYS_TO_START:
            start = working_days_after(prioritised_on, WORKING_DAYS_TO_START[level])
            found.append(Deadline(start, "start"))
            if not confirmed:
                confirm = working_days_after(prioritised_on, WORKING_DAYS_TO_CONFIRM)
                found.append(Deadline(confirm, "confirm"))
    if state == "follow_up" and next_look:
        found.append(Deadline(next_look, "look"))
    return sorted(found)
