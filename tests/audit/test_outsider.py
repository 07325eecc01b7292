"""The stand-alone script: its Ed25519 and its tree against others', and what it says of exports."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import Settings

import tests
from access.actor import Actor
from access.models import Unit
from access.service import at_work_in
from audit import signing, trail
from audit.anchors import anchor_file
from audit.merkle import Tree
from audit.merkle import leaf as our_leaf
from audit.models import Reading
from audit.outsider import verify_export as outsider
from audit.sealcheck import read_seals
from audit.signing import Signer
from tests import make
from tests.audit.scene import seal_all

SCRIPT = tests.PROJECT / "audit" / "outsider" / "verify_export.py"
# RFC 8032, 7.1: secret key, public key, message, signature.
VECTORS = [
    ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
     "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
     "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
     "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
]  # fmt: skip


@pytest.mark.parametrize(("secret", "public", "message", "signature"), VECTORS)
def test_the_rfcs_signatures_are_genuine(
    secret: str, public: str, message: str, signature: str
) -> None:
    key, text, signed = map(bytes.fromhex, (public, message, signature))
    assert outsider.genuine(key, text, signed)
    assert not outsider.genuine(key, text + b"x", signed)
    assert Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).sign(text) == signed


@settings(deadline=None, max_examples=30)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=99), st.integers(0, 511))
def test_it_agrees_with_the_library(secret: bytes, text: bytes, bit: int) -> None:
    signer = Signer(Ed25519PrivateKey.from_private_bytes(secret))
    signature = signer.sign(text)
    assert outsider.genuine(signer.public, text, signature)
    bent = bytearray(signature)
    bent[bit // 8] ^= 1 << bit % 8
    for other in (bytes(bent), signature[:63], bytes(64)):
        assert not outsider.genuine(signer.public, text, other)
        assert not signing.genuine(signer.public, text, other)
    assert not outsider.genuine(bytes(bent[:32]), text, signature)


def leaves(count: int) -> list[bytes]:
    return [outsider.leaf(at % 3, sha256(bytes([at])).digest()) for at in range(count)]


@settings(deadline=None)
@given(st.integers(1, 70), st.data())
def test_proofs_hold_for_what_they_prove_and_nothing_else(size: int, data: st.DataObject) -> None:
    every = leaves(size)
    top = outsider.root(every)
    tree = Tree()
    tree.extend(our_leaf(at % 3, sha256(bytes([at])).digest()) for at in range(size))
    assert tree.root == top
    index = data.draw(st.integers(0, size - 1))
    path = outsider.inclusion(index, every)
    assert outsider.included(every[index], index, size, path, top)
    assert not outsider.included(every[index], index, size, path, bytes(32))
    assert not outsider.included(sha256(b"other").digest(), index, size, path, top)
    assert not outsider.included(every[index], index, size, [*path, top], top)
    other = data.draw(st.integers(0, size - 1))
    assert outsider.included(every[index], other, size, path, top) == (index == other)
    first = data.draw(st.integers(1, size))
    growth, before = outsider.consistency(first, every), outsider.root(every[:first])
    assert outsider.extends(first, before, size, top, growth)
    assert not outsider.extends(first, bytes(32), size, top, growth)
    assert not outsider.extends(first, before, size, bytes(32), growth)
    assert not outsider.extends(first, before, size, top, [*growth, top])


@pytest.fixture
def exported(
    own_db: str, settings: Settings, tmp_path: Path, actor: Callable[[str], Actor]
) -> Path:
    """An export in DIR, anchors in kept.jsonl, the public key in key.txt, beside each other."""
    signer = Signer(Ed25519PrivateKey.generate())
    settings.DATABASE_AUDITOR_URL = tests.CLUSTER.url("fortur_verify", own_db)
    settings.SEAL_KEY_FILE = tmp_path / "none"
    case = make.prioritised(actor("utredare"))
    with make.acting(actor("utredare")):
        trail.reading(Reading.Kind.OPENED, about_id=case.pk, about=case.reference)
    make.case(actor("socialsekreterare"))
    with psycopg.connect(tests.CLUSTER.url("fortur_sealer", own_db), autocommit=True) as sealer:
        seal_all(sealer, signer, 9)
    with psycopg.connect(settings.DATABASE_AUDITOR_URL, autocommit=True) as reader:
        seals = read_seals(reader)
    make.case(actor("utredare"))  # not sealed
    text = anchor_file(seals, seals[-1].at.date(), "social", [signer.public])
    (tmp_path / "kept.jsonl").write_bytes(text)
    (tmp_path / "key.txt").write_text(signer.public.hex())
    call_command("export_trail", str(tmp_path / "out"), "--text", "step 1", verbosity=0)
    return tmp_path


def run(exported: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The script as a stranger runs it: without the environment, without the project."""
    return subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-I", "-S", str(SCRIPT), *arguments],
        cwd=exported, capture_output=True, text=True, env={},
    )  # fmt: skip


def own(exported: Path) -> list[str]:
    return ["--key", (exported / "key.txt").read_text(), "--anchor", "kept.jsonl"]


def test_an_honest_export_is_whole(exported: Path) -> None:
    done = run(exported, "verify", "out", *own(exported))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("whole: ")
    assert "0 seals compared" not in done.stdout


def test_it_holds_no_text(exported: Path, superuser: psycopg.Connection) -> None:
    (exported / "out" / "step-1.json").unlink()  # asked for by name
    files = [path for path in (exported / "out").rglob("*") if path.is_file()]
    said = b"".join(path.read_bytes() for path in files)
    for (word,) in superuser.execute(
        b"SELECT reason FROM audit_step WHERE reason <> '' UNION SELECT actor FROM audit_step"
        b" UNION SELECT about FROM audit_step WHERE about <> ''"
    ):
        assert word.encode() not in said


def edit(path: Path, change: Callable[[list[str]], list[str]]) -> None:
    path.write_text("".join(change(path.read_text().splitlines(keepends=True))))


TORN = {
    "a line .* under seal 1": ("lines.tsv", lambda lines: [bent(lines[0]), *lines[1:]]),
    "under seal": ("lines.tsv", lambda lines: [*lines[:3], *lines[4:]]),
    "out of order": ("lines.tsv", lambda lines: [lines[1], lines[0], *lines[2:]]),
    "lines are missing": ("lines.tsv", lambda lines: lines[:5]),
    "not as it should be .Value": ("lines.tsv", lambda lines: ["nonsense\n", *lines]),
    "seal 1 is missing": ("seals.jsonl", lambda lines: lines[1:]),
    "does not continue|is missing": ("seals.jsonl", lambda lines: [lines[0], *lines[2:]]),
    "which kept.jsonl holds, is missing": ("seals.jsonl", lambda lines: lines[:-1]),
    "forged": ("seals.jsonl", lambda lines: [lines[0].replace('"at": "2', '"at": "3'), *lines[1:]]),
    "not as it should be": ("seals.jsonl", lambda lines: ["{}\n", *lines]),
}  # fmt: skip


def bent(line: str) -> str:
    """Another hash in a line's place, where no chain shows it."""
    tx, _, id_, _, *_ = line.split("\t")
    return "\t".join([tx, "1", id_, "00" * 32, "", "", ""]) + "\n"


@pytest.mark.parametrize("why", TORN)
def test_a_torn_export_is_refused_and_says_why(exported: Path, why: str) -> None:
    name, change = TORN[why]
    edit(exported / "out" / name, change)
    done = run(exported, "verify", "out", *own(exported))
    assert done.returncode == 1
    assert re.search(why, done.stderr), done.stderr


EDITS = (
    b"UPDATE audit_step SET reason = 'Annat' WHERE id = (SELECT min(id) FROM audit_step)",
    b"UPDATE audit_step SET actor = 'Annan' WHERE id = (SELECT min(id) FROM audit_step)",
    b"UPDATE audit_change SET changes = '{}' WHERE id = (SELECT min(id) FROM audit_change)",
    b"UPDATE audit_reading SET purpose = 'x' WHERE id = (SELECT min(id) FROM audit_reading)",
    b"UPDATE audit_reading SET actor = 'Annan' WHERE id = (SELECT min(id) FROM audit_reading)",
)


@pytest.mark.parametrize("edit_", EDITS)
def test_an_edit_that_left_the_stored_hash_alone_shows_outside_too(
    exported: Path, superuser: psycopg.Connection, edit_: bytes
) -> None:
    superuser.execute("SET session_replication_role = replica")
    assert superuser.execute(edit_).rowcount == 1
    call_command("export_trail", str(exported / "edited"), verbosity=0)
    done = run(exported, "verify", "edited", *own(exported))
    assert done.returncode == 1
    assert re.search("was changed|does not continue", done.stderr), done.stderr


def test_an_export_without_seals_or_an_anchor_without_any_proves_nothing(exported: Path) -> None:
    (exported / "head.jsonl").write_text('{"format": "fortur anchor 1"}\n')
    done = run(exported, "verify", "out", *own(exported), "--anchor", "head.jsonl")
    assert (done.returncode, "head.jsonl holds no seal" in done.stderr) == (1, True)
    done = run(exported, "verify", "out", *own(exported), "--anchor", "none.jsonl")
    assert (done.returncode, "can't read none.jsonl" in done.stderr) == (2, True)
    (exported / "out" / "seals.jsonl").write_text("")
    done = run(exported, "verify", "out", "--key", (exported / "key.txt").read_text())
    assert (done.returncode, "no seal is in the export" in done.stderr) == (1, True)


def test_another_key_is_refused(exported: Path) -> None:
    other = Signer(Ed25519PrivateKey.generate()).public.hex()
    done = run(exported, "verify", "out", "--key", other)
    assert done.returncode == 1
    assert "forged" in done.stderr


def test_one_line_is_proved_to_be_in_it_with_what_it_says(exported: Path) -> None:
    proof = run(exported, "prove-line", "out", "step 1")
    (exported / "proof.json").write_text(proof.stdout)
    asked = ["check", "proof.json", *own(exported), "--text", "out/step-1.json"]
    done = run(exported, *asked)
    assert done.returncode == 0, done.stderr
    assert "says what the text says" in done.stdout
    (exported / "out" / "step-1.json").write_text("[]")
    assert run(exported, *asked).returncode == 1
    bent_proof = json.loads(proof.stdout) | {"index": 3}
    (exported / "proof.json").write_text(json.dumps(bent_proof))
    assert run(exported, *asked[:-2]).returncode == 1


def test_a_line_that_is_not_there_or_not_sealed_is_not_proved(
    exported: Path, superuser: psycopg.Connection
) -> None:
    assert "not in the export" in run(exported, "prove-line", "out", "step 99999").stderr
    (last,) = superuser.execute("SELECT max(id) FROM audit_step").fetchone() or (0,)
    assert "not sealed" in run(exported, "prove-line", "out", f"step {last}").stderr


def test_a_later_state_is_proved_to_extend_an_earlier_one(exported: Path) -> None:
    proof = run(exported, "prove-growth", "out", "1", "3")
    (exported / "proof.json").write_text(proof.stdout)
    done = run(exported, "check", "proof.json", *own(exported))
    assert done.returncode == 0, done.stderr
    assert "begin with" in done.stdout
    torn = json.loads(proof.stdout)
    torn["path"][0] = "00" * 32
    (exported / "proof.json").write_text(json.dumps(torn))
    done = run(exported, "check", "proof.json", *own(exported))
    assert "does not extend" in done.stderr
    assert run(exported, "prove-growth", "out", "3", "1").returncode == 1


def test_an_export_is_a_line_in_every_authoritys_log(
    exported: Path, superuser: psycopg.Connection
) -> None:
    """Nobody is named: the service doesn't know who runs a command on its server."""
    lines = superuser.execute(
        "SELECT authority, actor_id, actor, role, detail FROM audit_reading"
        " WHERE kind = 'exported' ORDER BY authority_id"
    ).fetchall()
    authorities = superuser.execute("SELECT kind FROM access_authority ORDER BY id").fetchall()
    detail = {"what": "trail", "texts": ["step 1"]}
    assert lines == [(kind, None, "", "service", detail) for (kind,) in authorities]


def test_no_other_line_without_an_author_is_taken(own_db: str) -> None:
    unit = Unit.objects.select_related("authority").get(name="Lokalpolisområde Sjölanda")
    for kind, detail in (("exported", {"what": "audit"}), ("opened", {"what": "trail"})):
        with pytest.raises(DatabaseError), transaction.atomic(), at_work_in(unit):
            trail.reading(Reading.Kind(kind), detail=detail)


def test_the_command_says_what_is_wrong(exported: Path) -> None:
    with pytest.raises(CommandError, match="there already"):
        call_command("export_trail", str(exported / "out"))
    with pytest.raises(CommandError, match="no line"):
        call_command("export_trail", str(exported / "other"), "--text", "case 1", verbosity=0)
