"""The access review: every row is decided about by somebody else; leavers' cases go on."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import Error, IntegrityError
from django.test import Client
from django.utils import timezone

from access import access_review
from access.access_review import Held
from access.actor import Actor
from access.models import Grant, Membership, Unit
from access.review_models import AccessSignOff, Decision, RoleRequest
from audit.models import Change
from tests import make
from tests.pages import readings

pytestmark = pytest.mark.django_db
Find = Callable[[str], Actor]
As = Callable[[str], Client]
PAGE = "/audit/access/"


def unit_of(who: Actor) -> Unit:
    return Unit.objects.select_related("authority").get(pk=who.unit_id)


def row(of: Actor) -> Membership:
    found: Membership = Membership.objects.get(user_id=of.user_id, unit_id=of.unit_id)
    return found


def say(client: Client, of: Actor, act: str = "keep/", status: int = 302, **given: Any) -> Any:
    answer = client.post(f"{PAGE}membership/{row(of).pk}/{act}", given)
    assert answer.status_code == status
    return answer


def decisions(by: Actor) -> list[Decision]:
    with make.acting(by):
        return list(Decision.objects.order_by("id"))


def keep_all(as_: As, actor: Find, by: str = "polischef") -> None:
    for name in ("utredare", "utredare2", "ledare", "omradespolis"):
        say(as_(by), actor(name))


# --- the page -----------------------------------------------------------------------------------


def test_every_membership_is_there_with_its_last_use(as_: As, actor: Find) -> None:
    make.case(by=actor("utredare"))
    as_("utredare").get("/cases/?q=ingen")  # a line of hers
    page = as_("polischef").get(PAGE)
    held = {one.user.username: one for one in rows(page)}
    assert set(held) == {"utredare", "utredare2", "ledare", "omradespolis", "polischef"}
    assert held["utredare"].used
    assert not held["utredare2"].used
    assert "Nadja Ekström" in page.content.decode()


def rows(page: Any) -> list[Held]:
    return [one["held"] for group in page.context["groups"] for one in group["rows"]]


def hers(page: Any) -> list[Held]:
    """The rows that the reader decides about."""
    return [one["held"] for group in page.context["groups"] for one in group["rows"] if one["may"]]


def test_opening_it_is_one_line(as_: As, actor: Find) -> None:
    as_("polischef").get(PAGE)
    assert len(readings(actor("polischef"), detail__where="access")) == 1


def test_an_auditor_reads_each_unit_of_her_authority(as_: As, actor: Find) -> None:
    client = as_("dataskydd.polis")
    own, next_door = actor("utredare").unit_id, actor("utredare.granne").unit_id
    for unit_id in (own, next_door):
        page = client.get(PAGE, {"unit": unit_id})
        assert page.status_code == 200
        assert {one.user.username for one in hers(page)} <= {"polischef"}
    say(client, actor("utredare"), status=403)
    foreign = actor("socialchef").unit_id
    for nonsense in (str(foreign), "x", "9" * 30, "-1"):
        assert client.get(PAGE, {"unit": nonsense}).status_code == 404
    assert as_("polischef").get(PAGE, {"unit": foreign}).status_code == 404


@pytest.mark.parametrize("name", ["utredare", "ledare", "samordnare", "admin"])
def test_others_are_refused(as_: As, name: str) -> None:
    assert as_(name).get(PAGE).status_code == 403


def test_the_number_of_queries_stays_the_same(
    as_: As, actor: Find, django_assert_max_num_queries: Any
) -> None:
    client = as_("polischef")
    client.get("/")
    keep_all(as_, actor)
    with django_assert_max_num_queries(17):
        client.get(PAGE)


# --- deciding -----------------------------------------------------------------------------------


def test_what_is_kept_stands_with_who_said_so(as_: As, actor: Find) -> None:
    say(as_("polischef"), actor("utredare"))
    (said,) = decisions(actor("polischef"))
    assert (said.answer, said.by, said.user_id) == (
        "keep", actor("polischef").name, actor("utredare").user_id,
    )  # fmt: skip
    with make.acting(actor("polischef")):
        assert Change.objects.filter(model="access.decision").count() == 1


def test_a_removed_membership_ends_today_after_it_was_asked_once_more(as_: As, actor: Find) -> None:
    given: dict[str, Any] = {"answer": "remove", "reason": "Har bytt tjänst."}
    asked = say(as_("polischef"), actor("utredare2"), "", 200, **given)
    assert "Ja, ta bort åtkomsten" in asked.content.decode()
    assert row(actor("utredare2")).until is None
    say(as_("polischef"), actor("utredare2"), "", **given, confirmed="yes")
    assert row(actor("utredare2")).until == timezone.localdate()
    (said,) = decisions(actor("polischef"))
    assert (said.answer, said.reason) == ("remove", "Har bytt tjänst.")


def test_a_changed_role_becomes_the_administrators_to_do(as_: As, actor: Find) -> None:
    given: dict[str, Any] = {
        "answer": "change",
        "wanted": "investigation_leader",
        "reason": "Ny uppgift.",
    }
    say(as_("polischef"), actor("utredare2"), "", **given)
    page = as_("admin").get(f"{PAGE}requests/").content.decode()
    assert "Jonas Wallin" in page
    assert "Förundersökningsledare" in page
    asked = RoleRequest.objects.get()
    address = f"{PAGE}requests/{asked.pk}/done/"
    assert as_("polischef").post(address).status_code == 403
    assert as_("admin").post(address).status_code == 302
    assert as_("admin").post(address).status_code == 302  # again: told so, nothing changes
    asked.refresh_from_db()
    assert asked.done_by.startswith(actor("admin").name)
    assert "Jonas Wallin" not in as_("admin").get(f"{PAGE}requests/").content.decode()


def test_a_request_is_done_once(actor: Find, own_request: RoleRequest) -> None:
    with make.acting(actor("admin")):
        access_review.done(own_request, actor("admin"))
    with pytest.raises(IntegrityError), make.acting(actor("admin")):
        access_review.done(own_request, actor("polischef"))


@pytest.fixture
def own_request(actor: Find) -> RoleRequest:
    with make.acting(actor("polischef")):
        return RoleRequest.objects.create(
            membership=row(actor("utredare")), wanted="supervisor", asked_by="Chefen"
        )


def test_nobody_decides_about_herself(as_: As, actor: Find) -> None:
    chief = actor("polischef")
    say(as_("polischef"), chief, status=403)
    say(as_("polischef"), chief, "", 403, answer="remove", reason="x", confirmed="yes")
    with make.acting(chief):
        mine = next(
            one
            for one in access_review.held_in(unit_of(chief), chief)
            if one.user.pk == chief.user_id
        )
    with pytest.raises(IntegrityError), make.acting(chief):
        access_review.decide(chief, unit_of(chief), mine, "keep")


def test_the_auditor_decides_about_a_units_only_supervisor(as_: As, actor: Find) -> None:
    chief, auditor = actor("polischef"), as_("dataskydd.polis")
    page = auditor.get(PAGE, {"unit": chief.unit_id}).content.decode()
    assert f"{PAGE}membership/{row(chief).pk}/keep/" in page
    assert f"{PAGE}membership/{row(actor('utredare')).pk}/keep/" not in page
    back = say(auditor, chief)
    assert back["Location"] == f"{PAGE}?unit={chief.unit_id}"
    (said,) = decisions(chief)
    assert (said.answer, said.by, said.user_id) == ("keep", "Erik Öhman", chief.user_id)
    say(as_("dataskydd.social"), chief, status=404)
    say(auditor, actor("utredare"), status=403)


def test_the_auditor_can_end_it_too(as_: As, actor: Find) -> None:
    given: dict[str, Any] = {"answer": "remove", "reason": "Har bytt tjänst."}
    say(as_("dataskydd.polis"), actor("polischef"), "", 200, **given)
    say(as_("dataskydd.polis"), actor("polischef"), "", **given, confirmed="yes")
    assert row(actor("polischef")).until == timezone.localdate()


def test_where_there_are_two_supervisors_they_decide_about_each_other(as_: As, actor: Find) -> None:
    second = actor("ledare")
    membership = row(second)
    with make.acting(actor("admin")):
        membership.role = "supervisor"
        membership.save()
    say(as_("dataskydd.polis"), actor("polischef"), status=403)
    say(as_("ledare"), actor("polischef"))


def test_the_database_takes_nothing_else_from_an_auditor(actor: Find) -> None:
    auditor, unit = actor("dataskydd.polis"), unit_of(actor("polischef"))
    with make.acting(auditor):
        other = next(
            one for one in access_review.held_in(unit, auditor) if one.role != "supervisor"
        )
    with pytest.raises(Error), make.acting(auditor):
        access_review.decide(auditor, unit, other, "keep")


def test_nobody_decides_for_another_unit(as_: As, actor: Find) -> None:
    for of in ("utredare.granne", "socialsekreterare"):
        say(as_("polischef"), actor(of), status=404)
    chief, other = actor("polischef"), unit_of(actor("utredare.granne"))
    with make.acting(actor("utredare.granne")):
        theirs = access_review.held_in(other, chief)[0]
    with pytest.raises(Error), make.acting(chief):
        access_review.decide(chief, other, theirs, "keep")


BAD: list[dict[str, Any]] = [
    {},
    {"answer": "gossip", "reason": "x"},
    {"answer": "keep", "reason": "x"},
    {"answer": "remove", "reason": " "},
    {"answer": "remove", "reason": "x" * 600},
    {"answer": "change", "reason": "x"},
    {"answer": "change", "reason": "x", "wanted": "social_worker"},
    {"answer": "change", "reason": "x", "wanted": "investigator"},
]


@pytest.mark.parametrize("given", BAD)
def test_nonsense_gets_words_and_changes_nothing(
    as_: As, actor: Find, given: dict[str, Any]
) -> None:
    answer = say(as_("polischef"), actor("utredare2"), "", 422, **given)
    assert answer.context["form"].errors
    assert decisions(actor("polischef")) == []
    assert row(actor("utredare2")).until is None


@pytest.mark.parametrize("path", ["membership/999999/", "membership/x/", "gossip/1/", "grant/1/"])
def test_a_row_of_nowhere_is_not_there(as_: As, path: str) -> None:
    assert as_("polischef").get(f"{PAGE}{path}").status_code == 404
    assert as_("polischef").post(f"{PAGE}{path}keep/").status_code == 404


# --- exceptions ---------------------------------------------------------------------------------


def named(actor: Find) -> Grant:
    case = make.in_progress(by=actor("utredare"))
    make.restricted(case, actor("polischef"), actor("utredare"), actor("utredare2"))
    with make.acting(actor("polischef")):
        found: Grant = Grant.objects.get(user_id=actor("utredare2").user_id)
    return found


def test_a_named_access_is_closed_at_once(as_: As, actor: Find) -> None:
    grant = named(actor)
    colleague = as_("utredare2")
    assert colleague.get(f"/cases/{grant.thing_id}/").status_code == 200
    held = [one for one in rows(as_("polischef").get(PAGE)) if one.of == "grant"]
    assert {one.user.pk for one in held} == {grant.user_id, actor("utredare").user_id}
    given = {"answer": "remove", "reason": "Behövs inte längre.", "confirmed": "yes"}
    answer = as_("polischef").post(f"{PAGE}grant/{grant.pk}/", given)
    assert answer.status_code == 302
    assert colleague.get(f"/cases/{grant.thing_id}/").status_code == 404
    assert [said.of for said in decisions(actor("polischef"))] == ["grant"]


def test_the_auditor_counts_as_the_only_supervisor_does(as_: As, actor: Find) -> None:
    case = make.in_progress(by=actor("utredare"))
    make.restricted(case, actor("polischef"), actor("utredare"), actor("polischef"))
    chief, officer = as_("polischef"), as_("dataskydd.polis")
    keep_all(as_, actor)
    say(officer, actor("polischef"))
    at = f"{PAGE}?unit={actor('polischef').unit_id}"
    counted = [
        (page.context["decided"], page.context["total"])
        for page in (chief.get(PAGE), officer.get(at))
    ]
    assert counted[0] == counted[1]


# --- the sign-off -------------------------------------------------------------------------------


def test_the_half_year_is_signed_off_once_every_other_row_is_decided(as_: As, actor: Find) -> None:
    chief = as_("polischef")
    assert chief.post(f"{PAGE}sign/").status_code == 422
    keep_all(as_, actor)
    assert chief.post(f"{PAGE}sign/").status_code == 422  # her own waits for the auditor
    say(as_("dataskydd.polis"), actor("polischef"))
    assert chief.get(f"{PAGE}sign/").status_code == 200
    assert chief.post(f"{PAGE}sign/", {"note": "Klart."}).status_code == 302
    with make.acting(actor("polischef")):
        assert AccessSignOff.objects.get().half == access_review.half_of(timezone.localdate())
    assert "Klart." in chief.get(PAGE).content.decode()
    say(chief, actor("utredare"))  # told that it is done
    assert len(decisions(actor("polischef"))) == 5
    assert chief.post(f"{PAGE}sign/").status_code == 302


def test_after_the_sign_off_the_database_takes_no_decision(actor: Find) -> None:
    chief, unit = actor("polischef"), unit_of(actor("polischef"))
    with make.acting(chief):
        access_review.sign_off(chief, unit, "")
        other = next(
            one for one in access_review.held_in(unit, chief) if one.user.pk != chief.user_id
        )
    with pytest.raises(IntegrityError), make.acting(chief):
        access_review.decide(chief, unit, other, "keep")
    with pytest.raises(IntegrityError), make.acting(chief):
        access_review.sign_off(chief, unit, "igen")


@pytest.mark.parametrize(
    ("day", "half"),
    [("2026-01-01", "2026-01-01"), ("2026-06-30", "2026-01-01"), ("2026-07-01", "2026-07-01"),
     ("2026-12-31", "2026-07-01")],
)  # fmt: skip
def test_the_year_has_two_halves(day: str, half: str) -> None:
    assert access_review.half_of(date.fromisoformat(day)) == date.fromisoformat(half)
