"""A social investigation: its life, and what each step asks for."""

import pytest

from casework.workflow import moment
from tests import make
from tests.pages import Find

pytestmark = pytest.mark.django_db


def test_a_report_lives_to_its_end(actor: Find) -> None:
    by, today = actor("socialsekreterare"), moment.today()
    part = make.social_investigation(make.case(by), by)
    for name, reason, facts in (
        ("assess_protection", "", {"assessed_on": today, "needs_protection": False,
                                   "protection_note": "Bor hos sin mamma."}),
        ("begin_assessment", "", {}),
        ("open", "", {"opened_on": today}),
        ("close_without_support", "Ingen vill.", {"decided_on": today}),
        ("follow_up", "Särskilt behov.", {}),
        ("note_lvu", "", {"lvu": "LVU7", "lvu_on": today}),
        ("close", "", {}),
    ):  # fmt: skip
        part = make.step(part, name, by, reason, **facts)
    assert (part.state, part.version, part.running) == ("closed", 7, False)
