"""The police's investigations on their pages: lives, what the age decides, duties, bad input."""

from datetime import timedelta
from typing import Any

import pytest

from tests import make
from tests.investigations import A_WEEK_AGO, TODAY, born, new, page, police, report, taken
from tests.pages import Find, Login

pytestmark = pytest.mark.django_db


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
    shown = client.get(page(part)).content.decode()
    assert "Fyllde 15" in shown
    assert "&lt;" not in shown  # the deed's two days are marked up as days


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
    part = make.step(part, "open", actor("ledare"), opened_on=TODAY)
    part = make.step(part, "suspect", actor("ledare"), suspected_on=TODAY)
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
    assert guardian.way.url == ""
    assert "förundersökningsledare" in str(guardian.way.who)
