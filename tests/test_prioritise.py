"""Prioritising: criteria with facts, a level, a reason and a day when it ends."""

from datetime import timedelta
from typing import Any

import pytest

from casework.models import Case
from casework.priority import CRITERIA
from casework.workflow import moment
from tests import make
from tests.pages import Find, Login, form_with
from tests.test_step_pages import priority, url

pytestmark = pytest.mark.django_db


def test_level_criteria_and_reason_are_kept(as_: Login, actor: Find) -> None:
    case = make.case(actor("utredare"))
    assert as_("utredare").post(url(case, "prioritise"), priority(case)).status_code == 302
    with make.acting(actor("utredare")):
        now = Case.objects.get(pk=case.pk)
        set_to = now.priorities.get()
    assert (now.state, now.level, now.rank) == ("prioritised", "A", 1)
    assert set_to.criteria == [{"code": "repeated", "fact": "Tre tillfällen"}]
    assert set_to.reason == "Det blir fler."


@pytest.mark.parametrize(
    "wrong",
    [
        {"level": ""},
        {"level": "E"},
        {"fact_repeated": ""},
        {"criterion_repeated": ""},
        {"criterion_repeated": "", "fact_repeated": ""},
        {"fact_repeated": "x" * 501},
        {"valid_until": ""},
        {"valid_until": "2020-01-01"},
        {"valid_until": moment.today() + timedelta(days=91)},
        {"valid_until": "snart"},
        {"reason": ""},
        {"reason": "x" * 2001},
    ],
    ids=str,
)
def test_what_is_missing_or_wrong_is_422(as_: Login, actor: Find, wrong: dict[str, Any]) -> None:
    case = make.case(actor("utredare"))
    sent = priority(case, **wrong)
    if not sent["criterion_repeated"]:
        del sent["criterion_repeated"]
    answer = as_("utredare").post(url(case, "prioritise"), sent)
    assert answer.status_code == 422
    with make.acting(actor("utredare")):
        assert Case.objects.get(pk=case.pk).state == "flagged"


@pytest.mark.parametrize("days", [0, 90])
def test_today_and_90_days_are_the_bounds(as_: Login, actor: Find, days: int) -> None:
    case = make.case(actor("utredare"))
    sent = priority(case, valid_until=moment.today() + timedelta(days=days))
    assert as_("utredare").post(url(case, "prioritise"), sent).status_code == 302


@pytest.mark.parametrize("name", ["utredare", "socialsekreterare"])
def test_each_authority_has_its_own_checklist(as_: Login, actor: Find, name: str) -> None:
    case = make.case(actor(name))
    page = as_(name).get(url(case, "prioritise")).content.decode()
    for criterion in CRITERIA:
        mine = actor(name).authority in criterion.authorities
        assert (f'name="criterion_{criterion.code}"' in page) is mine


def test_a_criterion_of_the_other_side_counts_for_nothing(as_: Login, actor: Find) -> None:
    case = make.case(actor("utredare"))
    sent = priority(case, criterion_no_adult="on", fact_no_adult="Ensam hemma")
    del sent["criterion_repeated"], sent["fact_repeated"]
    assert as_("utredare").post(url(case, "prioritise"), sent).status_code == 422


def test_renewing_starts_from_what_holds(as_: Login, actor: Find) -> None:
    case = make.prioritised(actor("utredare"), level="C")
    form = form_with(as_("utredare2").get(url(case, "prioritise")).content, "version")
    assert (form["level"], form["criterion_repeated"]) == ("C", "on")
    assert form["fact_repeated"] == make.CRITERIA[0]["fact"]
    assert form["reason"].strip() == ""


@pytest.mark.parametrize("name", ["faltassistent", "socialchef"])
def test_without_the_degree_nobody_prioritises_on_the_social_side(
    as_: Login, actor: Find, name: str
) -> None:
    case = make.case(actor("socialsekreterare"))
    assert as_(name).post(url(case, "prioritise"), priority(case)).status_code == 403


def test_who_set_it_does_not_confirm_it(as_: Login, actor: Find) -> None:
    case = make.prioritised(actor("utredare"))
    assert as_("utredare").post(url(case, "confirm"), {"version": 1}).status_code == 403
    assert as_("polischef").post(url(case, "confirm"), {"version": 1}).status_code == 302
