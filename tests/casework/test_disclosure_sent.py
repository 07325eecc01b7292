"""What is sent: word for word what was previewed, the same on both sides, and for good."""

import pytest

from casework.models import Delivery, Disclosure
from casework.workflow.disclosure import digest
from tests import letters, make
from tests.pages import Find

pytestmark = pytest.mark.django_db


def test_both_sides_hold_the_same_bytes(actor: Find) -> None:
    by, there = actor("utredare"), actor("socialsekreterare")
    case = make.case(by)
    made = letters.sent(case, by, text="Sågs ensam sent på kvällen.")
    with make.acting(by):
        mine = Disclosure.objects.get(pk=made.pk)
        assert mine.state == "sent"
        text = mine.sent_text
    with make.acting(there):
        theirs = Delivery.objects.get(disclosure_id=made.pk)
        assert theirs.text == text
        assert theirs.content_hash == mine.content_hash == digest(text)
        assert theirs.facts["case_reference"] == case.reference


def test_a_report_taken_in_starts_the_investigation_with_its_clock_from_arrival(
    actor: Find,
) -> None:
    there = actor("socialsekreterare")
    letter = letters.arrived(actor("utredare"), there, fields=["name", "feedback_wanted"])
    case = make.case(there)
    taken = make.step(letter, "accept", there, case=case)
    with make.acting(there):
        assert taken.case_id == case.pk
        part = case.social_investigations.get()
        assert part.delivery_id == letter.pk
        assert part.received_at == letter.arrived_at
        assert part.wants_feedback


def test_what_is_sent_back_lies_in_the_senders_inbox(actor: Find) -> None:
    by, there = actor("utredare"), actor("socialsekreterare")
    case = make.case(by)
    made = letters.sent(case, by)
    with make.acting(there):
        letter = Delivery.objects.get(disclosure_id=made.pk)
    make.step(letter, "give_back", there, "Fel nämnd.")
    with make.acting(by):
        back = Delivery.objects.get(subject="returned")
        assert back.answers_to == made.pk
        assert "Fel nämnd." in back.text
