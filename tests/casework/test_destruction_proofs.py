"""After a destruction the trail is whole, also for an outsider; emptying without one is found."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command

import tests
from access.actor import Actor
from audit import trail
from audit.anchors import anchor_file
from audit.models import Reading
from audit.sealcheck import read_seals
from audit.signing import Signer
from audit.verification import verify
from casework.models import Case
from tests import make
from tests.audit.scene import seal_all
from tests.destruction import aged, approved, in_unit, run

Everybody = Callable[[str], Actor]
SCRIPT = tests.PROJECT / "audit" / "outsider" / "verify_export.py"
SIGNER = Signer(Ed25519PrivateKey.generate())


def reader(own_db: str) -> psycopg.Connection:
    return psycopg.connect(tests.CLUSTER.url("fortur_verify", own_db), autocommit=True)


def sealed(own_db: str) -> None:
    with psycopg.connect(tests.CLUSTER.url("fortur_sealer", own_db), autocommit=True) as sealer:
        seal_all(sealer, SIGNER, 12)


def outside(folder: Path, *arguments: str) -> str:
    """The script as a stranger runs it; what it says."""
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-I", "-S", str(SCRIPT), *arguments],
        cwd=folder, capture_output=True, text=True, env={},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def scene(
    own_db: str, settings: Any, tmp_path: Path, actor: Everybody, superuser: psycopg.Connection
) -> tuple[Case, Case]:
    """An old closed case that was read, an open one beside it; all of it sealed and anchored."""
    settings.DATABASE_DESTROYER_URL = tests.CLUSTER.url("fortur_destroyer", own_db)
    settings.DATABASE_AUDITOR_URL = tests.CLUSTER.url("fortur_verify", own_db)
    settings.SEAL_KEY_FILE = tmp_path / "none"
    by, chief = actor("utredare"), actor("polischef")
    old, other = make.closed(by, chief), make.in_progress(by)
    for case in (old, other):
        with make.acting(chief):
            trail.reading(
                Reading.Kind.OPENED, about_id=case.pk, about=case.reference, purpose="outside"
            )
    aged(superuser, old)
    sealed(own_db)
    keep(own_db, tmp_path / "kept.jsonl")
    return old, other


def keep(own_db: str, path: Path) -> None:
    """What the other authority fetches that day."""
    with reader(own_db) as raw:
        seals = read_seals(raw)
    path.write_bytes(anchor_file(seals, seals[-1].at.date(), "social", [SIGNER.public]))


def destroyed(actor: Everybody, own_db: str) -> Any:
    chief = actor("polischef")
    found = approved(chief, in_unit(actor("dataskydd.polis"), chief))
    assert run(chief, found)
    sealed(own_db)
    return found.pk


def verdict(own_db: str, anchors: Path | None = None) -> Any:
    return verify(lambda: reader(own_db), {SIGNER.key: SIGNER.public}, anchors=anchors)


def test_what_was_proved_before_is_proved_after(
    scene: tuple[Case, Case], own_db: str, tmp_path: Path, actor: Everybody,
    superuser: psycopg.Connection,
) -> None:  # fmt: skip
    old, _other = scene
    own = ["--key", SIGNER.public.hex(), "--anchor", "kept.jsonl"]
    lines = superuser.execute(
        "SELECT 'step ' || min(id) FROM audit_step WHERE about_id = %(case)s UNION ALL"
        " SELECT 'reading ' || min(id) FROM audit_reading WHERE about_id = %(case)s",
        {"case": old.pk},
    ).fetchall()
    call_command("export_trail", str(tmp_path / "before"), verbosity=0)
    last = json.loads((tmp_path / "before" / "seals.jsonl").read_text().splitlines()[-1])
    proofs = [outside(tmp_path, "prove-line", "before", name) for (name,) in lines]
    growth = outside(tmp_path, "prove-growth", "before", "1", str(last["number"]))

    destroyed(actor, own_db)
    call_command("export_trail", str(tmp_path / "after"), verbosity=0)
    newest = json.loads((tmp_path / "after" / "seals.jsonl").read_text().splitlines()[-1])
    assert newest["number"] > last["number"]
    # The anchors of before hold the export of after, and the old proofs are those made anew.
    assert outside(tmp_path, "verify", "after", *own).startswith("whole: ")
    for (name,), proof in zip(lines, proofs, strict=True):
        (tmp_path / "proof.json").write_text(proof)
        outside(tmp_path, "check", "proof.json", *own)
        assert outside(tmp_path, "prove-line", "after", name) == proof
    (tmp_path / "proof.json").write_text(growth)
    outside(tmp_path, "check", "proof.json", *own)
    more = outside(tmp_path, "prove-growth", "after", str(last["number"]), str(newest["number"]))
    (tmp_path / "proof.json").write_text(more)
    keep(own_db, tmp_path / "later.jsonl")
    both = [*own, "--anchor", "later.jsonl"]
    assert "begin with" in outside(tmp_path, "check", "proof.json", *both)
    before = (tmp_path / "before" / "lines.tsv").read_text().splitlines()
    assert (tmp_path / "after" / "lines.tsv").read_text().splitlines()[: len(before)] == before


def test_the_destroyed_lines_are_counted_and_nothing_is_broken(
    scene: tuple[Case, Case], own_db: str, tmp_path: Path, actor: Everybody,
    superuser: psycopg.Connection,
) -> None:  # fmt: skip
    assert verdict(own_db).destroyed == 0
    destroyed(actor, own_db)
    found = verdict(own_db, tmp_path)
    assert found.breach is None
    (emptied,) = superuser.execute(
        "SELECT sum(n)::int FROM (SELECT count(destroyed_by) AS n FROM audit_step UNION ALL"
        " SELECT count(destroyed_by) FROM audit_change UNION ALL"
        " SELECT count(destroyed_by) FROM audit_reading) t"
    ).fetchone() or (0,)
    assert found.destroyed == emptied > 8


EMPTY = {
    "audit_step": "reason = '', facts = '{}', salt = NULL",
    "audit_change": "changes = '{}', salt = NULL",
    "audit_reading": "purpose = '', detail = '{}', address = NULL, salt = NULL",
}


@pytest.mark.parametrize("table", EMPTY)
@pytest.mark.parametrize("name", ["a decision that ran", "another thing", "nothing known"])
def test_a_text_emptied_without_a_decision_is_found(
    scene: tuple[Case, Case], own_db: str, actor: Everybody, superuser: psycopg.Connection,
    table: str, name: str,
) -> None:  # fmt: skip
    """By the superuser: also in the name of a real decision that wasn’t about the case."""
    _old, other = scene
    decision = destroyed(actor, own_db)
    assert verdict(own_db).breach is None
    named = {"a decision that ran": decision, "another thing": other.pk}.get(name)
    superuser.execute("SET session_replication_role = replica")
    gone = superuser.execute(
        f"UPDATE {table} SET {EMPTY[table]},"  # noqa: S608
        " destroyed_by = coalesce(%s, gen_random_uuid()) WHERE about_id = %s".encode(),
        [named, other.pk],
    )
    assert gone.rowcount
    assert f"{table.removeprefix('audit_')} " in str(verdict(own_db).breach.where)
    assert "undecided" in str(verdict(own_db).breach)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_step SET reason = 'Något annat' WHERE destroyed_by IS NOT NULL AND seq = 1",
     "UPDATE audit_reading SET purpose = 'own' WHERE destroyed_by IS NOT NULL",
     "UPDATE audit_change SET changes = '{\"x\": [1, 2]}' WHERE destroyed_by IS NOT NULL"],
)  # fmt: skip
def test_other_words_in_an_emptied_line_are_found(
    scene: tuple[Case, Case], own_db: str, actor: Everybody, superuser: psycopg.Connection,
    statement: str,
) -> None:  # fmt: skip
    destroyed(actor, own_db)
    superuser.execute("SET session_replication_role = replica")
    assert superuser.execute(statement.encode()).rowcount
    assert "undecided" in str(verdict(own_db).breach)


def test_a_case_written_into_the_list_afterwards_is_found(
    scene: tuple[Case, Case], own_db: str, actor: Everybody, superuser: psycopg.Connection
) -> None:
    """The list's rows aren't sealed; their checksum is."""
    _old, other = scene
    destroyed(actor, own_db)
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(
        "UPDATE casework_destructionitem SET case_id = %(case)s::uuid,"
        " ids = ids || jsonb_build_array('casework_case:' || %(case)s::text)",
        {"case": str(other.pk)},
    )
    superuser.execute(
        "UPDATE audit_step SET reason = '', facts = '{}', salt = NULL, destroyed_by ="
        " (SELECT destruction_id FROM casework_destructionitem) WHERE about_id = %s",
        [other.pk],
    )
    found = verdict(own_db).breach
    assert "undecided" in str(found)
    assert found.where.startswith("step ")
