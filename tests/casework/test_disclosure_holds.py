"""The second wall around what was sent: as the service's own role, nothing of it can be changed."""

from collections.abc import Callable

import psycopg
import pytest

from casework.models import Delivery, Disclosure
from tests import letters, make
from tests.pages import Find

AsApp = Callable[..., psycopg.Connection]
SENT = (
    "text = 'Annat'", "content = '\\x00'", "content_hash = repeat('0', 64)", "fields = '[]'",
    "answers = '{\"x\": 1}'", "state = 'draft'", "version = version + 1", "subject = 'acute'",
    "to_unit_id = unit_id", "decided_by_id = drafted_by_id, receiver = 'x'", "ground_id = 1",
)  # fmt: skip
ARRIVED = (
    "content = '\\x00'", "content_hash = repeat('0', 64)", "state = 'received'", "case_id = NULL",
    "from_unit = 'x'", "returned_why = 'x'", "restricted = true", "sent_at = now()",
    "disclosure_id = NULL",
)  # fmt: skip


@pytest.fixture
def crossed(own_db: str, actor: Find) -> tuple[Disclosure, Delivery]:
    """What was sent from the police, and its copy with social services, taken in."""
    by, there = actor("utredare"), actor("socialsekreterare")
    made = letters.sent(make.case(by), by, text="Sågs ensam.")
    with make.acting(there):
        letter = Delivery.objects.get(disclosure_id=made.pk)
    return made, make.step(letter, "accept", there, case=make.case(there))


def test_nothing_of_what_crossed_changes_or_goes(
    crossed: tuple[Disclosure, Delivery], as_app: AsApp, actor: Find
) -> None:
    for login, table, changes in (
        ("utredare", "casework_disclosure", SENT),
        ("socialsekreterare", "casework_delivery", ARRIVED),
    ):
        who = actor(login)
        raw = as_app(unit=who.unit_id, user=who.user_id)
        assert count(raw, table) == 1
        for change in changes:
            with pytest.raises(psycopg.Error), raw.transaction():
                raw.execute(f"UPDATE {table} SET {change}".encode())  # noqa: S608
        with pytest.raises(psycopg.errors.InsufficientPrivilege), raw.transaction():
            raw.execute(f"DELETE FROM {table}".encode())  # noqa: S608


def count(raw: psycopg.Connection, table: str) -> int:
    row = raw.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()  # noqa: S608
    return int(row[0]) if row else 0


def test_nothing_is_sent_without_its_bytes(own_db: str, as_app: AsApp, actor: Find) -> None:
    by = actor("utredare")
    letters.disclosure(make.case(by), by)
    raw = as_app(unit=by.unit_id, user=by.user_id)
    with pytest.raises(psycopg.errors.CheckViolation):
        raw.execute(b"UPDATE casework_disclosure SET state = 'sent', version = version + 1")


def test_nobody_else_sees_what_lies_in_the_inbox(
    crossed: tuple[Disclosure, Delivery], as_app: AsApp, actor: Find
) -> None:
    for login in ("utredare", "utredare.granne", "socialsekreterare.granne", "samordnare"):
        who = actor(login)
        assert count(as_app(unit=who.unit_id, user=who.user_id), "casework_delivery") == 0
