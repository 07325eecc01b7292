"""`make demo`: database, tables, the invented town, web server and worker, until Ctrl-C.

Nothing of Django is imported here: it runs in the processes that this one starts and stops.
"""

import contextlib
import fcntl
import hashlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from access import embedded
from access.binaries import DEMO_LOCK, FILES, Fault, die_with_parent, write_private
from casework.demo.people import PASSWORD, PEOPLE

PROJECT = embedded.PROJECT
DATABASE = "fortur"
STATIC = PROJECT / ".run" / "static"  # the pages' files were collected for this state of them
GIVE_UP = 60  # seconds for the web server to answer
STOP_WITHIN = 10  # seconds for web server and worker to end by themselves
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def say(text: str = "", end: str = "\n") -> None:
    """A line for whoever started the demo."""
    sys.stdout.write(text + end)
    sys.stdout.flush()


@contextlib.contextmanager
def stage(words: str) -> Iterator[None]:
    """Says what is being done, and how long it took."""
    say(f"  {words} … ", end="")
    began = time.monotonic()
    yield
    say(f"{time.monotonic() - began:.1f} s")


def digest(*patterns: str) -> str:
    """Changes when a file of these patterns (or its name) does."""
    state = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in PROJECT.glob(pattern)}):
        if path.is_file():
            state.update(str(path.relative_to(PROJECT)).encode() + path.read_bytes())
    return state.hexdigest()


def once(mark: Path, key: str, work: Callable[[], None]) -> None:
    """Does the work unless it was done for the same key before; only finished work counts."""
    if not mark.exists() or mark.read_text(encoding="ascii") != key:
        mark.unlink(missing_ok=True)
        work()
        mark.write_text(key, encoding="ascii")


class Demo:
    """One demo: a home, a port, and the processes that belong to it."""

    def __init__(self, home: Path, port: int) -> None:
        self.home = home
        self.port = port
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.stopped_by: int | None = None
        self.cluster: embedded.Cluster | None = None

    @property
    def address(self) -> str:
        """Where the browser goes."""
        return f"http://localhost:{self.port}/"

    def run(self) -> int:
        """Brings everything up, waits, takes everything down. Returns the exit status."""
        for each in STOPPING:
            signal.signal(each, self._stop)
        try:
            self._prepare()
            self._serve()
            self._welcome()
            return self._watch()
        except KeyboardInterrupt:
            return 128 + (self.stopped_by or signal.SIGINT)
        finally:
            for each in STOPPING:
                signal.signal(each, signal.SIG_IGN)
            self._take_down()

    def _stop(self, number: int, _frame: object) -> None:
        self.stopped_by = number
        raise KeyboardInterrupt

    def _prepare(self) -> None:
        with stage("Database server"):
            self.cluster = embedded.start(self.home, with_parent=True)
            self.cluster.ensure(DATABASE)
        if self.cluster.place != self.home:
            say(f"    (its data are in {self.cluster.place}: PostgreSQL doesn't run as root)")
        if not (self.home / "secret-key").exists():
            write_private(self.home / "secret-key", secrets.token_urlsafe(48))
        if not (self.home / "keys.json").exists():
            self._manage("make_keys")
        if not (self.home / "seal-key.pem").exists():
            self._manage("make_seal_key")
        tables = digest("*/migrations/*.py", "*/migrations/*.sql", "requirements.lock")
        with stage("Tables and their rules"):
            once(self.home / "migrated", tables, lambda: self._manage("migrate", owner=True))
        files = digest("*/static/**/*", "requirements.lock")
        with stage("Style sheets and scripts"), _alone(STATIC.with_suffix(".lock")):
            if not (PROJECT / "staticfiles" / "staticfiles.json").exists():
                STATIC.unlink(missing_ok=True)
            once(STATIC, files, self._collect)
        loaded = self.home / "loaded"
        if not loaded.exists():
            say("  The invented town of Sjölanda …")
            once(loaded, "yes", self._load)

    def _collect(self) -> None:
        self._manage("collectstatic", "--noinput", "--clear")

    def _load(self) -> None:
        self._manage("load_demo", role="fortur_demo", worker=True, quiet=False)

    def _environment(
        self, role: str, *, owner: bool = False, worker: bool = False
    ) -> dict[str, str]:
        assert self.cluster is not None  # noqa: S101 - for the type checker
        ours = {"SECRET_KEY", "FORTUR_KEY_FILE", "FORTUR_SEAL_KEY_FILE"}
        kept = {
            name: value
            for name, value in os.environ.items()
            if name.removesuffix("_FILE") not in ours
            and name not in ours
            and not name.startswith("DATABASE_")
        }
        made = {
            "DJANGO_SETTINGS_MODULE": "casework.settings",
            "FORTUR_DEMO": "1",
            "SECRET_KEY_FILE": str(self.home / "secret-key"),
            "FORTUR_KEY_FILE": str(self.home / "keys.json"),
            "FORTUR_SEAL_KEY_FILE": str(self.home / "seal-key.pem"),
            "DATABASE_URL": self.cluster.url(role, DATABASE),
            "DATABASE_AUDITOR_URL": self.cluster.url("fortur_verify", DATABASE),
        }
        if worker:
            made["DATABASE_SEALER_URL"] = self.cluster.url("fortur_sealer", DATABASE)
            made["DATABASE_DESTROYER_URL"] = self.cluster.url("fortur_destroyer", DATABASE)
        if owner:
            made["DATABASE_OWNER_URL"] = self.cluster.url("fortur_owner", DATABASE)
        return kept | made

    def _manage(
        self,
        *command: str,
        role: str = "fortur_app",
        owner: bool = False,
        worker: bool = False,
        quiet: bool = True,
    ) -> None:
        """Runs a management command to its end; its output is shown when it fails, or is loud."""
        done = subprocess.run(  # noqa: S603 - our own commands
            [sys.executable, "manage.py", *command],
            cwd=PROJECT,
            env=self._environment(role, owner=owner, worker=worker),
            capture_output=quiet,
            start_new_session=True,
            preexec_fn=partial(die_with_parent, signal.SIGTERM),
        )
        if done.returncode != 0:
            heard = (done.stderr or b"").decode(errors="replace")
            raise Fault(f"manage.py {command[0]} failed\n{heard}")

    def _serve(self) -> None:
        with stage("Web server and worker"):
            self._spawn(
                "web", "-m", "gunicorn", "casework.wsgi", f"--bind=127.0.0.1:{self.port}",
                "--worker-class=gthread", "--workers=2", "--threads=4", "--no-control-socket",
            )  # fmt: skip
            # Without its database the worker would wait for ever: when we are gone it goes at once.
            self._spawn("worker", "manage.py", "procrastinate", "worker", orphaned=signal.SIGKILL)
            self._await_answer()

    def _spawn(self, name: str, *command: str, orphaned: int = signal.SIGTERM) -> None:
        with (self.home / f"{name}.log").open("wb") as log:
            self.children[name] = subprocess.Popen(  # noqa: S603 - our own commands
                [sys.executable, *command],
                cwd=PROJECT,
                env=self._environment("fortur_app", worker=name == "worker"),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a Ctrl-C reaches us only; we stop them in order
                preexec_fn=partial(die_with_parent, orphaned),
            )

    def _await_answer(self) -> None:
        until = time.monotonic() + GIVE_UP
        while not self._ready():
            self._all_alive()
            if time.monotonic() > until:
                raise Fault(f"The web server does not answer: {self.home / 'web.log'}")
            time.sleep(0.1)

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}readyz", timeout=5) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def _all_alive(self) -> None:
        for name, child in self.children.items():
            if child.poll() is not None:
                log = self.home / f"{name}.log"
                last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:]
                raise Fault("\n".join([f"The {name} process ended. {log} says:", *last]))

    def _welcome(self) -> None:
        say(f"\nFörtur is at  {self.address}   (every person and event in it is invented)\n")
        width = max(len(person.username) for person in PEOPLE)
        for person in PEOPLE:
            say(f"  {person.username:<{width}}  {person.what}")
        say(f"\nPassword for all of them: {PASSWORD}\nCtrl-C stops everything.\n")

    def _watch(self) -> int:
        """Until something ends by itself. A killed database server is started again."""
        while True:
            time.sleep(1)
            self._all_alive()
            if self.cluster and self.cluster.postmaster() is None:
                say("The database server is gone; starting it again.")
                self.cluster = embedded.start(self.home, with_parent=True)

    def _take_down(self) -> None:
        say("\nStopping …")
        for child in self.children.values():
            _signal_group(child, signal.SIGTERM)
        until = time.monotonic() + STOP_WITHIN
        for child in self.children.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, until - time.monotonic()))
            _signal_group(child, signal.SIGKILL)
            child.wait()
        if self.cluster is not None:
            self.cluster.stop()


def _signal_group(child: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, number)


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def start_over(home: Path) -> None:
    """Deletes the demo's database and keys; the lock that we hold stays."""
    embedded.erase(home, keep=DEMO_LOCK)
    for name in {*FILES} - {DEMO_LOCK}:  # where the database is gone already
        (home / name).unlink(missing_ok=True)


def port_wanted() -> int:
    """$PORT, free on this machine; otherwise the demo ends here, in words."""
    word = os.environ.get("PORT") or "8000"
    if not word.isdecimal() or not 0 < int(word) < 65536:
        sys.exit(f"PORT={word} is no port number")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(word)))
        except OSError as fault:
            sys.exit(f"Port {word} can't be used ({fault.strerror}). Try: make demo PORT=8001")
    return int(word)


def main() -> int:
    """The whole evening."""
    die_with_parent(signal.SIGTERM)  # make was killed
    port = port_wanted()
    home = Path(os.environ.get("FORTUR_HOME") or PROJECT / ".run" / f"demo-{port}").absolute()
    say("Förtur demo\n")
    try:
        embedded.prepared(home)
        with (home / DEMO_LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            half_built = not (home / "loaded").exists()
            if half_built or os.environ.get("RESET", "") not in {"", "0"}:
                with stage("Starting from nothing"):
                    start_over(home)
            return Demo(home, port).run()
    except BlockingIOError:
        sys.exit(f"A demo is running in {home} already. Another one: make demo PORT=…")
    except Fault as fault:
        sys.exit(f"\n{fault}")


if __name__ == "__main__":
    sys.exit(main())
