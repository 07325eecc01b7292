"""Coordination: two rows in two hands that always say the same, and what they let cross."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from access.actor import Actor
from audit.models import Step
from casework.models import Case, Coordination
from casework.workflow import moment
from casework.workflow.coordination import (
    SHARED,
    has_a_basis,
    other_case_under_way,
    own_case_under_way,
)
from casework.workflow.steps import NotNow, steps_of
from tests import joint, letters, make
from tests.pages import Find, Login, form_with

pytestmark = pytest.mark.django_db


def both(two: joint.Two) -> tuple[Coordination, Coordination]:
    ours, theirs = two.row(two.police), two.row(two.social)
    assert ours.state == theirs.state
    assert ours.shared_id == theirs.shared_id
    assert [getattr(ours, name) for name in SHARED] == [getattr(theirs, name) for name in SHARED]
    return ours, theirs


def state(case: Case, by: Actor) -> Any:
    with make.acting(by):
        return Case.objects.get(pk=case.pk).state


def test_it_is_proposed_accepted_begun_and_ended(actor: Find) -> None:
    two = joint.pair(actor)
    joint.propose(two)
    ours, theirs = both(two)
    assert (ours.proposed_here, theirs.proposed_here) == (True, False)
    assert theirs.other_reference == two.police_case.reference
    assert ours.other_reference == ""  # nothing of theirs crosses before they accept
    two.take(two.social, "accept")
    ours, theirs = both(two)
    assert ours.other_reference == two.social_case.reference
    assert ours.other_contact == two.social.name
    assert ours.other_begun_on is not None
    two.take(two.social, "record_basis", **joint.consent())
    two.take(two.police, "activate")
    assert [one.state for one in both(two)] == ["active", "active"]
    assert state(two.police_case, two.police) == state(two.social_case, two.social) == "coordinated"
    two.take(two.social_chief, "end", "Familjen flyttar.", end_why="no_longer_needed")
    assert [one.state for one in both(two)] == ["ended", "ended"]
    assert state(two.police_case, two.police) == state(two.social_case, two.social) == "in_progress"


def test_pages_lead_through_it(actor: Find, as_: Login) -> None:
    two = joint.pair(actor)
    police, social = as_("utredare"), as_("socialsekreterare")
    address = f"/cases/{two.police_case.pk}/coordinations/new/"
    form = form_with(police.get(address).content, "purpose")
    done = police.post(address, {**form, "purpose": "Gemensam plan."})
    assert done.status_code == 302
    ours = done["Location"]
    theirs = f"/coordinations/{two.row(two.social).pk}/"
    assert theirs in social.get("/").content.decode()
    today = moment.today()
    basis = {**joint.consent(), "consent_parties": "Vi två"}
    for client, page, step, sent in (
        (social, theirs, "accept", {}),
        (social, theirs, "record_basis", basis),
        (police, ours, "activate", {}),
        (police, ours, "plan_meeting",
         {"next_meeting": f"{today + timedelta(days=9)}T14:30", "meeting_place": "Stadshuset"}),
        (police, ours, "renew", {**basis, "ends_on": today + timedelta(days=70)}),
        (social, theirs, "end", {"end_why": "goal_reached", "reason": "Klart.",
                                 "confirmed": "yes"}),
    ):  # fmt: skip
        form = form_with(client.get(f"{page}steps/{step}/").content, "version")
        answer = client.post(f"{page}steps/{step}/", {**form, **sent})
        assert answer.status_code == 302, (step, answer.content.decode())
    assert [one.end_why for one in both(two)] == ["goal_reached", "goal_reached"]
    assert two.social_case.reference in police.get(ours).content.decode()
    assert ours in police.get("/coordinations/").content.decode()
    assert ours in police.get(f"/cases/{two.police_case.pk}/").content.decode()


# --- each step, and its refusals ------------------------------------------------------------------


def page(two: joint.Two, by: Actor, step: str = "") -> str:
    tail = f"steps/{step}/" if step else ""
    return f"/coordinations/{two.row(by).pk}/{tail}"


def new(case: Case) -> str:
    return f"/cases/{case.pk}/coordinations/new/"


def test_none_is_proposed_from_a_case_that_is_only_flagged(actor: Find, as_: Login) -> None:
    two = joint.pair(actor, police=make.case)
    assert as_("polischef").get(new(two.police_case)).status_code == 409
    assert as_("utredare").get(new(two.police_case)).status_code == 403  # nobody's case yet


def test_none_is_proposed_where_nothing_has_crossed(actor: Find, as_: Login) -> None:
    case = make.in_progress(actor("utredare"))
    answer = as_("utredare").get(new(case))
    assert answer.status_code == 409
    assert "purpose" not in answer.content.decode()


def test_a_delivery_that_waits_in_their_inbox_leads_to_no_case(actor: Find, as_: Login) -> None:
    case = make.in_progress(actor("utredare"))
    letters.sent(case, actor("utredare"))
    client = as_("utredare")
    form = form_with(client.get(new(case)).content, "purpose")
    answer = client.post(new(case), {**form, "purpose": "Gemensam plan."})
    assert answer.status_code == 422
    assert "Gemensam plan." in answer.content.decode()
    with make.acting(actor("utredare")):
        assert not Coordination.objects.exists()


def test_whoever_sent_can_propose_too(actor: Find) -> None:
    two = joint.pair(actor)
    joint.propose(two, two.social)
    assert [one.proposed_here for one in both(two)] == [False, True]


@pytest.mark.parametrize("state", ["closed", "follow_up", "set_aside"])
def test_none_is_proposed_towards_a_case_that_is_over(actor: Find, state: str) -> None:
    two = joint.pair(actor)
    worker, chief = two.social, two.social_chief
    if state == "closed":
        make.step(two.social_case, "close", chief, "Klart.", outcome="no_further_need")
    elif state == "follow_up":
        look = moment.today() + timedelta(days=30)
        make.step(two.social_case, "begin_follow_up", worker, next_look=look)
    else:
        two = joint.pair(actor, social=make.prioritised)
        make.step(two.social_case, "set_aside", chief, "Annat.", why="no_ground")
    with pytest.raises(NotNow):
        joint.propose(two)


def test_a_case_has_one_open_coordination(actor: Find, as_: Login) -> None:
    two = joint.pair(actor)
    joint.propose(two)
    assert as_("utredare").get(new(two.police_case)).status_code == 409
    with pytest.raises(NotNow):
        joint.propose(two, two.social)
    two.take(two.police, "take_back", "Fel ärende.")
    joint.propose(two, two.social)
    assert both(two)[0].state == "proposed"


def test_who_asked_waits_and_who_was_asked_answers(actor: Find) -> None:
    two = joint.pair(actor)
    joint.propose(two)
    for by, name in ((two.police, "accept"), (two.police, "decline"), (two.social, "take_back")):
        with pytest.raises(NotNow):
            two.take(by, name, "Skäl.")
    two.take(two.social, "decline", "HEMLIGT SKÄL")
    assert [one.state for one in both(two)] == ["declined", "declined"]
    with make.acting(two.police):
        assert not Step.objects.filter(reason__contains="HEMLIGT").exists()


@pytest.mark.parametrize("name", ["omradespolis", "utredare2", "ledare"])
def test_only_the_handler_and_the_supervisor_take_its_steps(
    actor: Find, as_: Login, name: str
) -> None:
    two = joint.pair(actor)
    joint.accepted(two)
    for step in ("record_basis", "plan_meeting", "end", "withdraw"):
        assert as_(name).get(page(two, two.police, step)).status_code == 403
    assert as_("polischef").get(page(two, two.police, "end")).status_code == 200


@pytest.mark.parametrize(
    "name", ["utredare.granne", "socialsekreterare.granne", "socialsekreterare", "dataskydd.polis"]
)
def test_nobody_else_finds_it(actor: Find, as_: Login, name: str) -> None:
    two = joint.pair(actor)
    joint.accepted(two)
    status = 403 if name.startswith("dataskydd") else 404
    for step in ("", "end"):
        assert as_(name).get(page(two, two.police, step)).status_code == status


def test_a_step_of_the_service_has_no_page(actor: Find, as_: Login) -> None:
    two = joint.pair(actor)
    joint.accepted(two)
    for step in ("heard_ended", "heard_activated", "propose", "nonsense"):
        status = as_("utredare").get(page(two, two.police, step)).status_code
        assert status in (403, 404), step


@pytest.mark.parametrize(
    ("age", "wrong", "status"),
    [
        (16, {}, 302),
        (16, {"consent_by": "guardian"}, 422),
        (16, {"consent_by": "young_person"}, 302),
        (13, {"consent_by": "young_person"}, 422),
        (13, {"consent_by": "guardian"}, 302),
        (19, {"consent_by": "guardian"}, 422),
        (16, {"consent_by": ""}, 422),
        (16, {"consent_by": "not_needed"}, 422),
        (16, {"consent_from": ""}, 422),
        (16, {"consent_from": moment.today() + timedelta(days=1)}, 422),
        (16, {"consent_until": ""}, 422),
        (16, {"consent_until": moment.today() - timedelta(days=1)}, 422),
        (16, {"consent_until": moment.today() + timedelta(days=400)}, 422),
        (16, {"ends_on": moment.today() - timedelta(days=1)}, 422),
        (16, {"ends_on": moment.today() + timedelta(days=95)}, 422),  # the consent ends before
        (16, {"ends_on": ""}, 422),
        (16, {"consent_scope": ""}, 422),
        (16, {"consent_parties": "x" * 301}, 422),
    ],
)
def test_consent_is_whole_and_fits_the_age(
    actor: Find, as_: Login, age: int, wrong: dict[str, Any], status: int
) -> None:
    two = joint.pair(actor, social=lambda by: make.in_progress(by, birth_date=born(age)))
    joint.accepted(two)
    client, address = as_("socialsekreterare"), page(two, two.social, "record_basis")
    sent = {**joint.consent(), **wrong}
    answer = client.post(address, sent)
    assert answer.status_code == status
    if status == 422:
        assert "consent_scope" in answer.content.decode()
        assert both(two)[0].basis == ""


def born(age: int) -> Any:
    today = moment.today()
    return (today - timedelta(days=31)).replace(year=today.year - age, day=1)


def test_it_begins_when_both_are_under_way_with_something_to_rest_on(
    actor: Find, as_: Login
) -> None:
    two = joint.pair(actor, police=make.prioritised, social=make.prioritised)
    two_chief = two.police_chief
    joint.propose(two, two_chief)
    two.take(two.social_chief, "accept")
    assert refusal(two, two_chief) == own_case_under_way.words  # type: ignore[attr-defined]
    two.police_case = make.step(two.police_case, "start", two.police, handler=two.police)
    assert refusal(two, two.police) == other_case_under_way.words  # type: ignore[attr-defined]
    two.social_case = make.step(two.social_case, "start", two.social, handler=two.social)
    assert refusal(two, two.police) == has_a_basis.words  # type: ignore[attr-defined]
    two.take(two.social, "record_basis", **joint.consent())
    assert refusal(two, two.police) == ""
    answer = as_("utredare").post(page(two, two.police, "activate"))
    assert answer.status_code == 302


def refusal(two: joint.Two, by: Actor) -> Any:
    with make.acting(by):
        closed = steps_of(Coordination)["activate"].hindrance(two.row(by), by)
    return closed.words if closed else ""


def test_the_other_sides_case_that_has_moved_meanwhile_keeps_it_from_beginning(
    actor: Find, as_: Login, superuser: psycopg.Connection
) -> None:
    """What this side was told can be old only by a fault: then the service looks, and says no."""
    two = joint.pair(actor, social=make.prioritised)
    joint.propose(two)
    two.take(two.social_chief, "accept")
    two.take(two.social_chief, "record_basis", **joint.consent())
    with make.acting(two.police):
        stale = two.row(two.police)
        stale.other_begun_on = moment.today()
        stale.save()
    answer = as_("utredare").post(page(two, two.police, "activate"))
    assert answer.status_code == 422
    assert [one.state for one in both(two)] == ["accepted", "accepted"]
    assert state(two.police_case, two.police) == "in_progress"


@pytest.mark.parametrize(
    ("step", "sent", "status"),
    [
        ("plan_meeting", {"next_meeting": "2020-01-01T10:00"}, 422),
        ("plan_meeting", {"next_meeting": "2999-01-01T10:00"}, 422),
        ("plan_meeting", {"next_meeting": "i morgon"}, 422),
        ("plan_meeting", {}, 302),
        ("withdraw", {"withdrawn_by": "guardian", "withdrawn_on": ""}, 422),
        ("withdraw", {"withdrawn_by": "", "withdrawn_on": moment.today()}, 422),
        ("withdraw", {"withdrawn_by": "both",
                      "withdrawn_on": moment.today() - timedelta(days=1)}, 422),
        ("withdraw", {"withdrawn_by": "both", "withdrawn_on": moment.today()}, 200),
        ("end", {"end_why": "consent_withdrawn", "reason": "x"}, 422),
        ("end", {"end_why": "goal_reached", "reason": ""}, 422),
        ("end", {"end_why": "goal_reached", "reason": "Klart."}, 200),  # the confirm page
        ("accept", {}, 409),
        ("activate", {}, 409),
    ],
)  # fmt: skip
def test_bad_input_changes_nothing(
    actor: Find, as_: Login, step: str, sent: dict[str, Any], status: int
) -> None:
    two = joint.pair(actor)
    joint.active(two)
    answer = as_("utredare").post(page(two, two.police, step), sent)
    assert answer.status_code == status
    assert [one.state for one in both(two)] == ["active", "active"]


def test_a_meeting_is_on_both_sides_pages(actor: Find, as_: Login) -> None:
    two = joint.pair(actor)
    joint.active(two)
    when = f"{moment.today() + timedelta(days=3)}T14:30"
    sent = {"next_meeting": when, "meeting_place": "Stadshuset, rum 4"}
    assert as_("utredare").post(page(two, two.police, "plan_meeting"), sent).status_code == 302
    assert "Stadshuset, rum 4" in as_("socialsekreterare").get(page(two, two.social)).text
    both(two)
