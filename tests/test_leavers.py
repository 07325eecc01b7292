"""People who have left a unit: their open cases are shown and handed over in one act."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from access.actor import Actor
from access.models import User
from audit.models import Step
from casework.models import Case
from tests import make
from tests.pages import steps
from tests.test_access_review import PAGE, row

pytestmark = pytest.mark.django_db
Find = Callable[[str], Actor]
As = Callable[[str], Client]


@pytest.fixture
def left(actor: Find) -> list[Case]:
    """Two cases of somebody whose membership ended yesterday."""
    gone = actor("utredare2")
    cases = [make.in_progress(by=gone), make.follow_up(by=gone)]
    membership = row(gone)
    with make.acting(actor("polischef")):
        membership.since = timezone.localdate() - timedelta(days=9)
        membership.until = timezone.localdate() - timedelta(days=1)
        membership.save()
    return cases


def test_a_leavers_cases_are_handed_over_in_one_act_a_step_each(
    as_: As, actor: Find, left: list[Case]
) -> None:
    chief, gone, to = as_("polischef"), actor_gone(left), actor("utredare")
    assert "Jonas Wallin: lämna över alla 2 ärenden" in chief.get(PAGE).content.decode()
    address = f"{PAGE}leavers/{gone}/"
    given = {"handler": str(to.user_id), "reason": "Jonas har slutat."}
    asked = chief.post(address, given)
    assert asked.status_code == 200
    page = asked.content.decode()
    assert "Ja, lämna över 2 ärenden till Nadja Ekström" in page
    assert steps(actor("polischef"), step="hand_over") == []
    wishes = [plan.wish for plan, _row in asked.context["able"]]
    done = chief.post(address, {**given, "confirmed": "yes", "case": wishes})
    assert done.status_code == 302
    taken = steps(actor("polischef"), step="hand_over")
    assert {line.thing_id for line in taken} == {case.pk for case in left}
    assert {line.reason for line in taken} == {"Jonas har slutat."}
    assert chief.get(address).status_code == 404  # nothing is left


def actor_gone(left: list[Case]) -> Any:
    return left[0].handler_id


def test_a_case_that_moved_meanwhile_is_left_and_told_of(
    as_: As, actor: Find, left: list[Case]
) -> None:
    given = {
        "handler": str(actor("utredare").user_id), "reason": "Slutat.", "confirmed": "yes",
        "case": [f"{left[0].pk}:0", f"{left[1].pk}:{left[1].version}"],
    }  # fmt: skip
    as_("polischef").post(f"{PAGE}leavers/{actor_gone(left)}/", given)
    (line,) = steps(actor("polischef"), step="hand_over")
    assert line.thing_id == left[1].pk


@pytest.mark.parametrize(
    "given",
    [{}, {"handler": "x", "reason": "y"}, {"reason": "y"}, {"handler": "gone", "reason": "y"}],
)
def test_a_handover_needs_somebody_here_and_a_reason(
    as_: As, actor: Find, left: list[Case], given: dict[str, str]
) -> None:
    if given.get("handler") == "gone":
        given = {**given, "handler": str(actor_gone(left))}
    address = f"{PAGE}leavers/{actor_gone(left)}/"
    assert as_("polischef").post(address, given).status_code == 422


def test_only_those_who_have_left_have_such_a_page(as_: As, actor: Find, left: list[Case]) -> None:
    for user_id in (actor("utredare").user_id, uuid4()):
        assert as_("polischef").get(f"{PAGE}leavers/{user_id}/").status_code == 404
    assert as_("socialchef").get(f"{PAGE}leavers/{actor_gone(left)}/").status_code == 404
    assert as_("dataskydd.polis").get(f"{PAGE}leavers/{actor_gone(left)}/").status_code == 403


@pytest.mark.parametrize(("days", "shown"), [(0, True), (14, True), (15, False)])
def test_who_leaves_soon_hands_over_before_the_last_day(
    as_: As, actor: Find, days: int, shown: bool
) -> None:
    leaving = actor("utredare2")
    make.in_progress(by=leaving)
    membership = row(leaving)
    with make.acting(actor("polischef")):
        membership.until = timezone.localdate() + timedelta(days=days)
        membership.save()
    page = as_("polischef").get(PAGE).content.decode()
    assert ("Jonas Wallin: lämna över 1 ärende" in page) is shown
    assert (f'sista dagen: <time datetime="{membership.until}' in page) is shown
    answer = as_("polischef").get(f"{PAGE}leavers/{leaving.user_id}/")
    assert answer.status_code == (200 if shown else 404)
    if shown:
        assert str(leaving.user_id) not in str(answer.context["form"])


def test_a_deactivated_account_is_a_leaver_too(as_: As, actor: Find) -> None:
    gone = actor("utredare2")
    make.in_progress(by=gone)
    with make.acting(actor("admin")):
        user = User.objects.get(pk=gone.user_id)
        user.is_active = False
        user.save()
    assert "Jonas Wallin: lämna över 1 ärende" in as_("polischef").get(PAGE).content.decode()


def test_nonsense_cases_are_nobodys(as_: As, actor: Find, left: list[Case]) -> None:
    given = {
        "handler": str(actor("utredare").user_id), "reason": "x", "confirmed": "yes", "case": "x",
    }  # fmt: skip
    address = f"{PAGE}leavers/{actor_gone(left)}/"
    assert as_("polischef").post(address, given).status_code == 404
    with make.acting(actor("polischef")):
        assert not Step.objects.filter(step="hand_over").exists()
