"""The inbox: what arrived is read, taken into a case, made a case of, or sent back."""

import pytest

from casework.models import Delivery, Disclosure, Notice
from tests import letters, make
from tests.pages import Find, Login, form_with, readings

pytestmark = pytest.mark.django_db


def step(letter: Delivery, name: str) -> str:
    return f"/inbox/{letter.pk}/steps/{name}/"


def test_it_is_read_and_opening_it_leaves_a_line(as_: Login, actor: Find) -> None:
    there = actor("socialsekreterare")
    letter = letters.arrived(actor("utredare"), there, text="Sågs ensam.")
    client = as_("socialsekreterare")
    listed = client.get("/inbox/").content.decode()
    assert f"/inbox/{letter.pk}/" in listed
    assert "Påhitt" not in listed
    shown = client.get(f"/inbox/{letter.pk}/").content.decode()
    assert "Sågs ensam." in shown
    assert letter.content_hash in shown
    opened = readings(there, kind="opened")
    assert [(line.about_id, line.detail["part"]) for line in opened] == [(letter.pk, "delivery")]


def test_it_is_taken_into_the_case_that_fits(as_: Login, actor: Find) -> None:
    there = actor("socialsekreterare")
    number = make.number()
    case = make.case(there, number=number)
    made = letters.sent(make.case(actor("utredare"), number=number), actor("utredare"))
    with make.acting(there):
        letter = Delivery.objects.get(disclosure_id=made.pk)
    client = as_("socialsekreterare")
    form = form_with(client.get(step(letter, "accept")).content, "into")
    assert form["into"] == str(case.pk)
    assert client.post(step(letter, "accept"), form).status_code == 302
    with make.acting(there):
        letter = Delivery.objects.get(pk=letter.pk)
        assert (letter.state, letter.case_id) == ("accepted", case.pk)
        assert case.social_investigations.get().delivery_id == letter.pk


def test_a_case_is_opened_from_it(as_: Login, actor: Find) -> None:
    there = actor("socialsekreterare")
    letter = letters.arrived(
        actor("utredare"), there, text="Sågs ensam.",
        fields=["name", "birth_date", "personal_number", "place", "observation"],
    )  # fmt: skip
    client = as_("socialsekreterare")
    page = client.get(step(letter, "open_case"))
    assert page.status_code == 200
    form = form_with(page.content, "personal_number")
    assert form["text"].strip() == "Sågs ensam."
    assert form["place"]
    assert form["seen_at"]
    assert form["kind"] == "use"
    assert client.post(step(letter, "open_case"), form).status_code == 422
    form["suspicion"] = "no"
    done = client.post(step(letter, "open_case"), form)
    assert done.status_code == 302, done.content.decode()
    with make.acting(there):
        letter = Delivery.objects.get(pk=letter.pk)
        assert letter.state == "accepted"
        assert letter.case is not None
        assert letter.case.social_investigations.count() == 1


def test_it_is_sent_back_and_the_sender_sees_why(as_: Login, actor: Find) -> None:
    by, there = actor("utredare"), actor("socialsekreterare")
    case = make.case(by)
    made = letters.sent(case, by)
    with make.acting(there):
        letter = Delivery.objects.get(disclosure_id=made.pk)
    client = as_("socialsekreterare")
    assert client.get(step(letter, "give_back")).status_code == 200
    asked = client.post(step(letter, "give_back"), {"reason": "Barnet bor i Grannvik."})
    assert asked.status_code == 200
    hidden = form_with(asked.content, "confirmed")
    assert client.post(step(letter, "give_back"), hidden).status_code == 302
    with make.acting(by):
        back = Delivery.objects.get(subject="returned")
        assert Disclosure.objects.get(case=case).pk == back.answers_to
    sender = as_("utredare")
    shown = sender.get(f"/inbox/{back.pk}/").content.decode()
    assert "Barnet bor i Grannvik." in shown
    assert case.reference in shown
    form = form_with(sender.get(step(back, "accept")).content, "into")
    assert form["into"] == str(case.pk)
    assert sender.post(step(back, "accept"), form).status_code == 302


def test_a_draft_is_looked_at_and_sent(as_: Login, actor: Find) -> None:
    by = actor("utredare")
    case = make.case(by)
    draft = letters.disclosure(case, by)
    client = as_("utredare")
    page = f"/cases/{case.pk}/disclosures/{draft.pk}/"
    assert client.get(page).status_code == 200
    form = form_with(client.get(page + "steps/send/").content, "shown")
    asked = client.post(page + "steps/send/", form)
    assert asked.status_code == 200
    hidden = form_with(asked.content, "confirmed")
    assert client.post(page + "steps/send/", hidden).status_code == 302
    assert form["shown"] in client.get(page).content.decode()


def test_whoever_drafted_it_is_told_and_finds_what_came_back(as_: Login, actor: Find) -> None:
    by, there = actor("utredare"), actor("socialsekreterare")
    made = letters.sent(make.case(by), by)
    with make.acting(there):
        letter = Delivery.objects.get(disclosure_id=made.pk)
    make.step(letter, "give_back", there, "Fel nämnd.")
    client = as_("utredare")
    with make.acting(by):
        back = Delivery.objects.get(subject="returned")
        assert Notice.objects.get(kind="delivery_arrived").user_id == by.user_id
    assert f"/inbox/{back.pk}/" in client.get(made.get_absolute_url()).content.decode()
    assert client.get("/").status_code == 200
