"""A police investigation: its two lives, and what each step asks for."""

import pytest

from casework.workflow import moment
from tests import make
from tests.pages import Find

pytestmark = pytest.mark.django_db


def test_a_preliminary_investigation_lives_to_its_end(actor: Find) -> None:
    by, leader, today = actor("utredare"), actor("ledare"), moment.today()
    part = make.police_investigation(make.case(by), by)
    for name, who, facts in (
        ("open", leader, {"opened_on": today}),
        ("suspect", leader, {"suspected_on": today}),
        ("notify_guardian", by, {"guardian_on": today, "guardian_how": "Telefon."}),
        ("serve", leader, {"served_on": today}),
        ("hand_over", by, {"handed_on": today}),
        ("decide", by, {"decision": "waiver", "decided_on": today}),
        ("close", by, {}),
    ):
        part = make.step(part, name, who, **facts)
    assert (part.state, part.version, part.running) == ("closed", 7, False)
