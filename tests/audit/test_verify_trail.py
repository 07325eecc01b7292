"""manage.py verify_trail finds what even a superuser did to the trail, and names the line."""

from collections.abc import Callable
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

import tests
from access.actor import Actor
from audit.chain import Fault
from audit.checking import check_case
from casework.models import Case
from tests import make


@pytest.fixture
def case(own_db: str, settings: Settings, actor: Callable[[str], Actor]) -> Case:
    settings.DATABASE_AUDITOR_URL = tests.CLUSTER.url("fortur_verify", own_db)
    make.case(actor("socialsekreterare"))
    return make.prioritised(actor("utredare"))


def verified(*arguments: str) -> str:
    said = StringIO()
    call_command("verify_trail", *arguments, stdout=said)
    return said.getvalue()


def tamper(superuser: psycopg.Connection, statement: bytes, case: Case) -> None:
    """As a superuser who has switched the triggers off."""
    superuser.execute("SET session_replication_role = replica")
    assert superuser.execute(statement, [case.pk]).rowcount == 1


def test_an_honest_trail_is_whole(case: Case) -> None:
    assert "none is broken" in verified()
    assert verified("--thing", str(case.pk)).startswith("2 lines")


def test_it_reads_every_units_lines(case: Case) -> None:
    with psycopg.connect(
        tests.CLUSTER.url("fortur_verify", connection.settings_dict["NAME"])
    ) as raw:
        (lines,) = raw.execute("SELECT count(*) FROM audit_leaf").fetchone() or (0,)
    assert verified().startswith(f"{lines} lines")


TAMPERINGS = {
    b"UPDATE audit_step SET reason = 'Annat' WHERE thing_id = %s AND seq = 1": (1, "different"),
    b"UPDATE audit_step SET facts = '{}' WHERE thing_id = %s AND seq = 0": (0, "different"),
    b"UPDATE audit_step SET actor = 'Annan' WHERE thing_id = %s AND seq = 1": (1, "different"),
    b"UPDATE audit_step SET at = at - interval '1 day' WHERE thing_id = %s AND seq = 1": (
        1, "different",
    ),
    b"UPDATE audit_step SET payload = replace(payload, 'flag', 'flog')"
    b" WHERE thing_id = %s AND seq = 0": (0, "altered"),
    b"UPDATE audit_step SET payload = 'x', hash = sha256('x') WHERE thing_id = %s AND seq = 0": (
        0, "different",
    ),
    b"UPDATE audit_step SET prev_hash = 'x' WHERE thing_id = %s AND seq = 1": (1, "unlinked"),
    b"UPDATE audit_step SET prev_hash = 'x', hash = sha256('x' || convert_to(payload, 'UTF8'))"
    b" WHERE thing_id = %s AND seq = 1": (1, "unlinked"),
    b"DELETE FROM audit_step WHERE thing_id = %s AND seq = 0": (0, "missing"),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "named"), TAMPERINGS.items())
def test_tampering_is_found_and_the_line_named(
    case: Case, superuser: psycopg.Connection, statement: bytes, named: tuple[int, str]
) -> None:
    tamper(superuser, statement, case)
    seq, fault = named
    for arguments in ((), ("--thing", str(case.pk))):
        with pytest.raises(CommandError, match=f"{case.pk}/{seq} {fault}") as failed:
            verified(*arguments)
        assert failed.value.returncode == 1


def test_a_removed_last_line_is_seen_with_the_case(
    case: Case, superuser: psycopg.Connection, actor: Callable[[str], Actor]
) -> None:
    tamper(superuser, b"DELETE FROM audit_step WHERE thing_id = %s AND seq = 1", case)
    with make.acting(actor("utredare")):
        broken = check_case(case.pk, {case.pk: case.version}).broken
    assert broken is not None
    assert (broken.seq, broken.fault) == (1, Fault.MISSING)


def test_a_thing_without_lines_is_not_called_verified(case: Case) -> None:
    with pytest.raises(CommandError, match="No line"):
        verified("--thing", str(case.person_id))


def test_without_its_own_login_it_says_so(settings: Settings) -> None:
    settings.DATABASE_AUDITOR_URL = ""
    with pytest.raises(CommandError, match="DATABASE_AUDITOR_URL"):
        verified()
