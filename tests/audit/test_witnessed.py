"""Time-stamps in the trail: kept once a seal, looked at by verify_trail, and exported."""

from collections.abc import Callable
from hashlib import sha256
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from pytest_django import Settings

import tests
from access.actor import Actor
from audit import upkeep
from audit.models import Anchor, Check, Seal
from audit.signing import new_key
from casework.environment import certificates
from tests import make
from tests.audit.authority import AT, ROOT, SIGNER, Authority, holder
from tests.audit.scene import seal_all
from tests.audit.test_timestamp import service

OTHER = holder("Other root")
KEPT = (
    "INSERT INTO audit_anchor (kind, seal, tree_size, root, authority, token, stamped_at)"
    " SELECT 'timestamp', number, tree_size, root, '', %s, %s FROM audit_seal WHERE number = 1"
)


@pytest.fixture
def sealer(
    own_db: str, settings: Settings, actor: Callable[[str], Actor], tmp_path: Path
) -> psycopg.Connection:
    """A sealed trail, and the worker's settings."""
    settings.DATABASE_SEALER_URL = tests.CLUSTER.url("fortur_sealer", own_db)
    settings.DATABASE_AUDITOR_URL = tests.CLUSTER.url("fortur_verify", own_db)
    settings.SEAL_KEY_FILE = tmp_path / "seal-key.pem"
    make.case(actor("utredare"))
    raw = psycopg.connect(settings.DATABASE_SEALER_URL, autocommit=True)
    seal_all(raw, new_key(settings.SEAL_KEY_FILE))
    return raw


def verified() -> str:
    said = StringIO()
    call_command("verify_trail", stdout=said)
    return said.getvalue()


def keep(sealer: psycopg.Connection, token: bytes, at: object = AT) -> None:
    """Whoever has the worker's login puts a row there."""
    sealer.execute(KEPT, [token, at])


def digest() -> bytes:
    return sha256(Seal.objects.get(number=1).statement()).digest()


@pytest.mark.parametrize("roots", [[], [ROOT.cert]])
def test_the_worker_keeps_a_stamp_once_per_seal(
    sealer: psycopg.Connection, settings: Settings, roots: list[object]
) -> None:
    assert not upkeep.witness_newest()  # no service is configured
    settings.TIMESTAMP_ROOTS = roots
    with service(Authority()) as settings.TIMESTAMP_URL:
        assert upkeep.witness_newest()
        assert not upkeep.witness_newest()
    kept = Anchor.objects.get()
    assert (kept.kind, kept.seal, kept.stamped_at) == ("timestamp", 1, AT)
    how = "signed by the service" if roots else "their signatures were not checked"
    assert f"1 time-stamp on these seals; {how}" in verified()


def test_a_stamp_by_somebody_else_is_not_kept(
    sealer: psycopg.Connection, settings: Settings
) -> None:
    settings.TIMESTAMP_ROOTS = [OTHER.cert]
    with service(Authority()) as settings.TIMESTAMP_URL:
        assert not upkeep.witness_newest()
    assert not Anchor.objects.exists()


def test_a_service_that_is_down_stops_nothing(
    sealer: psycopg.Connection, settings: Settings
) -> None:
    settings.TIMESTAMP_URL = "http://127.0.0.1:9/"
    assert not upkeep.witness_newest()


WRONG: dict[str, Callable[[], bytes]] = {
    "garbage forged": lambda: b"x" * 500,
    "nothing forged": lambda: b"",
    "another root's forged": lambda: Authority(holder("x", OTHER), (OTHER,)).token(digest()),
    "another key's forged": lambda: Authority(key=OTHER.key).token(digest()),
    "on another text forked": lambda: Authority().token(sha256(b"other").digest()),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_forged_or_foreign_token_is_found_and_named(
    sealer: psycopg.Connection, settings: Settings, what: str
) -> None:
    settings.TIMESTAMP_ROOTS = [ROOT.cert]
    keep(sealer, Authority().token(digest()))
    keep(sealer, WRONG[what]())
    fault = what.rpartition(" ")[2]
    with pytest.raises(CommandError, match=f"time-stamp on seal 1 {fault}") as failed:
        verified()
    assert failed.value.returncode == 1
    upkeep.verify_all()
    assert Check.objects.get().fault == f"time-stamp on seal 1 {fault}"


def test_a_row_that_says_another_time_than_its_token_is_found(
    sealer: psycopg.Connection, settings: Settings
) -> None:
    keep(sealer, Authority().token(digest()), "2020-01-01T00:00:00Z")
    with pytest.raises(CommandError, match="time-stamp on seal 1 altered"):
        verified()


def test_everything_rewritten_with_the_key_does_not_fit_its_stamps(
    sealer: psycopg.Connection, settings: Settings, superuser: psycopg.Connection
) -> None:
    keep(sealer, Authority().token(digest()))
    superuser.execute("SET session_replication_role = replica")
    superuser.execute("DELETE FROM audit_reading WHERE id = (SELECT max(id) FROM audit_reading)")
    superuser.execute("DELETE FROM audit_seal")
    call_command("seal_trail", verbosity=0, stdout=StringIO())
    with pytest.raises(CommandError, match="time-stamp on seal 1 forked"):
        verified()


def test_a_seal_that_has_a_stamp_and_is_gone_is_missed(
    sealer: psycopg.Connection, superuser: psycopg.Connection
) -> None:
    keep(sealer, Authority().token(digest()))
    superuser.execute("SET session_replication_role = replica")
    superuser.execute("DELETE FROM audit_seal")
    with pytest.raises(CommandError, match="seal 1 missing"):
        verified()


def test_the_export_holds_the_token_and_its_text(
    sealer: psycopg.Connection, tmp_path: Path
) -> None:
    token = Authority().token(digest())
    keep(sealer, token)
    call_command("export_trail", str(tmp_path / "out"), stdout=StringIO())
    stamps = tmp_path / "out" / "timestamps"
    assert (stamps / "seal-1.tst").read_bytes() == token
    assert (stamps / "seal-1.txt").read_bytes() == Seal.objects.get(number=1).statement()


def test_nonsense_for_a_root_is_refused_at_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "root.pem"
    monkeypatch.setenv("ROOT_FILE", str(path))
    with pytest.raises(ImproperlyConfigured, match="can't be read"):
        certificates("ROOT")
    for held, why in ((b"x", "no certificate"), (SIGNER.pem, "no root"), (ROOT.der, "no text")):
        path.write_bytes(held)
        with pytest.raises(ImproperlyConfigured, match=why):
            certificates("ROOT")
    path.write_bytes(SIGNER.pem + ROOT.pem)
    assert len(certificates("ROOT")) == 2
    monkeypatch.delenv("ROOT_FILE")
    assert certificates("ROOT") == []
