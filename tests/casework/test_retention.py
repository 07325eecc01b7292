"""How long a case is kept: worked examples, the rows behind them, the hold."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from access.actor import Actor
from casework import lawbook
from casework.destruction.keeping import hold_of, windows_of
from casework.models import Case, Hold
from casework.models.retention import RetentionRule, rules_on
from casework.retention import Facts, Part, may_go, window, years_on
from casework.workflow import moment
from casework.workflow.steps import NotNow, Refused
from tests import make

Everybody = Callable[[str], Actor]
pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
BORN = date(2010, 5, 17)


@pytest.mark.parametrize(
    ("side", "born", "closed", "last_entry", "parts", "rule", "earliest", "latest"),
    [
        # An investigated child's file: five years after the last entry, but not before 30.
        ("social", "2010-05-17", "2026-03-01", "2026-03-04", [("investigated", "2026-03-01")],
         "SOL_UTREDNING", "2040-05-17", "2041-12-31"),
        # Born on a leap day: 30 on 1 March.
        ("social", "2008-02-29", "2026-03-01", "2026-03-01", [("investigated", "2026-03-01")],
         "SOL_UTREDNING", "2038-03-01", "2039-12-31"),
        # Investigated at 28: the five years are the longer.
        ("social", "2000-01-10", "2028-06-01", "2028-06-01", [("investigated", "2028-06-01")],
         "SOL_UTREDNING", "2033-06-01", "2034-12-31"),
        # Nothing was opened: five years after the last entry, which is after that decision.
        ("social", "2010-05-17", "2026-03-01", "2026-03-04", [("not_opened", "2026-02-01")],
         "SOL_UTAN_UTREDNING", "2031-03-04", "2032-12-31"),
        ("social", "2010-05-17", "2024-02-29", "2024-02-29", [],
         "SOL_UTAN_UTREDNING", "2029-03-01", "2030-12-31"),
        # The year's last and first day.
        ("social", "2010-05-17", "2025-12-31", "2025-12-31", [],
         "SOL_UTAN_UTREDNING", "2030-12-31", "2031-12-31"),
        ("social", "2010-05-17", "2026-01-01", "2026-01-01", [],
         "SOL_UTAN_UTREDNING", "2031-01-01", "2032-12-31"),
        # The police: a year where there was no investigation; a month's lead is the house's.
        ("police", "2010-05-17", "2026-03-01", "2026-05-01", [],
         "PBDL_EJ_DELAD", "2027-01-29", "2027-03-01"),
        # Five years after the end of the year of the decision.
        ("police", "2010-05-17", "2026-03-01", "2026-03-01", [("other", "2026-01-01")],
         "PBDL_NEDLAGD", "2031-11-30", "2031-12-31"),
        ("police", "2010-05-17", "2026-03-01", "2026-03-01", [("other", "2025-12-31")],
         "PBDL_NEDLAGD", "2030-11-30", "2030-12-31"),
        # The longest rule decides.
        ("police", "2010-05-17", "2027-03-01", "2027-03-01",
         [("other", "2025-12-31"), ("court", "2026-12-31")],
         "PBDL_ATAL", "2031-11-30", "2031-12-31"),
    ],
)  # fmt: skip
def test_worked_examples(
    side: str, born: str, closed: str, last_entry: str, parts: list[tuple[str, str]], rule: str,
    earliest: str, latest: str,
) -> None:  # fmt: skip
    day = date.fromisoformat
    facts = Facts(
        side, day(born), day(closed), day(last_entry),
        tuple(Part(kind, day(decided)) for kind, decided in parts),
    )  # fmt: skip
    found = window(facts, rules_on(TODAY))
    assert found is not None
    said = (found.rule.code, found.earliest.isoformat(), found.latest.isoformat())
    assert said == (rule, earliest, latest)


def test_an_open_case_is_never_destroyed() -> None:
    assert window(Facts("social", BORN, None, TODAY), rules_on(TODAY)) is None


def test_a_rule_that_keeps_for_ever_wins() -> None:
    book = rules_on(TODAY)
    book["SOL_UTAN_UTREDNING"].keep_forever = True
    assert window(Facts("social", BORN, TODAY, TODAY), book) is None


def test_the_version_of_the_day_counts() -> None:
    assert rules_on(date(2026, 1, 14))["SOL_UTREDNING"].never_before_age == 0
    assert rules_on(date(2026, 1, 15))["SOL_UTREDNING"].never_before_age == 30


def test_other_data_about_the_same_person_keeps_a_file() -> None:
    book = rules_on(TODAY)
    old = window(Facts("social", BORN, date(2019, 1, 1), date(2019, 1, 1)), book)
    new = window(Facts("social", BORN, date(2026, 1, 1), date(2026, 1, 1)), book)
    assert may_go([old], TODAY)
    assert not may_go([old, new], TODAY)
    assert not may_go([old, None], TODAY)


def test_a_leap_day_has_its_birthday_on_the_first_of_march() -> None:
    assert years_on(date(2008, 2, 29), 30) == date(2038, 3, 1)
    assert years_on(date(2008, 2, 29), 32) == date(2040, 2, 29)


def test_the_page_of_rules_equals_the_rows() -> None:
    page = (Path(__file__).parents[2] / "docs" / "law.md").read_text(encoding="utf-8")
    assert lawbook.retention() in page


def test_a_rule_is_never_changed() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        RetentionRule._base_manager.update(length=9)


# --- the hold -------------------------------------------------------------------------------------


@pytest.fixture
def over(actor: Everybody) -> Case:
    return make.closed(actor("utredare"), actor("polischef"))


def test_a_closed_cases_window_is_known(over: Case, actor: Everybody) -> None:
    with make.acting(actor("polischef")):
        over = Case.objects.select_related("person").get(pk=over.pk)
        found = windows_of([over], "police", moment.today())[over.pk]
    assert found is not None
    assert found.latest == years_on(moment.today(), 1)


def test_a_supervisor_keeps_a_case_and_lifts_it(over: Case, actor: Everybody) -> None:
    chief = actor("polischef")
    until = moment.today() + timedelta(days=9)
    kept = make.step(over, "hold", chief, "En begäran om utdrag väntar.", until=until)
    with make.acting(chief):
        held = hold_of(kept, moment.today())
        assert held is not None
        assert held.until == until
        assert hold_of(kept, until + timedelta(days=1)) is None
    with pytest.raises(NotNow):
        make.step(kept, "hold", chief, "Igen.", until=None)
    free = make.step(kept, "lift_hold", chief, "Utdraget är lämnat.")
    with make.acting(chief):
        assert hold_of(free, moment.today()) is None
    with pytest.raises(NotNow):
        make.step(free, "lift_hold", chief, "Igen.")
    with make.acting(chief), pytest.raises(DatabaseError), transaction.atomic():
        Hold._base_manager.update(lifted_at=None)


@pytest.mark.parametrize("login", ["utredare", "ledare", "omradespolis"])
def test_nobody_else_keeps_a_case(over: Case, actor: Everybody, login: str) -> None:
    with pytest.raises(Refused):
        make.step(over, "hold", actor(login), "Spara.", until=None)


def test_an_open_case_needs_no_hold(actor: Everybody) -> None:
    case = make.case(by=actor("utredare"))
    with pytest.raises(NotNow):
        make.step(case, "hold", actor("polischef"), "Spara.", until=None)
