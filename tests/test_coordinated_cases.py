"""Cases in a coordination: what the other side hears of them, and what waits until it is over."""

from datetime import timedelta

import pytest

from access.actor import Actor
from casework.coordinations import sides
from casework.models import Case, Notice
from casework.workflow import moment
from casework.workflow.steps import NotNow
from tests import joint, make
from tests.pages import Find, Login, readings
from tests.test_coordinations import page, state

pytestmark = pytest.mark.django_db


# --- what the other side hears --------------------------------------------------------------------


def test_the_other_side_hears_when_the_case_goes_first_is_begun_or_changes_hands(
    actor: Find,
) -> None:
    two = joint.pair(actor, social=make.case)
    joint.propose(two)
    two.take(two.social_chief, "accept")
    assert two.row(two.police).other_prioritised_on is None
    until = moment.today() + timedelta(days=20)
    facts = {"level": "B", "criteria": make.CRITERIA, "valid_until": until}
    case = make.step(two.social_case, "prioritise", two.social, "Skäl.", **facts)
    assert two.row(two.police).other_prioritised_on == moment.today()
    case = make.step(case, "lower", two.social, "Fel.")
    assert two.row(two.police).other_prioritised_on is None
    case = make.step(case, "prioritise", two.social, "Skäl.", **facts)
    assert two.row(two.police).other_begun_on is None
    case = make.step(case, "start", two.social, handler=two.social)
    ours = two.row(two.police)
    assert (ours.other_begun_on, ours.other_contact) == (moment.today(), two.social.name)
    other = actor("socialsekreterare2")
    make.step(case, "hand_over", two.social, "Semester.", handler=other)
    assert two.row(two.police).other_contact == other.name


def test_a_case_that_isnt_coordinated_tells_nobody(actor: Find) -> None:
    two = joint.pair(actor)
    joint.accepted(two)
    two.take(two.police, "end", "Klart.", end_why="no_longer_needed")
    lines = two.row(two.social).version
    make.step(two.police_case, "hand_over", two.police, "Semester.", handler=actor("utredare2"))
    assert two.row(two.social).version == lines


def test_the_people_of_the_other_side_are_told(actor: Find, as_: Login) -> None:
    two = joint.pair(actor)
    joint.propose(two)
    assert kinds(two.social) == kinds(two.social_chief) == {"coordination_proposed"}
    two.take(two.social, "accept")
    assert kinds(two.police) == {"coordination_accepted"}
    two.take(two.social, "record_basis", **joint.consent())
    two.take(two.police, "activate")
    two.take(two.social, "withdraw", withdrawn_on=moment.today(), withdrawn_by="young_person")
    for person in (two.police, two.police_chief, two.social_chief):
        assert "consent_ended" in kinds(person)
    assert "consent_ended" not in kinds(two.social)  # she did it
    assert as_("polischef").get("/").status_code == 200


def kinds(person: Actor) -> set[str]:
    with make.acting(person):
        return set(Notice.objects.values_list("kind", flat=True)) - {"delivery_arrived"}


# --- the case -------------------------------------------------------------------------------------


def test_a_case_in_a_coordination_is_neither_followed_up_closed_set_aside_nor_restricted(
    actor: Find,
) -> None:
    two = joint.pair(actor)
    joint.propose(two)
    until = moment.now() + timedelta(days=9)
    for name, by, facts in (
        ("begin_follow_up", two.police, {"next_look": moment.today()}),
        ("close", two.police_chief, {"outcome": "no_further_need"}),
        ("restrict", two.police_chief, {"ground": "other", "protected": "",
                                        "people": [two.police], "until": until}),
    ):  # fmt: skip
        with pytest.raises(NotNow, match="samordning"):
            make.step(two.police_case, name, by, "Skäl.", **facts)
    two.take(two.social, "accept")
    two.take(two.social, "record_basis", **joint.consent())
    two.take(two.police, "activate")
    with pytest.raises(NotNow, match="samordning"):
        make.step(two.police_case, "begin_follow_up", two.police, next_look=moment.today())


def test_a_coordinated_case_is_worked_on_as_before(actor: Find) -> None:
    two = joint.pair(actor)
    joint.active(two)
    with make.acting(two.police):
        case = Case.objects.get(pk=two.police_case.pk)
    part = make.intervention(case, two.police)
    assert part.state == "proposed"
    make.step(case, "hand_over", two.police, "Semester.", handler=actor("utredare2"))
    assert state(case, two.police) == "coordinated"


def test_opening_it_is_a_reading_about_the_own_case(actor: Find, as_: Login) -> None:
    two = joint.pair(actor)
    joint.accepted(two)
    before = len(readings(two.social, kind="opened"))
    as_("utredare").get(page(two, two.police))
    line = readings(two.police, about_id=two.police_case.pk, kind="opened")[-1]
    assert line.detail["part"] == "coordination"
    assert len(readings(two.social, kind="opened")) == before


def test_both_sides_waits_are_told_in_days(actor: Find, as_: Login) -> None:
    with moment.at(moment.now() - timedelta(days=12)):
        social = make.prioritised(actor("socialsekreterare"))
    two = joint.pair(actor, social=lambda by: social)
    joint.propose(two)
    two.take(two.social_chief, "accept")
    theirs = sides(two.row(two.police))[1]
    assert theirs.untouched == 12
    shown = as_("utredare").get(page(two, two.police)).text
    assert "12 dagar och väntar fortfarande" in shown
    assert "12 dagar" in as_("utredare").get("/coordinations/").text
    assert social.reference in as_("socialchef").get("/backlog/").text
