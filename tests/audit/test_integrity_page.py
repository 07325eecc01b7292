"""The page that says when the log was last sealed, kept and verified; the files to keep."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings

import tests
from access.actor import Actor
from audit import upkeep
from audit.models import Anchor, Check, Seal
from audit.signing import fingerprint, genuine, key_id, load, new_key
from tests import make
from tests.audit.authority import ROOT, Authority, holder
from tests.audit.scene import as_actor, seal_all, settled
from tests.audit.test_timestamp import service

KEPT = (
    "INSERT INTO audit_anchor (kind, seal, tree_size, root, authority_id, authority, token)"
    " VALUES ('file', 1, 1, '', %s, 'social', '')"
)
As = Callable[[str], Client]
SHOUTED = (  # who meets what is wrong with the log, and where
    ("polischef", "/audit/integrity/"), ("polischef", "/audit/"),
    ("dataskydd.polis", "/"), ("dataskydd.social", "/"), ("admin", "/"),
)  # fmt: skip


@pytest.fixture
def worker(own_db: str, settings: Settings, tmp_path: Path, actor: Callable[[str], Actor]) -> str:
    """The worker's settings, a key, and something to seal. Gives the sealer's address."""
    settings.DATABASE_SEALER_URL = tests.CLUSTER.url("fortur_sealer", own_db)
    settings.DATABASE_AUDITOR_URL = tests.CLUSTER.url("fortur_verify", own_db)
    settings.SEAL_KEY_FILE = tmp_path / "seal-key.pem"
    new_key(settings.SEAL_KEY_FILE)
    make.prioritised(actor("utredare"))
    with psycopg.connect(settings.DATABASE_SEALER_URL, autocommit=True) as sealer:
        settled(sealer)
    return str(settings.DATABASE_SEALER_URL)


def page(client: Client) -> str:
    return client.get("/audit/integrity/", headers={"Accept-Language": "en"}).content.decode()


def test_before_the_first_seal_it_says_so(own_db: str, as_: As) -> None:
    said = page(as_("polischef"))
    assert "Loggen är inte förseglad än" in said
    assert "Aldrig" in said


def test_what_the_worker_did_is_said_in_words(worker: str, as_: As, settings: Settings) -> None:
    assert upkeep.seal_if_due() > 10
    verdict = upkeep.verify_if_due(datetime.now(UTC))
    assert verdict is not None
    assert verdict.breach is None
    said = page(as_("dataskydd.polis"))
    assert "Senast förseglad" in said
    assert "inget fel" in said
    assert fingerprint(load(settings.SEAL_KEY_FILE).public) in said
    assert "Senast förseglad" in as_("polischef").get("/audit/").content.decode()


def test_the_worker_verifies_once_a_night(worker: str) -> None:
    assert upkeep.verify_if_due(datetime.now(UTC)) is None  # nothing is sealed yet
    upkeep.seal_if_due()
    assert upkeep.verify_if_due(datetime.now(UTC)) is not None
    assert upkeep.verify_if_due(datetime.now(UTC)) is None
    assert Check.objects.count() == 1


def test_without_its_login_the_worker_does_nothing(worker: str, settings: Settings) -> None:
    settings.DATABASE_SEALER_URL = ""
    assert upkeep.seal_if_due() == 0
    assert upkeep.verify_if_due(datetime.now(UTC)) is None
    assert not upkeep.witness_newest()


def test_a_fault_is_shown_to_whoever_looks(
    worker: str, as_: As, superuser: psycopg.Connection
) -> None:
    upkeep.seal_if_due()
    superuser.execute("SET session_replication_role = replica")
    superuser.execute("UPDATE audit_step SET actor = 'Annan'")
    verdict = upkeep.verify_if_due(datetime.now(UTC))
    assert verdict is not None
    assert verdict.breach is not None
    for login, address in SHOUTED:
        assert "Loggen är bruten" in as_(login).get(address).content.decode(), address
    assert Check.objects.get().fault.startswith("step ")
    ready = Client().get("/readyz")  # the service itself is well
    assert (ready.status_code, ready.content) == (200, b"ready\ntrail broken\n")
    with pytest.raises(CommandError, match="found a fault: step .* different") as failed:
        call_command("trail_state", stdout=StringIO())
    assert failed.value.returncode == 1


def test_a_fault_that_was_found_once_stays_on_the_page(
    worker: str, as_: As, superuser: psycopg.Connection
) -> None:
    """Whoever changed a line at night and changed it back before the next check isn't forgotten."""
    upkeep.seal_if_due()
    superuser.execute("SET session_replication_role = replica")
    superuser.execute("UPDATE audit_step SET reason = reason || 'x' WHERE seq = 1")
    upkeep.verify_all()
    superuser.execute("UPDATE audit_step SET reason = left(reason, -1) WHERE seq = 1")
    assert upkeep.verify_all().breach is None
    said = page(as_("dataskydd.polis"))
    assert "Loggen är bruten" not in said
    assert "Ett fel hittades" in said
    assert re.search("step [0-9]+ different", said)


def test_a_worker_that_verifies_no_more_is_a_warning(
    worker: str, as_: As, superuser: psycopg.Connection
) -> None:
    upkeep.seal_if_due()
    assert "trail whole" in Client().get("/readyz").content.decode()
    superuser.execute("SET session_replication_role = replica")
    superuser.execute("UPDATE audit_seal SET at = at - interval '2 days'")  # never verified
    assert_unverified(as_)
    superuser.execute("UPDATE audit_seal SET at = at + interval '2 days'")
    upkeep.verify_all()
    assert "trail whole" in Client().get("/readyz").content.decode()
    superuser.execute("UPDATE audit_check SET at = at - interval '2 days'")
    assert_unverified(as_)


def assert_unverified(as_: As) -> None:
    for login, address in SHOUTED:
        said = as_(login).get(address).content.decode()
        assert "inte kontrollerad som den ska" in said, address
    assert Client().get("/readyz").content == b"ready\ntrail unverified\n"
    with pytest.raises(CommandError, match="36 hours"):
        call_command("trail_state", stdout=StringIO())


def test_trail_state_says_when_and_that_all_is_well(worker: str) -> None:
    said = StringIO()
    upkeep.seal_if_due()
    upkeep.verify_all()
    call_command("trail_state", stdout=said)
    assert "Last kept elsewhere: never" in said.getvalue()
    assert "Last sealed: 20" in said.getvalue()


def test_the_page_says_whether_the_newest_time_stamp_is_genuine(
    worker: str, as_: As, settings: Settings
) -> None:
    upkeep.seal_if_due()
    with service(Authority()) as settings.TIMESTAMP_URL:
        assert upkeep.witness_newest()
    assert "Inte kontrollerad här" in page(as_("dataskydd.polis"))
    settings.TIMESTAMP_ROOTS = [ROOT.cert]
    assert "Äkta: kontrollerad nu" in page(as_("dataskydd.polis"))
    settings.TIMESTAMP_ROOTS = [holder("Another").cert]
    assert "Inte äkta" in page(as_("dataskydd.polis"))


def test_lines_that_wait_too_long_are_a_warning(
    worker: str, as_: As, superuser: psycopg.Connection
) -> None:
    superuser.execute("SET session_replication_role = replica")
    superuser.execute("UPDATE audit_step SET at = at - interval '1 hour'")
    assert "inte förseglad som den ska" in page(as_("polischef"))


def test_an_auditor_takes_the_days_seals_and_that_is_written_down(
    worker: str, as_: As, superuser: psycopg.Connection
) -> None:
    upkeep.seal_if_due()
    client, day = as_("dataskydd.social"), Seal.objects.get().at.astimezone().date()
    answer = client.post("/audit/anchors/", {"day": day.isoformat()})
    assert answer.status_code == 200
    assert f'filename="fortur-forseglingar-{day}.jsonl"' in answer["Content-Disposition"]
    head, *records = map(json.loads, answer.content.decode().splitlines())
    assert head["kept_by"] == "social"
    sealed = Seal.objects.get()
    assert records == [sealed.record()]
    public = bytes.fromhex(head["public_keys"][sealed.key])
    assert key_id(public) == sealed.key
    assert genuine(public, sealed.statement(), bytes(sealed.signature))
    assert "Socialtjänst" in page(client)
    lines = superuser.execute("SELECT detail FROM audit_reading WHERE kind = 'exported'")
    assert lines.fetchall() == [({"what": "anchors", "day": day.isoformat(), "seals": 1},)]
    assert [(one.kind, one.authority) for one in Anchor.objects.all()] == [("file", "social")]


@pytest.mark.parametrize("day", ["", "2020-01-01", "x", "2026-11-22\0", "9" * 5000])
def test_another_day_is_refused_in_words(worker: str, as_: As, day: str) -> None:
    upkeep.seal_if_due()
    answer = as_("dataskydd.polis").post("/audit/anchors/", {"day": day})
    assert answer.status_code in (400, 422)
    assert not Anchor.objects.exists()


def test_nobody_keeps_a_seal_in_anothers_name(worker: str, actor: Callable[[str], Actor]) -> None:
    by, other = actor("dataskydd.polis"), actor("dataskydd.social")
    with as_actor(tests.CLUSTER.url("fortur_app", connection.settings_dict["NAME"]), by) as raw:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            raw.execute(KEPT, [other.authority_id])
        raw.execute(KEPT, [by.authority_id])


def test_the_page_costs_the_same_with_many_seals(
    worker: str, as_: As, settings: Settings, django_assert_max_num_queries: Callable[..., object]
) -> None:
    with psycopg.connect(worker, autocommit=True) as sealer:
        seal_all(sealer, load(settings.SEAL_KEY_FILE), most=2)
    client = as_("polischef")
    client.get("/audit/integrity/")
    with django_assert_max_num_queries(16):  # type: ignore[attr-defined] # a context manager
        client.get("/audit/integrity/")
