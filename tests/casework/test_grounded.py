"""What a ground falls by, asked again when it is sent: answers, ages, days that have passed."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from access.actor import Actor
from access.questions import QUESTIONS
from access.subjects import SUBJECTS
from casework import grounded
from casework.models import Disclosure
from casework.workflow import moment
from casework.workflow.disclosure import digest
from casework.workflow.steps import NotNow, perform
from tests import letters, make
from tests.guiding import born

Find = Callable[[str], Actor]
DAY = date(2026, 11, 22)
BORN = date(2010, 11, 23)  # turns 16 the day after


def fallen(**given: str) -> list[str]:
    asked = [QUESTIONS[code] for code in given]
    return [code for code, words in grounded.kept_faults(asked, given, BORN, DAY) if str(words)]


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({"under_21": "yes"}, []),
        ({"deed_on": "2025-11-22"}, []),  # the last day of being 14
        ({"deed_on": "2025-11-23"}, ["deed_on"]),
        ({"deed_on": "2009-01-01"}, ["deed_on"]),
        ({"deed_on": "nonsense"}, []),  # no day: the form asks for one
        ({"consent_by": "young_person", "consent_on": "2025-11-23"}, []),
        ({"consent_by": "young_person", "consent_on": "2025-11-22"}, ["consent_by"]),
        ({"consent_by": "guardian", "consent_on": "2025-11-22"}, []),
        ({"consent_by": "guardian", "consent_on": "2026-11-22"}, ["consent_by"]),
        ({"consent_by": "both", "consent_on": "2026-11-22"}, []),
        ({"consent_until": "2026-11-22"}, []),
        ({"consent_until": "2026-11-21"}, ["consent_until"]),
        ({"harm_to_investigation": "harm"}, ["harm_to_investigation"]),
        ({"harm_to_investigation": "no_harm"}, []),
        ({"chapter": "other"}, ["chapter"]),
        ({"care_for_whom": "under_18"}, []),
        ({"care_for_whom": "other"}, ["care_for_whom"]),
        ({"offence": "NSL_FORSALJNING", "attempt": "completed"}, []),
        ({"offence": "NSL_FORSALJNING", "attempt": "attempt"}, ["attempt"]),
        ({"offence": "NSL_GROVT", "attempt": "attempt"}, []),
        ({"offence": "NSL_NORMAL", "attempt": "completed"}, ["offence"]),
        ({"statement_asked_on": "2026-11-02", "statement_sent_on": "2026-11-01"},
         ["statement_sent_on"]),
    ],
    ids=str,
)  # fmt: skip
def test_an_answer_lets_the_ground_stand_or_fall(given: dict[str, str], codes: list[str]) -> None:
    assert fallen(**given) == codes


def test_ages_are_counted_from_the_birth_date() -> None:
    asked, given = [QUESTIONS["under_21"]], {"under_21": "yes"}
    turns = date(2031, 11, 23)
    assert not list(grounded.kept_faults(asked, given, BORN, turns - timedelta(days=1)))
    assert list(grounded.kept_faults(asked, given, BORN, turns))
    worry, adult = SUBJECTS["worry"], SUBJECTS["young_adult"]
    assert [bool(grounded.against_age(worry, age)) for age in (0, 17, 18)] == [False, False, True]
    told = [bool(grounded.against_age(adult, age)) for age in (17, 18, 20, 21)]
    assert told == [True, False, False, True]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("what", "later", "open_then"),
    [
        ({"code": "SAMTYCKE", "subject": "crime_minor"}, 0, True),
        ({"code": "SAMTYCKE", "subject": "crime_minor"}, 1, False),  # it held until today
        ({"code": "UNGA21"}, 300, True),
        ({"code": "UNGA21"}, 400, False),  # 21 by then
    ],
    ids=str,
)
def test_a_draft_that_waited_too_long_is_not_sent(
    actor: Find, what: dict[str, Any], later: int, open_then: bool
) -> None:
    worker, chief = actor("socialsekreterare"), actor("socialchef")
    case = make.case(worker, birth_date=born(20))
    draft = letters.disclosure(case, worker, **what)
    with time_machine.travel(moment.now() + timedelta(days=later)), make.acting(chief):
        fresh = Disclosure.objects.get(pk=draft.pk)
        assert fresh.is_carried()
        assert bool(fresh.fallen()) is not open_then
        shown = digest(fresh.compose())
        if open_then:
            assert perform(fresh, "send", chief, shown=shown).state == "sent"
        else:
            with pytest.raises(NotNow):
                perform(fresh, "send", chief, shown=shown)
