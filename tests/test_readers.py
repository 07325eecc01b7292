"""Who has opened a case: the page for its handler and supervisor, and the officer's extract."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from pytest_django import Settings

from access.actor import Actor
from audit import pdf, trail
from audit.models import Reading
from casework.models import Case
from tests import make
from tests.pages import readings

pytestmark = pytest.mark.django_db
Find = Callable[[str], Actor]
As = Callable[[str], Client]
FAMILY = "Påhittlund"


@pytest.fixture
def case(actor: Find) -> Case:
    return make.in_progress(by=actor("utredare"), family_name=FAMILY)


def look(as_: As, name: str, case: Case) -> None:
    assert as_(name).get(f"/cases/{case.pk}/").status_code == 200


def rows(page: Any) -> dict[str, Any]:
    return {reader.who: reader for reader in page.context["readers"]}


def test_everyone_who_has_met_the_case_is_there(as_: As, actor: Find, case: Case) -> None:
    look(as_, "utredare2", case)
    look(as_, "utredare2", case)
    as_("polischef").post(f"/cases/{case.pk}/print/")
    as_("utredare2").post(f"/cases/{case.pk}/reveal/")
    seen = rows(as_("utredare").get(f"/cases/{case.pk}/readers/"))
    colleague = seen[actor("utredare2").name]
    assert colleague.what == "Öppnat 2 gånger, personnummer visat en gång"
    assert (colleague.times, colleague.outside) == (3, True)
    assert colleague.first < colleague.last
    assert colleague.role_words == "Utredare"
    assert seen[actor("polischef").name].what == "Utskrivet (ärendet) en gång"
    assert seen[actor("utredare").name].what == "Arbetat i ärendet 3 gånger"
    assert not seen[actor("utredare").name].outside


def test_the_supervisor_sees_it_and_colleagues_are_refused(as_: As, case: Case) -> None:
    address = f"/cases/{case.pk}/readers/"
    assert as_("polischef").get(address).status_code == 200
    for colleague in ("utredare2", "ledare", "omradespolis"):
        assert as_(colleague).get(address).status_code == 403
    for other in ("socialchef", "utredare.granne"):
        assert as_(other).get(address).status_code == 404
    for cases in ("dataskydd.polis", "samordnare", "admin"):
        assert as_(cases).get(address).status_code == 403


def test_looking_is_itself_one_line(as_: As, actor: Find, case: Case) -> None:
    as_("utredare").get(f"/cases/{case.pk}/readers/")
    (line,) = readings(actor("utredare"), about_id=case.pk)
    assert (line.kind, line.detail) == ("opened", {"part": "readers"})


def test_the_case_and_its_log_lead_there_for_who_may_see_it(as_: As, case: Case) -> None:
    link = f'href="/cases/{case.pk}/readers/"'
    for address in (f"/cases/{case.pk}/", f"/cases/{case.pk}/log/"):
        assert link in as_("utredare").get(address).content.decode()
        assert link in as_("polischef").get(address).content.decode()
        assert link not in as_("utredare2").get(address).content.decode()


def test_the_number_of_queries_stays_the_same(
    as_: As, actor: Find, case: Case, django_assert_max_num_queries: Any
) -> None:
    client = as_("utredare")
    client.get("/")
    for name in ("polischef", "ledare", "omradespolis", "utredare2"):
        look(as_, name, case)
    with django_assert_max_num_queries(10):
        client.get(f"/cases/{case.pk}/readers/")


# --- the extract ---------------------------------------------------------------------------------

ASKED = {"purpose": "guardian", "language": "sv", "shape": "page"}


def extract(client: Client, status: int = 200, **asked: str) -> Any:
    answer = client.post("/audit/extract/", ASKED | asked)
    assert answer.status_code == status
    return answer


def test_the_extract_tells_when_what_and_which_role_but_no_name_and_no_content(
    as_: As, actor: Find, case: Case
) -> None:
    look(as_, "utredare2", case)
    data = extract(as_("dataskydd.polis"), reference=case.reference.lower()).context["extract"]
    told = [what for _at, what, _who, _note in data["rows"]]
    assert told == ["Arbetat i ärendet"] * 3 + ["Öppnat"]
    last = data["rows"][-1]
    assert last[2:] == ["Utredare, Lokalpolisområde Sjölanda", "Någon annans ärende"]
    everything = str(data)
    assert actor("utredare2").name not in everything
    assert make.REASON not in everything
    assert FAMILY not in everything


def test_the_authority_may_decide_to_name_its_staff(
    as_: As, actor: Find, case: Case, settings: Settings
) -> None:
    settings.EXTRACT_NAMES = True
    data = extract(as_("dataskydd.polis"), reference=case.reference).context["extract"]
    assert data["rows"][0][2].startswith(actor("utredare").name)


@pytest.mark.skipif(not pdf.POSSIBLE, reason="typst has no wheel here")
@pytest.mark.parametrize("language", ["sv", "en-gb"])
def test_the_extract_is_a_tagged_pdf_in_both_languages(as_: As, case: Case, language: str) -> None:
    found = extract(
        as_("dataskydd.polis"), reference=case.reference, shape="pdf", language=language
    )
    assert found.headers["Content-Type"] == "application/pdf"
    assert found.content.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in found.content
    assert case.reference not in found.headers["Content-Disposition"]


@pytest.mark.skipif(not pdf.POSSIBLE, reason="typst has no wheel here")
@pytest.mark.parametrize("name", ["#panic()", "[*x*]", "\\", "علي", "😀", '"); #read("/etc/x")'])
def test_no_name_is_read_as_markup_or_stops_the_file(
    as_: As, actor: Find, case: Case, settings: Settings, name: str
) -> None:
    settings.EXTRACT_NAMES = True
    me = actor("utredare")
    with make.acting(me):
        stamp = trail.current()
        with trail.stamped(type(stamp)(**{**vars_of(stamp), "actor": name})):
            trail.reading(Reading.Kind.OPENED, about_id=case.pk, about=case.reference)
    found = extract(as_("dataskydd.polis"), reference=case.reference, shape="pdf")
    assert found.content.startswith(b"%PDF-")


def vars_of(stamp: Any) -> dict[str, Any]:
    return {name: getattr(stamp, name) for name in stamp.__slots__}


def test_making_it_is_one_line_that_the_cases_own_unit_sees(
    as_: As, actor: Find, case: Case
) -> None:
    extract(as_("dataskydd.polis"), reference=case.reference, since="2026-01-01")
    (line,) = readings(actor("utredare"), kind="exported")
    assert (line.about_id, line.purpose) == (case.pk, "guardian")
    assert line.detail == {"what": "extract", "lines": 3, "filters": {"since": "2026-01-01"}}
    seen = rows(as_("utredare").get(f"/cases/{case.pk}/readers/"))
    (name,) = [one for one in seen if one.startswith(actor("dataskydd.polis").name)]
    assert seen[name].role_words == "Dataskyddsombud"
    assert seen[name].purposes == ["En vårdnadshavare begär det"]


def test_no_extract_says_that_nobody_opened_it_in_days_to_come(as_: As, case: Case) -> None:
    officer, tomorrow = as_("dataskydd.polis"), str(timezone.localdate() + timedelta(days=1))
    page = extract(officer, status=422, reference=case.reference, since=tomorrow).content.decode()
    assert "Välj i dag eller en tidigare dag." in page
    data = extract(officer, reference=case.reference, until=tomorrow).context["extract"]
    assert dict(data["facts"])["Period"].endswith(date_format(timezone.localdate()))


def test_a_period_without_lines_says_so(as_: As, case: Case) -> None:
    data = extract(as_("dataskydd.polis"), reference=case.reference, until="2020-12-31")
    assert "Ingen har öppnat ärendet" in data.content.decode()


BAD = {
    "no reference": {"reference": ""},
    "a case of nowhere": {"reference": "P-2026-9999"},
    "a personal number": {"reference": "20100512-2385"},
    "a key": {"reference": "00000000-0000-4000-8000-000000000000"},
    "a very long one": {"reference": "P" * 5000},
    "no purpose": {"purpose": ""},
    "an unknown purpose": {"purpose": "gossip"},
    "a day that isn't": {"since": "2026-02-30"},
    "the last day first": {"since": "2026-03-02", "until": "2026-03-01"},
    "another language": {"language": "xx"},
    "another shape": {"shape": "exe"},
}


@pytest.mark.parametrize("asked", BAD.values(), ids=BAD.keys())
def test_nonsense_gets_words_and_leaves_no_export(
    as_: As, actor: Find, case: Case, asked: dict[str, str]
) -> None:
    if "shape" in asked and not pdf.POSSIBLE:
        return  # nobody is asked for the shape then
    given = {"reference": case.reference} | asked
    assert extract(as_("dataskydd.polis"), 422, **given).context["form"].errors
    assert readings(actor("utredare"), kind="exported") == []


def test_another_authoritys_case_has_no_extract(as_: As, case: Case) -> None:
    found = extract(as_("dataskydd.social"), 422, reference=case.reference)
    assert "Din myndighet har inget ärende" in found.content.decode()


@pytest.mark.parametrize("name", ["utredare", "polischef", "socialchef", "samordnare", "admin"])
def test_only_the_data_protection_officer_makes_extracts(as_: As, case: Case, name: str) -> None:
    assert as_(name).get("/audit/extract/").status_code == 403
    extract(as_(name), 403, reference=case.reference)


def test_too_many_lines_ask_for_a_shorter_period(
    as_: As, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("access.extract_views.MOST", 2)
    found = extract(as_("dataskydd.polis"), 422, reference=case.reference)
    assert "Mer än 2 rader" in found.content.decode()
