"""A test plays the database's superuser: whatever is done to the trail is found, and named."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

import tests
from access.actor import Actor
from audit import trail
from audit.anchors import anchor_file
from audit.models import Reading
from audit.sealcheck import read_seals
from audit.signing import Signer
from audit.verification import Verdict, verify
from tests import make
from tests.audit.attacks import ATTACKS, Attack
from tests.audit.scene import seal_all

SIGNER = Signer(Ed25519PrivateKey.generate())


def url(role: str) -> str:
    return tests.CLUSTER.url(role, connection.settings_dict["NAME"])


def reader() -> psycopg.Connection:
    return psycopg.connect(url("fortur_verify"), autocommit=True)


def verified(anchors: Path | None = None, since: int = 0) -> Verdict:
    return verify(reader, {SIGNER.key: SIGNER.public}, anchors=anchors, since=since)


def sealed(signer: Signer = SIGNER, most: int = 12) -> None:
    with psycopg.connect(url("fortur_sealer"), autocommit=True) as sealer:
        seal_all(sealer, signer, most)


@pytest.fixture
def kept(own_db: str, actor: Callable[[str], Actor], tmp_path: Path) -> Path:
    """Some cases' worth of trail, sealed; and the folder in which the other authority keeps it."""
    police, social = actor("utredare"), actor("socialsekreterare")
    for by in (police, social):
        case = make.in_progress(by=by)
        with make.acting(by):
            trail.reading(Reading.Kind.OPENED, about_id=case.pk, about=case.reference)
            trail.reading(
                Reading.Kind.PRINTED,
                about_id=case.pk,
                about=case.reference,
                detail={"what": "case"},
            )
    sealed()
    with reader() as raw:
        seals = read_seals(raw)
    assert len(seals) > 3
    text = anchor_file(seals, seals[-1].at.date(), "social", [SIGNER.public])
    (tmp_path / "kept.jsonl").write_bytes(text)
    return tmp_path


@contextmanager
def unguarded(superuser: psycopg.Connection) -> Iterator[None]:
    """Row triggers, keys and statement triggers are off."""
    superuser.execute("SET session_replication_role = replica")
    yield
    superuser.execute("SET session_replication_role = origin")


def test_an_honest_trail_is_whole(kept: Path) -> None:
    found = verified(kept)
    assert found.breach is None
    assert found.lines > 20
    assert found.compared == found.seals > 3
    assert found.waiting == 0
    later = verified(since=found.seal)
    assert later.breach is None
    assert later.lines < found.lines


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_each_attack_is_found_and_named(
    kept: Path, superuser: psycopg.Connection, attack: Attack
) -> None:
    with unguarded(superuser):
        for statement in attack.statements:
            superuser.execute(statement)
    breach = verified(kept).breach
    assert breach is not None

    assert re.search(attack.found, str(breach)), str(breach)


def test_a_line_that_follows_another_is_found_also_after_a_seal(
    kept: Path, superuser: psycopg.Connection
) -> None:
    with unguarded(superuser):
        superuser.execute(
            b"UPDATE audit_step SET prev_hash = 'x',"
            b" hash = sha256('x' || convert_to(payload, 'UTF8'))"
            b" WHERE id = (SELECT max(id) FROM audit_step WHERE machine = 'case')"
        )
    assert re.search(r"/\d+ unlinked$", str(verified(since=2).breach))


def rewritten(superuser: psycopg.Connection) -> None:
    """One reading gone; every hash, and what the seals are made of, made anew."""
    with unguarded(superuser):
        superuser.execute(
            b"DELETE FROM audit_reading WHERE id = (SELECT min(id) FROM audit_reading)"
        )
        superuser.execute(b"DELETE FROM audit_seal")


def test_everything_rewritten_without_the_key_is_found_by_the_signature(
    kept: Path, superuser: psycopg.Connection
) -> None:
    rewritten(superuser)
    sealed(Signer(Ed25519PrivateKey.generate()))
    assert str(verified().breach) == "seal 1 forged"


def test_a_seal_under_our_keys_name_by_another_key_is_found(
    kept: Path, superuser: psycopg.Connection
) -> None:
    rewritten(superuser)
    other = Signer(Ed25519PrivateKey.generate())
    other.key = SIGNER.key
    sealed(other)
    assert str(verified().breach) == "seal 1 forged"


def test_everything_rewritten_with_the_key_is_found_by_the_anchor_only(
    kept: Path, superuser: psycopg.Connection
) -> None:
    rewritten(superuser)
    sealed()
    assert verified().breach is None
    breach = verified(kept).breach
    assert breach is not None
    assert str(breach).endswith("forked")


def test_a_forged_anchor_is_no_anchor(kept: Path) -> None:
    path = kept / "kept.jsonl"
    lines = path.read_text().splitlines()
    one = json.loads(lines[-1])
    one["root"] = "00" * 32
    path.write_text("\n".join([*lines[:-1], json.dumps(one)]))
    breach = verified(kept).breach
    assert breach is not None
    assert str(breach).endswith("forked")
