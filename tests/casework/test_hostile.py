"""The short version of tests/hostile.py, and a check that it would notice."""

from collections.abc import Callable

import psycopg
import pytest

from access.actor import Actor
from audit import trail
from audit.models import Reading
from tests import database, hostile, joint, letters, make

Everybody = Callable[[str], Actor]


@pytest.fixture
def town(own_db: str, actor: Everybody) -> str:
    """A few cases of three units, in several states; all of it committed."""
    for login, chief in (("utredare", "polischef"), ("socialsekreterare", "socialchef")):
        make.case(by=actor(login))
        make.prioritised(by=actor(login))
        make.intervention(make.in_progress(by=actor(login)), by=actor(login))
        if login == "utredare":
            make.police_investigation(make.case(by=actor(login)), by=actor(login))
        else:
            make.social_investigation(make.case(by=actor(login)), by=actor(login))
        make.closed(by=actor(login), supervisor=actor(chief))
        letters.disclosure(make.case(by=actor(login)), by=actor(login))
        letters.sent(make.case(by=actor(login)), actor(login), sender=actor(chief))
        other = actor(f"{login}2")
        make.exceptions(make.case(by=actor(login)), actor(chief), actor(login), other)
        with make.acting(actor(login)):
            trail.reading(Reading.Kind.SEARCHED)
        make.review(actor(login))
    joint.active(joint.pair(actor))
    joint.propose(joint.pair(actor))
    make.in_progress(by=actor("utredare.granne"))
    make.deadline(make.in_progress(by=actor("utredare")), by=actor("utredare"))
    make.destroyed(actor("polischef"))
    return own_db


def test_three_thousand_hostile_statements_leave_no_illegal_state(
    town: str, superuser: psycopg.Connection
) -> None:
    with database.raw("fortur_app", town) as app:
        app.autocommit = True
        tally, broken = hostile.run(superuser, app, statements=3_000, seed=20261122)
    assert broken == []
    assert tally["refused"] > 1_000


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE casework_case SET state = 'closed' WHERE state = 'flagged'",
        "UPDATE audit_step SET to_state = 'rubbish' WHERE seq = 0",
        "DELETE FROM audit_step WHERE seq = 1",
        "UPDATE audit_reading SET actor = 'x'",
        "UPDATE casework_delivery SET from_unit = 'x'",
        "UPDATE casework_disclosure SET text = 'x'",
        "UPDATE casework_deadline SET due = due + 1",
        "UPDATE casework_rule SET length = 9999",
        "UPDATE casework_destruction SET state = 'rejected'",
        "UPDATE casework_destructionitem SET done_at = now()",
        "DELETE FROM casework_retentionrule WHERE code = 'LOGG'",
        "INSERT INTO audit_verdict (unit_id, authority_id, by_id, by, role, note, at, review_id,"
        " item_id, finding) SELECT unit_id, authority_id, actor_id, '', '', '', now(), review_id,"
        " id, 'explained' FROM audit_reviewitem",
    ],
)
def test_the_look_afterwards_finds_damage_done_with_every_guard_off(
    town: str, superuser: psycopg.Connection, damage: str
) -> None:
    superuser.execute(
        b"INSERT INTO audit_reading (kind, actor, role, unit, authority, about, purpose, detail)"
        b" VALUES ('opened', '', '', '', '', '', '', '{}')"
    )
    superuser.execute(b"SET session_replication_role = replica")
    before = hostile.lines_of(superuser)
    superuser.execute(damage.encode())
    assert list(hostile.faults(superuser, before)) != []
