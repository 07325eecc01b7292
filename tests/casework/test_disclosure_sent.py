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
