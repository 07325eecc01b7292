"""Dump and restore, and back to a moment: is the trail the same, line for line?"""

import shutil
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from access.binaries import binaries
from access.embedded import PORT, SUPERUSER, Cluster
from tests.hostile import TRAIL
from tests.reliability.stage import DATABASE, PATIENCE, Stage
from tests.reliability.work import flag

COPY, POINT = "restored", "drill"


def run(stage: Stage) -> dict[str, Any]:
    """A dump put back into an empty database; a base backup rolled forward to a named moment."""
    clerk = stage.browser("utredare")
    flag(clerk)
    return {"dump and restore": dumped(stage), "point in time": rolled_forward(stage, clerk)}


def trail_hash(connection: psycopg.Connection) -> tuple[int, str]:
    """How many lines there are, and one hash over all of them in their order."""
    whole, lines = sha256(), 0
    for table in TRAIL:
        query = sql.SQL("COPY (SELECT t::text FROM {} t ORDER BY id) TO STDOUT")
        with connection.cursor().copy(query.format(sql.Identifier(table))) as copy:
            for (line,) in copy.rows():
                whole.update(line.encode())
                lines += 1
    return lines, whole.hexdigest()


def program(stage: Stage, name: str, *arguments: str | Path) -> None:
    """One of PostgreSQL's own programs, as the account that runs the server."""
    done = stage.cluster.account.run(binaries(stage.cluster.account) / name, *arguments)
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr.decode(errors='replace')[-800:]}")


def room(stage: Stage) -> Path:
    """An empty folder that the server's account owns."""
    folder = stage.cluster.place / "drill"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    stage.cluster.account.own(folder)
    return folder


def dumped(stage: Stage) -> dict[str, Any]:
    """pg_dump while the service runs, pg_restore beside it, compared at rest."""
    folder = room(stage)
    program(stage, "pg_dump", "-Fc", f"--file={folder / 'dump'}", stage.url())
    with stage.superuser("postgres") as chief:
        chief.execute(f'DROP DATABASE IF EXISTS "{COPY}" WITH (FORCE)'.encode())
        Cluster.create(chief, COPY, template="template0")
    program(stage, "pg_restore", f"--dbname={stage.url(database=COPY)}", "--exit-on-error",
            folder / "dump")  # fmt: skip
    with stage.superuser() as here, stage.superuser(COPY) as there:
        lines, before = trail_hash(here)
        restored, after = trail_hash(there)
    shutil.rmtree(folder)
    return {"lines": lines, "restored": restored, "same hash": before == after}


def rolled_forward(stage: Stage, clerk: Any) -> dict[str, Any]:
    """Archive on, base backup, work, a named point, more work, disaster: back to the point."""
    folder = room(stage)
    archive = folder / "archive"
    archive.mkdir()
    stage.cluster.account.own(archive)
    with stage.superuser() as chief:
        chief.execute(b"ALTER SYSTEM SET archive_mode = on")
        copy = f"ALTER SYSTEM SET archive_command = 'cp %p \"{archive}/%f\"'"
        chief.execute(copy.encode())
    stage.cluster.stop()
    stage.start()
    program(stage, "pg_basebackup", f"--dbname={stage.url(database='postgres')}",
            f"--pgdata={folder / 'data'}", "--checkpoint=fast")  # fmt: skip
    retried_flag(clerk)
    with stage.superuser() as chief:
        lines, at_point = trail_hash(chief)
        chief.execute(b"SELECT pg_create_restore_point('drill')")
    retried_flag(clerk)
    with stage.superuser() as chief:
        later, _ = trail_hash(chief)
        chief.execute(b"SELECT pg_switch_wal()")
        wait_for_archive(chief)
    restored, found = recovered(stage, folder, archive)
    shutil.rmtree(folder)
    return {
        "lines at the point": lines, "lines written after it": later - lines,
        "lines after recovery": restored, "same hash": found == at_point,
    }  # fmt: skip


def retried_flag(clerk: Any) -> None:
    """The first request after the restart may meet a connection that is gone."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            flag(clerk)
        except RuntimeError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


def wait_for_archive(chief: psycopg.Connection) -> None:
    until = time.monotonic() + PATIENCE
    waiting = (
        b"SELECT last_archived_wal >= pg_walfile_name(pg_current_wal_lsn() - 1)"
        b" FROM pg_stat_archiver"
    )
    while chief.execute(waiting).fetchone() not in ((True,),) and time.monotonic() < until:
        time.sleep(0.2)


def recovered(stage: Stage, folder: Path, archive: Path) -> tuple[int, str]:
    """A second server on the base backup, rolled forward to the point; its trail."""
    data = folder / "data"
    settings = {
        "restore_command": f'cp "{archive}/%f" "%p"',
        "recovery_target_name": POINT,
        "recovery_target_action": "promote",
        "archive_mode": "off",
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
    }
    (data / "recovery.signal").touch()
    stage.cluster.account.own(data / "recovery.signal")
    options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    program(stage, "pg_ctl", "start", "-D", data, "-w", "-t", "60", "-o", options, "-l",
            folder / "log")  # fmt: skip
    try:
        password = stage.cluster.passwords[SUPERUSER]
        with psycopg.connect(
            host=str(folder), port=PORT, user=SUPERUSER, password=password, dbname=DATABASE
        ) as there:
            return trail_hash(there)
    finally:
        program(stage, "pg_ctl", "stop", "-D", data, "-m", "fast")
