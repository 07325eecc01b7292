"""Seals: every line once, in one order; a line committed late comes after, never below."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

import tests
from access.actor import Actor
from access.checks import refuse_unsafe_database
from audit import merkle, seal, trail
from audit.merkle import Tree
from audit.models import Reading
from audit.seals import Seal
from audit.signing import Signer, genuine
from tests import make
from tests.audit.scene import as_actor, seal_all, settled

READ = (
    "INSERT INTO audit_reading (actor_id, actor, role, unit_id, unit, authority_id, authority,"
    " about_id, about, kind, purpose, detail, digest, hash) VALUES (acting_user(), 'U', 'r',"
    " acting_unit(), 'E', acting_authority(), 'police', NULL, '', 'opened', '', '{}', '', '')"
)


@pytest.fixture
def signer() -> Signer:
    return Signer(Ed25519PrivateKey.generate())


def url(role: str) -> str:
    return tests.CLUSTER.url(role, connection.settings_dict["NAME"])


@pytest.fixture
def sealer(own_db: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(url("fortur_sealer"), autocommit=True) as raw:
        yield raw


def newest(sealer: psycopg.Connection) -> Seal:
    found = seal.newest(sealer)
    assert found is not None
    return found


def read(by: Actor, times: int = 1) -> None:
    with make.acting(by):
        for _ in range(times):
            trail.reading(Reading.Kind.OPENED, about_id=uuid4(), about="P-2026-0001")


def lines(superuser: psycopg.Connection) -> list[tuple[int, bytes]]:
    rows = superuser.execute(b"SELECT source, hash FROM audit_leaf ORDER BY tx, source, id")
    return rows.fetchall()


def plain_root(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word for word."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << ((len(leaves) - 1).bit_length() - 1)
    return sha256(b"\x01" + plain_root(leaves[:k]) + plain_root(leaves[k:])).digest()


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=40), st.integers(0, 40))
def test_the_tree_is_that_of_the_rfc_wherever_it_was_interrupted(
    leaves: list[bytes], cut: int
) -> None:
    first = Tree()
    first.extend(leaves[:cut])
    tree = Tree(first.size, first.edge)
    tree.extend(leaves[cut:])
    assert tree.root == plain_root(leaves)


def test_peaks_of_another_tree_are_refused() -> None:
    with pytest.raises(ValueError, match="peaks"):
        Tree(3, bytes(32))


def test_a_seal_covers_every_line_and_continues_the_one_before(
    sealer: psycopg.Connection, superuser: psycopg.Connection, actor: Callable[[str], Actor],
    signer: Signer,
) -> None:  # fmt: skip
    make.prioritised(actor("utredare"))
    assert seal_all(sealer, signer) == len(lines(superuser))
    first = newest(sealer)
    make.case(actor("socialsekreterare"))
    seal_all(sealer, signer, most=1)  # a backlog gets several seals
    last, found = newest(sealer), lines(superuser)
    assert last.number > first.number + 1
    assert last.tree_size == len(found) == last.steps + last.changes + last.readings
    assert last.root == plain_root([merkle.leaf(*line) for line in found])
    assert genuine(signer.public, last.statement(), bytes(last.signature))
    again = superuser.execute("SELECT root FROM audit_seal WHERE number = %s", [first.number])
    assert again.fetchone() == (
        plain_root([merkle.leaf(*one) for one in found[: first.tree_size]]),
    )
    assert seal_all(sealer, signer) == 0


def test_a_line_that_commits_late_comes_after_the_seal(
    sealer: psycopg.Connection, superuser: psycopg.Connection, actor: Callable[[str], Actor],
    signer: Signer,
) -> None:  # fmt: skip
    """The slow transaction has the lower number and the lower id, and is not there to see."""
    seal_all(sealer, signer)
    before = newest(sealer)
    with as_actor(url("fortur_app"), actor("utredare")) as slow:
        slow.execute("BEGIN")
        slow.execute(READ)
        read(actor("utredare2"), 3)
        assert seal.seal_now(sealer, signer) == 0  # they wait for the slow one
        slow.execute("COMMIT")
    assert seal_all(sealer, signer) == 4
    assert newest(sealer).previous_root == before.root
    assert newest(sealer).root == plain_root([merkle.leaf(*line) for line in lines(superuser)])


def test_a_savepoint_has_its_transactions_place(
    sealer: psycopg.Connection, superuser: psycopg.Connection, actor: Callable[[str], Actor],
    signer: Signer,
) -> None:  # fmt: skip
    with as_actor(url("fortur_app"), actor("utredare")) as slow:
        slow.execute("BEGIN; SAVEPOINT a")
        slow.execute(READ)
        slow.execute("RELEASE SAVEPOINT a")
        read(actor("utredare2"))
        seal.seal_now(sealer, signer)
        slow.execute("SAVEPOINT b")
        slow.execute(READ)
        slow.execute("COMMIT")
    assert seal_all(sealer, signer) == 3
    assert newest(sealer).root == plain_root([merkle.leaf(*line) for line in lines(superuser)])


def test_many_transactions_of_any_length_leave_one_whole_tree(
    sealer: psycopg.Connection, superuser: psycopg.Connection, actor: Callable[[str], Actor],
    signer: Signer,
) -> None:  # fmt: skip
    """Eight writers begin, write and end in turns; seals are made in between."""
    by = actor("utredare")
    writers = [as_actor(url("fortur_app"), by) for _ in range(8)]
    open_ = [writer.__enter__() for writer in writers]
    try:
        for turn in range(160):
            raw = open_[(turn * 5 + turn // 7) % 8]
            idle = raw.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
            if idle:
                raw.execute("BEGIN")
                raw.execute(READ)
            elif turn % 3:
                raw.execute(READ)
            else:
                raw.execute("ROLLBACK" if turn % 5 == 0 else "COMMIT")
            if turn % 4 == 0:
                seal.seal_now(sealer, signer, most=3)
        for raw in open_:
            raw.execute("COMMIT")
    finally:
        for writer in writers:
            writer.__exit__(None, None, None)
    seal_all(sealer, signer)
    found = [merkle.leaf(*line) for line in lines(superuser)]
    roots = superuser.execute(b"SELECT tree_size, root FROM audit_seal ORDER BY number").fetchall()
    assert len(roots) > 10
    assert roots[-1][0] == len(found)
    for size, root in roots:
        assert root == plain_root(found[:size])


def test_the_client_does_not_choose_its_place(
    own_db: str, actor: Callable[[str], Actor], superuser: psycopg.Connection
) -> None:
    forged = READ.replace("digest, hash)", "digest, hash, tx, salt)").replace(
        "'', '')", f"'x', 'x', 1, '{uuid4()}')"
    )
    with as_actor(url("fortur_app"), actor("utredare")) as raw:
        raw.execute(forged)
    row = superuser.execute(
        b"SELECT tx > 1, hash <> 'x' AND digest <> 'x' FROM audit_reading ORDER BY id DESC LIMIT 1"
    ).fetchone()
    assert row == (True, True)


def test_it_is_due_after_a_thousand_lines_or_five_minutes(
    sealer: psycopg.Connection, superuser: psycopg.Connection, actor: Callable[[str], Actor],
    signer: Signer, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    seal_all(sealer, signer)
    assert not seal.due(sealer)
    read(actor("utredare"), 3)
    settled(sealer)
    assert not seal.due(sealer)
    monkeypatch.setattr(seal, "MANY", 3)
    assert seal.due(sealer)
    monkeypatch.setattr(seal, "MANY", 1000)
    superuser.execute("SET session_replication_role = replica")
    superuser.execute("UPDATE audit_seal SET at = at - interval '5 minutes'")
    assert seal.due(sealer)


def test_two_sealers_at_once_make_one_seal(
    sealer: psycopg.Connection, signer: Signer, actor: Callable[[str], Actor]
) -> None:
    read(actor("utredare"))
    settled(sealer)
    with psycopg.connect(url("fortur_sealer")) as slow:  # in a transaction of its own
        slow.execute("SELECT 1")
        assert seal.one_seal(slow, signer, 10_000) > 0
        with psycopg.connect(url("fortur_sealer"), autocommit=True) as late:
            late.execute("SET lock_timeout = '100ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                seal.seal_now(late, signer)  # it waits for the first
        slow.commit()
        assert seal.seal_now(sealer, signer) == 0
    assert newest(sealer).number == 1


def test_the_slower_of_two_sealers_is_told(
    sealer: psycopg.Connection, signer: Signer, actor: Callable[[str], Actor],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    read(actor("utredare"))
    settled(sealer)
    monkeypatch.setattr(seal, "newest", lambda connection: None)  # what it saw before the other
    seal.seal_now(sealer, signer, 10_000)
    with pytest.raises(seal.Another, match="nothing is lost"):
        seal.one_seal(sealer, signer, 10_000)


def test_a_clock_that_was_set_back_does_not_stop_the_sealing(
    sealer: psycopg.Connection, signer: Signer, actor: Callable[[str], Actor],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    read(actor("utredare"))
    seal_all(sealer, signer)
    before = newest(sealer)
    read(actor("utredare"))
    settled(sealer)
    monkeypatch.setattr(seal, "clock", lambda connection: before.at - timedelta(days=400))
    assert seal.due(sealer)
    assert seal.seal_now(sealer, signer) == 1
    assert newest(sealer).at == before.at
    assert not seal.due(sealer)


def test_only_the_sealer_seals_and_sees_no_text(
    sealer: psycopg.Connection, signer: Signer, actor: Callable[[str], Actor]
) -> None:
    make.case(actor("utredare"))
    seal_all(sealer, signer)
    for table in ("audit_step", "audit_reading", "audit_change"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sealer.execute(f"SELECT actor FROM {table}")  # noqa: S608
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        sealer.execute("SELECT 1 FROM casework_case")
    copied = "INSERT INTO audit_seal SELECT * FROM audit_seal"
    for role in ("fortur_app", "fortur_verify"):
        with psycopg.connect(url(role), autocommit=True) as raw:
            assert raw.execute("SELECT count(*) FROM audit_seal").fetchone() != (0,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                raw.execute(copied)


@pytest.mark.parametrize(
    "wrong",
    ["number = number + 2", "previous_size = previous_size + 1", "previous_root = 'x'",
     "steps = steps + 1", "last_id = 0, last_tx = 0", "tree_size = previous_size"],
)  # fmt: skip
def test_a_seal_that_does_not_continue_is_refused(
    sealer: psycopg.Connection, superuser: psycopg.Connection, signer: Signer, wrong: str,
    actor: Callable[[str], Actor],
) -> None:  # fmt: skip
    seal_all(sealer, signer)
    read(actor("utredare"))
    seal_all(sealer, signer)
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(
        b"CREATE TEMP TABLE one AS SELECT * FROM audit_seal ORDER BY number DESC LIMIT 1"
    )
    superuser.execute(b"DELETE FROM audit_seal WHERE number = (SELECT number FROM one)")
    superuser.execute(f"UPDATE one SET {wrong}".encode())  # noqa: S608
    superuser.execute("SET session_replication_role = origin")
    with pytest.raises(psycopg.errors.CheckViolation, match="does not continue"):
        superuser.execute("INSERT INTO audit_seal SELECT * FROM one")


def test_after_a_restore_elsewhere_it_refuses_until_it_counts_on(
    sealer: psycopg.Connection, superuser: psycopg.Connection, signer: Signer,
    actor: Callable[[str], Actor],
) -> None:  # fmt: skip
    counted_from(superuser, 1_000_000)  # as if the dump came from a server that counted further
    read(actor("utredare"))
    assert seal_all(sealer, signer)
    counted_from(superuser, 0)
    with pytest.raises(seal.Behind, match="continue_trail"):
        seal.seal_now(sealer, signer)
    with pytest.raises(ImproperlyConfigured, match="below the last seal: run continue_trail"):
        refuse_unsafe_database()
    assert "now come after" in continue_trail()
    refuse_unsafe_database()
    read(actor("utredare"))
    assert seal_all(sealer, signer) == 1
    assert newest(sealer).root == plain_root([merkle.leaf(*line) for line in lines(superuser)])
    assert "nothing was changed" in continue_trail()


def counted_from(superuser: psycopg.Connection, offset: int) -> None:
    superuser.execute(
        "CREATE OR REPLACE FUNCTION audit_offset() RETURNS bigint LANGUAGE sql IMMUTABLE"
        f" PARALLEL SAFE AS $$ SELECT {offset}::bigint $$"
    )


def continue_trail() -> str:
    """As the owner, as the administrator does after a restore."""
    return subprocess.run(
        [sys.executable, "manage.py", "continue_trail"],
        cwd=tests.PROJECT, capture_output=True, text=True, check=True,
        env=os.environ | {"DATABASE_OWNER_URL": url("fortur_owner")},
    ).stdout  # fmt: skip
