"""Policy, queryset and rule agree about every row, whoever asks (tests/agreement.py)."""

import os
import random
from typing import Any

import psycopg

from casework.demo.people import PEOPLE
from casework.models import FlagFile
from casework.workflow import moment
from tests import joint, make
from tests.agreement import Changes, Tally, compare, compared, known_to
from tests.pages import Find

ROUNDS = int(os.environ.get("AGREEMENT_ROUNDS", "3"))
SEED = int(os.environ.get("AGREEMENT_SEED", "1"))


def furnish(actor: Find) -> None:
    """One of everything on both sides, and some more cases."""
    two = joint.pair(actor)
    joint.active(two)
    for by, chief, other in (
        ("utredare", "polischef", "utredare2"),
        ("socialsekreterare", "socialchef", "socialsekreterare2"),
    ):
        me, head = actor(by), actor(chief)
        case = make.in_progress(by=me)
        support = make.intervention(case, by=me)
        agreed: dict[str, Any] = {
            "consent_by": "both",
            "consent_on": moment.today(),
            "consent_note": "",
        }
        support = make.step(support, "agree", me, **agreed)
        make.step(support, "add_note", me, text="Första samtalet blev av.")
        number = make.number()
        make.closed(by=me, supervisor=head, number=number)
        make.case(by=me, number=number)
        made = make.police_investigation if me.authority == "police" else make.social_investigation
        made(make.in_progress(by=me), me)
        make.exceptions(case, head, me, actor(other))
        with make.acting(me):
            FlagFile.objects.create(unit_id=me.unit_id, uploaded_by_id=me.user_id, name="x.csv")
    make.case(by=actor("utredare.granne"))
    make.case(by=actor("socialsekreterare.granne"))


def test_policy_queryset_and_rule_agree(
    own_db: str, actor: Find, superuser: psycopg.Connection
) -> None:
    furnish(actor)
    people = [actor(one.username) for one in PEOPLE]
    chiefs = [actor("polischef"), actor("socialchef")]
    changes = Changes(
        dice=random.Random(SEED),  # noqa: S311 - repeatable, not secret
        chiefs=chiefs,
        colleagues={
            chief.unit_id: [one for one in people if one.unit_id == chief.unit_id]
            for chief in chiefs
        },
        cases={chief.unit_id: known_to(superuser, chief.unit_id) for chief in chiefs},
    )
    tally = Tally()
    for _ in range(ROUNDS):
        changes.happen(12)
        compare(superuser, people, tally)
    assert tally.disagreements[:10] == []
    assert tally.triples >= 10_000
    assert 0 < tally.hidden < tally.triples
    print(f"{tally.triples} triples, {len(tally.disagreements)} disagreements")  # noqa: T201


def test_every_table_with_an_owner_is_compared() -> None:
    assert len(compared()) > 20
