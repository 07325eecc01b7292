"""A social investigation: its life, what each step starts and meets, and who may not."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from access.actor import Actor
from casework.models import SocialInvestigation
from casework.workflow import moment
from casework.workflow.steps import NotNow, Refused
from tests import make
from tests.pages import Find

pytestmark = pytest.mark.django_db
TODAY = moment.today()
YESTERDAY = TODAY - timedelta(days=1)
ASSESSED: dict[str, Any] = {
    "assessed_on": TODAY,
    "needs_protection": False,
    "protection_note": "Bor hos mamma.",
}
TO_ASSESSING: tuple[tuple[str, dict[str, Any]], ...] = (
    ("assess_protection", ASSESSED),
    ("begin_assessment", {}),
)


def received(actor: Find, **given: Any) -> SocialInvestigation:
    by = actor("socialsekreterare")
    return make.social_investigation(make.in_progress(by), by, **given)


def assessing(actor: Find, **given: Any) -> SocialInvestigation:
    part = received(actor, **given)
    for name, facts in TO_ASSESSING:
        part = make.step(part, name, actor("socialsekreterare"), **facts)
    return part


def opened(actor: Find, **given: Any) -> SocialInvestigation:
    part = assessing(actor, **given)
    return make.step(part, "open", actor("socialsekreterare"), opened_on=TODAY)


def clocks(part: SocialInvestigation, by: Actor) -> dict[str, date]:
    with make.acting(by):
        found = part.case.clocks.filter(met_on=None, dropped_on=None, part_id=part.pk)
        return dict(found.values_list("code", "due"))


def test_a_report_lives_to_its_end(actor: Find) -> None:
    by = actor("socialsekreterare")
    part = received(actor)
    fortnight = part.received_on + timedelta(days=14)
    assert clocks(part, by) == {"SOL20_1": part.received_on, "SOL20_2": fortnight}
    part = make.step(part, "assess_protection", by, **ASSESSED)
    assert clocks(part, by) == {"SOL20_2": fortnight}
    part = make.step(part, "begin_assessment", by)
    part = make.step(part, "open", by, opened_on=TODAY)
    due = clocks(part, by)
    assert set(due) == {"SOL20_3"}
    assert timedelta(days=118) < due["SOL20_3"] - TODAY < timedelta(days=124)
    part = make.step(part, "close_without_support", by, "Ingen vill.", decided_on=TODAY)
    assert clocks(part, by) == {}
    part = make.step(part, "follow_up", by, "Särskilt behov.")
    due = clocks(part, by)
    assert set(due) == {"SOL23_5"}
    assert timedelta(days=180) < due["SOL23_5"] - TODAY < timedelta(days=185)
    part = make.step(part, "close", by)
    assert (part.state, part.running, clocks(part, by)) == ("closed", False, {})


def test_one_that_is_decided_is_ended(actor: Find) -> None:
    by = actor("socialsekreterare")
    part = make.step(opened(actor), "decide", by, decision="support", decided_on=TODAY)
    assert clocks(part, by) == {}
    assert make.step(part, "close", by).state == "closed"


def test_the_reporter_who_asks_is_told_within_a_week(actor: Find) -> None:
    by = actor("socialsekreterare")
    part = opened(actor, wants_feedback=True)
    assert clocks(part, by)["SOL19_6"] == TODAY + timedelta(days=7)
    other = make.step(
        assessing(actor, wants_feedback=True), "not_open", by, "Räcker inte.", not_opened_on=TODAY
    )
    assert clocks(other, by) == {"SOL19_6": TODAY + timedelta(days=7)}
    assert not other.running


def test_nobody_is_told_who_did_not_ask(actor: Find) -> None:
    by = actor("socialsekreterare")
    part = make.step(assessing(actor), "not_open", by, "Räcker inte.", not_opened_on=TODAY)
    assert (part.state, clocks(part, by)) == ("not_opened", {})


def test_a_report_joins_what_runs_already(actor: Find) -> None:
    by = actor("socialsekreterare")
    running = opened(actor)
    part = make.social_investigation(running.case, by, wants_feedback=True)
    joined = make.step(part, "join", by, joined_to=running, **ASSESSED)
    assert (joined.state, joined.joined_to_id, joined.needs_protection) == (
        "joined", running.pk, False,
    )  # fmt: skip
    assert clocks(joined, by) == {"SOL19_6": TODAY}  # told at once where one runs


def test_nothing_to_join_closes_the_step(actor: Find) -> None:
    by = actor("socialsekreterare")
    other = opened(actor)  # about somebody else
    with pytest.raises(NotNow, match="tillföra"):
        make.step(received(actor), "join", by, joined_to=other, **ASSESSED)


def test_an_lvu_track_is_noted_with_its_clock(actor: Find) -> None:
    by = actor("socialsekreterare")
    part = make.step(opened(actor), "note_lvu", by, lvu="LVU7", lvu_on=YESTERDAY)
    assert part.lvu
    assert clocks(part, by)["LVU7"] == YESTERDAY + timedelta(days=7)
    part = make.step(part, "note_lvu", by, lvu="LVU8", lvu_on=TODAY)
    assert clocks(part, by)["LVU8"] == TODAY + timedelta(days=28)
    with pytest.raises(NotNow, match="redan"):
        make.step(part, "note_lvu", by, lvu="LVU8", lvu_on=TODAY)
    part = make.step(part, "decide", by, decision="care", decided_on=TODAY)
    with pytest.raises(NotNow, match="frist"):
        make.step(part, "close", by)


def test_only_a_child_is_followed_up_without_consent(actor: Find) -> None:
    by = actor("socialsekreterare")
    case = make.in_progress(by, birth_date=TODAY.replace(year=TODAY.year - 19, day=1))
    part = make.social_investigation(case, by)
    for name, facts in (*TO_ASSESSING, ("open", {"opened_on": TODAY}),
                        ("close_without_support", {"decided_on": TODAY})):  # fmt: skip
        part = make.step(part, name, by, "Skäl.", **facts)
    with pytest.raises(NotNow, match="barn"):
        make.step(part, "follow_up", by, "Behov.")


@pytest.mark.parametrize("login", ["socialsekreterare", "socialchef"])
def test_only_with_a_degree_in_social_work(actor: Find, login: str) -> None:
    """SoL 25:1."""
    without = replace(actor(login), qualified=False)
    part = make.social_investigation(make.case(actor("socialsekreterare")), without)
    with pytest.raises(Refused, match="socionom"):
        make.step(part, "assess_protection", without, **ASSESSED)
    part = make.step(part, "note_lvu", without, lvu="LVU7", lvu_on=TODAY)
    part = make.step(part, "assess_protection", actor(login), **ASSESSED)
    for name in ("begin_assessment", "join"):
        with pytest.raises(Refused, match="socionom"):
            make.step(part, name, without)
    part = make.step(part, "begin_assessment", actor(login))
    for name in ("open", "not_open"):
        with pytest.raises(Refused, match="socionom"):
            make.step(part, name, without, "Skäl.")
    part = make.step(part, "open", actor(login), opened_on=TODAY)
    for name in ("decide", "close_without_support"):
        with pytest.raises(Refused, match="socionom"):
            make.step(part, name, without, "Skäl.")
    part = make.step(part, "close_without_support", actor(login), "Skäl.", decided_on=TODAY)
    for name in ("follow_up", "close"):
        with pytest.raises(Refused, match="socionom"):
            make.step(part, name, without, "Skäl.")


def test_who_registers_a_report(actor: Find) -> None:
    case = make.case(actor("socialsekreterare"))
    with pytest.raises(Refused):
        make.social_investigation(case, actor("faltassistent"))
    assert make.social_investigation(case, actor("socialchef")).state == "received"


def test_the_day_of_arrival_is_the_swedish_one(actor: Find) -> None:
    late = moment.now().replace(year=2026, month=7, day=1, hour=22, minute=30, second=0)
    part = received(actor, received_at=late)
    assert part.received_on.isoformat() == "2026-07-02"
    assert clocks(part, actor("socialsekreterare"))["SOL20_1"] == part.received_on


def test_it_keeps_its_case_open_until_it_ends(actor: Find) -> None:
    part = assessing(actor)
    closing: dict[str, Any] = {"outcome": "no_further_need"}
    with pytest.raises(NotNow, match="utredning pågår"):
        make.step(part.case, "close", actor("socialchef"), "Klart.", **closing)
    make.step(part, "not_open", actor("socialsekreterare"), "Räcker inte.", not_opened_on=TODAY)
    assert make.step(part.case, "close", actor("socialchef"), "Klart.", **closing).state == "closed"
