"""What is restricted stays restricted when it is sent."""

from datetime import timedelta

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
