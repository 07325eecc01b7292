"""When things are due: pure functions of dates.

The times for a priority are the house's own (level A is begun the same day, B within three
working days); they are no rule of law. Statutory clocks are rows (models/rule.py, deadline.py);
`due` counts their days, and nothing here knows a section of an act.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

import holidays
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

NO_DUE = date(9999, 12, 31)
WORKING_DAYS_TO_START = {"A": 0, "B": 3}
WORKING_DAYS_TO_CONFIRM = 3
LONGEST_PRIORITY = timedelta(days=90)


class Measure(TextChoices):
    """What a rule counts its length in."""

    AT_ONCE = "at_once", _("At once")
    DAYS = "days", _("Calendar days")
    MONTHS = "months", _("Calendar months")
    WORKING_DAYS = "working_days", _("Working days")
    BY_REQUESTER = "by_requester", _("The requester sets the day")


@dataclass(frozen=True, slots=True, order=True)
class Deadline:
    """One thing that is due on a day (Swedish calendar). `kind` is the house's own (start, confirm,
    renew, look) or the code of a rule of law."""

    due: date
    kind: str


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


def months_after(day: date, count: int) -> date:
    """The same day of the month `count` months on, or that month's last day where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due(start: date, measure: str, length: int) -> date:
    """The last day of a clock that starts on that day; the start itself isn't counted.

    An end on a Saturday, Sunday or holiday is not moved: whether lag (1930:173) moves these
    deadlines is unverified, and the earlier day is the safe one.
    ValueError for a day that the requester sets.
    """
    match Measure(measure):
        case Measure.AT_ONCE:
            return start
        case Measure.DAYS:
            return start + timedelta(days=length)
        case Measure.MONTHS:
            return months_after(start, length)
        case Measure.WORKING_DAYS:
            return working_days_after(start, length)
        case Measure.BY_REQUESTER:
            raise ValueError("the requester sets the day")


def day_in_sweden(moment: datetime) -> date:
    """The calendar day that it is in Sweden at a moment with a zone, summer time minded."""
    return timezone.localdate(moment, timezone.get_default_timezone())


def untouched(since: date | None, begun: date | None, today: date) -> int | None:
    """Days that a case was prioritised, or has been, without anybody's taking it on."""
    return None if since is None else max(0, ((begun or today) - since).days)


def deadlines(
    *,
    state: str,
    level: str,
    prioritised_on: date | None,
    confirmed: bool,
    valid_until: date | None,
    next_look: date | None,
) -> list[Deadline]:
    """What the house's own times ask in a case in this state, earliest first."""
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
