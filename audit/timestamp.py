"""A time-stamp (RFC 3161) on a seal, from a service outside. rfc3161-client reads and verifies it.

With the service's root certificate a token counts only if it is signed under it, by somebody who
may time-stamp, with certificates that were valid when it says that it was made. Without one it is
only looked at whether the token is about our text: its signature is not checked here.
"""

import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from http.client import HTTPException
from urllib.parse import urlsplit

from cryptography.x509 import Certificate, ObjectIdentifier
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

SHA256 = ObjectIdentifier("2.16.840.1.101.3.4.2.1")
GRANTED = b"\x30\x03\x02\x01\x00"  # PKIStatusInfo: granted, and nothing more
PATIENCE = 20  # seconds
MOST = 65_000  # bytes of an answer
Roots = Sequence[Certificate]


class NoStamp(Exception):
    """There is no genuine time-stamp; says why."""


class Foreign(NoStamp):
    """It is a time-stamp on something else."""


@dataclass(frozen=True, slots=True)
class Token:
    """A time-stamp: as it came, and the time that it says."""

    raw: bytes
    at: datetime


def stamp(url: str, text: bytes, roots: Roots = ()) -> Token:
    """Ask the service to witness the text. Only its hash leaves the house. Raises NoStamp."""
    if urlsplit(url).scheme != "https" and urlsplit(url).hostname not in {"127.0.0.1", "localhost"}:
        raise NoStamp("the address must begin with https://")
    request = TimestampRequestBuilder(text, HashAlgorithm.SHA256).build()
    asked = urllib.request.Request(  # noqa: S310 - https, or this machine
        url, request.as_bytes(), {"Content-Type": "application/timestamp-query"}
    )
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310
            heard = answer.read(MOST)
    except (OSError, HTTPException) as fault:
        raise NoStamp(f"no answer: {type(fault).__name__}") from fault
    return read(heard, text, roots, request.nonce)


def check(token: bytes, text: bytes, roots: Roots = ()) -> Token:
    """A token that was kept, looked at again. Raises NoStamp, Foreign."""
    body = GRANTED + token
    if len(body) >= 1 << 16:
        raise NoStamp("it is too long for a time-stamp")
    return read(b"\x30\x82" + len(body).to_bytes(2, "big") + body, text, roots)


def read(answer: bytes, text: bytes, roots: Roots, nonce: int | None = None) -> Token:
    """The token in an answer (TimeStampResp) that grants it. Raises NoStamp, Foreign."""
    try:
        response = decode_timestamp_response(answer)
        if response.status:
            raise NoStamp(f"the service refused it with status {response.status}")
        info = response.tst_info
        if roots:
            verifier = VerifierBuilder(roots=[*roots]).build()
            verifier.verify(response, info.message_imprint.message)
        token = Token(response.time_stamp_token(), info.gen_time)
    except NoStamp:
        raise
    except VerificationError as fault:
        raise NoStamp("it isn't signed under the root certificate given") from fault
    except Exception as nonsense:  # whatever the library and what it is built on say of nonsense
        raise NoStamp("it is no time-stamp") from nonsense
    imprint = info.message_imprint
    if (imprint.hash_algorithm, imprint.message) != (SHA256, sha256(text).digest()):
        raise Foreign("it is about something else")
    if nonce is not None and info.nonce != nonce:
        raise NoStamp("it answers another question")
    return token
