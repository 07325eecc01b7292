"""The page that says when the log was last sealed, kept and verified; the files to keep."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

import tests
from access.actor import Actor
from audit import upkeep
from audit.models import Anchor, Check, Seal
from audit.signing import fingerprint, genuine, key_id, load, new_key
from tests import make
from tests.audit.scene import as_actor, seal_all, settled

KEPT = (
    "INSERT INTO audit_anchor (kind, seal, tree_size, root, authority_id, authority, token)"
    " VALUES ('file', 1, 1, '', %s, 'social', '')"
)
As = Callable[[str], Client]


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
    for address in ("/audit/integrity/", "/audit/"):
        assert "Loggen är bruten" in as_("polischef").get(address).content.decode()
    assert Check.objects.get().fault.startswith("step ")


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
    assert answer["Content-Disposition"] == f'attachment; filename="fortur-sigill-{day}.jsonl"'
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
