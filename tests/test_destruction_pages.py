"""Destruction in the browser: its people, its refusals, both languages, axe's page elsewhere."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from access.actor import Actor
from casework.models import Case, Destruction, DestructionItem
from casework.workflow.destruction import State
from tests import make

Everybody = Callable[[str], Actor]
As = Callable[[str], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(actor: Everybody) -> Destruction:
    make.closed(actor("utredare"), actor("polischef"))
    return make.destroyed(actor("polischef"))


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
