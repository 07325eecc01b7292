"""Giving many cases to one person: asked about first, done through the steps, told afterwards."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from access.actor import Actor
from audit.models import Reading, Step
from casework.models import Case
from tests import make

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
Who = Callable[[str], Actor]
URL = "/cases/assign/"


def give(client: Client, cases: list[Case], to: Actor | None = None, **more: Any) -> HttpResponse:
    """What the queue's bar posts."""
    data = {"case": [str(case.pk) for case in cases], "handler": to.user_id if to else ""}
    return client.post(URL, data | more)  # type: ignore[return-value]


def confirm(client: Client, cases: list[Case], to: Actor, reason: str = "") -> HttpResponse:
    """What the confirm page posts: the versions that it showed."""
    wishes = [f"{case.pk}:{case.version}" for case in cases]
    data = {"case": wishes, "handler": to.user_id, "reason": reason, "confirmed": "1"}
    return client.post(URL, data, follow=True)  # type: ignore[return-value]


def now(case: Case, actor: Actor) -> Case:
    with make.acting(actor):
        return Case.objects.get(pk=case.pk)


def said(page: Any) -> list[str]:
    return [str(message) for message in page.context["messages"]]


def test_one_case_is_asked_about_and_then_started(as_: As, actor: Who) -> None:
    chief, to = actor("polischef"), actor("utredare2")
    case = make.prioritised(by=actor("utredare"))
    client = as_("polischef")
    page = give(client, [case], to)
    assert page.status_code == 200
    words = page.content.decode()
    assert to.name in words
    assert case.reference in words
    assert now(case, chief).state == "prioritised"
    page = confirm(client, [case], to)
    assert len(said(page)) == 1
    after = now(case, chief)
    assert (after.state, after.handler_id) == ("in_progress", to.user_id)


def test_many_go_in_one_go_each_with_its_own_line(as_: As, actor: Who) -> None:
    chief, to = actor("polischef"), actor("utredare2")
    cases = [make.prioritised(by=actor("utredare")) for _ in range(3)]
    page = confirm(as_("polischef"), cases, to)
    assert len(said(page)) == 1
    assert {now(case, chief).handler_id for case in cases} == {to.user_id}
    with make.acting(chief):
        lines = Step.objects.filter(step="start", actor_id=chief.user_id)
        assert {line.about_id for line in lines} == {case.pk for case in cases}


def test_a_case_that_changes_hands_asks_why(as_: As, actor: Who) -> None:
    chief, to = actor("polischef"), actor("utredare2")
    case = make.in_progress(by=actor("utredare"))
    client = as_("polischef")
    assert give(client, [case], to).status_code == 200
    page = confirm(client, [case], to)
    assert page.status_code == 422
    assert now(case, chief).handler_id != to.user_id
    confirm(client, [case], to, "Föräldraledig från måndag.")
    assert now(case, chief).handler_id == to.user_id
    with make.acting(chief):
        line = Step.objects.get(thing_id=case.pk, step="hand_over")
    assert line.reason == "Föräldraledig från måndag."


def test_mixed_cases_are_sorted_into_those_that_can_and_why_not(as_: As, actor: Who) -> None:
    to = actor("utredare2")
    can = make.prioritised(by=actor("utredare"))
    flagged = make.case(by=actor("utredare"))
    closed = make.closed(by=actor("utredare"), supervisor=actor("polischef"))
    has_it = make.in_progress(by=to)
    page = give(as_("polischef"), [flagged, can, closed, has_it], to)
    assert [plan.case for plan, _ in page.context["able"]] == [can]  # type: ignore[attr-defined]
    unable = page.context["unable"]  # type: ignore[attr-defined]
    assert {plan.case for plan in unable} == {flagged, closed, has_it}
    assert all(plan.why_not for plan in unable)


def test_what_changed_meanwhile_stays_and_is_told(as_: As, actor: Who) -> None:
    chief, to = actor("polischef"), actor("utredare2")
    seen, fine = make.prioritised(by=actor("utredare")), make.prioritised(by=actor("utredare"))
    make.step(seen, "lower", actor("utredare"), "Uppgiften stämde inte.")
    page = confirm(as_("polischef"), [seen, fine], to)
    assert now(fine, chief).handler_id == to.user_id
    assert now(seen, chief).state == "flagged"
    assert any(seen.reference in words for words in said(page))
    renewed = make.prioritised(by=actor("utredare"))
    make.step(renewed, "confirm", chief)
    page = confirm(as_("polischef"), [renewed], to)  # with the version from before
    assert now(renewed, chief).handler_id is None
    assert renewed.reference in said(page)[0]


def test_without_a_handler_it_asks_for_one(as_: As, actor: Who) -> None:
    page = give(as_("polischef"), [make.prioritised(by=actor("utredare"))])
    assert page.status_code == 422
    assert "handler" in page.context["form"].errors  # type: ignore[attr-defined]


def test_without_a_case_it_says_so(as_: As, actor: Who) -> None:
    assert give(as_("polischef"), [], actor("utredare")).status_code == 422


@pytest.mark.parametrize("name", ["omradespolis", "utredare.granne", "socialsekreterare"])
def test_only_those_who_can_handle_the_units_cases_can_get_one(
    as_: As, actor: Who, name: str
) -> None:
    chief, case = actor("polischef"), make.prioritised(by=actor("utredare"))
    page = confirm(as_("polischef"), [case], actor(name))
    assert page.status_code == 422
    assert now(case, chief).handler_id is None


def test_a_case_of_another_unit_is_nowhere_and_the_attempt_is_a_line(as_: As, actor: Who) -> None:
    foreign = make.prioritised(by=actor("socialsekreterare"))
    own = make.prioritised(by=actor("utredare"))
    page = confirm(as_("polischef"), [own, foreign], actor("utredare2"))
    assert page.status_code == 404
    chief = actor("polischef")
    assert now(own, chief).handler_id is None
    with make.acting(chief):
        (line,) = Reading.objects.filter(kind="refused")
    assert line.detail["pk"] == [str(foreign.pk)]


def test_nonsense_is_nobodys_case(as_: As, actor: Who) -> None:
    client, to = as_("polischef"), actor("utredare2")
    for text in ("x", "", str(uuid4()), f"{uuid4()}:x", f"{uuid4()}:{9**30}"):
        posted = client.post(URL, {"case": text, "handler": to.user_id})
        assert posted.status_code == 404, text


@pytest.mark.parametrize("name", ["utredare", "omradespolis", "ledare", "dataskydd.polis"])
def test_only_supervisors_give_cases_away(as_: As, actor: Who, name: str) -> None:
    case = make.prioritised(by=actor("utredare"))
    assert confirm(as_(name), [case], actor("utredare2")).status_code == 403


def test_an_outreach_worker_is_refused(as_: As, actor: Who) -> None:
    case = make.prioritised(by=actor("socialsekreterare"))
    page = confirm(as_("faltassistent"), [case], actor("socialsekreterare2"))
    assert page.status_code == 403


def test_the_boxes_are_there_for_supervisors_only(as_: As, actor: Who) -> None:
    make.prioritised(by=actor("utredare"))
    assert 'name="case"' in as_("polischef").get("/cases/").content.decode()
    assert 'name="case"' not in as_("utredare").get("/cases/").content.decode()


def test_get_changes_nothing(as_: As) -> None:
    assert as_("polischef").get(URL).status_code == 405
