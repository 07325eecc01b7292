"""What the trail's commands answer where they can't do their work: words and status 2, never 1."""

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

import tests
from access.actor import Actor
from audit import upkeep
from audit.models import Check, Seal
from audit.signing import load, new_key, public_file, public_keys
from tests import make
from tests.audit.scene import seal_all, settled

NOWHERE = "postgresql://nobody@127.0.0.1:1/fortur"


@pytest.fixture
def worker(own_db: str, settings: Settings, tmp_path: Path, actor: Callable[[str], Actor]) -> Path:
    """The worker's settings and something to seal. Gives a folder of its own."""
    settings.DATABASE_SEALER_URL = tests.CLUSTER.url("fortur_sealer", own_db)
    settings.DATABASE_AUDITOR_URL = tests.CLUSTER.url("fortur_verify", own_db)
    settings.SEAL_KEY_FILE = tmp_path / "seal-key.pem"
    new_key(settings.SEAL_KEY_FILE)
    make.case(actor("utredare"))
    with psycopg.connect(settings.DATABASE_SEALER_URL, autocommit=True) as sealer:
        settled(sealer)
    return tmp_path


def said(*command: object) -> str:
    out = StringIO()
    call_command(*map(str, command), stdout=out)
    return out.getvalue()


def refused(*command: object) -> str:
    """What it says; it exits with 2."""
    with pytest.raises(CommandError) as fault:
        said(*command)
    assert fault.value.returncode == 2
    return str(fault.value)


@pytest.mark.parametrize("url", [NOWHERE, "nonsense"])
def test_without_its_database_each_command_says_so(
    worker: Path, settings: Settings, url: str
) -> None:
    settings.DATABASE_AUDITOR_URL = settings.DATABASE_SEALER_URL = url
    for command in (
        ["verify_trail"], ["verify_trail", "--thing", "00000000-0000-0000-0000-000000000000"],
        ["trail_state"], ["seal_trail"], ["export_trail", worker / "out"],
    ):  # fmt: skip
        assert "The database can't be used: " in refused(*command)
    assert not (worker / "out").exists()


def test_a_login_that_may_not_is_told_so(worker: Path, settings: Settings, own_db: str) -> None:
    settings.DATABASE_AUDITOR_URL = settings.DATABASE_SEALER_URL = tests.CLUSTER.url(
        "fortur_app", own_db
    )
    assert "permission denied" in refused("seal_trail")
    for command in (["verify_trail"], ["trail_state"], ["export_trail", worker / "out"]):
        assert "not a login in the role fortur_auditor" in refused(*command)
    assert not (worker / "out").exists()


ANCHORS = {
    "no JSON": b'{"root": "x", "numb',
    "no seals": b'{"format": "fortur anchor 1"}\n',
    "a list": b"[1, 2]\n[3]\n",
    "no numbers": b'{"format": "fortur anchor 1"}\n{"root": "x"}\n',
    "not ours": b'{"format": "other"}\n{"number": 1}\n',
    "nothing": b"",
    "no text": b"\xff\xfe\x00",
}


@pytest.mark.parametrize("held", ANCHORS)
def test_a_file_that_is_no_anchor_is_not_passed_over(worker: Path, held: str) -> None:
    upkeep.seal_if_due()
    folder = worker / "kept"
    assert "is no folder" in refused("verify_trail", "--anchors", folder)
    folder.mkdir()
    assert "holds no anchor files" in refused("verify_trail", "--anchors", folder)
    (folder / "a.jsonl").write_bytes(ANCHORS[held])
    assert "is no anchor file" in refused("verify_trail", "--anchors", folder)


def test_a_seal_that_is_not_there_is_a_break_and_nonsense_is_not(worker: Path) -> None:
    upkeep.seal_if_due()
    with pytest.raises(CommandError, match=r"seal 9 missing .the last seal is number 1") as fault:
        said("verify_trail", "--since-seal", 9)
    assert fault.value.returncode == 1
    for nonsense in ("0", "-1", "x", "²"):
        with pytest.raises(CommandError, match="a seal's number is 1 or more"):
            said("verify_trail", f"--since-seal={nonsense}")
    assert "leave --thing out" in refused(
        "verify_trail", "--thing", "00000000-0000-0000-0000-000000000000", "--anchors", worker
    )


def test_a_missing_public_key_is_no_forgery(worker: Path, settings: Settings) -> None:
    upkeep.seal_if_due()
    public = public_file(settings.SEAL_KEY_FILE)
    text = public.read_text()
    public.write_text(f"of the autumn: \n{text}nonsense\n")
    assert "1 seal fit" in said("verify_trail")
    public.write_text("nonsense\n")
    assert "No public key" in refused("verify_trail")
    assert upkeep.verify_if_due(make_now()) is None
    assert not Check.objects.exists()  # the page says that nobody verifies
    other = new_key(worker / "other.pem").public.hex()
    with pytest.raises(CommandError, match="seal 1 forged .signed with key .* not among"):
        said("verify_trail", "--public-key", other)


def make_now() -> datetime:
    """When the trail was sealed."""
    return Seal.objects.get().at


def test_a_lost_key_is_followed_by_another_and_the_old_public_one_stays(
    worker: Path, settings: Settings, actor: Callable[[str], Actor]
) -> None:
    upkeep.seal_if_due()
    old = load(settings.SEAL_KEY_FILE)
    settings.SEAL_KEY_FILE.unlink()
    make.case(actor("socialsekreterare"))
    assert "run manage.py make_seal_key" in refused("seal_trail")
    assert "Public key" in said("make_seal_key")
    assert "there already" in refused("make_seal_key")
    assert said("make_seal_key", "--if-missing") == ""
    fresh = load(settings.SEAL_KEY_FILE)
    assert set(public_keys(settings.SEAL_KEY_FILE)) == {old.key, fresh.key}
    with psycopg.connect(settings.DATABASE_SEALER_URL, autocommit=True) as sealer:
        seal_all(sealer, fresh)
    assert "2 seals fit" in said("verify_trail")


def small_files() -> None:
    """As if the disk were full after two kilobytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))


def test_a_full_disk_leaves_no_half_export(worker: Path, settings: Settings) -> None:
    upkeep.seal_if_due()
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "manage.py", "export_trail", str(worker / "out")],
        cwd=tests.PROJECT, capture_output=True, text=True, preexec_fn=small_files,
        env=os.environ
        | {
            "DATABASE_URL": tests.CLUSTER.url("fortur_app", connection.settings_dict["NAME"]),
            "DATABASE_AUDITOR_URL": settings.DATABASE_AUDITOR_URL,
        },
    )  # fmt: skip
    assert (done.returncode, "File too large" in done.stderr) == (2, True), done.stderr
    assert "Traceback" not in done.stderr
    assert not (worker / "out").exists()


def test_settings_that_are_missing_are_said_without_a_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "continue_trail"],
        cwd=tests.PROJECT, capture_output=True, text=True,
        env={name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"},
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == "DATABASE_OWNER_URL (or DATABASE_OWNER_URL_FILE) is not set\n"


def test_nothing_at_all_is_not_called_whole(worker: Path, superuser: psycopg.Connection) -> None:
    """Everything removed, seals too: only an anchor can tell, and the words don't hide it."""
    upkeep.seal_if_due()
    superuser.execute("SET session_replication_role = replica")
    for table in ("audit_seal", "audit_step", "audit_change", "audit_reading"):
        superuser.execute(f"DELETE FROM {table}".encode())  # noqa: S608
    heard = said("verify_trail")
    assert "0 lines verified" in heard
    assert "There is no seal" in heard
