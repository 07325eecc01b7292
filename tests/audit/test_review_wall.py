"""The log review in a database of the test's own: secrecy marks, and nothing is rewritten."""

from collections.abc import Callable

import psycopg
import pytest

from access.actor import Actor
from audit.models import Reading
from tests import make
from tests.audit.test_review import made, read

Find = Callable[[str], Actor]


def test_a_secrecy_marked_case_is_a_hit(
    own_db: str, actor: Find, superuser: psycopg.Connection
) -> None:
    me = actor("utredare")
    open_, marked = make.case(by=me), make.case(by=me)
    read(me, open_)
    read(me, marked)
    superuser.execute(b"SET session_replication_role = replica")
    superuser.execute(b"UPDATE casework_case SET restricted = true WHERE id = %s", [marked.pk])
    of = made(me)
    with make.acting(me):
        lines = [item.reading_id for item in of.items.all() if "restricted" in item.why]
        assert [Reading.objects.get(pk=line).about_id for line in lines] == [marked.pk]


@pytest.mark.parametrize(
    "table", ["audit_review", "audit_reviewitem", "audit_verdict", "audit_signoff"]
)
@pytest.mark.parametrize(
    "statement", ["DELETE FROM {}", "UPDATE {} SET unit_id = unit_id", "TRUNCATE {} CASCADE"]
)
def test_a_review_is_written_once(
    own_db: str, actor: Find, as_app: Callable[..., psycopg.Connection], table: str, statement: str
) -> None:
    chief = actor("polischef")
    raw = as_app(unit=chief.unit_id, user=chief.user_id, authority=chief.authority_id)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute(statement.format(table).encode())
