"""From a suspicion with the police to an investigation at social services, and the answer back."""

from datetime import date
from typing import Any

import pytest

from access.actor import Actor
from access.questions import QUESTIONS
from casework.models import Case, Delivery, Disclosure
from casework.workflow import moment
from casework.workflow.disclosure import digest
from casework.workflow.steps import NotNow
from tests import letters, make
from tests.pages import Find

pytestmark = pytest.mark.django_db
TODAY = moment.today()
NOTE: dict[str, Any] = {
    "assessed_on": TODAY, "needs_protection": False, "protection_note": "Bor hos mamma.",
}  # fmt: skip


def send(part: Any, by: Actor, code: str) -> Disclosure:
    """Whoever decides answers what the draft asks, looks at it and sends it."""
    with make.acting(by):
        draft = Disclosure.objects.get(part_id=part.pk, ground__code=code, state="draft")
        asked = {one: letters.answer_to(QUESTIONS[one]) for one in draft.unanswered()}
    if asked:
        draft = make.step(draft, "redraft", by, answers=draft.answers | asked)
    with make.acting(by):
        shown = digest(Disclosure.objects.get(pk=draft.pk).compose())
    return make.step(draft, "send", by, shown=shown)


def clocks(part: Any, by: Actor) -> dict[str, date]:
    with make.acting(by):
        found = part.case.clocks.filter(met_on=None, dropped_on=None, part_id=part.pk)
        return dict(found.values_list("code", "due"))


def test_a_notice_of_suspicion_starts_the_other_sides_clocks(actor: Find) -> None:
    by, leader, there = actor("utredare"), actor("ledare"), actor("socialsekreterare")
    part = make.police_investigation(make.case(by), by)
    part = make.step(part, "open", leader, opened_on=TODAY)
    part = make.step(part, "suspect", leader, suspected_on=TODAY)
    sent = send(part, leader, "LUL6")
    assert set(clocks(part, by)) == {"LUL5"}
    with make.acting(there):
        letter = Delivery.objects.get(disclosure_id=sent.pk)
    case = make.case(there)
    make.step(letter, "accept", there, case=case)
    with make.acting(there):
        theirs = Case.objects.get(pk=case.pk).social_investigations.get()
    assert (theirs.report, theirs.received_at) == ("lul_notice", letter.arrived_at)
    assert set(clocks(theirs, there)) == {"SOL20_1", "SOL20_2"}


def test_the_reporters_answer_is_laid_ready_and_meets_its_clock(actor: Find) -> None:
    by, there = actor("utredare"), actor("socialsekreterare")
    letter = letters.arrived(by, there, fields=["name", "feedback_wanted"])
    case = make.case(there)
    make.step(letter, "accept", there, case=case)
    with make.acting(there):
        part = case.social_investigations.get()
    part = make.step(part, "assess_protection", there, **NOTE)
    part = make.step(part, "begin_assessment", there)
    part = make.step(part, "open", there, opened_on=TODAY)
    assert "SOL19_6" in clocks(part, there)
    sent = send(part, there, "ATERKOPPLING")
    assert "SOL19_6" not in clocks(part, there)
    with make.acting(by):
        answer = Delivery.objects.get(disclosure_id=sent.pk)
        assert answer.subject == "feedback"


def test_the_protocol_is_sent_before_the_inquiry_goes_on(actor: Find) -> None:
    by, leader = actor("utredare"), actor("ledare")
    born = TODAY.replace(year=TODAY.year - 14, month=1, day=1)
    part = make.police_investigation(make.case(by, birth_date=born), by, kind="inquiry")
    part = make.step(
        part, "begin_inquiry", leader, ground="board_request", exceptional="", begun_on=TODAY
    )
    send(part, leader, "LUL34")
    assert set(clocks(part, by)) == {"LUL32", "LUL33"}
    part = make.step(part, "prepare_protocol", by)
    with pytest.raises(NotNow):
        make.step(part, "send_protocol", leader, protocol_on=TODAY)
    send(part, leader, "LUL37")
    assert set(clocks(part, by)) == {"LUL32", "LUL33"}
    part = make.step(part, "send_protocol", leader, protocol_on=TODAY)
    assert set(clocks(part, by)) == {"LUL33"}
    with pytest.raises(NotNow):
        make.step(part, "prepare_protocol", by)
    with pytest.raises(NotNow, match="frist"):
        make.step(part, "close", by)
    part = make.step(part, "notify_guardian", by, guardian_on=TODAY, guardian_how="Besök.")
    assert make.step(part, "close", by).state == "closed"


def test_a_draft_that_was_decided_against_can_be_laid_ready_again(actor: Find) -> None:
    by, leader = actor("utredare"), actor("ledare")
    born = TODAY.replace(year=TODAY.year - 14, month=1, day=1)
    part = make.police_investigation(make.case(by, birth_date=born), by, kind="inquiry")
    part = make.step(
        part, "begin_inquiry", leader, ground="board_request", exceptional="", begun_on=TODAY
    )
    part = make.step(part, "prepare_protocol", by)
    with make.acting(leader):
        draft = Disclosure.objects.get(part_id=part.pk, ground__code="LUL37")
    make.step(draft, "refuse", leader, "Inte klart.")
    part = make.step(part, "prepare_protocol", by)
    with make.acting(leader):
        states = Disclosure.objects.filter(part_id=part.pk, ground__code="LUL37")
        assert sorted(states.values_list("state", flat=True)) == ["draft", "refused"]
        assert part.case.clocks.filter(code="LUL37").count() == 1
