"""The case's page: what it shows, what it writes down, whom it lets in."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.workflow import moment
from tests import make
from tests.pages import Find, Login, readings

pytestmark = pytest.mark.django_db


def test_it_tells_who_why_what_next_and_what_happened(as_: Login, actor: Find) -> None:
    case = make.in_progress(
        actor("utredare"), given_name="Alva", family_name="Påhitt", text="Vid bänkarna."
    )
    answer = as_("utredare").get(f"/cases/{case.pk}/")
    assert answer.status_code == 200
    page = answer.content.decode()
    for text in (
        case.reference, "Alva Påhitt", "Sjölanda torg", "Tre tillfällen i november",
        "Vid bänkarna.",
        make.REASON, f'href="/cases/{case.pk}/steps/begin_follow_up/"',
    ):  # fmt: skip
        assert text in page
    assert page.count("<h1") == 1


def test_opening_it_is_one_reading(as_: Login, actor: Find) -> None:
    case = make.in_progress(actor("utredare"))
    as_("utredare").get(f"/cases/{case.pk}/")
    (line,) = readings(actor("utredare"), about_id=case.pk)
    assert (line.kind, line.about, line.purpose) == ("opened", case.reference, "")


def test_opening_somebody_elses_case_is_marked(as_: Login, actor: Find) -> None:
    case = make.in_progress(actor("utredare"))
    as_("utredare2").get(f"/cases/{case.pk}/")
    (line,) = readings(actor("utredare"), about_id=case.pk)
    assert line.purpose == "outside"


@pytest.mark.parametrize("name", ["socialsekreterare", "utredare.granne", "socialchef"])
def test_other_units_get_404_and_it_is_written_down(as_: Login, actor: Find, name: str) -> None:
    case = make.case(actor("utredare"))
    other = as_(name)
    for path in ("", "log/", "steps/prioritise/", "interventions/new/"):
        assert other.get(f"/cases/{case.pk}/{path}").status_code == 404
    assert other.post(f"/cases/{case.pk}/reveal/").status_code == 404
    assert len(readings(actor(name), kind="refused")) == 5


def test_an_unknown_case_looks_like_a_hidden_one(as_: Login, actor: Find) -> None:
    hidden = make.case(actor("socialsekreterare"))
    client = as_("utredare")
    one, other = (client.get(f"/cases/{pk}/") for pk in (hidden.pk, uuid.uuid4()))
    assert one.status_code == other.status_code == 404
    assert hidden.reference not in one.content.decode()


@pytest.mark.parametrize("name", ["admin", "samordnare", "dataskydd.polis"])
def test_who_works_with_no_cases_gets_403(as_: Login, actor: Find, name: str) -> None:
    case = make.case(actor("utredare"))
    assert as_(name).get(f"/cases/{case.pk}/").status_code == 403


def test_closed_steps_say_why(as_: Login, actor: Find) -> None:
    case = make.in_progress(actor("utredare"))
    make.intervention(case, actor("utredare"))
    page = as_("utredare").get(f"/cases/{case.pk}/").content.decode()
    assert f'href="/cases/{case.pk}/steps/begin_follow_up/"' not in page
    assert page.count('<ul class="closed-steps">') == 1


def test_the_number_is_masked_until_it_is_asked_for(as_: Login, actor: Find) -> None:
    twelve = make.number()
    case = make.case(actor("utredare"), number=twelve)
    client = as_("utredare")
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert twelve[8:] not in page
    assert f"{twelve[:8]}-****" in page
    assert client.get(f"/cases/{case.pk}/reveal/").status_code == 405
    shown = client.post(f"/cases/{case.pk}/reveal/")
    assert f"{twelve[:8]}-{twelve[8:]}" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    line = readings(actor("utredare"), about_id=case.pk)[-1]
    assert line.kind == "revealed"
    assert twelve[8:] not in str(line.detail)


def test_an_expired_priority_says_so_and_stays(as_: Login, actor: Find) -> None:
    case = make.prioritised(actor("utredare"), valid_until=moment.today() - timedelta(days=1))
    answer = as_("utredare").get(f"/cases/{case.pk}/")
    assert 'class="alert warning"' in answer.content.decode()
    assert answer.context["case"].level == "B"


def test_other_cases_of_the_same_young_person_are_named(as_: Login, actor: Find) -> None:
    twelve = make.number()
    first = make.closed(actor("utredare"), actor("polischef"), number=twelve)
    second = make.case(actor("utredare"), number=twelve, seen_at=moment.now())
    assert first.pk != second.pk
    assert first.reference in as_("utredare").get(f"/cases/{second.pk}/").content.decode()


def test_text_from_people_is_shown_as_text(as_: Login, actor: Find) -> None:
    case = make.case(actor("utredare"), text="<script>alert(1)</script>", given_name="<b>Bo")
    page = as_("utredare").get(f"/cases/{case.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "<b>Bo" not in page


def test_the_page_takes_15_questions_at_most(as_: Login, actor: Find) -> None:
    case = make.in_progress(actor("utredare"), number=make.number())
    for _ in range(5):
        make.intervention(case, actor("utredare"))
    client = as_("utredare")
    client.get(f"/cases/{case.pk}/")
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/cases/{case.pk}/")
    assert sum("SAVEPOINT" not in query["sql"] for query in asked.captured_queries) <= 15


def test_the_log_tells_everything_and_that_it_is_whole(as_: Login, actor: Find) -> None:
    case = make.in_progress(actor("utredare"))
    page = as_("utredare2").get(f"/cases/{case.pk}/log/").content.decode()
    assert make.REASON in page
    assert 'class="integrity"' in page
    (line,) = readings(actor("utredare"), about_id=case.pk)
    assert (line.kind, line.detail) == ("opened", {"part": "log"})


def test_the_supervisor_sees_first_what_waits_for_her(as_: Login, actor: Find) -> None:
    case = make.prioritised(actor("utredare"), level="B")
    offers = as_("polischef").get(f"/cases/{case.pk}/").context["offers"]
    assert offers[0].name == "confirm"
    case = make.step(case, "confirm", actor("polischef"))
    offers = as_("polischef").get(f"/cases/{case.pk}/").context["offers"]
    assert offers[0].name == "start"


def test_in_follow_up_the_look_comes_first_and_asks_how_things_are(as_: Login, actor: Find) -> None:
    case = make.follow_up(actor("utredare"))
    client = as_("utredare")
    offers = client.get(f"/cases/{case.pk}/").context["offers"]
    assert offers[0].name == "look_again"
    assert "Hur är läget nu?" in client.get(f"/cases/{case.pk}/steps/look_again/").content.decode()
