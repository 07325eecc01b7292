"""When things are due: worked examples, counted by hand."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.clocks import day_in_sweden, due, is_working_day, months_after
from casework.daily import is_the_hour


@pytest.mark.parametrize(
    ("start", "measure", "length", "last"),
    [
        # calendar months: the same day number, or the month's last day
        (date(2026, 1, 31), "months", 1, date(2026, 2, 28)),
        (date(2028, 1, 31), "months", 1, date(2028, 2, 29)),
        (date(2026, 8, 31), "months", 6, date(2027, 2, 28)),
        (date(2027, 8, 31), "months", 6, date(2028, 2, 29)),
        (date(2028, 2, 29), "months", 3, date(2028, 5, 29)),
        (date(2028, 2, 29), "months", 12, date(2029, 2, 28)),
        (date(2026, 10, 31), "months", 4, date(2027, 2, 28)),
        (date(2026, 9, 30), "months", 4, date(2027, 1, 30)),
        (date(2026, 12, 15), "months", 3, date(2027, 3, 15)),
        # six weeks from the service of the suspicion, over the shifts of March and October
        (date(2026, 3, 2), "days", 42, date(2026, 4, 13)),
        (date(2026, 10, 5), "days", 42, date(2026, 11, 16)),
        # fourteen days over New Year and over a leap day
        (date(2026, 12, 23), "days", 14, date(2027, 1, 6)),
        (date(2028, 2, 20), "days", 14, date(2028, 3, 5)),
        # a Saturday, a Sunday and Christmas Day stay where they are
        (date(2026, 11, 14), "days", 7, date(2026, 11, 21)),
        (date(2026, 11, 8), "days", 14, date(2026, 11, 22)),
        (date(2026, 12, 18), "days", 7, date(2026, 12, 25)),
        # at once is the same day, whatever day it is
        (date(2026, 12, 24), "at_once", 0, date(2026, 12, 24)),
        # working days: over a weekend, over Christmas
        (date(2026, 11, 20), "working_days", 3, date(2026, 11, 25)),
        (date(2026, 12, 23), "working_days", 2, date(2026, 12, 28)),
    ],
)
def test_worked_examples(start: date, measure: str, length: int, last: date) -> None:
    assert due(start, measure, length) == last


def test_a_day_that_the_requester_sets_is_not_computed() -> None:
    with pytest.raises(ValueError, match="requester"):
        due(date(2026, 11, 22), "by_requester", 0)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 1, 10, 22, 59, tzinfo=UTC), date(2026, 1, 10)),
        (datetime(2026, 1, 10, 23, 30, tzinfo=UTC), date(2026, 1, 11)),  # half past midnight
        (datetime(2026, 7, 10, 21, 59, tzinfo=UTC), date(2026, 7, 10)),
        (datetime(2026, 7, 10, 22, 0, tzinfo=UTC), date(2026, 7, 11)),  # summer time
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), date(2026, 3, 29)),  # the night of the shift
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_what_arrives_late_in_utc_arrives_the_next_day_in_sweden(
    moment: datetime, day: date
) -> None:
    assert day_in_sweden(moment) == day


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 48))
def test_months_never_pass_the_month_they_end_in(start: date, count: int) -> None:
    last = months_after(start, count)
    assert (last.year * 12 + last.month) - (start.year * 12 + start.month) == count
    assert last.day <= start.day


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 20))
def test_working_days_end_on_one(start: date, count: int) -> None:
    last = due(start, "working_days", count)
    assert is_working_day(last)
    assert (last - start).days >= count


@pytest.mark.parametrize(
    ("moment", "right"),
    [
        (datetime(2026, 1, 10, 4, 30, tzinfo=UTC), True),
        (datetime(2026, 1, 10, 3, 30, tzinfo=UTC), False),
        (datetime(2026, 7, 10, 3, 30, tzinfo=UTC), True),
        (datetime(2026, 7, 10, 4, 30, tzinfo=UTC), False),
    ],
)
def test_the_morning_is_half_past_five_in_summer_and_in_winter(
    moment: datetime, right: bool
) -> None:
    assert is_the_hour(moment) is right
