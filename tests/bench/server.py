"""The bench's own PostgreSQL: the embedded one, every commit on disk, thrown away at the end."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from access import embedded
from access.embedded import Cluster

PROJECT = embedded.PROJECT
HOME = PROJECT / ".run" / "bench"
EMPTY = "bench_empty"  # tables and the cast, no case
BUILD = "from casework.demo import cast; cast.build()"


@contextmanager
def server() -> Iterator["Server"]:
    """Started from nothing, erased afterwards; also when the bench is interrupted."""
    os.environ.pop("FORTUR_FAST", None)
    erase()
    cluster = embedded.start(HOME, with_parent=True)
    try:
        yield Server(cluster)
    finally:
        cluster.stop()
        erase()


def erase() -> None:
    embedded.erase(HOME)
    shutil.rmtree(HOME, ignore_errors=True)


class Server:
    """Makes databases, and runs the bench's own parts against them."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        cluster.ensure(EMPTY)
        self.run(EMPTY, "manage.py", "make_keys")
        self.run(EMPTY, "manage.py", "migrate", "--verbosity=0")
        self.run(EMPTY, "-c", f"import django; django.setup(); {BUILD}", role="fortur_demo")

    def database(self, name: str, template: str = EMPTY) -> str:
        with self.cluster.connect() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            Cluster.create(connection, name, template)
        return name

    def drop(self, name: str) -> None:
        with self.cluster.connect() as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def superuser(self, name: str) -> psycopg.Connection:
        """Sees and may everything: what row security costs is measured against it."""
        return self.cluster.connect(name)

    def environment(self, name: str, role: str = "fortur_app", **more: str) -> dict[str, str]:
        """A process's surroundings: the service as it runs in production, but without HTTPS."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "casework.settings",
            "PYTHONPATH": str(PROJECT),
            "FORTUR_BENCH": "1",
            "FORTUR_TESTING": "1",
            "FORTUR_DEMO": "0",
            "DEBUG": "0",
            "SECRET_KEY": f"only-for-the-bench-{HOME.name:>20}",
            "FORTUR_KEY_FILE": str(HOME / "keys.json"),
            "DATABASE_URL": self.cluster.url(role, name),
            "DATABASE_OWNER_URL": self.cluster.url("fortur_owner", name),
            "DATABASE_AUDITOR_URL": self.cluster.url("fortur_verify", name),
            "DATABASE_SEALER_URL": self.cluster.url("fortur_sealer", name),
            "BENCH_SUPERUSER_URL": self.cluster.url("postgres", name),
            **more,
        }

    def start(self, name: str, *command: str, **more: str) -> "subprocess.Popen[str]":
        role = more.pop("role", "fortur_app")
        return subprocess.Popen(  # noqa: S603 - our own commands
            [sys.executable, *command],
            cwd=PROJECT,
            env=self.environment(name, role, **more),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, name: str, *command: str, **more: str) -> str:
        """A part of the bench, or a command of the service, run to its end; what it printed."""
        process = self.start(name, *command, **more)
        printed, complaint = process.communicate()
        if process.returncode:
            raise RuntimeError(f"{' '.join(command[:3])} failed:\n{complaint}")
        return printed

    def measure(self, name: str, part: str, **options: Any) -> dict[str, Any]:
        """Runs tests.bench.<part> on a database; its figures, by name."""
        printed = self.run(name, "-m", f"tests.bench.{part}", json.dumps(options))
        figures: dict[str, Any] = json.loads(printed.splitlines()[-1])
        return figures


def file(name: str) -> Path:
    return Path(__file__).with_name(name)


def new_id() -> str:
    return str(uuid4())
