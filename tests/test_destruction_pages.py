"""Destruction in the browser: its people, its refusals, both languages, axe's page elsewhere."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from access.actor import Actor
from casework.models import Case, Destruction, DestructionItem
from casework.workflow.destruction import State
from casework.workflow.steps import perform
from tests import make
from tests.pages import readings

Everybody = Callable[[str], Actor]
As = Callable[[str], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(actor: Everybody) -> Destruction:
    make.closed(actor("utredare"), actor("polischef"))
    return make.listed(actor("polischef"))


def post(client: Client, found: Destruction, name: str, **given: object) -> int:
    sent = {"confirmed": "yes", **given}
    return int(client.post(f"/destruction/{found.pk}/steps/{name}/", sent).status_code)


def state_of(actor: Actor, pk: UUID) -> str:
    with make.acting(actor):
        return str(Destruction.objects.get(pk=pk).state)


def test_two_people_approve_a_list(listed: Destruction, as_: As, actor: Everybody) -> None:
    chief, officer = as_("polischef"), as_("dataskydd.polis")
    assert listed.reference in chief.get("/destruction/").content.decode()
    assert post(chief, listed, "review") == 302
    assert post(chief, listed, "approve") == 403  # not both
    assert listed.reference in officer.get("/destruction/").content.decode()
    assert officer.get(f"/destruction/{listed.pk}/").status_code == 200
    assert post(officer, listed, "approve") == 302
    assert state_of(actor("polischef"), listed.pk) == State.APPROVED


def test_a_list_waits_on_the_start_page_of_whoever_may_go_on(
    listed: Destruction, as_: As, actor: Everybody
) -> None:
    def waits(login: str) -> bool:
        page = as_(login).get("/").content.decode()
        return "Gallringslistor att granska" in page or listed.get_absolute_url() in page

    assert waits("polischef")
    assert not waits("dataskydd.polis")
    post(as_("polischef"), listed, "review")
    assert waits("dataskydd.polis")
    assert not waits("polischef")  # she can't be both
    assert not waits("dataskydd.social")
    assert not waits("socialchef")
    post(as_("dataskydd.polis"), listed, "approve")
    assert not waits("dataskydd.polis")


def test_an_approval_is_asked_once_more(listed: Destruction, as_: As, actor: Everybody) -> None:
    post(as_("polischef"), listed, "review")
    page = as_("dataskydd.polis").post(f"/destruction/{listed.pk}/steps/approve/", {})
    assert page.status_code == 200
    assert "Ja, gallra ärendena" in page.content.decode()
    assert state_of(actor("polischef"), listed.pk) == State.REVIEWED


def test_a_case_is_struck_with_a_code(listed: Destruction, as_: As, actor: Everybody) -> None:
    chief = as_("polischef")
    with make.acting(actor("polischef")):
        item = DestructionItem.objects.get(destruction=listed)
    assert post(chief, listed, "strike", item=item.pk) == 422
    assert post(chief, listed, "strike", item="x", why="unsure") == 422
    assert post(chief, listed, "strike", item=item.pk, why="unsure") == 302
    assert post(chief, listed, "review") == 422  # nothing is left
    assert "Det måste utredas först" in chief.get(f"/destruction/{listed.pk}/").content.decode()


def test_a_case_struck_twice_is_told_so_in_words(listed: Destruction, as_: As) -> None:
    chief = as_("polischef")
    item = chief.get(f"/destruction/{listed.pk}/steps/strike/").context["form"].fields["item"]
    pk, _reference = list(item.choices)[1]
    first = {"item": pk, "why": "unsure", "version": listed.version}
    assert post(chief, listed, "strike", **first) == 302
    page = chief.post(f"/destruction/{listed.pk}/steps/strike/", first)
    assert page.status_code == 409  # the page was stale, too
    assert "Någon har ändrat listan under tiden" in page.content.decode()
    assert post(chief, listed, "strike", **{**first, "version": ""}) == 422


def test_the_words_name_no_key(listed: Destruction, as_: As) -> None:
    sent = {"item": "58519fa6-97f5-474a-8ef2-070bc66d26cb", "why": "unsure"}
    page = as_("polischef").post(f"/destruction/{listed.pk}/steps/strike/", sent)
    assert page.status_code == 422
    assert "Ärendet står inte på listan" in page.content.decode()
    assert "58519fa6" not in page.content.decode()


def test_an_old_page_is_stale(listed: Destruction, as_: As, actor: Everybody) -> None:
    post(as_("polischef"), listed, "review")
    sent = {"confirmed": "yes", "version": listed.version}
    officer = as_("dataskydd.polis")
    assert officer.post(f"/destruction/{listed.pk}/steps/approve/", sent).status_code == 409
    assert state_of(actor("polischef"), listed.pk) == State.REVIEWED


def test_a_reviewer_opens_the_cases_and_the_officer_does_not(listed: Destruction, as_: As) -> None:
    assert "/cases/" in main_of(as_("polischef").get(f"/destruction/{listed.pk}/"))
    assert "/cases/" not in main_of(as_("dataskydd.polis").get(f"/destruction/{listed.pk}/"))


def main_of(page: Any) -> str:
    return str(page.content.decode().partition("<main")[2])


def test_the_confirm_page_says_what_goes_and_that_it_is_for_good(
    listed: Destruction, as_: As
) -> None:
    post(as_("polischef"), listed, "review")
    page = as_("dataskydd.polis").post(f"/destruction/{listed.pk}/steps/approve/", {})
    said = page.content.decode()
    assert "går inte att ångra" in said
    assert "1 (P-" in said


@pytest.mark.parametrize("state", ["approved", "running"])
def test_progress_is_told_and_polled_without_a_line_each(
    listed: Destruction, as_: As, actor: Everybody, state: str
) -> None:
    chief, me = as_("polischef"), actor("polischef")
    post(chief, listed, "review")
    post(as_("dataskydd.polis"), listed, "approve")
    if state == "running":
        with make.acting(replace(me, role="service")):
            perform(Destruction.objects.get(pk=listed.pk), "run", replace(me, role="service"))
    address = f"/destruction/{listed.pk}/"
    page = chief.get(address).content.decode()
    assert "0 av 1 ärenden är klara" in page
    assert "<progress" in page
    before = len(readings(me))
    part = chief.get(f"{address}?told=", headers={"HX-Request": "true"}).content.decode()
    assert "<h1" not in part
    assert "every 2s" in part
    assert ("Gallringen har börjat." in part) == (state == "running")
    assert len(readings(me)) == before


def test_the_poll_after_the_end_opens_the_page(listed: Destruction, as_: As) -> None:
    answer = as_("polischef").get(f"/destruction/{listed.pk}/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == f"/destruction/{listed.pk}/"


def test_a_rejection_says_why(listed: Destruction, as_: As, actor: Everybody) -> None:
    chief = as_("polischef")
    assert post(chief, listed, "reject") == 422
    assert post(chief, listed, "reject", reason="Fel månad.") == 302
    assert state_of(actor("polischef"), listed.pk) == State.REJECTED


@pytest.mark.parametrize("login", ["utredare", "socialchef", "dataskydd.social", "samordnare"])
def test_others_take_no_step(listed: Destruction, as_: As, login: str) -> None:
    assert post(as_(login), listed, "review") in (403, 404)


def test_nothing_due_is_said(as_: As) -> None:
    page = as_("polischef").post("/destruction/propose/", follow=True)
    assert "Inget ärende får gallras nu." in page.content.decode()


def test_a_closed_case_says_when_it_may_go(as_: As, actor: Everybody) -> None:
    case: Case = make.closed(actor("utredare"), actor("polischef"))
    chief = as_("polischef")
    page = chief.get(f"/cases/{case.pk}/").content.decode()
    assert "Gallras tidigast" in page
    assert "PBDL" in page
    sent = {"reason": "Ett utdrag väntar.", "until": "2020-01-01"}
    assert chief.post(f"/cases/{case.pk}/steps/hold/", sent).status_code == 422
    assert chief.post(f"/cases/{case.pk}/steps/hold/", sent | {"until": ""}).status_code == 302
    assert "Ett utdrag väntar." in chief.get(f"/cases/{case.pk}/").content.decode()
    assert as_("utredare").get(f"/cases/{case.pk}/steps/hold/").status_code == 403
