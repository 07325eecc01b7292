"""The disclosure guide: one question after the other, stopped where the law says no, and why."""

from datetime import timedelta

import pytest

from access.models import Unit
from casework.models import Case, Delivery, Disclosure
from casework.workflow import moment
from tests import letters, make
from tests.forms import Page
from tests.guiding import (
    FUTURE,
    GOOD,
    SENT,
    TODAY,
    WORKER,
    address,
    answers_to,
    ask,
    at,
    case_of,
    refusals,
    unit,
)
from tests.pages import Find, Login

pytestmark = pytest.mark.django_db


# --- one question after the other ---------------------------------------------------------------


def test_it_asks_to_whom_about_what_and_whose_idea(as_: Login, actor: Find) -> None:
    case, client = case_of(actor, "social"), as_("socialsekreterare")
    page = ask(client, case)
    form = page.form("to")
    assert form.method == "get"
    assert next(iter(form.offers["to"])) == unit(actor, "utredare")  # the usual one first
    to = unit(actor, "utredare")
    page = ask(client, case, to=to)
    assert page.form("to", "subject").sent["to"] == [to]
    assert "crime_minor" in page.form("subject").offers["subject"]
    assert "worry" not in page.form("subject").offers["subject"]
    page = ask(client, case, to=to, subject="future_crime")
    assert set(page.form("to", "subject", "initiative").offers["initiative"]) == {"own", "request"}
    page = ask(client, case, to=to, subject="future_crime", initiative="own")
    assert list(page.form("ground").offers["ground"]) == ["UNGA21", "SAMTYCKE", "INFO_FLODE"]
    assert "10 kap. 18 a §" in page.text
    page = ask(client, case, to=to, subject="future_crime", initiative="own", ground="UNGA21")
    assert page.has_form("under_21", "circumstances", "risk", "why_not_unsuitable", "text")
    assert refusals(actor, case) == []


def test_a_question_left_open_is_asked_again_with_why(as_: Login, actor: Find) -> None:
    client, case = as_("utredare"), make.case(actor("utredare"))
    page = client.get(f"/cases/{case.pk}/disclosures/new/", {"asked": "to"})
    assert page.status_code == 422
    assert "Välj något." in page.content.decode()


def test_only_units_that_work_with_cases_in_other_authorities(as_: Login, actor: Find) -> None:
    case = case_of(actor, "police")
    offered = list(ask(as_("utredare"), case).form("to").offers["to"])
    assert offered == [
        unit(actor, "socialsekreterare"),
        unit(actor, "socialsekreterare.granne"),
        unit(actor, "samordnare"),
    ]


def test_each_answer_can_be_changed(as_: Login, actor: Find) -> None:
    case, to = case_of(actor, "social"), unit(actor, "utredare")
    page = ask(as_("socialsekreterare"), case, to=to, subject="contact", initiative="request")
    links = [link for link in page.links if "/disclosures/new/" in link]
    assert links[:3] == [
        f"/cases/{case.pk}/disclosures/new/",
        f"/cases/{case.pk}/disclosures/new/?to={to}",
        f"/cases/{case.pk}/disclosures/new/?to={to}&subject=contact",
    ]


def test_a_single_ground_needs_no_question(as_: Login, actor: Find) -> None:
    case, to = case_of(actor, "police"), unit(actor, "socialsekreterare")
    page = ask(as_("utredare"), case, to=to, subject="worry", initiative="own")
    assert page.has_form("child_assessment")


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": "0"},
        {"to": "x" * 200},
        {"to": "{own}"},
        {"to": "{to}", "subject": "gossip"},
        {"to": "{to}", "subject": "suspicion_u18"},
        {"to": "{to}", "subject": "returned"},
        {"to": "{to}", "subject": "contact", "initiative": "theirs"},
        {"to": "{to}", "subject": "future_crime", "initiative": "own", "ground": "LUL6"},
    ],
    ids=str,
)
def test_an_answer_that_there_isnt_is_asked_again(
    as_: Login, actor: Find, wrong: dict[str, str]
) -> None:
    case = case_of(actor, "social")
    units = {"to": unit(actor, "utredare"), "own": unit(actor, "socialsekreterare")}
    given = {name: value.format(**units) for name, value in wrong.items()}
    page = ask(as_("socialsekreterare"), case, **given)
    assert page.status == 422
    assert page.has_form(list(wrong)[-1])


# --- where the law says no ----------------------------------------------------------------------


def test_own_use_is_not_told_to_the_police(as_: Login, actor: Find) -> None:
    case, client = case_of(actor, "social"), as_("socialsekreterare")
    asked = {"to": unit(actor, "utredare"), "subject": "crime_minor", "initiative": "own"}
    page = ask(client, case, **asked)
    assert page.status == 200
    assert "Eget bruk, innehav" in page.text
    assert "samtycke" in page.text
    assert not page.has_form("fields")
    (line,) = refusals(actor, case)
    assert line["subject"] == "crime_minor"
    assert "Eget bruk" in line["reason"]
    assert ask(client, case, **asked, ground="BROTT_6M").text.count("Eget bruk") >= 1
    assert ask(client, case, **asked, ground="SAMTYCKE").has_form("consent_by")
    assert len(refusals(actor, case)) == 2


def test_a_post_does_not_pass_the_stop(as_: Login, actor: Find) -> None:
    case = case_of(actor, "social")
    asked = {"to": unit(actor, "utredare"), "subject": "crime_minor", "initiative": "own"}
    answer = as_("socialsekreterare").post(address(case, **asked), {**GOOD, **SENT})
    assert "Eget bruk" in answer.content.decode()
    with make.acting(actor("socialsekreterare")):
        assert not Disclosure.objects.exists()


@pytest.mark.parametrize(
    ("login", "to", "subject", "initiative", "words", "way"),
    [
        ("socialsekreterare", "samordnare", "", "", "siffror", ""),
        ("utredare", "samordnare", "", "", "siffror", ""),
        ("socialsekreterare", "utredare", "contact", "own", "begärt det", "initiative=request"),
        ("socialsekreterare", "utredare", "statement", "own", "begärt det", "initiative=request"),
        ("socialsekreterare", "utredare", "acute", "request", "eget initiativ", "initiative=own"),
        ("utredare", "socialsekreterare", "answer", "own", "begärt det", "initiative=request"),
        ("utredare", "socialsekreterare", "worry", "request", "eget initiativ", "initiative=own"),
    ],
)
def test_a_stop_says_why_and_what_is_open(
    as_: Login, actor: Find, login: str, to: str, subject: str, initiative: str, words: str,
    way: str,
) -> None:  # fmt: skip
    case = make.in_progress(actor(login))
    asked = {"to": unit(actor, to), "subject": subject, "initiative": initiative}
    page = ask(as_(login), case, **asked)
    assert words in page.text
    assert not way or any(way in link for link in page.links)
    assert len(refusals(actor, case, login)) == 1


@pytest.mark.parametrize(
    ("kind", "subject", "age", "stops"),
    [
        ("police", "worry", 17, False),
        ("police", "worry", 18, True),
        ("police", "suspicion_u18", 18, True),
        ("police", "suspicion_u15", 18, True),
        ("police", "answer", 18, True),
        ("police", "young_adult", 17, True),
        ("police", "young_adult", 18, False),
        ("police", "young_adult", 20, False),
        ("social", "future_crime", 20, False),
    ],
)
def test_the_age_stops_it(
    as_: Login, actor: Find, kind: str, subject: str, age: int, stops: bool
) -> None:
    case = case_of(actor, kind, age)
    to = unit(actor, WORKER["social" if kind == "police" else "police"])
    page = ask(as_(WORKER[kind]), case, to=to, subject=subject)
    assert (f"Åldern är {age}" in page.text) == stops
    assert len(refusals(actor, case, WORKER[kind])) == stops


def test_at_21_nothing_for_the_young_is_left(as_: Login, actor: Find) -> None:
    turned = TODAY - timedelta(days=31)
    then = moment.now() - timedelta(days=60)
    case = make.in_progress(
        actor("socialsekreterare"),
        birth_date=turned.replace(year=turned.year - 21, day=1),
        seen_at=then,
    )
    to = unit(actor, "utredare")
    page = ask(as_("socialsekreterare"), case, to=to, subject="future_crime")
    assert "Åldern är 21" in page.text


# --- protected identity, answers to what arrived, and whose guide it is -------------------------


def test_a_protected_identity_gets_no_words_and_no_places(
    as_: Login, actor: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Case, "protected_identity", True)
    case, login, where = at(actor, FUTURE)
    client = as_(login)
    page = Page("", 200, client.get(where).content.decode())
    assert "Skyddad identitet" in page.text
    assert not page.has_form("text")
    assert not {"place", "observation"} & set(page.form("fields").offers["fields"])
    given = answers_to(page) | {"text": "Bor hos sin moster."}
    assert client.post(where, given | {"fields": ["place"]}).status_code == 422
    assert client.post(where, given).status_code == 302
    with make.acting(actor(login)):
        assert Disclosure.objects.get().text == ""


def test_an_answer_goes_to_whoever_asked(as_: Login, actor: Find) -> None:
    here, number = actor("socialsekreterare"), make.number()
    mine = make.in_progress(here, number=number)
    asked = letters.sent(
        make.case(actor("utredare"), number=number), actor("utredare"), subject="request"
    )
    with make.acting(here):
        letter = Delivery.objects.get(disclosure_id=asked.pk)
    client, where = as_("socialsekreterare"), address(mine, reply_to=str(letter.pk))
    assert client.get(where).status_code == 404  # not in this case yet
    make.step(letter, "accept", here, case=mine)
    page = Page("", 200, client.get(where).content.decode())
    assert page.form("subject").sent["reply_to"] == [str(letter.pk)]
    assert unit(actor, "utredare") in page.form("subject").sent["to"]
    where = address(mine, reply_to=str(letter.pk), subject="contact")
    page = Page("", 200, client.get(where).content.decode())
    assert [link for link in page.links if "/disclosures/new/" in link] == [
        address(mine, to=unit(actor, "utredare"), reply_to=str(letter.pk))
    ]
    where = address(mine, reply_to=str(letter.pk), subject="contact", ground="KONTAKT")
    page = Page("", 200, client.get(where).content.decode())
    assert client.post(where, answers_to(page)).status_code == 302
    with make.acting(here):
        made = Disclosure.objects.get()
        assert (made.reply_to, made.initiative) == (letter.pk, "request")
        assert made.to_unit_id == actor("utredare").unit_id


def test_facts_of_an_investigation_need_one(as_: Login, actor: Find) -> None:
    way = ("police", "social", "suspicion_u18", "own", "LUL6")
    case, login, where = at(actor, way)
    client = as_(login)
    page = Page("", 200, client.get(where).content.decode())
    assert "mediation" in page.form("fields").offers["fields"]
    assert not {"offence", "suspicion", "test_result"} & set(page.form("fields").offers["fields"])
    part = make.police_investigation(case, actor(login))
    page = Page("", 200, client.get(where).content.decode())
    assert page.form("part_id").sent["part_id"] == [str(part.pk)]
    given = answers_to(page) | {"fields": ["name", "offence"]}
    assert client.post(where, given | {"part_id": ""}).status_code == 422
    assert client.post(where, given | {"part_id": str(case.pk)}).status_code == 422
    assert client.post(where, given | {"part_id": str(part.pk)}).status_code == 302
    with make.acting(actor(login)):
        assert Disclosure.objects.get().part_id == part.pk


def test_the_drafts_page_says_what_stops_it(as_: Login, actor: Find) -> None:
    worker, today = actor("socialsekreterare"), moment.today()
    answers = {"consent_by": "young_person", "consent_on": str(today), "consent_scope": "Mötet.",
               "consent_until": str(today - timedelta(days=1))}  # fmt: skip
    draft = letters.disclosure(
        make.case(worker), worker, code="SAMTYCKE", subject="crime_minor", answers=answers
    )
    page = as_("socialchef").get(draft.get_absolute_url()).content.decode()
    assert "Samtycket har upphört" in page


def test_a_draft_is_changed_with_the_same_questions(as_: Login, actor: Find) -> None:
    case, login, where = at(actor, FUTURE)
    client = as_(login)
    given = answers_to(Page("", 200, client.get(where).content.decode()))
    draft = client.post(where, given | {"text": "Fler telefoner."})["Location"]
    change = f"{draft}steps/redraft/"
    page = Page("", 200, client.get(change).content.decode())
    kept = page.form("channel").sent
    assert kept["risk"] == ["Försäljning på torget."]
    assert kept["under_21"] == ["on"]
    assert kept["text"] == ["Fler telefoner."]
    assert kept["fields"] == ["name", "contact"]
    sent = given | {"version": kept["version"][0], "risk": ""}
    assert client.post(change, sent).status_code == 422
    assert client.post(change, sent | {"risk": "Rån."}).status_code == 302
    with make.acting(actor(login)):
        assert Disclosure.objects.get().answers["risk"] == "Rån."


def test_roles_without_cases_and_others_units_stay_outside(as_: Login, actor: Find) -> None:
    case = case_of(actor, "social")
    where = f"/cases/{case.pk}/disclosures/new/"
    assert as_("utredare").get(where).status_code == 404
    assert as_("samordnare").get(where).status_code == 403
    assert as_("dataskydd.social").get(where).status_code == 403
    assert as_("socialsekreterare").get(f"{where}?reply_to=x").status_code == 404
    missing = f"{where}?reply_to=00000000-0000-0000-0000-000000000000"
    assert as_("socialsekreterare").get(missing).status_code == 404


def test_the_usual_receiver_can_be_missing(as_: Login, actor: Find) -> None:
    case = case_of(actor, "social")
    with make.acting(actor("admin")):
        own = Unit.objects.get(pk=actor("socialsekreterare").unit_id)
        own.counterpart = None
        own.save()
    assert len(ask(as_("socialsekreterare"), case).form("to").offers["to"]) >= 2
