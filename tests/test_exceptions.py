"""The pages of exceptions: emergency opening, after-review, substitutes, endings, naming again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from access import exceptions as doors
from access.actor import Actor
from access.models import Confined, Exclusion, Grant, Judgement, User
from audit.models import Change, Reading, Step
from casework.models import Case, Notice
from casework.workflow import moment
from tests import make

pytestmark = pytest.mark.django_db
Actors = Callable[[str], Actor]
As = Callable[[str], Client]
WHY = "Samtal om att barnet är i fara i kväll."


@pytest.fixture
def case(actor: Actors) -> Case:
    """Utredare's case in progress, restricted to her and the supervisor."""
    made = make.in_progress(by=actor("utredare"))
    return make.restricted(made, actor("polischef"), actor("utredare"), actor("polischef"))


def glass(known: str, **given: str) -> dict[str, str]:
    return {"reference": known, "stake": "child_at_risk", "reason": WHY, **given}


def address(case: Case) -> str:
    return f"/cases/{case.pk}/"


# --- restricting, on the case's own page ----------------------------------------------------------


def test_a_supervisor_restricts_and_names(actor: Actors, as_: As) -> None:
    case = make.in_progress(by=actor("utredare"))
    client = as_("polischef")
    assert "steps/restrict/" in client.get(address(case)).content.decode()
    sent = {
        "ground": "protected_identity", "protected": "marked",
        "people": [str(actor("utredare").user_id)],
        "until": (moment.today() + timedelta(days=30)).isoformat(), "reason": "Skyddad identitet.",
    }  # fmt: skip
    answer = client.post(f"{address(case)}steps/restrict/", sent)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/exceptions/"  # she didn't name herself
    assert client.get(address(case)).status_code == 404
    assert as_("utredare2").get(address(case)).status_code == 404
    page = as_("utredare").get(address(case)).content.decode()
    assert "Sekretessmarkerat" in page or "lock" in page
    assert case.reference in client.get("/exceptions/").content.decode()
    assert case.reference not in as_("utredare2").get("/exceptions/").content.decode()
    with make.acting(actor("utredare")):
        assert Notice.objects.filter(kind="restricted_named").count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"people": []}, "people"),
        ({"ground": "protected_identity", "protected": ""}, "protected"),
        ({"until": "2099-01-01"}, "until"),
        ({"until": ""}, "until"),
        ({"reason": ""}, "reason"),
        ({"ground": "nonsense"}, "ground"),
        ({"people": ["not-a-person"]}, "people"),
    ],
)
def test_what_is_not_filled_in_is_said(
    actor: Actors, as_: As, wrong: dict[str, object], words: str
) -> None:
    case = make.in_progress(by=actor("utredare"))
    sent = {
        "ground": "other", "protected": "", "people": [str(actor("utredare").user_id)],
        "until": (moment.today() + timedelta(days=30)).isoformat(), "reason": "Känd person.",
        **wrong,
    }  # fmt: skip
    answer = as_("polischef").post(f"{address(case)}steps/restrict/", sent)
    assert answer.status_code == 422
    assert f'id="id_{words}' in answer.content.decode() or words in answer.content.decode()
    assert as_("utredare2").get(address(case)).status_code == 200


def test_the_handler_must_be_among_the_named(actor: Actors, as_: As) -> None:
    case = make.in_progress(by=actor("utredare"))
    sent = {
        "ground": "other", "people": [str(actor("utredare2").user_id)], "reason": "Känd person.",
        "until": (moment.today() + timedelta(days=30)).isoformat(),
    }  # fmt: skip
    assert as_("polischef").post(f"{address(case)}steps/restrict/", sent).status_code == 422


def test_others_than_supervisors_restrict_nothing(actor: Actors, as_: As) -> None:
    case = make.in_progress(by=actor("utredare"))
    for name in ("restrict", "shut_out", "let_in", "break_glass"):
        answer = as_("utredare").post(f"{address(case)}steps/{name}/", {"reason": "x"})
        assert answer.status_code == 403, name


def test_a_restricted_case_is_given_to_a_named_colleague_only(
    actor: Actors, as_: As, case: Case
) -> None:
    sent = {"handler": str(actor("utredare2").user_id), "reason": "Byte."}
    assert as_("polischef").post(f"{address(case)}steps/hand_over/", sent).status_code == 422
    sent["handler"] = str(actor("polischef").user_id)
    assert as_("polischef").post(f"{address(case)}steps/hand_over/", sent).status_code == 302


def test_whoever_is_shut_out_finds_nothing_and_is_given_nothing(actor: Actors, as_: As) -> None:
    case = make.in_progress(by=actor("utredare"))
    sent = {"person": str(actor("utredare2").user_id), "until": "", "reason": "Granne."}
    client = as_("polischef")
    assert client.post(f"{address(case)}steps/shut_out/", sent).status_code == 302
    other = as_("utredare2")
    assert other.get(address(case)).status_code == 404
    assert case.reference not in other.get("/cases/?mine=all").content.decode()
    give = {"handler": str(actor("utredare2").user_id), "reason": "Byte."}
    assert client.post(f"{address(case)}steps/hand_over/", give).status_code == 422
    page = client.get("/exceptions/").content.decode()
    assert case.reference in page
    with make.acting(actor("polischef")):
        held = Exclusion.objects.pending().get(about_id=case.pk)
    done = client.post(f"/exceptions/exclusions/{held.pk}/close/", {"reason": "Flyttat."})
    assert done.status_code == 302
    assert other.get(address(case)).status_code == 200


def test_the_handler_cannot_be_shut_out_before_the_case_is_handed_over(
    actor: Actors, as_: As
) -> None:
    case = make.in_progress(by=actor("utredare"))
    sent = {"person": str(actor("utredare").user_id), "until": "", "reason": "Granne."}
    assert as_("polischef").post(f"{address(case)}steps/shut_out/", sent).status_code == 422


# --- breaking the glass ---------------------------------------------------------------------------


def test_the_glass_opens_the_case_for_three_hours_and_tells(
    actor: Actors, as_: As, case: Case
) -> None:
    other = as_("utredare2")
    answer = other.post("/exceptions/break-glass/", glass(case.reference.lower()))
    assert answer.status_code == 302
    assert answer.headers["Location"] == address(case)
    page = other.get(address(case))
    assert page.status_code == 200
    assert "nödöppning" in page.content.decode()
    with make.acting(actor("utredare2")):
        grant = Grant.objects.get(kind=Grant.Kind.BREAK_GLASS)
        assert timedelta(hours=2, minutes=59) < grant.until - grant.since <= timedelta(hours=3)
        line = Step.objects.get(about_id=case.pk, step="break_glass")
        assert (line.actor, line.role) == ("Jonas Wallin", "investigator")
        assert line.facts["stake"] == "child_at_risk"
        assert Reading.objects.filter(about_id=case.pk, kind="opened").count() == 1
    for login in ("utredare", "polischef"):
        with make.acting(actor(login)):
            told = Notice.objects.filter(kind="break_glass", user_id=actor(login).user_id)
            assert told.count() == 1
        assert case.reference in as_(login).get("/").content.decode()
    assert "+00:00" not in other.get(f"{address(case)}log/").content.decode(), "a clock as here"


def test_its_end_counts_on_the_next_request(
    actor: Actors, as_: As, case: Case, cast: dict[str, User]
) -> None:
    other = as_("utredare2")
    with make.acting(actor("polischef")):
        until = moment.now() + timedelta(milliseconds=700)
        make_grant(case, cast["utredare2"], actor("polischef"), until)
    assert other.get(address(case)).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.8)")
    assert other.get(address(case)).status_code == 404


def make_grant(case: Case, user: User, by: Actor, until: object) -> Grant:
    from_now = {"kind": Grant.Kind.BREAK_GLASS, "stake": "child_at_risk", "about": case.reference}
    return make.grant(case, user, by, WHY, until, **from_now)


@pytest.mark.parametrize(
    "given",
    [
        {"reference": "P-2026-9999"}, {"reference": ""}, {"reference": "x" * 50},
        {"reason": "för kort"}, {"reason": ""}, {"stake": ""}, {"stake": "because"},
    ],
)  # fmt: skip
def test_a_glass_that_cannot_be_broken(
    actor: Actors, as_: As, case: Case, given: dict[str, str]
) -> None:
    other = as_("utredare2")
    answer = other.post("/exceptions/break-glass/", glass(case.reference, **given))
    assert answer.status_code == 422
    if given.get("reason"):
        assert given["reason"] in answer.content.decode()  # nothing typed is lost
    assert other.get(address(case)).status_code == 404


def test_a_wrong_reference_leaves_its_refusal(actor: Actors, as_: As, case: Case) -> None:
    as_("utredare2").post("/exceptions/break-glass/", glass("P-2026-9999"))
    with make.acting(actor("utredare2")):
        assert Reading.objects.filter(kind="refused").count() == 1


def test_another_unit_breaks_no_glass_here(as_: As, case: Case) -> None:
    for login in ("utredare.granne", "socialsekreterare"):
        answer = as_(login).post("/exceptions/break-glass/", glass(case.reference))
        assert answer.status_code == 422
        assert as_(login).get(address(case)).status_code == 404


def test_whoever_is_shut_out_breaks_no_glass(actor: Actors, as_: As, case: Case) -> None:
    make.step(case, "shut_out", actor("polischef"), "Jäv.", person=actor("utredare2"), until=None)
    answer = as_("utredare2").post("/exceptions/break-glass/", glass(case.reference))
    assert answer.status_code == 422
    assert as_("utredare2").get(address(case)).status_code == 404
    with make.acting(actor("polischef")):
        assert not Grant.objects.open().filter(kind=Grant.Kind.BREAK_GLASS).exists()


def test_whoever_is_named_is_only_led_on(actor: Actors, as_: As, case: Case) -> None:
    answer = as_("utredare").post("/exceptions/break-glass/", glass(case.reference))
    assert answer.headers["Location"] == address(case)
    with make.acting(actor("utredare")):
        assert not Grant.objects.filter(kind=Grant.Kind.BREAK_GLASS).exists()


# --- the after-review -----------------------------------------------------------------------------


@pytest.fixture
def broken(actor: Actors, as_: As, case: Case) -> Grant:
    as_("utredare2").post("/exceptions/break-glass/", glass(case.reference))
    with make.acting(actor("polischef")):
        return Grant.objects.get(kind=Grant.Kind.BREAK_GLASS)


def test_somebody_else_judges_and_the_list_is_empty(actor: Actors, as_: As, broken: Grant) -> None:
    client = as_("polischef")
    assert broken.about in client.get("/exceptions/review/").content.decode()
    url = f"/exceptions/review/{broken.pk}/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"verdict": "justified", "note": ""}).status_code == 422
    assert client.post(url, {"verdict": "justified", "note": "Rätt."}).status_code == 302
    assert broken.about not in client.get("/exceptions/review/").content.decode()
    assert client.post(url, {"verdict": "not_justified", "note": "Fel."}).status_code == 409
    with make.acting(actor("polischef")):
        assert Judgement.objects.get().verdict == "justified"
        assert Change.objects.filter(model="access.judgement").count() == 1


def test_the_data_protection_officer_judges_too(as_: As, broken: Grant) -> None:
    client = as_("dataskydd.polis")
    assert broken.about in client.get("/exceptions/review/").content.decode()
    url = f"/exceptions/review/{broken.pk}/"
    assert client.post(url, {"verdict": "not_justified", "note": "Kunde vänta."}).status_code == 302


def test_the_other_authority_judges_nothing(as_: As, broken: Grant) -> None:
    for login in ("socialchef", "dataskydd.social"):
        assert broken.about not in as_(login).get("/exceptions/review/").content.decode()
        assert as_(login).get(f"/exceptions/review/{broken.pk}/").status_code == 404


def test_nobody_judges_her_own(actor: Actors, as_: As, case: Case) -> None:
    chief = actor("polischef")
    make.step(case, "unname", chief, "Prov.", person=chief)
    client = as_("polischef")
    client.post("/exceptions/break-glass/", glass(case.reference))
    with make.acting(chief):
        own = Grant.objects.get(kind=Grant.Kind.BREAK_GLASS)
    url = f"/exceptions/review/{own.pk}/"
    assert client.post(url, {"verdict": "justified", "note": "Rätt."}).status_code == 403
    with pytest.raises(IntegrityError), make.acting(chief):
        doors.judge(own, chief, "justified", "Rätt.")


# --- overseeing and ending ------------------------------------------------------------------------


def test_a_supervisor_ends_an_access_and_it_counts_at_once(
    actor: Actors, as_: As, broken: Grant, case: Case
) -> None:
    other, chief = as_("utredare2"), as_("polischef")
    assert other.get(address(case)).status_code == 200
    url = f"/exceptions/grants/{broken.pk}/close/"
    assert chief.get(url).status_code == 200
    assert chief.post(url, {"reason": ""}).status_code == 422
    assert chief.post(url, {"reason": "Behövs inte."}).status_code == 302
    assert other.get(address(case)).status_code == 404
    assert chief.post(url, {"reason": "Igen."}).status_code == 404


def test_a_named_persons_access_is_ended_by_a_step_of_the_case(
    actor: Actors, as_: As, case: Case
) -> None:
    chief = actor("polischef")
    with make.acting(chief):
        hers = Grant.objects.open().get(user_id=chief.user_id, kind=Grant.Kind.NAMED)
    answer = as_("polischef").post(f"/exceptions/grants/{hers.pk}/close/", {"reason": "Klart."})
    assert answer.status_code == 302
    with make.acting(actor("utredare")):
        assert Step.objects.filter(about_id=case.pk, step="unname").count() == 1


def test_the_last_named_is_not_taken_away(actor: Actors, as_: As, case: Case) -> None:
    chief = actor("polischef")
    make.step(case, "unname", chief, "Prov.", person=chief)
    with make.acting(chief):
        last = Grant.objects.open().get(kind=Grant.Kind.NAMED)
    as_("polischef").post(f"/exceptions/grants/{last.pk}/close/", {"reason": "Prov."})
    assert as_("utredare").get(address(case)).status_code == 200


def test_when_nobody_is_named_any_more_the_supervisor_names_again(actor: Actors, as_: As) -> None:
    case, chief = make.in_progress(by=actor("utredare")), actor("polischef")
    soon = moment.now() + timedelta(milliseconds=900)
    given = {
        "ground": "other",
        "protected": "",
        "people": [actor("utredare"), chief],
        "until": soon,
    }
    make.step(case, "restrict", chief, "Känd.", **given)
    client = as_("polischef")
    with make.acting(chief):
        row = Confined.objects.get(about_id=case.pk, ended_at=None)
    url = f"/exceptions/restricted/{row.pk}/name/"
    assert client.get(url).status_code == 409  # somebody is still named
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(1)")
    assert as_("utredare").get(address(case)).status_code == 404
    assert url in client.get("/exceptions/").content.decode()
    sent = {
        "people": [str(actor("utredare").user_id)], "reason": "Tiden gick ut.",
        "until": (moment.today() + timedelta(days=30)).isoformat(),
    }  # fmt: skip
    assert client.post(url, {**sent, "people": []}).status_code == 422
    assert client.post(url, sent).status_code == 302
    assert as_("utredare").get(address(case)).status_code == 200
    assert client.get(address(case)).status_code == 404  # she named somebody else
    with make.acting(actor("utredare")):
        assert Step.objects.filter(about_id=case.pk, step="name").count() == 1


def test_a_unit_may_show_that_restricted_cases_exist(actor: Actors, as_: As, case: Case) -> None:
    assert case.reference not in as_("utredare2").get("/exceptions/").content.decode()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE access_unit SET shows_restricted = true WHERE id = %s", [case.unit_id]
        )
    page = as_("utredare2").get("/exceptions/").content.decode()
    assert case.reference in page


def test_the_auditor_oversees_and_ends_nothing(actor: Actors, as_: As, broken: Grant) -> None:
    client = as_("dataskydd.polis")
    page = client.get("/exceptions/").content.decode()
    assert broken.about in page
    assert "/close/" not in page
    url = f"/exceptions/grants/{broken.pk}/close/"
    assert client.post(url, {"reason": "x"}).status_code == 403
