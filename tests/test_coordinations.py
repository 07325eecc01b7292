"""Coordination: two rows in two hands that always say the same, and what they let cross."""

from datetime import timedelta
from typing import Any

import pytest

from access.actor import Actor
from casework.models import Case, Coordination
from casework.workflow import moment
from casework.workflow.coordination import SHARED
from tests import joint, make
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
