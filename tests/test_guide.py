"""The disclosure guide: one question after the other, stopped where the law says no, and why."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from access.models import Unit
from access.subjects import SUBJECTS
from casework import letter
from casework.models import Case, Disclosure
from casework.workflow import moment
from tests import make
from tests.access.test_secrecy import CELLS
from tests.forms import Page
from tests.pages import Find, Login, readings

pytestmark = pytest.mark.django_db
TODAY = moment.today()
WORKER = {"police": "utredare", "social": "socialsekreterare"}
SENT = {"fields": ["name", "contact"], "channel": "service", "informed": "yes"}
# An answer to each question that lets its ground stand.
GOOD: dict[str, object] = {
    "mediation": "no",
    "inquiry": "suspicion",
    "deed_on": TODAY - timedelta(days=400),
    "prosecutor_decided": "on",
    "test_result": "positive",
    "protocol_on": TODAY,
    "child_assessment": "Ensam på torget flera nätter.",
    "investigation_opened": "on",
    "harm_to_investigation": "no_harm",
    "statement_asked_on": TODAY - timedelta(days=5),
    "statement_sent_on": TODAY,
    "acute_what": "Svårt att väcka.",
    "phoned_at": "2026-01-10 23.15",
    "phoned_to": "Vakthavande befäl",
    "chapter": "BrB3",
    "receiver_under_18": "on",
    "offence": "NSL_FORSALJNING",
    "attempt": "completed",
    "grounds_for_suspicion": "Egen berättelse och fynd.",
    "under_21": "on",
    "circumstances": "Nya kläder, två telefoner.",
    "risk": "Försäljning på torget.",
    "why_not_unsuitable": "Insatsen är avslutad.",
    "request_reference": "K 4711",
    "no_exceptional_reasons": "on",
    "feedback": "opened",
    "decided_on": TODAY,
    "care_needed": "Plats på öppenvård.",
    "care_for_whom": "dependent",
    "consent_by": "young_person",
    "consent_on": TODAY,
    "consent_scope": "Att vi talas vid om mötet på torsdag.",
    "consent_until": TODAY + timedelta(days=30),
    "needed_for": "Förebygga försäljning.",
    "balance": "Förtroendet; det väger inte över här.",
    "legal_review": "Kommunjuristen, i går: går bra.",
    "obvious": "Faran är stor och uppgiften liten.",
    "own_task": "Utredningen om plats och tid.",
    "necessity": "Ingen annan vet.",
}


def born(age: int) -> date:
    """The birth date of somebody who turned that age a month ago."""
    return (TODAY - timedelta(days=31)).replace(year=TODAY.year - age, day=1)


def case_of(actor: Find, kind: str, age: int = 16) -> Case:
    return make.in_progress(actor(WORKER[kind]), birth_date=born(age))


def unit(actor: Find, login: str) -> str:
    return str(actor(login).unit_id)


def ask(client: Client, case: Case, **asked: str) -> Page:
    answer = client.get(address(case, **asked))
    return Page("", answer.status_code, answer.content.decode())


def address(case: Case, **asked: str) -> str:
    return f"/cases/{case.pk}/disclosures/new/?{urlencode(asked)}"


def refusals(actor: Find, case: Case, login: str = "socialsekreterare") -> list[dict[str, Any]]:
    return [
        line.detail for line in readings(actor(login), kind="refused") if line.about_id == case.pk
    ]


def age_for(subject: str) -> int:
    found = SUBJECTS[subject]
    return 18 if found.least else 15 if found.code.endswith("u15") else 16


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


# --- the ground's questions ---------------------------------------------------------------------


def ways() -> Iterator[tuple[str, str, str, str, str]]:
    """Every cell that the guide can come to, with each of its grounds."""
    for (start, end, subject, whose), offers in CELLS.items():
        if SUBJECTS[subject].asked:
            for ground, *_ in offers:
                yield start, end, subject, whose, ground


def at(actor: Find, way: tuple[str, str, str, str, str]) -> tuple[Case, str, str]:
    start, end, subject, whose, ground = way
    case = case_of(actor, start, age_for(subject))
    to = unit(actor, WORKER[end] if start != end else f"{WORKER[end]}.granne")
    return case, WORKER[start], address(
        case, to=to, subject=subject, initiative=whose, ground=ground
    )  # fmt: skip


def answers_to(page: Page) -> dict[str, Any]:
    form = page.form("channel")
    given = {code: value for code, value in GOOD.items() if code in form.names}
    fields = [code for code in form.offers["fields"] if code in ("name", "contact")]
    asks = {"request_ref": "Fråga 7"} if "request_ref" in form.names else {}
    return {**given, **SENT, **asks, "fields": fields or list(form.offers["fields"])[:1]}


@pytest.mark.parametrize("way", list(ways()), ids=" ".join)
def test_a_ground_asks_and_a_draft_is_made(
    as_: Login, actor: Find, way: tuple[str, str, str, str, str]
) -> None:
    case, login, where = at(actor, way)
    client = as_(login)
    answer = client.get(where)
    page = Page("", answer.status_code, answer.content.decode())
    asked = next(
        questions for ground, _who, _drafter, questions in CELLS[way[:4]] if ground == way[4]
    ).split()
    assert set(asked) <= set(page.form("channel").names)
    empty = client.post(where, {})
    assert empty.status_code == 422
    for code in asked:
        assert f'href="#id_{code}' in empty.content.decode()
    given = answers_to(page)
    done = client.post(where, given)
    assert done.status_code == 302, Page("", 422, done.content.decode()).text
    with make.acting(actor(login)):
        made = Disclosure.objects.select_related("ground", "case").get()
        assert done["Location"] == made.get_absolute_url()
        assert (made.case, made.state, made.ground.code) == (case, "draft", way[4])
        assert (made.subject, made.initiative) == way[2:4]
        assert set(made.answers) == set(asked)
        assert made.unanswered() == []
        assert made.is_carried()
        assert made.fields == letter.ordered(given["fields"])


FUTURE = ("social", "police", "future_crime", "own", "UNGA21")
SALE = ("social", "police", "crime_sale_gross", "own", "BROTT_6M")
CONSENT = ("social", "police", "crime_minor", "own", "SAMTYCKE")
NOTICE = ("police", "social", "suspicion_u15", "own", "LUL34")
ANSWER = ("police", "social", "answer", "request", "SOL20_6")
CARE = ("social", "social", "worry", "own", "VARD")
TOMORROW = TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("way", "wrong", "field"),
    [
        (FUTURE, {"under_21": ""}, "under_21"),
        (FUTURE, {"risk": " "}, "risk"),
        (FUTURE, {"risk": "x" * 2001}, "risk"),
        (FUTURE, {"informed": "no"}, "informed_why"),
        (FUTURE, {"informed": "maybe"}, "informed"),
        (FUTURE, {"channel": "pigeon"}, "channel"),
        (FUTURE, {"fields": []}, "fields"),
        (FUTURE, {"fields": ["secrets"]}, "fields"),
        (FUTURE, {"fields": ["offence"]}, "fields"),  # the police's, not theirs
        (FUTURE, {"receiver": "x" * 121}, "receiver"),
        (FUTURE, {"text": "x" * 4001}, "text"),
        (SALE, {"offence": "NSL_NORMAL"}, "offence"),
        (SALE, {"offence": "NSL_RINGA", "attempt": "attempt"}, "offence"),
        (SALE, {"attempt": "attempt"}, "attempt"),
        (SALE, {"offence": "MURDER"}, "offence"),
        (CONSENT, {"consent_by": "guardian"}, "consent_by"),
        (CONSENT, {"consent_on": TOMORROW}, "consent_on"),
        (CONSENT, {"consent_on": "x"}, "consent_on"),
        (CONSENT, {"consent_until": TODAY - timedelta(days=1)}, "consent_until"),
        (CONSENT, {"consent_until": "2099-01-01"}, "consent_until"),
        (NOTICE, {"deed_on": TODAY}, "deed_on"),
        (NOTICE, {"deed_on": "1999-01-01"}, "deed_on"),
        (NOTICE, {"deed_on": "2001-01-01"}, "deed_on"),
        (ANSWER, {"harm_to_investigation": "harm"}, "harm_to_investigation"),
        (ANSWER, {"investigation_opened": ""}, "investigation_opened"),
        (ANSWER, {"request_ref": ""}, "request_ref"),
        (("police", "social", "drug_test_u15", "own", "LUL36B"), {"prosecutor_decided": ""},
         "prosecutor_decided"),
        (("social", "police", "contact", "request", "KONTAKT"), {"no_exceptional_reasons": ""},
         "no_exceptional_reasons"),
        (("social", "police", "crime_against_child", "own", "BROTT_MOT_BARN"),
         {"chapter": "other"}, "chapter"),
        (("social", "police", "crime_transfer_u18", "own", "OVERLAT_U18"),
         {"receiver_under_18": ""}, "receiver_under_18"),
        (("social", "police", "acute", "own", "OMEDELBART"), {"phoned_at": "2099-01-01 10.00"},
         "phoned_at"),
        (("social", "police", "acute", "own", "OMEDELBART"), {"phoned_at": "nyss"}, "phoned_at"),
        (("social", "police", "statement", "request", "LUL11"),
         {"statement_asked_on": TODAY, "statement_sent_on": TODAY - timedelta(days=1)},
         "statement_sent_on"),
        (("social", "police", "crime_minor", "own", "INFO_FLODE"), {"legal_review": ""},
         "legal_review"),
    ],
    ids=str,
)  # fmt: skip
def test_a_bad_answer_keeps_what_was_typed(
    as_: Login, actor: Find, way: tuple[str, ...], wrong: dict[str, Any], field: str
) -> None:
    case, login, where = at(actor, way)  # type: ignore[arg-type] # all five are there
    client = as_(login)
    page = Page("", 200, client.get(where).content.decode())
    given = {**answers_to(page), "receiver": "Mottagningen", **wrong}
    answer = client.post(where, given)
    shown = Page("", answer.status_code, answer.content.decode())
    assert shown.status == 422
    assert f"#id_{field}" in " ".join(shown.links)
    kept = shown.form("channel").sent
    for name, value in given.items():
        for one in value if isinstance(value, list) else [value]:
            asked = shown.form("channel").offers.get(name)
            if str(one).strip() and (asked is None or str(one) in asked):
                assert str(one) in kept.get(name, []), name
    with make.acting(actor(login)):
        assert not Disclosure.objects.exists()


@pytest.mark.parametrize(
    ("age", "who", "status"),
    [(14, "young_person", 422), (14, "guardian", 302), (14, "both", 302), (15, "guardian", 422),
     (15, "young_person", 302), (18, "guardian", 422), (18, "young_person", 302)],
)  # fmt: skip
def test_consent_follows_the_age(as_: Login, actor: Find, age: int, who: str, status: int) -> None:
    case, to = case_of(actor, "social", age), unit(actor, "utredare")
    where = address(case, to=to, subject="crime_minor", initiative="own", ground="SAMTYCKE")
    client = as_("socialsekreterare")
    given = answers_to(Page("", 200, client.get(where).content.decode())) | {"consent_by": who}
    assert client.post(where, given).status_code == status


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


def test_facts_of_an_investigation_need_one(as_: Login, actor: Find) -> None:
    way = ("police", "social", "suspicion_u18", "own", "LUL6")
    _case, login, where = at(actor, way)
    page = Page("", 200, as_(login).get(where).content.decode())
    assert "mediation" in page.form("fields").offers["fields"]
    assert not {"offence", "suspicion", "test_result"} & set(page.form("fields").offers["fields"])


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
