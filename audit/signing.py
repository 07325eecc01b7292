"""The key that signs seals: Ed25519 (RFC 8032), in a file that the database never sees."""

import os
import re
import stat
from hashlib import sha256
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

PUBLIC = re.compile("[0-9a-fA-F]{64}")


class NoKey(Exception):
    """There is no usable key; says why."""


class Signer:
    """Signs; knows its public half."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key().public_bytes_raw()
        self.key = key_id(self.public)

    def sign(self, text: bytes) -> bytes:
        """64 bytes."""
        return self._private.sign(text)


def key_id(public: bytes) -> str:
    """What a public key (32 bytes) is called: the first 16 hex digits of its sha256."""
    return sha256(public).hexdigest()[:16]


def fingerprint(public: bytes) -> str:
    """The public key's sha256 in groups of four, as people read it out to each other."""
    whole = sha256(public).hexdigest()
    return " ".join(whole[at : at + 4] for at in range(0, len(whole), 4))


def genuine(public: bytes, text: bytes, signature: bytes) -> bool:
    """Whether the text was signed with the private half."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def new_key(path: Path) -> Signer:
    """Make the key file, 0600, and add its public half to those beside it (.pub).

    Never replaces one. Where the disk is full, there is no key file afterwards.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    signer = Signer(private := Ed25519PrivateKey.generate())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(handle, "wb") as file:
            write_through(file, pem)
        with public_file(path).open("ab") as file:
            write_through(file, f"{signer.public.hex()}\n".encode())
    except OSError:
        path.unlink()
        raise
    return signer


def write_through(file: IO[bytes], text: bytes) -> None:
    """Written, and on the disk."""
    file.write(text)
    file.flush()
    os.fsync(file.fileno())


def public_file(path: Path) -> Path:
    """The public halves stand here, one a line, in hex: those of earlier keys, too."""
    return path.with_name(f"{path.name}.pub")


def load(path: Path) -> Signer:
    """The signer of a key file. Refuses one that others than its owner may touch."""
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise NoKey(f"{path.name} may be readable by its owner only (mode 0600)")
        private = load_pem_private_key(path.read_bytes(), None)
    except OSError as fault:
        raise NoKey(f"{path.name}: {fault.strerror}; run manage.py make_seal_key") from fault
    except (ValueError, TypeError) as fault:
        raise NoKey(f"{path.name} is no key") from fault
    if not isinstance(private, Ed25519PrivateKey):
        raise NoKey(f"{path.name} is no Ed25519 key")
    return Signer(private)


def public_keys(path: Path) -> dict[str, bytes]:
    """Every public key that seals were signed with, by name. Empty where there is no file.

    Lines that are no key are passed over: a seal whose key isn't there counts as forged.
    """
    try:
        lines = public_file(path).read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return {}
    found = [bytes.fromhex(line.strip()) for line in lines if PUBLIC.fullmatch(line.strip())]
    return {key_id(public): public for public in found}
