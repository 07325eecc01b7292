"""What is restricted stays restricted when it is sent."""

from datetime import timedelta
from typing import Any

import psycopg

from access.grants import open_grant
from access.models import User
from access.visible import visible_to
from casework.models import Delivery
from casework.workflow import moment
from tests import letters, make
from tests.pages import Find

DAY = timedelta(days=1)


def test_a_restricted_one_is_seen_by_the_named_supervisors_only(
    own_db: str, actor: Find, superuser: psycopg.Connection
) -> None:
    by = actor("utredare")
    case = make.case(by)
    with make.acting(by):
        open_grant(case, User.objects.get(pk=by.user_id), by, "Handlägger.", moment.now() + DAY)
    superuser.execute(b"SET session_replication_role = replica")
    superuser.execute(b"UPDATE casework_case SET restricted = true WHERE id = %s", [case.pk])
    made = letters.sent(case, by)
    seen = {}
    for login in ("socialchef", "socialsekreterare"):
        who = actor(login)
        with make.acting(who):
            rows = Delivery.objects.filter(disclosure_id=made.pk)
            seen[login] = rows.exists(), visible_to(rows, who).exists()
    assert seen == {"socialchef": (True, True), "socialsekreterare": (False, False)}


def test_one_is_taken_into_a_restricted_case_and_seen_by_those_named_there(
    own_db: str, actor: Find
) -> None:
    until = moment.now() + DAY
    by, chief = actor("utredare"), actor("polischef")
    there, head = actor("socialsekreterare"), actor("socialchef")
    hide: dict[str, Any] = {"ground": "other", "protected": "", "until": until}
    ours = make.step(make.case(by), "restrict", chief, "S.", people=[by, chief], **hide)
    theirs = make.step(make.case(there), "restrict", head, "S.", people=[there, head], **hide)
    made = letters.sent(ours, by)
    with make.acting(head):
        letter = Delivery.objects.get(disclosure_id=made.pk)
    make.step(letter, "accept", head, case=theirs)
    for who, sees in ((head, True), (there, True), (actor("socialsekreterare2"), False)):
        with make.acting(who):
            rows = Delivery.objects.filter(pk=letter.pk)
            assert (rows.exists(), visible_to(rows, who).exists()) == (sees, sees)


def test_the_handler_of_the_case_is_named_for_what_is_taken_into_it(
    own_db: str, actor: Find
) -> None:
    by, chief = actor("utredare"), actor("polischef")
    there, head = actor("socialsekreterare"), actor("socialchef")
    hide: dict[str, Any] = {"ground": "other", "protected": "", "until": moment.now() + DAY}
    ours = make.step(make.case(by), "restrict", chief, "S.", people=[by, chief], **hide)
    theirs = make.in_progress(there)
    made = letters.sent(ours, by)
    with make.acting(head):
        letter = Delivery.objects.get(disclosure_id=made.pk)
    make.step(letter, "accept", head, case=theirs)
    for who, sees in ((there, True), (actor("socialsekreterare2"), False)):
        with make.acting(who):
            rows = Delivery.objects.filter(pk=letter.pk)
            assert (rows.exists(), visible_to(rows, who).exists()) == (sees, sees)
