"""Test databases: one template with schema and cast, and cheap copies of it.

The template is built once per state of the migrations and the cast, by the roles that do it in
production: the owner migrates, an unprivileged role fills.
"""

import contextlib
import fcntl
import hashlib
import itertools
import os
import subprocess
import sys
from collections.abc import Iterator

import psutil
import psycopg
from psycopg import sql

import tests
from access.embedded import Cluster

KEPT = 4  # templates: other branches and other people's runs
NUMBERS = itertools.count(1)
MADE_FROM = (
    "*/migrations/*.py", "*/migrations/*.sql", "access/*.py", "casework/demo/cast.py",
    "casework/settings.py", "tests/cast.py", "access/management/commands/migrate.py",
    "requirements.lock",
)  # fmt: skip


def template() -> str:
    """The template's name; built first where this state has none."""
    name = f"template_{_digest()}"
    with (tests.HOME / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (tests.HOME / "keys.json").exists():
            _run("manage.py", "make_keys", "--if-missing", environment=dict(os.environ))
        with tests.CLUSTER.connect() as connection:
            if not _is_there(connection, name):
                _drop(connection, f"{name}_new")
                Cluster.create(connection, f"{name}_new", template="template0")
                _fill(f"{name}_new")
                connection.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                        sql.Identifier(f"{name}_new"), sql.Identifier(name)
                    )
                )
                _forget_old(connection)
    return name


def copy(source: str) -> str:
    """A fresh database of this process's own; dropped by `drop`, or by a later run."""
    name = f"test_{os.getpid()}_{next(NUMBERS)}"
    with tests.CLUSTER.connect() as connection:
        _drop(connection, name)
        Cluster.create(connection, name, template=source)
    return name


def drop(name: str) -> None:
    """Drops a copy, whoever is still connected."""
    with tests.CLUSTER.connect() as connection:
        _drop(connection, name)


def drop_abandoned() -> None:
    """Drops what killed runs left behind."""
    with tests.CLUSTER.connect() as connection:
        found = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'")
        for (name,) in found.fetchall():
            if not psutil.pid_exists(int(name.split("_")[1])):
                _drop(connection, name)


@contextlib.contextmanager
def raw(role: str, name: str) -> Iterator[psycopg.Connection]:
    """A plain connection, rolled back and closed at the end."""
    with contextlib.closing(psycopg.connect(tests.CLUSTER.url(role, name))) as connection:
        yield connection


def _digest() -> str:
    state = hashlib.sha256()
    for path in sorted({path for made in MADE_FROM for path in tests.PROJECT.glob(made)}):
        state.update(str(path.relative_to(tests.PROJECT)).encode() + path.read_bytes())
    return state.hexdigest()[:16]


def _fill(name: str) -> None:
    environment = os.environ | {
        "DATABASE_URL": tests.CLUSTER.url("fortur_demo", name),
        "DATABASE_OWNER_URL": tests.CLUSTER.url("fortur_owner", name),
        tests.TEMPLATE_BUILD: "1",
    }
    _run("manage.py", "migrate", "--verbosity=0", "--skip-checks", environment=environment)
    _run("-m", "tests.cast", environment=environment)


def _run(*command: str, environment: dict[str, str]) -> None:
    done = subprocess.run(  # noqa: S603 - our own commands
        [sys.executable, *command],
        cwd=tests.PROJECT,
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr or done.stdout}")


def _is_there(connection: psycopg.Connection, name: str) -> bool:
    found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name])
    return found.fetchone() is not None


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    )


def _forget_old(connection: psycopg.Connection) -> None:
    old = connection.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%%'"
        " ORDER BY oid DESC OFFSET %s",
        [KEPT],
    )
    for (name,) in old.fetchall():
        with contextlib.suppress(psycopg.errors.ObjectInUse):
            _drop(connection, name)
