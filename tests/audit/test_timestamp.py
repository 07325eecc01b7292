"""RFC 3161: what is asked, what is believed, and what isn't. The service is on this machine."""

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.timestamp import Foreign, NoStamp, check, read, stamp
from tests.audit.authority import (
    AT,
    DAY,
    OTHER_CONTENT,
    ROOT,
    SIGNER,
    Authority,
    holder,
    integer,
)

TEXT = b"fortur seal 1\n"
ROOTS = [ROOT.cert]
OTHER, TWIN = holder("Other root"), holder("Root")


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


def issued(**wrong: object) -> Authority:
    """An authority whose certificate our root issued, wrong in one way."""
    return Authority(holder("Time-stamps", ROOT, **wrong))  # type: ignore[arg-type]


HONEST = {
    "with its chain": Authority(),
    "without its root": Authority(chain=()),
    "in its certificate's last minute": issued(until=AT + DAY / 1440),
}
UNSIGNED = {
    "another root's, which comes along": Authority(holder("Time-stamps", OTHER), (OTHER,)),
    "another root's, beside ours": Authority(holder("Time-stamps", OTHER), (OTHER, ROOT)),
    "a root's of the same name": Authority(holder("Time-stamps", TWIN), (TWIN,)),
    "by another key": Authority(key=OTHER.key),
    "expired": issued(until=AT - DAY),
    "for servers only": issued(usage=ExtendedKeyUsageOID.SERVER_AUTH),
    "for anything": issued(usage=None),
    "for time-stamps, not critically": issued(critical=False),
    "issued by who may not": Authority(holder("Time-stamps", SIGNER), (SIGNER, ROOT)),
    "by the root itself": Authority(ROOT, ()),
}
REFUSED: dict[str, Callable[[bytes], bytes]] = {
    "refused it with status 1": Authority(status=1),
    "refused it with status 2": Authority(status=2),
    "something else": Authority(digest=sha256(b"other").digest()),
    "another question": Authority(nonce=5),
    "no time-stamp": Authority(content=OTHER_CONTENT),
    "is no time-stamp": lambda asked: b"<html>",
}


@pytest.mark.parametrize("how", HONEST)
@pytest.mark.parametrize("roots", [[], ROOTS, [OTHER.cert, ROOT.cert]])
def test_a_granted_stamp_is_believed_and_still_is_when_it_is_kept(
    how: str, roots: list[object]
) -> None:
    with service(HONEST[how]) as url:
        token = stamp(url, TEXT, roots)  # type: ignore[arg-type] # certificates
    assert token.at == AT
    assert check(token.raw, TEXT, roots) == token  # type: ignore[arg-type]


@pytest.mark.parametrize("how", UNSIGNED)
def test_what_the_root_does_not_stand_for_is_refused(how: str) -> None:
    with service(UNSIGNED[how]) as url:
        with pytest.raises(NoStamp, match="root certificate"):
            stamp(url, TEXT, ROOTS)
        token = stamp(url, TEXT)  # without a root nobody looks
    with pytest.raises(NoStamp, match="root certificate"):
        check(token.raw, TEXT, ROOTS)


@pytest.mark.parametrize("roots", [[], ROOTS])
@pytest.mark.parametrize("why", REFUSED)
def test_a_wrong_answer_is_not_kept(why: str, roots: list[object]) -> None:
    with service(REFUSED[why]) as url, pytest.raises(NoStamp, match=why):
        stamp(url, TEXT, roots)  # type: ignore[arg-type]


def test_a_genuine_stamp_on_something_else_is_told_from_a_forged_one() -> None:
    token = Authority().token(sha256(b"other").digest())
    with pytest.raises(Foreign):
        check(token, TEXT, ROOTS)
    forged = Authority(key=OTHER.key).token(sha256(b"other").digest())
    with pytest.raises(NoStamp) as refused:
        check(forged, TEXT, ROOTS)
    assert refused.type is NoStamp


def test_nobody_there_and_no_encryption_are_said() -> None:
    with pytest.raises(NoStamp, match="no answer"):
        stamp("http://127.0.0.1:9/", TEXT)
    with pytest.raises(NoStamp, match="https"):
        stamp("http://timestamp.example/", TEXT)


@given(st.binary(max_size=200))
def test_no_answer_breaks_the_reader(heard: bytes) -> None:
    for roots in ([], ROOTS):
        with pytest.raises(NoStamp):
            read(heard, TEXT, roots, 1)
        with pytest.raises(NoStamp):
            check(heard, TEXT, roots)


KEPT = Authority().token(sha256(TEXT).digest())


@settings(deadline=None, max_examples=300)
@given(st.integers(0, len(KEPT) - 1), st.binary(max_size=3), st.integers(0, 3))
def test_a_bent_token_is_refused_or_says_the_same(at: int, put: bytes, gone: int) -> None:
    """Certificates that come along and aren't needed may be bent: nothing rests on them."""
    bent = KEPT[:at] + put + KEPT[at + gone :]
    try:
        assert check(bent, TEXT, ROOTS).at == AT
    except NoStamp:
        assert bent != KEPT


def test_a_token_too_long_to_be_one_is_refused() -> None:
    with pytest.raises(NoStamp, match="too long"):
        check(integer(1) * 30_000, TEXT)


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl isn't installed")
def test_openssl_says_the_same(tmp_path: Path) -> None:
    """As docs/outsider.md tells the outsider."""
    (tmp_path / "seal.txt").write_bytes(TEXT)
    (tmp_path / "seal.tst").write_bytes(KEPT)
    asked = ["openssl", "ts", "-verify", "-data", "seal.txt", "-in", "seal.tst", "-token_in"]
    for root, fits in ((ROOT, True), (OTHER, False), (TWIN, False)):
        (tmp_path / "root.pem").write_bytes(root.pem)
        done = subprocess.run(  # noqa: S603 - openssl, as the outsider runs it
            [*asked, "-CAfile", "root.pem"], cwd=tmp_path, capture_output=True, text=True
        )
        assert (done.returncode == 0) == fits, done.stderr
