"""RFC 3161: what is asked, what is believed, and what isn't. The service is on this machine."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

import tests
from access.actor import Actor
from audit import upkeep
from audit.models import Anchor
from audit.signing import Signer
from audit.timestamp import (
    CONTEXT_0,
    OCTETS,
    SEQUENCE,
    SHA256,
    TIME,
    TST_INFO,
    NoStamp,
    der,
    integer,
    only,
    parts,
    request,
    response,
    stamp,
)  # fmt: skip
from tests import make
from tests.audit.scene import seal_all

TEXT = b"fortur seal 1\n"
SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
POLICY = bytes.fromhex("06032a0304")


def answered(asked: bytes, *, status: int = 0, **wrong: bytes) -> bytes:
    """What an honest service answers (without certificate and signature), or a crooked one."""
    _, imprint, nonce, *_ = parts(only(asked, SEQUENCE))
    info = der(
        SEQUENCE,
        integer(1) + POLICY + wrong.get("imprint", imprint.whole) + integer(77)
        + der(TIME, b"20261122190501Z") + wrong.get("nonce", nonce.whole),
    )  # fmt: skip
    kind = wrong.get("kind", TST_INFO)
    content = der(SEQUENCE, kind + der(CONTEXT_0, der(OCTETS, info)))
    signed = der(SEQUENCE, integer(3) + der(0x31, b"") + content + der(0x31, b""))
    token = der(SEQUENCE, SIGNED_DATA + der(CONTEXT_0, signed))
    return der(SEQUENCE, der(SEQUENCE, integer(status)) + (token if status < 2 else b""))


@contextmanager
def service(answer: Callable[[bytes], bytes]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name is the library's
            said = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_a_granted_stamp_is_believed() -> None:
    with service(answered) as url:
        token = stamp(url, TEXT)
    assert token.at == datetime(2026, 11, 22, 19, 5, 1, tzinfo=UTC)


def test_the_request_is_the_one_that_openssl_makes() -> None:
    """openssl ts -query -sha256 -cert, but for the nonce."""
    digest = sha256(TEXT).digest()
    made = request(digest, 0x1122334455667788)
    expected = "304302010130" + "31300d0609608648016503040201" + "0500" + "0420" + digest.hex()
    assert made.hex() == expected + "02081122334455667788" + "0101ff"


WRONG = {
    "refused with status 2": lambda asked: answered(asked, status=2),
    "something else": lambda asked: answered(
        asked,
        imprint=der(SEQUENCE, der(SEQUENCE, SHA256) + der(OCTETS, sha256(b"other").digest())),
    ),
    "another question": lambda asked: answered(asked, nonce=integer(5)),
    "no time-stamp": lambda asked: answered(asked, kind=POLICY),
    "is no time-stamp": lambda asked: b"<html>",
}


@pytest.mark.parametrize("why", WRONG)
def test_a_wrong_answer_is_not_kept(why: str) -> None:
    with service(WRONG[why]) as url, pytest.raises(NoStamp, match=why):
        stamp(url, TEXT)


def test_nobody_there_and_no_encryption_are_said() -> None:
    with pytest.raises(NoStamp, match="no answer"):
        stamp("http://127.0.0.1:9/", TEXT)
    with pytest.raises(NoStamp, match="https"):
        stamp("http://timestamp.example/", TEXT)


@given(st.binary(max_size=200))
def test_no_answer_breaks_the_reader(heard: bytes) -> None:
    with pytest.raises(NoStamp):
        response(heard, sha256(TEXT).digest(), 1)


def test_the_worker_keeps_a_stamp_once_per_seal(
    own_db: str, settings: Settings, actor: Callable[[str], Actor]
) -> None:
    settings.DATABASE_SEALER_URL = tests.CLUSTER.url(
        "fortur_sealer", connection.settings_dict["NAME"]
    )
    assert not upkeep.witness_newest()  # no service is configured
    make.case(actor("utredare"))
    with service(answered) as settings.TIMESTAMP_URL:
        assert not upkeep.witness_newest()  # no seal yet
        with psycopg.connect(settings.DATABASE_SEALER_URL, autocommit=True) as sealer:
            seal_all(sealer, Signer(Ed25519PrivateKey.generate()))
        assert upkeep.witness_newest()
        assert not upkeep.witness_newest()
    kept = Anchor.objects.get()
    assert (kept.kind, kept.seal) == ("timestamp", 1)
    assert kept.stamped_at == datetime(2026, 11, 22, 19, 5, 1, tzinfo=UTC)
