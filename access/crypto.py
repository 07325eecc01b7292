"""Encrypted columns and the blind index, with Tink.

`place` ("table.column:row-id") is bound into the ciphertext: moved elsewhere or with one bit
changed, it raises instead of decrypting. Keys lie in one file that only its owner reads; a key
management service would replace `read_keys` and `write_keys` and nothing else.
"""

import hmac
import json
import os
import stat
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import tink
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from tink import aead, prf, secret_key_access

aead.register()
prf.register()

TEMPLATES = {
    "encrypt": aead.aead_key_templates.AES256_GCM,
    "index": prf.prf_key_templates.HMAC_SHA256,
}
INDEX_BYTES = 32


class Tampered(Exception):
    """A ciphertext that was changed, moved to another row, or made with another key."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keysets, ready for use."""

    encrypt: Any
    index: Any


def encrypt(text: str, place: str) -> bytes:
    """AES-256-GCM of the text, bound to its place."""
    return bytes(keys().encrypt.encrypt(text.encode(), place.encode()))


def decrypt(blob: bytes, place: str) -> str:
    """The text. Raises Tampered."""
    try:
        return str(keys().encrypt.decrypt(bytes(blob), place.encode()).decode())
    except tink.TinkError as fault:
        raise Tampered(place) from fault


def blind_index(authority_id: int, text: str) -> bytes:
    """32 bytes to look a text up by, without it; each authority has its own key."""
    own_key = keys().index.primary().compute(f"authority:{authority_id}".encode(), INDEX_BYTES)
    return hmac.digest(own_key, text.encode(), sha256)


def keys() -> Keys:
    """The keys of the file, read again when it changes."""
    path = Path(settings.KEY_FILE)
    try:
        state = path.stat()
    except OSError as fault:
        raise ImproperlyConfigured(f"No keys: {fault.strerror}; run manage.py make_keys") from fault
    return load(path, state.st_mtime_ns, state.st_mode)


@lru_cache(maxsize=2)
def load(path: Path, changed: int, mode: int) -> Keys:
    """Refuses a file that others than its owner may touch."""
    if stat.S_IMODE(mode) & 0o077:
        raise ImproperlyConfigured("The key file may be readable by its owner only (mode 0600)")
    keysets = read_keys(path)
    return Keys(
        encrypt=handle(keysets["encrypt"]).primitive(aead.Aead),
        index=handle(keysets["index"]).primitive(prf.PrfSet),
    )


def new_keys(path: Path) -> None:
    """Make the key file. Never replaces one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists():
        raise FileExistsError(path)
    write_keys(path, {purpose: new_keyset(purpose) for purpose in TEMPLATES})


def rotate(path: Path) -> None:
    """A new primary key for encryption. Old ones stay, for rows and backups written with them."""
    keysets = read_keys(path)
    old, new = keysets["encrypt"], new_keyset("encrypt")
    keysets["encrypt"] = {
        "primaryKeyId": new["primaryKeyId"],
        "key": [*old["key"], *new["key"]],
    }
    write_keys(path, keysets)


def new_keyset(purpose: str) -> dict[str, Any]:
    made = tink.new_keyset_handle(TEMPLATES[purpose])
    text = tink.json_proto_keyset_format.serialize(made, secret_key_access.TOKEN)
    keyset: dict[str, Any] = json.loads(text)
    return keyset


def handle(keyset: dict[str, Any]) -> tink.KeysetHandle:
    return tink.json_proto_keyset_format.parse(json.dumps(keyset), secret_key_access.TOKEN)


def read_keys(path: Path) -> dict[str, Any]:
    keysets: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return keysets


def write_keys(path: Path, keysets: dict[str, Any]) -> None:
    """All of the file or none of it, never readable by others."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(keysets, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
