"""The embedded PostgreSQL for demo, development and tests: a wheel's binaries, our own launcher.

A home holds lock, in-use, home-id; a place holds data (0700), passwords.json (0600), postgres.log.
The place is the home itself, except for root when the unprivileged account can't reach the home.
The unix socket lies in a short 0700 folder outside both; there is no TCP port.
"""

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from access.binaries import (
    FILES,
    Account,
    Fault,
    binaries,
    die_with_parent,
    environment,
    state_folders,
    unprivileged,
    write_private,
)

PROJECT = Path(__file__).resolve().parent.parent
SUPERUSER = "postgres"
LOGINS = ("fortur_owner", "fortur_app", "fortur_demo", "fortur_verify", "fortur_sealer",
          "fortur_destroyer")  # fmt: skip
GROUPS = ("fortur_auditor", "fortur_clock")
CONNECTING = ("fortur_app", "fortur_demo", "fortur_auditor", "fortur_sealer", "fortur_destroyer")
SOCKET_FOLDERS = (Path("/tmp"), Path("/var/tmp"))  # noqa: S108 - short paths; ours are checked
PORT = 5432  # only names the socket's file
PATIENCE = 60.0  # seconds for a start (with recovery) or a stop
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",  # a DETAIL quotes rows: personal data stays out of the log
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def default_home() -> Path:
    """$FORTUR_HOME, or .run/development in the project."""
    return Path(os.environ.get("FORTUR_HOME") or PROJECT / ".run" / "development").absolute()


def prepared(home: Path) -> tuple[Path, Account, str]:
    """Makes the home if it's missing; returns the place, the account, and the home's id."""
    account = unprivileged()
    try:
        if not home.is_dir():
            home.parent.mkdir(parents=True, exist_ok=True)
            home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700)
        mark = home / "home-id"
        if not mark.exists():
            write_private(mark, secrets.token_hex(16))
        known = mark.read_text(encoding="ascii")
    except OSError as fault:
        raise Fault(f"{home} can't be used: {fault.strerror}. Set FORTUR_HOME.") from fault
    data = home / "data"
    if data.is_dir() and os.geteuid() == 0 and (owner := data.stat()).st_uid != 0:
        return home, Account(owner.st_uid, owner.st_gid), known
    if account.can("/bin/sh", "-c", 'cd "$1"', "sh", home):
        return home, account, known
    for state in state_folders():
        place = state / hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:16]
        place.mkdir(mode=0o711, exist_ok=True)
        if account.can("/bin/sh", "-c", 'cd "$1"', "sh", place):
            return place, account, known
    raise Fault(f"The account that runs PostgreSQL for root can't reach {home}. Set FORTUR_HOME.")


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One process at a time starts, stops or changes the cluster of a home."""
    with (home / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@dataclass(slots=True)
class Cluster:
    """A running embedded server, as seen by one process."""

    home: Path
    place: Path
    account: Account
    passwords: dict[str, str] = field(default_factory=dict, repr=False)
    lease: IO[str] | None = field(default=None, repr=False)
    child: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.place / "data"

    @property
    def sockets(self) -> list[Path]:
        """Where the socket's folder may lie: short, and the same at every start."""
        key = hashlib.sha256(str(self.data.resolve()).encode()).hexdigest()[:12]
        return [parent / f"fortur-{self.account.uid}-{key}" for parent in SOCKET_FOLDERS]

    @property
    def socket(self) -> Path:
        """The socket's folder: where the running server says, if that's one of ours."""
        with contextlib.suppress(OSError, IndexError):
            line = (self.data / "postmaster.pid").read_text(encoding="utf-8").split("\n")[4]
            if (folder := Path(line)) in self.sockets:
                return folder
        return self.sockets[0]

    def url(self, role: str, database: str) -> str:
        """The address of a database for a role, as DATABASE_URL wants it."""
        login = f"{quote(role)}:{quote(self.passwords[role])}"
        host = quote(str(self.socket), safe="")
        return f"postgresql://{login}@/{quote(database)}?host={host}&port={PORT}"

    def connect(self, database: str = "postgres", role: str = SUPERUSER) -> psycopg.Connection:
        """A plain connection in autocommit, as superuser unless told otherwise."""
        return psycopg.connect(self.url(role, database), autocommit=True, connect_timeout=10)

    def postmaster(self) -> psutil.Process | None:
        """The server on this data folder, or None. A pid in a file alone proves nothing."""
        try:
            pid = int((self.data / "postmaster.pid").read_text(encoding="utf-8").split("\n")[0])
            process = psutil.Process(pid)
            return process if self._works_here(process) else None
        except (OSError, ValueError, psutil.Error):
            return None

    def _works_here(self, process: psutil.Process) -> bool:
        """True for a PostgreSQL process whose working folder is our data folder."""
        with contextlib.suppress(OSError, psutil.Error):
            if process.name().startswith("postgres"):
                return self._working_folder(process) == str(self.data.resolve())
        return False

    def _working_folder(self, process: psutil.Process) -> str:
        try:
            return str(process.cwd())
        except psutil.AccessDenied:  # root in a container: only the account itself may ask
            return self.account.say("/usr/bin/readlink", f"/proc/{process.pid}/cwd")

    def answers(self) -> bool:
        """True when SELECT 1 does."""
        try:
            with self.connect() as connection:
                return connection.execute("SELECT 1").fetchone() == (1,)
        except psycopg.OperationalError:
            return False

    def ensure(self, database: str) -> None:
        """Makes the roles and the database, owned by fortur_owner, where they are missing."""
        with _alone(self.home), self.connect() as connection:
            for role in (*GROUPS, *LOGINS):
                known = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
                if known.fetchone() is None:
                    _make_role(connection, role, self.passwords.get(role))
            connection.execute("GRANT fortur_app, fortur_clock TO fortur_demo")
            connection.execute("GRANT fortur_auditor TO fortur_verify")
            made = connection.execute("SELECT FROM pg_database WHERE datname = %s", [database])
            if made.fetchone() is None:
                self.create(connection, database, template="template0")
            _let_in(connection, database)  # also a role that is newer than the database

    @staticmethod
    def create(connection: psycopg.Connection, database: str, template: str) -> None:
        """Makes a database as a copy of another; only our roles may connect."""
        name = sql.Identifier(database)
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER fortur_owner")
        connection.execute(make.format(name, sql.Identifier(template)))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
        _let_in(connection, database)

    def leave(self) -> None:
        """Ends this process's use; the last one to leave stops the server."""
        with _alone(self.home):
            if self.lease is None:
                return
            try:
                fcntl.flock(self.lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            finally:
                self.lease.close()
                self.lease = None
            self._stop()

    def stop(self) -> None:
        """Stops the server cleanly (fast shutdown), whoever uses it. Does nothing if it's down."""
        with _alone(self.home):
            self._stop()

    def _stop(self) -> None:
        folder, process = self.socket, self.postmaster()
        for signal_ in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if process is None:
                break
            with contextlib.suppress(psutil.Error):
                process.send_signal(signal_)
                process.wait(PATIENCE)
            process = self.postmaster()
        if self.child is not None:
            self.child.wait(PATIENCE)
        shutil.rmtree(folder, ignore_errors=True)

    def _launch(self, *, with_parent: bool) -> None:
        self._clear_leftovers()
        if not self.data.is_dir():
            self._initialise()
        settings = SETTINGS | {"unix_socket_directories": str(self._fresh_socket_folder())}
        if os.environ.get("FORTUR_FAST") == "1":
            settings |= FAST
        command: list[str | Path] = [binaries(self.account) / "postgres", "-D", self.data]
        command += [f"--{name}={value}" for name, value in settings.items()]
        with self._log() as log:
            self.child = subprocess.Popen(  # noqa: S603 - our own command
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=environment(),
                start_new_session=True,  # a Ctrl-C is for the launcher, which stops us in order
                preexec_fn=partial(die_with_parent, signal.SIGINT) if with_parent else None,
                **self.account.run_as(),
            )

    def _log(self) -> IO[bytes]:
        path = self.place / "postgres.log"
        if path.exists() and path.stat().st_size > 5_000_000:
            path.replace(path.with_suffix(".log.1"))
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        self.account.own(path)
        return os.fdopen(handle, "ab")

    def _await(self, *, with_parent: bool) -> None:
        until = time.monotonic() + PATIENCE
        while not self.answers():
            if time.monotonic() > until or (self.child and self.child.poll() is not None):
                log = (self.place / "postgres.log").read_text(encoding="utf-8", errors="replace")
                tail = "\n".join(log.splitlines()[-12:])
                raise Fault(f"The embedded PostgreSQL does not answer. Its last words:\n{tail}")
            if self.child is None and self.postmaster() is None:
                self._launch(with_parent=with_parent)  # the server that was there was dying
            time.sleep(0.05)

    def _clear_leftovers(self) -> None:
        """After a kill -9: ends orphans on our folder, removes a lock that holds nothing."""
        orphans = [process for process in psutil.process_iter() if self._works_here(process)]
        _, alive = psutil.wait_procs(orphans, timeout=5)
        for process in alive:
            process.kill()
        psutil.wait_procs(alive, timeout=5)
        for folder in self.sockets:
            shutil.rmtree(folder, ignore_errors=True)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _initialise(self) -> None:
        """Makes the data folder: whole, or not at all."""
        fresh, word = self.place / "data.new", self.place / ".password"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self.account.own(fresh)
        write_private(word, self.passwords[SUPERUSER])
        self.account.own(word)
        command: list[str | Path] = [binaries(self.account) / "initdb", "-D", fresh]
        command += ["-U", SUPERUSER, f"--pwfile={word}", "-A", "scram-sha-256", "-E", "UTF8"]
        command += ["--data-checksums", "--locale=C", "--locale-provider=builtin"]
        command += ["--builtin-locale=C.UTF-8", "--no-instructions"]  # so that lower('Å') is 'å'
        command += ["--no-sync"] if os.environ.get("FORTUR_FAST") == "1" else []
        done = self.account.run(*command)
        word.unlink()
        if done.returncode != 0:
            raise Fault(f"initdb failed:\n{done.stderr.decode(errors='replace').strip()}")
        fresh.rename(self.data)

    def _fresh_socket_folder(self) -> Path:
        """A 0700 folder of the account's own, or a refusal: somebody else's is never used."""
        for folder in self.sockets:
            with contextlib.suppress(OSError):
                folder.mkdir(mode=0o700)
                self.account.own(folder)
                return folder
        raise Fault(f"No folder for the socket: {self.sockets[0]} belongs to someone else")


def _let_in(connection: psycopg.Connection, database: str) -> None:
    grant = sql.SQL(f"GRANT CONNECT ON DATABASE {{}} TO {', '.join(CONNECTING)}")
    connection.execute(grant.format(sql.Identifier(database)))


def _make_role(connection: psycopg.Connection, role: str, password: str | None) -> None:
    login = sql.SQL("LOGIN PASSWORD {}").format(password) if password else sql.SQL("")
    connection.execute(sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(role), login))


def start(home: Path, *, with_parent: bool = False) -> Cluster:
    """The server of this home, started if it's down; with_parent: it ends when we are killed."""
    home = home.absolute()
    place, account, known = prepared(home)
    with _alone(home):
        cluster = Cluster(home, place, account)
        cluster.passwords = _passwords(cluster, known)
        if cluster.postmaster() is None:
            cluster._launch(with_parent=with_parent)
        cluster._await(with_parent=with_parent)
        cluster.lease = (home / "in-use").open("w")
        fcntl.flock(cluster.lease, fcntl.LOCK_SH)
    return cluster


def _passwords(cluster: Cluster, known: str) -> dict[str, str]:
    """The roles' passwords. Another home's leftovers in the same place are cleared first."""
    path = cluster.place / "passwords.json"
    fresh = {role: secrets.token_urlsafe(24) for role in (SUPERUSER, *LOGINS)}
    with contextlib.suppress(OSError, ValueError):
        stored: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        if stored.pop("home") == known:
            if not fresh.keys() <= stored.keys():  # a role that is newer than this home
                stored = fresh | stored
                write_private(path, json.dumps(stored | {"home": known}))
            return stored
    cluster._stop()
    shutil.rmtree(cluster.data, ignore_errors=True)
    write_private(path, json.dumps(fresh | {"home": known}))
    return fresh


def erase(home: Path, keep: str = "") -> None:
    """Stops the server and deletes the database; in the home, only what was made here."""
    if (home / "home-id").exists():
        place, account, _ = prepared(home)
        Cluster(home, place, account).stop()
        for folder in ("data", "data.new"):
            shutil.rmtree(place / folder, ignore_errors=True)
        for where in (place, home):
            for name in {*FILES} - {keep}:
                (where / name).unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                where.rmdir()


def main() -> None:
    """python -m access.embedded start | stop | status | erase | psql-url [role] [database]"""
    parser = argparse.ArgumentParser(prog="access.embedded", description=main.__doc__)
    parser.add_argument("act", choices=["start", "stop", "status", "erase", "psql-url"])
    parser.add_argument("role", nargs="?", default="fortur_app")
    parser.add_argument("database", nargs="?", default="fortur")
    parser.add_argument("--home", type=Path, default=default_home())
    asked = parser.parse_args()
    if asked.act == "erase":
        return erase(asked.home.absolute())
    if asked.act == "start":
        start(asked.home).ensure(asked.database)
    home = asked.home.absolute()
    cluster = Cluster(home, *prepared(home)[:2])
    if asked.act == "stop":
        return cluster.stop()
    if cluster.postmaster() is None:
        sys.exit("down")
    if asked.act == "psql-url":
        cluster.passwords = json.loads((cluster.place / "passwords.json").read_text("utf-8"))
        sys.stdout.write(f"{cluster.url(asked.role, asked.database)}\n")
    else:
        sys.stdout.write(f"running, data in {cluster.data}, socket in {cluster.socket}\n")
    return None


if __name__ == "__main__":
    try:
        main()
    except Fault as fault:
        sys.exit(str(fault))
