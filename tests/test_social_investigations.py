"""Social services' investigations on their pages: lives, who may, bad input."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from casework.workflow import moment
from tests import make
from tests.investigations import A_WEEK_AGO, TODAY, new, page, receive, social, taken
from tests.pages import Find, Login, form_with

pytestmark = pytest.mark.django_db


def test_social_services_take_one_to_its_end(as_: Login, actor: Find) -> None:
    case, client = social(actor), as_("socialsekreterare")
    done = client.post(new(case), receive(reporter="Skolan", wants_feedback="on"))
    assert done.status_code == 302
    with make.acting(actor("socialsekreterare")):
        part = case.social_investigations.get()
    assert (part.received_on, part.wants_feedback) == (A_WEEK_AGO, True)
    shown = client.get(page(part)).content.decode()
    assert page(part, "assess_protection") in shown
    assert "7 dagar kvar" in shown
    note = {"needs_protection": "no", "protection_note": "Bor hos mamma."}
    taken(client, part, "assess_protection", assessed_on=A_WEEK_AGO, **note)
    taken(client, part, "begin_assessment")
    taken(client, part, "open", opened_on=TODAY)
    assert "Orosanmälan" in client.get(page(part)).content.decode()
    taken(client, part, "close_without_support", decided_on=TODAY, reason="Ingen vill.")
    taken(client, part, "follow_up", reason="Särskilt behov.")
    shown = client.get(f"/cases/{case.pk}/").content.decode()
    assert "Uppföljning" in shown
    assert "15 till 17" in shown


def test_not_opening_is_confirmed_and_says_why(as_: Login, actor: Find) -> None:
    by, client = actor("socialsekreterare"), as_("socialsekreterare")
    part = make.social_investigation(social(actor), by)
    note: dict[str, Any] = {
        "assessed_on": TODAY, "needs_protection": False, "protection_note": "Nej.",
    }  # fmt: skip
    part = make.step(part, "assess_protection", by, **note)
    part = make.step(part, "begin_assessment", by)
    asked = client.post(page(part, "not_open"), {"not_opened_on": TODAY, "reason": "Räcker inte."})
    assert asked.status_code == 200
    hidden = form_with(asked.content, "confirmed")
    assert client.post(page(part, "not_open"), hidden).status_code == 302


def test_joining_asks_for_the_protection_if_it_is_not_assessed(as_: Login, actor: Find) -> None:
    by, client = actor("socialsekreterare"), as_("socialsekreterare")
    case = social(actor)
    first = make.social_investigation(case, by)
    note: dict[str, Any] = {
        "assessed_on": TODAY, "needs_protection": False, "protection_note": "Nej.",
    }  # fmt: skip
    for name, facts in (("assess_protection", note), ("begin_assessment", {}),
                        ("open", {"opened_on": TODAY})):  # fmt: skip
        first = make.step(first, name, by, **facts)
    part = make.social_investigation(case, by)
    chosen = {"joined_to": str(first.pk), "confirmed": "yes"}
    assert client.post(page(part, "join"), chosen).status_code == 422
    sent = {**chosen, "assessed_on": TODAY, "needs_protection": "yes", "protection_note": "Ja."}
    assert client.post(page(part, "join"), {**sent, "joined_to": "x"}).status_code == 422
    assert client.post(page(part, "join"), sent).status_code == 302
    assert first.title in client.get(page(part)).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"received_at": ""},
        {"received_at": "i går"},
        {"received_at": "1999-01-01 10.00"},
        {"received_at": f"{TODAY + timedelta(days=1)} 10.00"},
        {"report": "nonsense"},
        {"reporter": "x" * 201},
    ],
    ids=str,
)
def test_a_faulty_reception_is_422(as_: Login, actor: Find, wrong: dict[str, Any]) -> None:
    case = social(actor)
    assert as_("socialsekreterare").post(new(case), receive(**wrong)).status_code == 422


def test_an_outreach_worker_sees_what_is_for_others(as_: Login, actor: Find) -> None:
    part = make.social_investigation(social(actor), actor("socialsekreterare"))
    client = as_("faltassistent")
    assert client.get(page(part, "assess_protection")).status_code == 403
    closed = [offer for offer in client.get(page(part)).context["offers"] if not offer.open]
    assert {"assess_protection", "join", "note_lvu"} == {offer.name for offer in closed}


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"lvu": "LVU7", "lvu_on": TODAY}, 302),
        ({"lvu": "", "lvu_on": TODAY}, 422),
        ({"lvu": "LVU8", "lvu_on": TODAY + timedelta(days=1)}, 422),
    ],
)
def test_an_lvu_track_is_noted(as_: Login, actor: Find, sent: dict[str, Any], status: int) -> None:
    part = make.social_investigation(social(actor), actor("socialsekreterare"))
    assert as_("socialchef").post(page(part, "note_lvu"), sent).status_code == status


def test_the_form_proposes_the_swedish_time(as_: Login, actor: Find) -> None:
    case = social(actor)
    now = timezone.localtime(moment.now())
    form = form_with(as_("socialsekreterare").get(new(case)).content, "received_at")
    assert form["received_at"][:13] in (
        f"{now:%Y-%m-%dT%H}",
        f"{now - timedelta(minutes=1):%Y-%m-%dT%H}",
    )
