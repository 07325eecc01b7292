"""The whole service as it runs in production, but for HTTPS: PostgreSQL, web and worker."""

import itertools
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil
import psycopg

from access import embedded
from access.embedded import PROJECT, Cluster
from tests.reliability.browser import Browser
from tests.smoke_demo import free_port

HOME = PROJECT / ".run" / "reliability"
COUNT = itertools.count(1)
DATABASE = "fortur"
PATIENCE = 60.0
STORY = (
    "import django; django.setup(); from casework.demo import cast, town; cast.build();"
    " town.play(lambda days: None)"
)
CAST = "import django; django.setup(); from casework.demo import cast; cast.build()"
WEB = (
    "-m", "gunicorn", "casework.wsgi", "--worker-class=gthread", "--workers=2", "--threads=4",
    "--no-control-socket", "--log-level=critical",
)  # fmt: skip
WORKER = ("manage.py", "procrastinate", "worker")


def server(home: Path) -> Cluster:
    """PostgreSQL with every commit on disk, also when the tests around us do without."""
    hurried = os.environ.pop("FORTUR_FAST", None)
    try:
        return embedded.start(home, with_parent=True)
    finally:
        if hurried is not None:
            os.environ["FORTUR_FAST"] = hurried


class Stage:
    """The running service. `kill` ends a part of it as a power cut of that process would."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self.key = secrets.token_urlsafe(40)
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.cluster = server(home)

    def build(self, story: bool = False) -> None:
        """Roles, tables, keys and the invented cast; with `story` its last half-year too."""
        self.cluster.ensure(DATABASE)
        self.run("manage.py", "make_keys", "--if-missing")
        self.run("manage.py", "migrate", "--verbosity=0")
        self.run("-c", STORY if story else CAST, role="fortur_demo")

    def environment(self, role: str = "fortur_app") -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if name != "FORTUR_FAST"},
            "DJANGO_SETTINGS_MODULE": "casework.settings",
            "PYTHONPATH": str(PROJECT),
            "FORTUR_TESTING": "1",
            "FORTUR_DEMO": "0",
            "DEBUG": "0",
            "LOG_LEVEL": "CRITICAL",
            "SECRET_KEY": self.key,
            "FORTUR_KEY_FILE": str(self.home / "keys.json"),
            "DATABASE_URL": self.url(role),
            "DATABASE_OWNER_URL": self.url("fortur_owner"),
        }

    def url(self, role: str = "postgres", database: str = DATABASE) -> str:
        return self.cluster.url(role, database)

    def superuser(self, database: str = DATABASE) -> psycopg.Connection:
        return self.cluster.connect(database)

    def run(self, *command: str, role: str = "fortur_app") -> str:
        """One of the service's own commands, run to its end; what it printed."""
        done = subprocess.run(  # noqa: S603 - our own commands
            [sys.executable, *command], cwd=PROJECT, env=self.environment(role),
            capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{' '.join(command[:3])} failed:\n{done.stderr[-2000:]}")
        return done.stdout

    def start(self) -> None:
        """Whatever of it is down, up again; waits until it answers."""
        if self.cluster.postmaster() is None:
            self.cluster = server(self.home)
        until = time.monotonic() + PATIENCE
        while True:
            # What supervises a service starts it again: a web server that was still booting when
            # its database went gives up.
            self._spawn("web", *WEB, f"--bind=127.0.0.1:{self.port}")
            self._spawn("worker", *WORKER)
            if self.answers():
                return
            if time.monotonic() > until:
                raise RuntimeError("the service doesn't come back")
            time.sleep(0.05)

    def _spawn(self, name: str, *command: str) -> None:
        child = self.children.get(name)
        if child is not None and child.poll() is None:
            return
        with (self.home / f"{name}.log").open("ab") as log:
            self.children[name] = subprocess.Popen(  # noqa: S603 - our own commands
                [sys.executable, *command], cwd=PROJECT, env=self.environment(),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        with suppress(OSError, HTTPException):
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        return False

    def kill(self, victim: str) -> None:
        """kill -9: "web" and "worker" with their children, or "postgres" with all of its own."""
        if victim == "postgres":
            process = self.cluster.postmaster()
            assert process is not None
            _kill_tree(process)
            return
        child = self.children.pop(victim)
        _kill_tree(psutil.Process(child.pid))
        child.wait(PATIENCE)

    def browser(self, username: str) -> Browser:
        """A browser in which she has logged in."""
        return Browser(self.port, username)

    def stop(self) -> None:
        for child in self.children.values():
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGTERM)
        for child in self.children.values():
            child.wait(PATIENCE)
        self.cluster.stop()


def _kill_tree(process: psutil.Process) -> None:
    everyone = [*process.children(recursive=True), process]
    for one in everyone:
        with suppress(psutil.Error):
            one.kill()
    psutil.wait_procs(everyone, timeout=PATIENCE)


@contextmanager
def stage(story: bool = False) -> Iterator[Stage]:
    """A service of our own, from nothing; erased at the end."""
    home = HOME.with_name(f"{HOME.name}-{os.getpid()}-{next(COUNT)}")  # two never meet
    home.mkdir(parents=True)
    made = Stage(home)
    try:
        made.build(story)
        made.start()
        yield made
    finally:
        made.stop()
        embedded.erase(home)
        shutil.rmtree(home, ignore_errors=True)
