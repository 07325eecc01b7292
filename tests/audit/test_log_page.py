"""/audit/: whose lines a supervisor and an auditor see, how much of them, filters and pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from access.actor import Actor
from audit import views
from audit.models import Line, Reading
from casework.models import Case
from tests import make

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
Find = Callable[[str], Actor]


@pytest.fixture
def case(actor: Find) -> Case:
    return make.prioritised(actor("utredare"))


def read(client: Client, status: int = 200, **asked: str) -> Any:
    found = client.get("/audit/", asked)
    assert found.status_code == status
    return found


def test_supervisor_sees_reasons_and_facts_of_her_unit(as_: As, case: Case) -> None:
    page = read(as_("polischef")).content.decode()
    assert case.reference in page
    assert make.REASON in page


def test_a_line_about_no_case_names_its_account_without_a_link(as_: As) -> None:
    as_("utredare").post("/language/", {"language": "en-gb"})
    page = read(as_("polischef")).content.decode()
    assert '<span class="ref">utredare</span>' in page


def test_auditor_sees_who_when_and_what_but_no_content(as_: As, case: Case) -> None:
    found = read(as_("dataskydd.polis"))
    page = found.content.decode()
    assert case.reference in page
    assert make.REASON not in page
    assert all(not line.reason and not line.details for line in found.context["lines"])


@pytest.mark.parametrize("other", ["socialchef", "dataskydd.social"])
def test_the_other_side_sees_nothing_of_it(as_: As, case: Case, other: str) -> None:
    assert case.reference not in read(as_(other)).content.decode()


@pytest.mark.parametrize("other", ["utredare", "socialsekreterare", "samordnare", "admin"])
def test_others_are_refused_with_the_reason(as_: As, other: str) -> None:
    assert as_(other).get("/audit/").status_code == 403


def test_without_login_it_leads_to_the_login(client: Client) -> None:
    assert client.get("/audit/").status_code == 302
    assert client.get("/audit/export/").status_code == 302


def test_filters_by_person_case_kind_and_period(as_: As, case: Case, actor: Find) -> None:
    make.case(actor("omradespolis"))
    boss, today = as_("polischef"), timezone.localdate().isoformat()
    by_person = read(boss, person=str(actor("omradespolis").user_id)).context["lines"]
    assert {line.who for line in by_person} == {actor("omradespolis").name}
    for named in (case.reference, case.reference.lower(), str(case.pk)):
        assert {line.about for line in read(boss, case=named).context["lines"]} == {case.reference}
    steps = read(boss, kind="step", case=case.reference).context["lines"]
    assert len(steps) == 2
    assert read(boss, since=today, kind="step").context["lines"]
    assert not read(boss, until="2020-12-31").context["lines"]
    assert {line.source for line in read(boss, kind="searched").context["lines"]} == {"reading"}


BAD = {
    "a day that doesn't exist": {"since": "2026-02-30"},
    "a day that is none": {"until": "igår"},
    "the last day first": {"since": "2026-03-02", "until": "2026-03-01"},
    "the end of time": {"until": "9999-12-31"},
    "a person from elsewhere": {"person": "00000000-0000-4000-8000-000000000000"},
    "a kind that isn't": {"kind": "gossip"},
    "a very long case": {"case": "x" * 1000},
    "a place on no page": {"before": "abc"},
    "a place of no time": {"before": "2026-01-01~step~1"},
    "a place out of range": {"before": f"2026-01-01T00:00:00+00:00~step~{2**63}"},
    "a place before time": {"before": "0001-01-01T00:00:00+14:00~step~1"},
}


@pytest.mark.parametrize("asked", BAD.values(), ids=BAD.keys())
def test_nonsense_gets_words_and_keeps_what_was_typed(as_: As, asked: dict[str, str]) -> None:
    found = read(as_("polischef"), 422, **asked)
    assert found.context["form"].errors
    typed = asked.get("since") or asked.get("until")
    assert not typed or typed in found.content.decode()


def test_pages_hold_every_line_once(
    as_: As, case: Case, actor: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PAGE", 3)
    boss = as_("polischef")
    seen, address = [], "/audit/"
    while address:
        context = boss.get(address).context
        seen += [(line.at, line.source, line.id) for line in context["lines"]]
        address = context["older_url"] and f"/audit/{context['older_url']}"
    with make.acting(actor("polischef")):
        mine = Line.objects.filter(unit_id=actor("polischef").unit_id)
        there = mine.exclude(kind="searched").count()  # the look itself came after
    assert len(seen) == len(set(seen)) == there
    assert seen == sorted(seen, reverse=True)


def test_the_number_of_queries_stays_the_same(
    as_: As, case: Case, actor: Find, django_assert_max_num_queries: Any
) -> None:
    boss = as_("polischef")
    read(boss)
    for _ in range(8):
        make.prioritised(actor("utredare"))
    with django_assert_max_num_queries(12):
        read(boss, case=case.reference, kind="step")


def test_looking_for_a_person_is_itself_a_line(as_: As, actor: Find) -> None:
    read(as_("polischef"), person=str(actor("utredare").user_id))
    with make.acting(actor("polischef")):
        line = Reading.objects.filter(kind="searched").latest("id")
    assert line.actor == actor("polischef").name
    assert line.detail["filters"] == {"person": str(actor("utredare").user_id)}
