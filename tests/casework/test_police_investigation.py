"""A police investigation: its two lives, what each step starts and meets, and who may not."""

from datetime import date, timedelta
from typing import Any

import pytest

from access.actor import Actor
from casework.models import Case, PoliceInvestigation
from casework.workflow import moment
from casework.workflow.steps import NotNow, Refused
from tests import make
from tests.pages import Find

pytestmark = pytest.mark.django_db
TODAY = moment.today()
INQUIRY: dict[str, Any] = {"kind": "inquiry"}
BEGUN: dict[str, Any] = {"ground": "board_request", "exceptional": "", "begun_on": TODAY}
TO_SUSPECTED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("open", {"opened_on": TODAY}),
    ("suspect", {"suspected_on": TODAY}),
)


def born(age: int) -> date:
    """The birth date of somebody who turned that age a month ago."""
    return (TODAY - timedelta(days=31)).replace(year=TODAY.year - age, day=1)


def reported(actor: Find, age: int = 16, **given: Any) -> PoliceInvestigation:
    by = actor("utredare")
    return make.police_investigation(make.in_progress(by, birth_date=born(age)), by, **given)


def suspected(actor: Find, age: int = 16) -> PoliceInvestigation:
    part = reported(actor, age)
    for name, facts in TO_SUSPECTED:
        part = make.step(part, name, actor("ledare"), **facts)
    return part


def inquired(actor: Find, age: int = 14) -> PoliceInvestigation:
    return make.step(reported(actor, age, **INQUIRY), "begin_inquiry", actor("ledare"), **BEGUN)


def clocks(part: PoliceInvestigation, by: Actor) -> dict[str, date]:
    """The open deadlines by code, with their days."""
    with make.acting(by):
        found = part.case.clocks.filter(met_on=None, dropped_on=None, part_id=part.pk)
        return dict(found.values_list("code", "due"))


def drafts(part: PoliceInvestigation, by: Actor) -> list[tuple[str, str]]:
    with make.acting(by):
        found = part.case.disclosures.filter(part_id=part.pk)
        return list(found.values_list("subject", "ground__code"))


def note_met(part: PoliceInvestigation, by: Actor, *codes: str) -> None:
    """The duty was done outside the service."""
    for code in codes:
        with make.acting(by):
            clock = part.case.clocks.get(code=code, part_id=part.pk)
            case = Case.objects.get(pk=part.case_id)
        make.step(
            case, "meet_deadline", by, deadline=clock.pk, met=True, on=TODAY, how="Per telefon"
        )


def test_a_preliminary_investigation_lives_to_its_end(actor: Find) -> None:
    by, leader = actor("utredare"), actor("ledare")
    part = suspected(actor)
    assert clocks(part, by) == {"LUL5": TODAY, "LUL6": TODAY}
    assert drafts(part, by) == [("suspicion_u18", "LUL6")]
    part = make.step(part, "notify_guardian", by, guardian_on=TODAY, guardian_how="Per telefon.")
    assert clocks(part, by) == {"LUL6": TODAY}
    part = make.step(part, "serve", leader, served_on=TODAY)
    assert clocks(part, by)["LUL4"] == TODAY + timedelta(days=42)
    part = make.step(part, "hand_over", by, handed_on=TODAY)
    part = make.step(part, "decide", by, decision="warning", decided_on=TODAY)
    assert clocks(part, by) == {"LUL6": TODAY, "LUL18": TODAY + timedelta(days=14)}
    with pytest.raises(NotNow, match="frist"):
        make.step(part, "close", by)
    note_met(part, leader, "LUL6", "LUL18")
    part = make.step(part, "close", by)
    assert (part.state, part.running, part.ended_on) == ("closed", False, TODAY)


def test_only_a_warning_has_a_meeting(actor: Find) -> None:
    part = suspected(actor)
    part = make.step(part, "serve", actor("ledare"), served_on=TODAY)
    part = make.step(part, "hand_over", actor("utredare"), handed_on=TODAY)
    part = make.step(part, "decide", actor("utredare"), decision="prosecution", decided_on=TODAY)
    assert "LUL18" not in clocks(part, actor("utredare"))


def test_an_adult_starts_no_clock_and_no_draft(actor: Find) -> None:
    part = suspected(actor, age=18)
    part = make.step(part, "serve", actor("ledare"), served_on=TODAY)
    assert clocks(part, actor("utredare")) == {}
    assert drafts(part, actor("utredare")) == []
    for name in ("notify_guardian", "postpone_guardian"):
        with pytest.raises(NotNow, match="fyllt 18"):
            make.step(part, name, actor("ledare"), "Skäl.")
    with pytest.raises(NotNow, match="under 18"):
        make.step(part, "request_statement", actor("ledare"), statement_due=TODAY)


def test_the_age_counts_on_the_day_of_the_suspicion(actor: Find) -> None:
    """Turned 18 yesterday: suspected two days ago she was a child, served today she is not."""
    by, leader = actor("utredare"), actor("ledare")
    yesterday = TODAY - timedelta(days=1)
    case = make.in_progress(by, birth_date=yesterday.replace(year=yesterday.year - 18))
    part = make.police_investigation(case, by)
    day = TODAY - timedelta(days=2)
    part = make.step(part, "open", leader, opened_on=day)
    part = make.step(part, "suspect", leader, suspected_on=day)
    part = make.step(part, "serve", leader, served_on=TODAY)
    assert clocks(part, by) == {"LUL5": day, "LUL6": day}


def test_an_inquiry_lives_to_its_end(actor: Find) -> None:
    by, leader = actor("utredare"), actor("ledare")
    part = inquired(actor)
    due = clocks(part, by)
    assert set(due) == {"LUL32", "LUL33", "LUL34"}
    assert due["LUL33"] == due["LUL34"] == TODAY
    assert timedelta(days=88) < due["LUL32"] - TODAY < timedelta(days=93)
    assert drafts(part, by) == [("suspicion_u15", "LUL34")]
    part = make.step(part, "notify_guardian", by, guardian_on=TODAY, guardian_how="Besök.")
    with pytest.raises(NotNow, match="inte skickat"):
        make.step(part, "send_protocol", leader, protocol_on=TODAY)
    part = make.step(part, "prepare_protocol", by)
    assert part.state == "inquiry"
    assert ("inquiry_protocol", "LUL37") in drafts(part, by)
    assert clocks(part, by)["LUL37"] == TODAY
    with pytest.raises(NotNow, match="väntar redan"):
        make.step(part, "prepare_protocol", by)


def test_discontinued_its_clocks_no_longer_apply(actor: Find) -> None:
    part = suspected(actor)
    part = make.step(
        part, "discontinue", actor("ledare"), "Räcker inte.", discontinued_why="not_provable"
    )
    assert clocks(part, actor("utredare")) == {}
    with make.acting(actor("utredare")):
        case = Case.objects.get(pk=part.case_id)
    assert (case.law_code, part.running) == ("", False)


def test_what_follows_from_the_kind(actor: Find) -> None:
    with pytest.raises(NotNow, match="under 15"):
        make.step(reported(actor, 14, **INQUIRY), "open", actor("ledare"), opened_on=TODAY)
    with pytest.raises(NotNow, match="förundersökning"):
        make.step(reported(actor), "begin_inquiry", actor("ledare"), **BEGUN)


def test_a_guardian_is_notified_once_and_a_postponed_duty_stays(actor: Find) -> None:
    by, leader = actor("utredare"), actor("ledare")
    part = make.step(suspected(actor), "postpone_guardian", leader, "Husrannsakan i morgon.")
    assert part.guardian_why_later == "Husrannsakan i morgon."
    assert "LUL5" in clocks(part, by)
    part = make.step(part, "notify_guardian", by, guardian_on=TODAY, guardian_how="Besök.")
    assert "LUL5" not in clocks(part, by)
    with pytest.raises(NotNow, match="redan antecknat"):
        make.step(part, "notify_guardian", by, guardian_on=TODAY, guardian_how="Besök.")


def test_a_statement_has_the_day_that_the_requester_set(actor: Find) -> None:
    by, leader, due = actor("utredare"), actor("ledare"), TODAY + timedelta(days=9)
    part = suspected(actor)
    with pytest.raises(NotNow, match="Inget yttrande"):
        make.step(part, "statement_received", by, statement_on=TODAY)
    part = make.step(part, "request_statement", leader, statement_due=due)
    assert clocks(part, by)["LUL11"] == due
    with pytest.raises(NotNow, match="redan begärt"):
        make.step(part, "request_statement", leader, statement_due=due)
    part = make.step(part, "statement_received", by, statement_on=TODAY)
    assert "LUL11" not in clocks(part, by)


@pytest.mark.parametrize("name", ["open", "begin_inquiry", "discontinue"])
@pytest.mark.parametrize("login", ["utredare", "polischef", "omradespolis"])
def test_some_steps_are_the_leaders(actor: Find, name: str, login: str) -> None:
    with pytest.raises(Refused, match="förundersökningsledare"):
        make.step(reported(actor), name, actor(login), "Skäl.")


def test_who_registers_a_report(actor: Find) -> None:
    case = make.case(actor("utredare"))
    for login in ("omradespolis", "polischef"):
        with pytest.raises(Refused):
            make.police_investigation(case, actor(login))
    assert make.police_investigation(case, actor("ledare")).state == "reported"
    with pytest.raises(Refused):
        make.police_investigation(make.case(actor("socialsekreterare")), actor("socialsekreterare"))


def test_none_in_a_case_that_is_over(actor: Find) -> None:
    case = make.closed(actor("utredare"), actor("polischef"))
    with pytest.raises(NotNow, match="avslutat"):
        make.police_investigation(case, actor("utredare"))


@pytest.mark.parametrize("step", ["begin_follow_up", "close", "set_aside"])
def test_a_running_one_keeps_its_case_open(actor: Find, step: str) -> None:
    by, chief = actor("utredare"), actor("polischef")
    case = make.case(by) if step == "set_aside" else make.in_progress(by)
    part = make.police_investigation(case, by)
    who = by if step == "begin_follow_up" else chief
    given: dict[str, dict[str, Any]] = {
        "begin_follow_up": {"next_look": TODAY + timedelta(days=9)},
        "close": {"outcome": "no_further_need"},
        "set_aside": {"why": "no_ground"},
    }
    facts = given[step]
    with pytest.raises(NotNow, match="utredning pågår"):
        make.step(case, step, who, "Klart.", **facts)
    make.step(part, "discontinue", actor("ledare"), "Inget brott.", discontinued_why="no_crime")
    assert make.step(case, step, who, "Klart.", **facts).state != case.state
