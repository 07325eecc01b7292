"""A time-stamp (RFC 3161) on a seal, from a service outside: written and read in DER by hand.

Checked here: the answer grants it, is about our hash and carries our nonce. Not checked here: the
service's signature. For that, `export_trail` writes each token beside the text that it is about:
`openssl ts -verify -data seal-7.txt -in seal-7.tst -token_in -CAfile service.pem`.
"""

import secrets
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import urlsplit

SHA256 = bytes.fromhex("0609608648016503040201")  # OID 2.16.840.1.101.3.4.2.1, encoded
TST_INFO = bytes.fromhex("060b2a864886f70d0109100104")  # OID 1.2.840.113549.1.9.16.1.4
INTEGER, BOOLEAN, OCTETS, NULL, SEQUENCE, TIME = 0x02, 0x01, 0x04, 0x05, 0x30, 0x18
OID, CONTEXT_0 = 0x06, 0xA0
GRANTED = (0, 1)
PATIENCE = 20  # seconds
MOST = 65_536  # bytes of an answer


class NoStamp(Exception):
    """The service gave no usable time-stamp; says why."""


@dataclass(frozen=True, slots=True)
class Token:
    """A time-stamp: as it came, and the time that it says."""

    raw: bytes
    at: datetime


def stamp(url: str, text: bytes) -> Token:
    """Ask the service to witness the text. Only its hash leaves the house. Raises NoStamp."""
    if urlsplit(url).scheme != "https" and urlsplit(url).hostname not in {"127.0.0.1", "localhost"}:
        raise NoStamp("the address must begin with https://")
    digest, nonce = sha256(text).digest(), secrets.randbits(63)
    asked = urllib.request.Request(  # noqa: S310 - https, or this machine
        url, request(digest, nonce), {"Content-Type": "application/timestamp-query"}
    )
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310
            heard = answer.read(MOST)
    except OSError as fault:
        raise NoStamp(f"no answer: {type(fault).__name__}") from fault
    return response(heard, digest, nonce)


def request(digest: bytes, nonce: int) -> bytes:
    """TimeStampReq: version 1, the hash, the nonce, and please with certificate."""
    imprint = der(SEQUENCE, der(SEQUENCE, SHA256 + der(NULL, b"")) + der(OCTETS, digest))
    return der(
        SEQUENCE,
        integer(1) + imprint + integer(nonce) + der(BOOLEAN, b"\xff"),
    )


def response(heard: bytes, digest: bytes, nonce: int) -> Token:
    """The token in a TimeStampResp that grants it. Raises NoStamp."""
    try:
        status, *rest = parts(only(heard, SEQUENCE))
        code = int.from_bytes(parts(status.body)[0].body, "big")
        if code not in GRANTED or not rest:
            raise NoStamp(f"refused with status {code}")
        return read_token(rest[0].whole, digest, nonce)
    except (IndexError, ValueError) as nonsense:
        raise NoStamp("the answer is no time-stamp") from nonsense


def read_token(raw: bytes, digest: bytes, nonce: int | None = None) -> Token:
    """The time in a token about that hash. Raises NoStamp; ValueError, IndexError: nonsense."""
    content = parts(parts(only(raw, SEQUENCE))[1].body)[0]  # SignedData
    encapsulated = parts(parts(content.body)[2].body)
    if encapsulated[0].whole != TST_INFO:
        raise NoStamp("the answer is no time-stamp")
    info = parts(only(parts(encapsulated[1].body)[0].body, SEQUENCE))
    imprint = parts(info[2].body)
    if parts(imprint[0].body)[0].whole != SHA256 or imprint[1].body != digest:
        raise NoStamp("it is about something else")
    at = datetime.strptime(info[4].body.decode("ascii")[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    numbers = [int.from_bytes(one.body, "big") for one in info[5:] if one.tag == INTEGER]
    if nonce is not None and nonce not in numbers:
        raise NoStamp("it answers another question")
    return Token(raw, at)


@dataclass(frozen=True, slots=True)
class Part:
    """One value of DER: its tag, its content, and all of it."""

    tag: int
    body: bytes
    whole: bytes


def parts(data: bytes) -> list[Part]:
    """The values that stand one after another."""
    return list(_parts(data))


def _parts(data: bytes) -> Iterator[Part]:
    at = 0
    while at < len(data):
        tag, length, begin = data[at], data[at + 1], at + 2
        if length & 0x80:
            begin += length & 0x7F
            length = int.from_bytes(data[at + 2 : begin], "big")
        if begin + length > len(data):
            raise ValueError("cut off")
        yield Part(tag, data[begin : begin + length], data[at : begin + length])
        at = begin + length


def only(data: bytes, tag: int) -> bytes:
    """The content of the first value, which has that tag."""
    first = parts(data)[0]
    if first.tag != tag:
        raise ValueError(f"tag {first.tag:#x}")
    return first.body


def der(tag: int, body: bytes) -> bytes:
    """A value."""
    size = len(body)
    if size < 0x80:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def integer(number: int) -> bytes:
    """A number that isn't negative."""
    return der(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))
