"""What the law makes somebody send: ready drafts, their clocks, and what comes of them."""

from datetime import timedelta

import pytest

from access.actor import Actor
from casework.models import Case, Deadline, Delivery, Disclosure
from casework.workflow import moment
from casework.workflow.disclosure import digest
from casework.workflow.steps import perform
from tests import letters, make
from tests.pages import Find, Login, form_with

pytestmark = pytest.mark.django_db
TODAY = moment.today()


def open_codes(case: Case, by: Actor) -> set[str]:
    with make.acting(by):
        running = Deadline.objects.filter(case=case, met_on=None, dropped_on=None)
        return set(running.values_list("code", flat=True))


def reported(actor: Find, end: str = "open") -> tuple[Case, Case]:
    """A report that asks for feedback, taken into a case and decided on: both sides' cases."""
    by, there = actor("utredare"), actor("socialsekreterare")
    ours, theirs = make.case(by), make.case(there)
    made = letters.sent(ours, by, fields=["name", "case_reference", "feedback_wanted"])
    with make.acting(there):
        letter = Delivery.objects.get(disclosure_id=made.pk)
    make.step(letter, "accept", there, case=theirs)
    with make.acting(there):
        part = theirs.social_investigations.get()
    part = make.step(
        part, "assess_protection", there, assessed_on=TODAY, needs_protection=False,
        protection_note="",
    )  # fmt: skip
    part = make.step(part, "begin_assessment", there)
    if end == "open":
        make.step(part, "open", there, opened_on=TODAY)
    else:
        make.step(part, "not_open", there, "Ingen oro kvar.", not_opened_on=TODAY)
    return ours, theirs


@pytest.mark.parametrize("end", ["open", "not_open"])
def test_the_reporter_is_told_whether_it_was_opened_and_nothing_more(
    as_: Login, actor: Find, end: str
) -> None:
    ours, theirs = reported(actor, end)
    there = actor("socialsekreterare")
    assert "SOL19_6" in open_codes(theirs, there)
    with make.acting(there):
        draft = Disclosure.objects.get(subject="feedback")
    page = f"/cases/{theirs.pk}/disclosures/{draft.pk}/steps/send/"
    client = as_("socialsekreterare")
    form = form_with(client.get(page).content, "shown")
    assert client.post(page, {**form, "confirmed": "yes"}).status_code == 422
    no = {**form, "confirmed": "yes", "informed": "no"}
    assert client.post(page, no).status_code == 422
    assert client.post(page, {**no, "informed_why": "Nås inte."}).status_code == 302
    assert "SOL19_6" not in open_codes(theirs, there)
    with make.acting(actor("utredare")):
        letter = Delivery.objects.get(subject="feedback")
        text = letter.text
        assert Disclosure.objects.get(case=ours).pk == letter.answers_to
    assert ours.reference in text
    assert TODAY.isoformat() in text
    assert letter.fields == ["their_reference", "investigation_state", "decided_on"]
    assert "Ingen oro kvar." not in text
    with make.acting(there):
        assert theirs.reference not in text
        assert theirs.person.family_name not in text


def notified(actor: Find) -> Case:
    """A suspicion about somebody under 18, and the notice of it sent: the police's case."""
    by, leader = actor("utredare"), actor("ledare")
    case = make.case(by, birth_date=TODAY - timedelta(days=16 * 365 + 40))
    part = make.police_investigation(case, by)
    part = make.step(part, "open", leader, opened_on=TODAY)
    part = make.step(part, "suspect", leader, suspected_on=TODAY)
    assert "LUL6" in open_codes(case, leader)
    with make.acting(leader):
        draft = Disclosure.objects.get(subject="suspicion_u18")
        names = ("to_unit", "subject", "initiative", "ground", "fields", "part_id")
        kept = {name: getattr(draft, name) for name in names}
        answers = {"mediation": "no", **draft.answers}
        draft = perform(draft, "redraft", leader, answers={**answers, **held(draft)}, **kept)
        text = Disclosure.objects.get(pk=draft.pk).compose()
        assert part.number not in text
        perform(draft, "send", leader, shown=digest(text))
    return case


def test_a_suspect_under_18_makes_a_ready_notice_that_meets_its_clock(actor: Find) -> None:
    case, leader = notified(actor), actor("ledare")
    assert "LUL6" not in open_codes(case, leader)
    with make.acting(actor("socialsekreterare")):
        letter = Delivery.objects.get(subject="suspicion_u18")
        assert TODAY.isoformat() in letter.facts["suspicion"]
        assert letter.starts == "lul_notice"


def test_a_notice_that_came_back_is_still_to_be_sent(actor: Find) -> None:
    """LUL 6 §: what social services sent back hasn't told them anything. The duty runs again."""
    case, leader, there = notified(actor), actor("ledare"), actor("socialsekreterare")
    with make.acting(there):
        letter = Delivery.objects.get(subject="suspicion_u18")
    make.step(letter, "give_back", there, "Fel nämnd.")
    assert "LUL6" not in open_codes(case, leader)  # nobody has read it yet
    with make.acting(actor("utredare")):
        back = Delivery.objects.get(subject="returned")
    make.step(back, "accept", actor("utredare"), case=case)
    with make.acting(leader):
        again = Deadline.objects.get(case=case, code="LUL6", met_on=None)
        first = Deadline.objects.exclude(met_on=None).get(case=case, code="LUL6")
    assert (again.starts_on, again.due, again.part_id) == (TODAY, TODAY, first.part_id)


def held(draft: Disclosure) -> dict[str, str]:
    """Answers to whatever else the ground asks of the police."""
    missing = draft.unanswered()
    return {code: "none" for code in missing if code == "harm_to_investigation"}
