"""Substitutes: who does an absent colleague's work, what it opens, and when it ends."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from access.actor import Actor, actor_of
from access.models import Substitution, User
from casework.models import Case
from casework.workflow import moment
from tests import make

pytestmark = pytest.mark.django_db
Actors = Callable[[str], Actor]
As = Callable[[str], Client]


@pytest.fixture
def case(actor: Actors) -> Case:
    """Utredare's case in progress, restricted to her and the supervisor."""
    made = make.in_progress(by=actor("utredare"))
    return make.restricted(made, actor("polischef"), actor("utredare"), actor("polischef"))


def address(case: Case) -> str:
    return f"/cases/{case.pk}/"


def standing(actor: Actors, **given: str) -> dict[str, str]:
    today = moment.today()
    return {
        "absent": str(actor("utredare").user_id), "substitute": str(actor("utredare2").user_id),
        "since": today.isoformat(), "until": (today + timedelta(days=7)).isoformat(),
        "reason": "Semester.", **given,
    }  # fmt: skip


def test_a_substitute_handles_and_sees_until_it_ends(actor: Actors, as_: As, case: Case) -> None:
    open_one = make.in_progress(by=actor("utredare"))
    chief, other = as_("polischef"), as_("utredare2")
    assert chief.post("/exceptions/substitutes/", standing(actor)).status_code == 302
    assert actor("utredare2").stands_in_for == {actor("utredare").user_id}
    page = other.get(address(open_one)).content.decode()
    assert "begin_follow_up" in page
    assert "Jonas Wallin" in page  # the bar says who stands in
    assert other.get(address(case)).status_code == 200  # named with her
    mine = other.get("/cases/?mine=mine").content.decode()
    assert open_one.reference in mine
    assert case.reference in mine
    assert "Nadja Ekström" in other.get("/").content.decode()
    look = {"next_look": (moment.today() + timedelta(days=9)).isoformat()}
    assert other.post(f"{address(open_one)}steps/begin_follow_up/", look).status_code == 302
    with make.acting(actor("polischef")):
        held = Substitution.objects.pending().get()
    assert chief.post(f"/exceptions/substitutes/{held.pk}/close/").status_code == 302
    assert other.get(address(case)).status_code == 404
    assert open_one.reference not in other.get("/cases/?mine=mine").content.decode()
    again = other.post(f"{address(open_one)}steps/look_again/", {**look, "reason": "Lugnt."})
    assert again.status_code == 403


def test_a_substitute_for_the_handler_closes_no_case(actor: Actors, as_: As) -> None:
    """Closing takes four eyes: whoever does the handler's work is not the other pair."""
    case = make.in_progress(by=actor("utredare"))
    sent = standing(actor, substitute=str(actor("polischef").user_id))
    assert as_("polischef").post("/exceptions/substitutes/", sent).status_code == 302
    sent = {"outcome": "no_further_need", "reason": "Klart.", "confirmed": "yes"}
    assert as_("polischef").post(f"{address(case)}steps/close/", sent).status_code == 403


def test_what_is_named_later_reaches_the_substitute_too(actor: Actors, as_: As) -> None:
    as_("polischef").post("/exceptions/substitutes/", standing(actor))
    case = make.in_progress(by=actor("utredare"))
    make.restricted(case, actor("polischef"), actor("utredare"), actor("polischef"))
    assert as_("utredare2").get(address(case)).status_code == 200
    chief = actor("polischef")
    with make.acting(chief):
        now = Case.objects.get(pk=case.pk)
    make.step(now, "unname", chief, "Byte.", person=actor("utredare"))
    assert as_("utredare2").get(address(case)).status_code == 404


def test_it_begins_on_its_day(actor: Actors, as_: As) -> None:
    tomorrow = (moment.today() + timedelta(days=1)).isoformat()
    as_("polischef").post("/exceptions/substitutes/", standing(actor, since=tomorrow))
    assert actor("utredare2").stands_in_for == frozenset()


@pytest.mark.parametrize(
    "wrong",
    [
        {"absent": ""}, {"substitute": ""}, {"reason": ""}, {"until": "2031-01-01"},
        {"until": "nonsense"}, {"since": "2020-01-01"}, {"absent": "nobody"},
    ],
)  # fmt: skip
def test_a_substitute_badly_named(actor: Actors, as_: As, wrong: dict[str, str]) -> None:
    answer = as_("polischef").post("/exceptions/substitutes/", standing(actor, **wrong))
    assert answer.status_code == 422
    same = standing(actor, substitute=str(actor("utredare").user_id))
    assert as_("polischef").post("/exceptions/substitutes/", same).status_code == 422
    back = standing(
        actor,
        since=(moment.today() + timedelta(days=5)).isoformat(),
        until=moment.today().isoformat(),
    )
    assert as_("polischef").post("/exceptions/substitutes/", back).status_code == 422
    with make.acting(actor("polischef")):
        assert not Substitution.objects.exists()


def test_another_units_people_are_no_substitutes(actor: Actors, as_: As) -> None:
    sent = standing(actor, substitute=str(actor("utredare.granne").user_id))
    assert as_("polischef").post("/exceptions/substitutes/", sent).status_code == 422
    assert actor_of(User.objects.get(username="utredare.granne")).stands_in_for == frozenset()  # type: ignore[union-attr]
