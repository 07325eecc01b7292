"""Flagging: search before create, one form, and a question only where somebody may be known."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.actor import Actor
from casework.identity import check_digit
from casework.models import Case, Observation, Person
from casework.workflow import moment
from tests import make
from tests.pages import Find, Login, form_with, readings

pytestmark = pytest.mark.django_db
URL = "/cases/new/"
BORN = date(2011, 3, 14)


def seen(**given: str) -> dict[str, str]:
    """What a script sends of the observation."""
    return {
        "place": str(make.place().pk),
        "seen_at": f"{moment.today() - timedelta(days=2):%Y-%m-%d} 14.30",
        "kind": "possession",
        "source": "patrol",
        "suspicion": "yes",
        "text": "En påse syntes.",
        **given,
    }


def named(**given: str) -> dict[str, str]:
    return {"given_name": "Alva", "family_name": "Påhitt", "birth_date": str(BORN), **given}


def sibling_number(twelve: str) -> str:
    """Another number of the never-given series with the same birth date."""
    nine = f"{twelve[2:8]}239"
    return f"{twelve[:8]}239{check_digit(nine)}"


def counts(by: Actor) -> tuple[int, int, int]:
    with make.acting(by):
        return Person.objects.count(), Case.objects.count(), Observation.objects.count()


def test_one_post_opens_a_case_and_leads_to_it(as_: Login, actor: Find) -> None:
    twelve = make.number()
    answer = as_("utredare").post(URL, seen(personal_number=f"{twelve[2:8]}-{twelve[8:]}"))
    assert answer.status_code == 302
    with make.acting(actor("utredare")):
        case = Case.objects.select_related("person").get()
        saw = case.observations.get()
    assert answer["Location"] == f"/cases/{case.pk}/"
    assert (case.state, case.person.number()) == ("flagged", twelve)
    assert (saw.kind, saw.source, saw.suspicion) == ("possession", "patrol", True)
    assert saw.recorded_by_id == actor("utredare").user_id


def test_a_script_that_only_reads_forms_gets_through(as_: Login, actor: Find) -> None:
    client = as_("omradespolis")
    form = form_with(client.get(URL).content, "seen_at")
    answer = client.post(URL, {**form, **seen(), **named()})
    assert answer.status_code == 302
    again = client.post(URL, {**form, **seen(kind="use"), **named()})
    assert again.status_code == 200
    confirm = form_with(again.content, "confirmed")
    assert client.post(URL, confirm).status_code == 302
    assert counts(actor("utredare")) == (1, 1, 2)


@pytest.mark.parametrize("when", ["2026-03-01T14:30", "2026-03-01 14:30", "2026-03-01 14.30"])
def test_the_time_is_read_as_people_write_it(as_: Login, actor: Find, when: str) -> None:
    assert as_("utredare").post(URL, seen(**named(), seen_at=when)).status_code == 302
    with make.acting(actor("utredare")):
        saw = Observation.objects.get()
    assert saw.seen_at.isoformat() == "2026-03-01T13:30:00+00:00"


def faults() -> dict[str, dict[str, Any]]:
    later = moment.now() + timedelta(days=1)
    return {
        "wrong check digit": {"personal_number": "201103142380"},
        "no such date": {"personal_number": "20110231-2384"},
        "nonsense number": {"personal_number": "hej"},
        "nobody": {"given_name": "", "family_name": "", "birth_date": ""},
        "half a name": {"family_name": ""},
        "birth date to come": {"birth_date": f"{later:%Y-%m-%d}"},
        "time to come": {"seen_at": f"{later:%Y-%m-%d} 12:00"},
        "unreadable time": {"seen_at": "i tisdags"},
        "no such time": {"seen_at": "2026-02-30 12:00"},
        "hour 99": {"seen_at": "2026-02-20 99:00"},
        "no place": {"place": ""},
        "unknown place": {"place": "Atlantis"},
        "huge place": {"place": "9" * 40},
        "unknown kind": {"kind": "murder"},
        "no suspicion chosen": {"suspicion": ""},
        "no source": {"source": ""},
        "21 years old": {"birth_date": "2004-01-01"},
        "before birth": {"seen_at": "2009-01-01 12:00"},
        "long text": {"text": "x" * 4001},
        "long name": {"given_name": "x" * 81},
    }


@pytest.mark.parametrize("fault", faults())
def test_a_fault_is_said_and_nothing_typed_is_lost(as_: Login, actor: Find, fault: str) -> None:
    wrong = faults()[fault]
    answer = as_("utredare").post(URL, {**seen(**named()), **wrong})
    assert answer.status_code == 422
    kept = form_with(answer.content, "seen_at")
    for name, value in {**seen(**named()), **wrong}.items():
        if name not in ("kind", "source", "place") and value:
            assert kept[name].strip() in value or name in ("suspicion", "text")
    assert kept["text"].strip() == {**seen(), **wrong}["text"]
    assert counts(actor("utredare")) == (0, 0, 0)


def test_nul_is_refused(as_: Login) -> None:
    assert as_("utredare").post(URL, seen(**named(), text="a\0b")).status_code in (400, 422)


def test_an_open_case_is_shown_before_it_gets_the_observation(as_: Login, actor: Find) -> None:
    twelve = make.number()
    case = make.case(actor("utredare"), number=twelve)
    client = as_("utredare2")
    page = client.post(URL, seen(personal_number=twelve))
    assert page.status_code == 200
    assert case.reference in page.content.decode()
    assert counts(actor("utredare")) == (1, 1, 1)
    done = client.post(URL, form_with(page.content, "confirmed"))
    assert done["Location"] == f"/cases/{case.pk}/"
    assert counts(actor("utredare")) == (1, 1, 2)


def test_the_same_flag_again_is_one(as_: Login, actor: Find) -> None:
    client, sent = as_("utredare"), seen(**named())
    client.post(URL, sent)
    again = client.post(URL, form_with(client.post(URL, sent).content, "confirmed"))
    assert again.status_code == 302
    assert counts(actor("utredare")) == (1, 1, 1)


def test_a_possible_match_is_a_choice(as_: Login, actor: Find) -> None:
    known = make.case(actor("utredare"), number=None, birth_date=BORN, family_name="Påhitt")
    client, twelve = as_("utredare"), make.number(BORN)
    page = client.post(URL, seen(**named(), personal_number=twelve))
    assert page.status_code == 200
    form = form_with(page.content, "seen_at")
    chosen = client.post(URL, {**form, "person": str(known.person_id)})
    done = client.post(URL, form_with(chosen.content, "confirmed"))
    assert done["Location"] == f"/cases/{known.pk}/"
    with make.acting(actor("utredare")):
        assert Person.objects.get().number() == twelve


def test_none_of_these_makes_a_new_person(as_: Login, actor: Find) -> None:
    make.case(actor("utredare"), number=None, birth_date=BORN, family_name="Påhitt")
    client = as_("utredare")
    page = client.post(URL, seen(**named(), personal_number=make.number(BORN)))
    done = client.post(URL, {**form_with(page.content, "seen_at"), "person": "new"})
    assert done.status_code == 302
    assert counts(actor("utredare")) == (2, 2, 2)


def test_somebody_else_of_the_same_name_is_possible_too(as_: Login, actor: Find) -> None:
    make.case(actor("utredare"), number=None, birth_date=BORN, family_name="Påhitt")
    client = as_("utredare")
    page = client.post(URL, seen(**named()))
    assert page.status_code == 200
    assert client.post(URL, {**seen(**named()), "person": "new"}).status_code == 302
    assert counts(actor("utredare")) == (2, 2, 2)


def test_a_known_number_is_never_a_new_person(as_: Login, actor: Find) -> None:
    twelve = make.number()
    case = make.case(actor("utredare"), number=twelve)
    answer = as_("utredare").post(URL, {**seen(personal_number=twelve), "person": "new"})
    assert case.reference in answer.content.decode()
    assert counts(actor("utredare")) == (1, 1, 1)


def test_a_chosen_person_must_be_of_the_own_unit(as_: Login, actor: Find) -> None:
    hidden = make.case(actor("socialsekreterare"))
    for person in (str(hidden.person_id), "nonsense"):
        answer = as_("utredare").post(URL, {**seen(**named()), "person": person})
        assert answer.status_code == 404
    assert counts(actor("utredare")) == (0, 0, 0)


def test_two_units_know_nothing_of_each_others_people(as_: Login, actor: Find) -> None:
    twelve = make.number()
    make.case(actor("socialsekreterare"), number=twelve)
    answer = as_("utredare").post(URL, seen(personal_number=twelve))
    assert answer.status_code == 302
    assert counts(actor("utredare")) == counts(actor("socialsekreterare")) == (1, 1, 1)


def test_a_closed_case_gives_a_new_one(as_: Login, actor: Find) -> None:
    twelve = make.number()
    old = make.closed(actor("utredare"), actor("polischef"), number=twelve)
    answer = as_("utredare").post(URL, seen(personal_number=twelve))
    assert answer.status_code == 302
    assert str(old.pk) not in answer["Location"]


@pytest.mark.parametrize("how", ["get", "post"])
def test_searching_finds_by_number_name_and_reference(as_: Login, actor: Find, how: str) -> None:
    twelve = make.number(BORN)
    case = make.case(actor("utredare"), number=twelve, given_name="Alva", family_name="Påhitt")
    client = as_("utredare")
    for text, by in (
        (twelve, "number"),
        (f"{twelve[:8]}-{twelve[8:]}", "number"),
        ("alva påhitt", "name"),
        (f"Alva {BORN}", "name and birth date"),
        (case.reference, "reference"),
    ):
        page = getattr(client, how)(URL, {"q": text}).content.decode()
        assert f"/cases/{case.pk}/" in page, text
        line = readings(actor("utredare"), kind="searched")[-1]
        assert line.detail == {"by": by, "found": [case.reference]}
    make.case(actor("socialsekreterare"), given_name="Hemlig")
    assert "Hemlig" not in client.post(URL, {"q": "hemlig"}).content.decode().split("</form>")[-2]


@pytest.mark.parametrize(
    ("text", "carried"),
    [
        ("20110314-2384", {"personal_number": "20110314-2384"}),
        (f"Alva Sofia Påhitt {BORN}", named(family_name="Sofia Påhitt")),
        ("Alva Påhitt", {"given_name": "Alva", "family_name": "Påhitt"}),
        ("Alva", {}),
        ("P-2026-0042", {}),
    ],
)
def test_what_was_looked_for_needs_not_be_typed_again(
    as_: Login, text: str, carried: dict[str, str]
) -> None:
    form = as_("utredare").post(URL, {"q": text}).context["form"]
    kept = {name: str(form[name].value()) for name in form.WHO if form[name].value()}
    assert kept == carried


def test_a_mistyped_number_in_the_search_is_said(as_: Login) -> None:
    assert as_("utredare").post(URL, {"q": "201103142380"}).status_code == 422


@pytest.mark.parametrize("name", ["polischef", "ledare", "admin", "samordnare", "dataskydd.polis"])
def test_others_may_not_flag(as_: Login, actor: Find, name: str) -> None:
    client = as_(name)
    assert client.get(URL).status_code == 403
    assert client.post(URL, seen(**named())).status_code == 403
    assert counts(actor("utredare")) == (0, 0, 0)


def test_without_login_it_leads_to_the_login_page(client: Any) -> None:
    assert client.get(URL)["Location"].startswith("/accounts/login/")


def test_a_flag_takes_few_questions(as_: Login) -> None:
    client, sent = as_("utredare"), seen(personal_number=make.number())
    client.get(URL)
    with CaptureQueriesContext(connection) as asked:
        client.post(URL, sent)
    assert len(asked) <= 20


def test_a_person_found_by_searching_is_flagged_without_typing_her_again(
    as_: Login, actor: Find
) -> None:
    old = make.closed(actor("utredare"), actor("polischef"), number=make.number())
    client = as_("utredare")
    page = client.get(URL, {"person": str(old.person_id)})
    form = form_with(page.content, "seen_at")
    assert form["person"] == str(old.person_id)
    assert "personal_number" not in form
    assert client.post(URL, {**form, **seen()}).status_code == 302
    assert counts(actor("utredare")) == (1, 2, 2)


def test_the_number_decides_whoever_was_chosen(as_: Login, actor: Find) -> None:
    chosen = make.case(actor("utredare"), number=None, birth_date=BORN)
    twelve = make.number(BORN)
    owner = make.case(actor("utredare"), number=twelve)
    sent = seen(personal_number=twelve, person=str(chosen.person_id))
    page = as_("utredare").post(URL, sent)
    assert f"/cases/{owner.pk}/" in page.content.decode()
    assert f"/cases/{chosen.pk}/" not in page.content.decode()


def test_a_number_of_another_birth_date_is_no_number_of_hers(as_: Login, actor: Find) -> None:
    chosen = make.case(actor("utredare"), number=None, birth_date=BORN)
    sent = seen(personal_number=make.number(), person=str(chosen.person_id))
    assert as_("utredare").post(URL, sent).status_code == 422
