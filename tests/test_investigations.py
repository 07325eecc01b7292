"""Investigations on their pages: both sides' lives, what the ages mean, duties, bad input."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from access.models import Membership
from audit.models import Step
from casework import events
from casework.models import Case, PoliceInvestigation, SocialInvestigation
from casework.workflow import moment
from tests import make
from tests.pages import Find, Login, form_with, readings

pytestmark = pytest.mark.django_db
TODAY = moment.today()
A_WEEK_AGO = TODAY - timedelta(days=7)
Part = PoliceInvestigation | SocialInvestigation


def born(age: int) -> date:
    """The birth date of somebody who turned that age a month ago."""
    return (TODAY - timedelta(days=31)).replace(year=TODAY.year - age, day=1)


def police(actor: Find, age: int = 16) -> Case:
    return make.in_progress(actor("utredare"), birth_date=born(age))


def social(actor: Find, age: int = 16) -> Case:
    return make.in_progress(actor("socialsekreterare"), birth_date=born(age))


def new(case: Case) -> str:
    return f"/cases/{case.pk}/investigations/new/"


def page(part: Part, step: str = "") -> str:
    return f"/cases/{part.case_id}/investigations/{part.pk}/" + (f"steps/{step}/" if step else "")


def report(**given: Any) -> dict[str, Any]:
    sent = {"number": "5000-K123456-26", "offence": "NSL_NORMAL", "deed_from": A_WEEK_AGO, **given}
    return {name: value for name, value in sent.items() if value is not None}


def receive(**given: Any) -> dict[str, Any]:
    return {"received_at": f"{A_WEEK_AGO} 10.15", "report": "worry", **given}


def taken(client: Client, part: Part, step: str, **sent: Any) -> None:
    """The step by its page, as a browser does it; confirmed where it is asked."""
    form = form_with(client.get(page(part, step)).content, "version")
    done = client.post(page(part, step), {**form, **sent, "confirmed": "yes"})
    assert done.status_code == 302, (step, done.status_code)
    assert done["Location"] == page(part)


# --- the police -----------------------------------------------------------------------------------


def test_the_police_take_one_to_its_end(as_: Login, actor: Find) -> None:
    case, worker, leader = police(actor), as_("utredare"), as_("ledare")
    done = worker.post(new(case), report())
    assert done.status_code == 302
    with make.acting(actor("utredare")):
        part = case.police_investigations.get()
    assert done["Location"] == page(part)
    assert (part.kind, part.deed_until) == ("preliminary", A_WEEK_AGO)
    taken(leader, part, "open", opened_on=A_WEEK_AGO)
    taken(leader, part, "suspect", suspected_on=A_WEEK_AGO)
    shown = leader.get(page(part)).content.decode()
    assert "Försenad 7 dagar" in shown
    assert page(part, "notify_guardian") in shown
    assert "Granska och skicka" in shown  # the draft to the board
    taken(worker, part, "notify_guardian", guardian_on=TODAY, guardian_how="Per telefon.")
    taken(leader, part, "serve", served_on=TODAY)
    taken(worker, part, "hand_over", handed_on=TODAY)
    taken(worker, part, "decide", decision="waiver", decided_on=TODAY)
    blocked = worker.post(page(part, "close"), {"confirmed": "yes"})
    assert blocked.status_code == 422  # the board isn't notified yet
    assert "frist" in blocked.content.decode()


def test_an_inquiry_about_somebody_under_15(as_: Login, actor: Find) -> None:
    case, leader = police(actor, age=13), as_("ledare")
    assert leader.post(new(case), report()).status_code == 302
    with make.acting(actor("ledare")):
        part = case.police_investigations.get()
    assert part.kind == "inquiry"
    taken(leader, part, "begin_inquiry", ground="board_request", begun_on=TODAY)
    shown = leader.get(page(part)).content.decode()
    assert "13 år" in shown
    assert "Under 15 vid gärningen" in shown
    assert page(part, "prepare_protocol") in shown
    taken(leader, part, "prepare_protocol")
    assert leader.get(page(part, "send_protocol")).status_code == 409  # not sent yet
    assert leader.post(page(part, "send_protocol"), {"protocol_on": TODAY}).status_code == 422


@pytest.mark.parametrize(
    ("age", "kind", "status"),
    [
        (14, "", 302),
        (14, "inquiry", 302),
        (14, "preliminary", 422),
        (16, "", 302),
        (16, "preliminary", 302),
        (16, "inquiry", 422),
    ],
)
def test_the_age_at_the_deed_decides_the_kind(
    as_: Login, actor: Find, age: int, kind: str, status: int
) -> None:
    case = police(actor, age)
    assert as_("utredare").post(new(case), report(kind=kind)).status_code == status


@pytest.mark.parametrize("kind", ["preliminary", "inquiry"])
def test_a_birthday_within_the_deeds_days_leaves_it_to_her(
    as_: Login, actor: Find, kind: str
) -> None:
    case, client = police(actor, age=15), as_("utredare")
    days = {"deed_from": TODAY - timedelta(days=90), "deed_until": TODAY}
    asked = client.post(new(case), report(**days))
    assert asked.status_code == 422
    assert "15-årsdagen ligger inom" in asked.content.decode()
    assert client.post(new(case), report(**days, kind=kind)).status_code == 302
    with make.acting(actor("utredare")):
        part = case.police_investigations.get()
    assert part.kind == kind
    assert "Fyllde 15" in client.get(page(part)).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": ""},
        {"number": "K123456-26"},
        {"number": "5000-K123456789-26"},
        {"number": "5000-K١٢٣-26"},
        {"number": "x" * 50},
        {"offence": "NSL_ANNAT"},
        {"offence": None},
        {"deed_from": None},
        {"deed_from": TODAY + timedelta(days=1)},
        {"deed_from": "1999-12-31"},
        {"deed_from": born(16) - timedelta(days=1)},
        {"deed_until": A_WEEK_AGO - timedelta(days=1)},
        {"deed_until": "i går"},
        {"kind": "nonsense"},
    ],
    ids=str,
)
def test_a_faulty_report_is_422_and_keeps_what_was_typed(
    as_: Login, actor: Find, wrong: dict[str, Any]
) -> None:
    case = police(actor)
    answer = as_("utredare").post(new(case), report(**wrong))
    assert answer.status_code == 422
    assert "number" in wrong or "5000-K123456-26" in answer.content.decode()
    with make.acting(actor("utredare")):
        assert not case.police_investigations.exists()


@pytest.mark.parametrize("typed", ["5000-k123456-26", " 5000 - K123456 - 26 ", "5000–K123456–26"])
def test_a_k_number_is_mended(as_: Login, actor: Find, typed: str) -> None:
    case = police(actor)
    assert as_("utredare").post(new(case), report(number=typed)).status_code == 302
    with make.acting(actor("utredare")):
        assert case.police_investigations.get().number == "5000-K123456-26"


def test_an_offence_is_registered_once_while_it_runs(as_: Login, actor: Find) -> None:
    case, client = police(actor), as_("ledare")
    assert client.post(new(case), report()).status_code == 302
    assert client.post(new(case), report()).status_code == 422
    assert client.post(new(case), report(offence="NSL_GROVT")).status_code == 302
    with make.acting(actor("ledare")):
        part = case.police_investigations.get(offence="NSL_NORMAL")
    taken(client, part, "discontinue", reason="Fel slag.", discontinued_why="wrong_kind")
    assert client.post(new(case), report()).status_code == 302


@pytest.mark.parametrize(
    ("age", "offence", "sent", "status"),
    [
        (14, "NSL_NORMAL", {"ground": "board_request"}, 302),
        (14, "NSL_NORMAL", {"ground": "min_1_year"}, 422),
        (14, "NSL_GROVT", {"ground": "min_1_year"}, 302),
        (14, "NSL_NORMAL", {"ground": ""}, 422),
        (14, "NSL_NORMAL", {"ground": "board_request", "begun_on": "2020-01-01"}, 422),
        (11, "NSL_NORMAL", {"ground": "board_request"}, 422),
        (11, "NSL_NORMAL", {"ground": "board_request", "exceptional": "Allvarlig fara."}, 302),
    ],
)
def test_an_inquiry_asks_for_its_ground(
    as_: Login, actor: Find, age: int, offence: str, sent: dict[str, Any], status: int
) -> None:
    day = TODAY - timedelta(days=7)
    part = make.police_investigation(
        police(actor, age), actor("utredare"), kind="inquiry", offence=offence, deed_from=day
    )
    given = {"begun_on": TODAY, **sent}
    assert as_("ledare").post(page(part, "begin_inquiry"), given).status_code == status


@pytest.mark.parametrize(
    ("step", "sent"),
    [
        ("open", {"opened_on": TODAY + timedelta(days=1)}),
        ("open", {"opened_on": ""}),
        ("open", {"opened_on": "2019-01-01"}),
        ("discontinue", {"discontinued_why": "", "reason": "Skäl."}),
        ("discontinue", {"discontinued_why": "no_crime", "reason": ""}),
    ],
)
def test_a_step_that_lacks_something_is_422(
    as_: Login, actor: Find, step: str, sent: dict[str, Any]
) -> None:
    part = make.police_investigation(police(actor), actor("utredare"))
    sent = {**sent, "confirmed": "yes"}
    assert as_("ledare").post(page(part, step), sent).status_code == 422


@pytest.mark.parametrize(
    "due", [TODAY - timedelta(days=1), TODAY + timedelta(days=400), "", "snart"]
)
def test_a_statement_needs_a_day_to_come(as_: Login, actor: Find, due: Any) -> None:
    part = make.police_investigation(police(actor), actor("utredare"))
    for name, facts in (("open", {"opened_on": TODAY}), ("suspect", {"suspected_on": TODAY})):
        part = make.step(part, name, actor("ledare"), **facts)
    sent = {"statement_due": due}
    assert as_("ledare").post(page(part, "request_statement"), sent).status_code == 422


def test_a_postponed_notification_stays_on_the_list(as_: Login, actor: Find) -> None:
    part, client = make.police_investigation(police(actor), actor("utredare")), as_("ledare")
    taken(client, part, "open", opened_on=TODAY)
    taken(client, part, "suspect", suspected_on=TODAY)
    taken(client, part, "postpone_guardian", reason="Husrannsakan i morgon.")
    shown = client.get(page(part)).content.decode()
    assert "Uppskjutet:" in shown
    assert page(part, "notify_guardian") in shown


def test_a_duty_of_somebody_else_says_whose_it_is(as_: Login, actor: Find) -> None:
    part = make.police_investigation(police(actor, 13), actor("utredare"), kind="inquiry")
    taken(as_("ledare"), part, "begin_inquiry", ground="board_request", begun_on=TODAY)
    shown = as_("polischef").get(page(part))
    rows = {row.source: row for row in shown.context["duties"]}
    (guardian,) = [row for source, row in rows.items() if "33" in source]
    assert guardian.url == ""
    assert "förundersökningsledare" in str(guardian.who)


# --- social services ------------------------------------------------------------------------------


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
    note = {"assessed_on": TODAY, "needs_protection": False, "protection_note": "Nej."}
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
    note = {"assessed_on": TODAY, "needs_protection": False, "protection_note": "Nej."}
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


def test_without_the_degree_the_page_says_why(as_: Login, actor: Find, superuser: Any) -> None:
    part = make.social_investigation(social(actor), actor("socialsekreterare"))
    membership = Membership.objects.get(user__username="faltassistent")
    assert membership.qualified is False
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


# --- both -----------------------------------------------------------------------------------------


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
