"""Both sides' investigations on their pages: who finds them, readings, conflicts, words."""

import pytest

from audit.models import Step
from casework import events
from tests import make
from tests.investigations import TODAY, new, page, police, report, social
from tests.pages import Find, Login, readings

pytestmark = pytest.mark.django_db


def test_opening_it_is_a_reading_about_the_case(as_: Login, actor: Find) -> None:
    part = make.police_investigation(police(actor), actor("utredare"))
    client = as_("utredare")
    client.get(page(part))
    client.get(new(part.case))  # shows the birthday
    first, second = readings(actor("utredare"), about_id=part.case_id)
    assert (first.kind, first.detail["part"]) == ("opened", "investigation")
    assert (second.kind, second.detail["part"]) == ("opened", "step")


def test_it_is_found_under_its_own_case_and_side_only(as_: Login, actor: Find) -> None:
    part = make.police_investigation(police(actor), actor("utredare"))
    other, client = police(actor, 17), as_("utredare")
    assert client.get(f"/cases/{other.pk}/investigations/{part.pk}/").status_code == 404
    for login in ("socialsekreterare", "utredare.granne"):
        assert as_(login).get(page(part)).status_code == 404
        assert as_(login).post(page(part, "open"), {"opened_on": TODAY}).status_code == 404
        assert as_(login).post(new(part.case), report()).status_code == 404
    for name in ("report", "receive", "nonsense"):
        assert client.get(page(part, name)).status_code == 404


def test_a_stale_page_shows_who_was_first_and_keeps_the_text(as_: Login, actor: Find) -> None:
    part, client = make.police_investigation(police(actor), actor("utredare")), as_("ledare")
    sent = {"version": 0, "discontinued_why": "no_crime", "reason": "Inget brott alls."}
    make.step(part, "open", actor("ledare"), opened_on=TODAY)
    answer = client.post(page(part, "discontinue"), sent)
    assert answer.status_code == 409
    assert "Inget brott alls." in answer.content.decode()
    assert "Petra Sandahl" in answer.content.decode()


def test_none_in_a_closed_case(as_: Login, actor: Find) -> None:
    case = make.closed(actor("utredare"), actor("polischef"))
    client = as_("utredare")
    assert client.get(new(case)).status_code == 409
    assert client.post(new(case), report()).status_code == 409


def test_the_case_page_names_it_and_its_events(as_: Login, actor: Find) -> None:
    part = make.police_investigation(police(actor), actor("utredare"))
    shown = as_("utredare").get(f"/cases/{part.case_id}/").content.decode()
    assert f"Anmälan registrerad: {part.title}, narkotikabrott" in shown
    assert "Ålder vid gärningen" in shown
    assert new(part.case) in shown


def test_the_log_is_whole_with_it(as_: Login, actor: Find) -> None:
    part = make.police_investigation(police(actor), actor("utredare"))
    shown = as_("utredare").get(f"/cases/{part.case_id}/log/").content.decode()
    assert "Anmälan registrerad" in shown
    assert "inga fel" in shown


def test_every_fact_of_a_step_has_words_in_the_log(as_: Login, actor: Find) -> None:
    by, leader = actor("utredare"), actor("ledare")
    part = make.police_investigation(police(actor), by)
    make.step(part, "open", leader, opened_on=TODAY)
    with make.acting(by):
        told = {name for line in Step.objects.all() for name in line.facts}
    worker = actor("socialsekreterare")
    make.social_investigation(social(actor), worker)
    with make.acting(worker):
        told |= {name for line in Step.objects.all() for name in line.facts}
    assert not told - set(events.FACTS)
