"""Ways round the exceptions that were found by looking for them, each held by a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from access.actor import Actor
from access.models import Confined, Grant, Membership, User
from audit.models import Step
from casework.exceptions import for_one_step
from casework.models import Case, Delivery, Notice, SocialInvestigation
from casework.sending.inbox import flag_of
from casework.workflow import moment
from casework.workflow.steps import NotNow, perform
from tests import letters, make
from tests.pages import Find, Login

pytestmark = pytest.mark.django_db
KEPT = "Flickan är dotter till Gun i receptionen."
WHY = "Samtal om att barnet är i fara i kväll."


def day(days: int) -> Any:
    return moment.now() + timedelta(days=days)


def hidden(by: Any, chief: Any, *people: Any, reason: str = KEPT) -> Case:
    """A case in progress, restricted to these for that reason."""
    made = make.in_progress(by)
    given = {"ground": "relative_of_staff", "protected": "", "people": list(people)}
    return make.step(made, "restrict", chief, reason, until=day(30), **given)


def second_chief(actor: Find) -> Actor:
    """Utredare2 as a supervisor of the same unit."""
    with make.acting(actor("polischef")):
        hers = Membership.objects.get(user_id=actor("utredare2").user_id)
        hers.role = "supervisor"
        hers.save()
    return actor("utredare2")


@contextmanager
def exceptions_step(case: Case, by: Actor) -> Iterator[Case]:
    """The case for one step of a supervisor who isn't named."""
    with make.acting(by), for_one_step(case.pk, by, "Jäv.") as seen:
        assert seen
        yield seen


# --- the field log -----------------------------------------------


def test_why_somebody_is_named_or_shut_out_stands_in_the_cases_own_log_only(
    actor: Find, as_: Login
) -> None:
    by, chief = actor("utredare"), actor("polischef")
    case = hidden(by, chief, by, reason=KEPT)
    with exceptions_step(case, chief) as seen:
        perform(seen, "shut_out", chief, KEPT, person=actor("utredare2"), until=None)
    lines = as_("polischef").get("/audit/").content.decode()
    assert KEPT not in lines
    file = as_("polischef").post("/audit/export/", {}).content.decode()
    assert KEPT not in file


# --- what was taken in before the case was restricted -----


def test_a_case_with_a_restricted_delivery_can_be_restricted(actor: Find) -> None:
    by, chief = actor("utredare"), actor("polischef")
    there, head = actor("socialsekreterare"), actor("socialchef")
    made = letters.sent(hidden(by, chief, by, chief), by)
    with make.acting(head):
        letter = Delivery.objects.get(disclosure_id=made.pk)
    theirs = make.in_progress(there)
    make.step(letter, "accept", head, case=theirs)
    make.restricted(theirs, head, there, head)
    for who, sees in ((head, True), (there, True), (actor("socialsekreterare2"), False)):
        with make.acting(who):
            assert Delivery.objects.filter(pk=letter.pk).exists() == sees, who.username


# --- answers -----------------------------------------------


def test_what_comes_back_about_a_restricted_case_is_restricted(actor: Find) -> None:
    """Sent before the restriction, sent back after it: the colleagues learn nothing."""
    by, chief, head = actor("utredare"), actor("polischef"), actor("socialchef")
    case = make.in_progress(by)
    made = letters.sent(case, by)
    make.restricted(case, chief, by, chief)
    with make.acting(head):
        letter = Delivery.objects.get(disclosure_id=made.pk)
    make.step(letter, "give_back", head, "Flickan bor i en annan kommun.")
    for who, sees in ((by, True), (actor("utredare2"), False)):
        with make.acting(who):
            assert Delivery.objects.filter(answers_to=made.pk).exists() == sees, who.username


def test_an_answer_to_what_came_restricted_goes_restricted(actor: Find) -> None:
    by, chief = actor("utredare"), actor("polischef")
    there, head = actor("socialsekreterare"), actor("socialchef")
    made = letters.sent(hidden(by, chief, by, chief), by)
    with make.acting(head):
        letter = Delivery.objects.get(disclosure_id=made.pk)
    theirs = make.in_progress(there)
    make.step(letter, "accept", head, case=theirs)
    letters.sent(theirs, there, head, reply_to=letter.pk)
    with make.acting(actor("utredare2")):
        assert not Delivery.objects.exists()
    with make.acting(by):
        answer = Delivery.objects.get(answers_to=made.pk)
        assert Notice.objects.filter(kind="delivery_arrived").exists()
        case = Case.objects.get(disclosures__pk=made.pk)
    make.step(answer, "accept", by, case=case)
    with make.acting(by):
        assert Delivery.objects.filter(pk=answer.pk, case=case).exists()


def test_what_arrives_restricted_is_seen_where_a_unit_has_no_supervisor(actor: Find) -> None:
    by, chief, head = actor("utredare"), actor("polischef"), actor("socialchef")
    with make.acting(head):
        hers = Membership.objects.get(user_id=head.user_id)
        hers.until = moment.today() - timedelta(days=1)
        hers.save()
    made = letters.sent(hidden(by, chief, by), by, text=KEPT)
    with make.acting(actor("socialsekreterare")):
        letter = Delivery.objects.get(disclosure_id=made.pk)
        assert flag_of(letter)["text"] == ""  # a new case is open to the unit
    with make.acting(actor("faltassistent")):
        assert not Delivery.objects.exists()


# --- who is shut out -----------------------------------------------


def test_a_supervisor_who_is_shut_out_sees_nothing_of_it_among_the_exceptions(
    actor: Find, as_: Login
) -> None:
    by, chief = actor("utredare"), actor("polischef")
    case = hidden(by, chief, by, chief)
    other = second_chief(actor)
    make.step(case, "shut_out", chief, "Jäv.", person=other, until=None)
    client = as_("utredare2")
    sent = {"reference": case.reference, "stake": "child_at_risk", "reason": WHY}
    with make.acting(actor("omradespolis")):
        glass = make.grant(
            case, User.objects.get(pk=actor("omradespolis").user_id), actor("omradespolis"), WHY,
            moment.now() + timedelta(hours=2), kind=Grant.Kind.BREAK_GLASS, stake="child_at_risk",
            about=case.reference,
        )  # fmt: skip
    assert client.get("/exceptions/").status_code == 200
    for address in ("/exceptions/", "/exceptions/review/", "/audit/access/"):
        page = client.get(address).content.decode()
        assert case.reference not in page, address
    assert client.get(f"/exceptions/review/{glass.pk}/").status_code == 404
    assert client.post(f"/exceptions/grants/{glass.pk}/close/", {"reason": "x"}).status_code == 404
    assert client.post("/exceptions/break-glass/", sent).status_code == 422


def test_a_supervisor_who_is_shut_out_is_told_of_no_emergency(actor: Find, as_: Login) -> None:
    by, chief = actor("utredare"), actor("polischef")
    case = hidden(by, chief, by, chief)
    other = second_chief(actor)
    make.step(case, "shut_out", chief, "Jäv.", person=other, until=None)
    sent = {"reference": case.reference, "stake": "child_at_risk", "reason": WHY}
    assert as_("omradespolis").post("/exceptions/break-glass/", sent).status_code == 302
    for who, told in ((by, 1), (chief, 1), (other, 0)):
        with make.acting(who):
            assert Notice.objects.filter(kind="break_glass").count() == told, who.username


# --- access for a while that becomes access for good -----


def test_whoever_broke_the_glass_neither_names_herself_nor_lifts_the_restriction(
    actor: Find, as_: Login
) -> None:
    by, chief = actor("utredare"), actor("polischef")
    case = hidden(by, chief, by)
    client = as_("polischef")
    sent = {"reference": case.reference, "stake": "child_at_risk", "reason": WHY}
    assert client.post("/exceptions/break-glass/", sent).status_code == 302
    until = (moment.today() + timedelta(days=90)).isoformat()
    name = {"people": [str(chief.user_id)], "until": until, "reason": "För gott."}
    for step, given in (("name", name), ("unrestrict", {"reason": "x", "confirmed": "yes"})):
        answer = client.post(f"/cases/{case.pk}/steps/{step}/", given)
        assert answer.status_code in (403, 422), step
    other = {**name, "people": [str(actor("utredare2").user_id)]}
    assert client.post(f"/cases/{case.pk}/steps/name/", other).status_code == 302
    with make.acting(chief):
        assert Case.objects.get(pk=case.pk).restricted
        kinds = Grant.objects.pending().filter(user_id=chief.user_id).values_list("kind", flat=True)
        assert list(kinds) == ["break_glass"]


def test_a_supervisor_opens_no_restricted_case_by_standing_in_herself(
    actor: Find, as_: Login
) -> None:
    by, chief = actor("utredare"), actor("polischef")
    case = hidden(by, chief, by)
    today = moment.today()
    sent = {
        "absent": str(by.user_id), "substitute": str(chief.user_id), "since": today.isoformat(),
        "until": (today + timedelta(days=7)).isoformat(), "reason": "Semester.",
    }  # fmt: skip
    client = as_("polischef")
    assert client.post("/exceptions/substitutes/", sent).status_code == 302
    assert client.get(f"/cases/{case.pk}/").status_code == 404


# --- nobody is left -----------------------------------------------


def test_a_case_whose_only_named_person_has_left_is_given_to_somebody_else(
    actor: Find, as_: Login
) -> None:
    by, chief = actor("utredare"), actor("polischef")
    case = hidden(by, chief, by)
    with make.acting(chief):
        hers = Membership.objects.get(user_id=by.user_id)
        hers.until = moment.today() - timedelta(days=1)
        hers.save()
        confined = Confined.objects.get(about_id=case.pk)
    sent = {
        "people": [str(chief.user_id)], "reason": "Handläggaren har slutat.",
        "until": (moment.today() + timedelta(days=90)).isoformat(),
    }  # fmt: skip
    client = as_("polischef")
    address = f"/exceptions/restricted/{confined.pk}/name/"
    assert client.post(address, sent).status_code == 302
    assert client.get(f"/cases/{case.pk}/").status_code == 200


# --- in the same moment ----------------------------------------------------------


def test_nothing_is_taken_into_a_case_that_was_closed_in_the_same_moment(actor: Find) -> None:
    """No statutory clock runs hidden in a closed case."""
    there, head = actor("socialsekreterare"), actor("socialchef")
    letter = letters.arrived(actor("utredare"), there)
    open_still = make.in_progress(there)
    make.step(open_still, "close", head, "Klart.", outcome="no_further_need")
    with pytest.raises(NotNow), make.acting(there):
        perform(letter, "accept", there, case=open_still)
    with make.acting(there):
        assert Delivery.objects.get(pk=letter.pk).state == "received"
        assert not SocialInvestigation.objects.exists()


def test_what_is_taken_in_is_hidden_where_the_case_was_restricted_in_the_same_moment(
    actor: Find,
) -> None:
    there, head = actor("socialsekreterare"), actor("socialchef")
    letter = letters.arrived(actor("utredare"), there)
    made = make.in_progress(there)
    with make.acting(there):
        open_still = Case.objects.select_related("person").get(pk=made.pk)  # as the form has it
    make.restricted(made, head, there, head)
    with make.acting(there):
        perform(letter, "accept", there, case=open_still)
    with make.acting(actor("socialsekreterare2")):
        assert not Step.objects.filter(thing_id=letter.pk).exists()


# --- what one process keeps between requests ---------------------


def test_the_queues_headings_are_in_the_readers_language(actor: Find, as_: Login) -> None:
    make.closed(actor("utredare"), actor("polischef"))
    said = {"sv": "Avslutade och avförda", "en": "Closed and set aside"}
    for language in ("en", "sv", "en"):
        with make.acting(actor("utredare")):
            User.objects.filter(pk=actor("utredare").user_id).update(language=language)
        page = as_("utredare").get("/cases/?state=closed&mine=all").content.decode()
        assert said[language] in page
