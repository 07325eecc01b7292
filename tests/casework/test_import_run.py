"""Saving a confirmed file: in batches, once, whoever dies meanwhile; by worker and by command."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

import tests
from access.actor import Actor, actor_of
from access.models import Membership, User
from access.session import acting_as
from audit.models import Step
from casework import tasks
from casework.flags import flag
from casework.importing import importrun, imports
from casework.models import Case, FlagFile, Observation
from tests import make
from tests.casework import flagfiles
from tests.casework.flagfiles import made, row

Run = Callable[..., subprocess.CompletedProcess[str]]
UNIT = "Lokalpolisområde Sjölanda"
MANY = [
    row(tidpunkt=f"2025-{month:02}-{day:02} {hour:02}:10")
    for month in (5, 6) for day in range(1, 31) for hour in range(10)
]  # fmt: skip


@pytest.fixture
def me(own_db: str) -> Actor:
    found = actor_of(User.objects.get(username="utredare"))
    assert found
    return found


@pytest.fixture
def environment(own_db: str) -> dict[str, str]:
    """For processes of their own on the test's database."""
    return os.environ | {
        "DATABASE_URL": tests.CLUSTER.url("fortur_app", own_db),
        "LOG_LEVEL": "WARNING",
    }


def queued(actor: Actor, content: bytes) -> FlagFile:
    with transaction.atomic(), acting_as(actor):
        file = imports.receive(actor, "f.csv", content)
        tasks.queue_import(file)
    return file


def now(actor: Actor, file: FlagFile) -> FlagFile:
    with make.acting(actor):
        return FlagFile.objects.get(pk=file.pk)


def saved(actor: Actor) -> tuple[int, int]:
    """Observations, and trail lines about them."""
    with make.acting(actor):
        lines = Step.objects.filter(step__in=["flag", "add_observation"])
        return Observation.objects.count(), lines.count()


def command(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("import_flags", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_a_run_that_stopped_goes_on_where_it_was(
    me: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = queued(me, made(flagfiles.sample()))
    take, left = importrun.take, iter(range(120))

    def dies(*arguments: Any) -> Any:
        if next(left, None) is None:
            raise RuntimeError("20100512-2385")
        return take(*arguments)

    monkeypatch.setattr(importrun, "take", dies)
    with pytest.raises(importrun.Stopped) as stopped:
        importrun.run(importrun.Job.of(file))
    assert "2385" not in str(stopped.value)
    halfway = now(me, file)
    assert (halfway.status, halfway.done_rows) == ("failed", 100)
    assert 0 < saved(me)[0] < 120  # whole batches only
    monkeypatch.undo()
    told: list[int] = []
    assert importrun.run(importrun.Job.of(file), lambda done, rows: told.append(done))
    assert told == [150, 200, 240]
    done = now(me, file)
    assert (done.status, done.done_rows, done.faults) == ("done", 240, 28)
    assert done.new_cases + done.new_observations == 212
    assert done.already_there == 0
    assert saved(me) == (212, 212)


def test_a_killed_process_leaves_nothing_half_done(
    me: Actor, environment: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "many.csv"
    path.write_bytes(made(MANY))
    arguments = ["manage.py", "import_flags", str(path), "--unit", UNIT, "--as", "utredare"]
    program = [sys.executable, *arguments]
    process = subprocess.Popen(program, env=environment, stderr=subprocess.PIPE)  # noqa: S603
    try:
        wait_for(lambda: bool(saved(me)[0]))
    finally:
        process.kill()
        process.wait()
    observations, lines = saved(me)
    assert observations == lines
    assert 0 < observations < len(MANY)
    with make.acting(me):
        file = FlagFile.objects.get()
        assert (file.status, file.done_rows) == ("running", observations)
        wait_for(lambda: not imports.is_worked_on(file))
    out, _err = command(str(path), "--unit", UNIT, "--as", "utredare")
    assert saved(me) == (len(MANY), len(MANY))
    with make.acting(me):
        assert FlagFile.objects.get().status == "done"
        assert Case.objects.count() == 1
    assert str(len(MANY) - 1) in out


def worker(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The worker's whole process, until its queue is empty."""
    done = subprocess.run(
        [sys.executable, "manage.py", "procrastinate", "worker", "--one-shot"],
        env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done


def wait_for(happened: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_two_runs_at_once_save_everything_once(me: Actor) -> None:
    file = queued(me, made(MANY[:160]))
    answers: list[bool] = []

    def work() -> None:
        try:
            answers.append(importrun.run(importrun.Job.of(file)))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False, False, True]
    assert saved(me) == (160, 160)


def test_another_process_with_the_lock_keeps_it(me: Actor, own_db: str) -> None:
    file = queued(me, made([row()]))
    with tests.CLUSTER.connect(own_db) as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [str(file.pk)])
        assert imports.is_worked_on(file)
        assert importrun.run(importrun.Job.of(file)) is False
    wait_for(lambda: not imports.is_worked_on(file))
    assert importrun.run(importrun.Job.of(file)) is True
    assert importrun.run(importrun.Job.of(file)) is False  # done: nothing to do


def test_who_lost_the_right_since_saves_nothing(me: Actor) -> None:
    file = queued(me, made([row()]))
    with transaction.atomic(), acting_as(None):
        membership = Membership.objects.get(user_id=me.user_id)
        membership.until = timezone.localdate() - timedelta(days=1)
        membership.save()
    with pytest.raises(importrun.NotAllowed):
        importrun.run(importrun.Job.of(file))
    assert now(me, file).status == "failed"
    assert saved(me) == (0, 0)


def test_rows_that_somebody_else_saved_meanwhile_are_there_already(me: Actor) -> None:
    file = queued(me, made([row(), row(typ="annat")]))
    with transaction.atomic(), acting_as(me):
        _columns, judged = imports.judge_content(made([row()]))
        assert judged[0].youth
        assert judged[0].seen
        flag(me, judged[0].youth, judged[0].seen)
    importrun.run(importrun.Job.of(file))
    done = now(me, file)
    assert (done.new_cases, done.new_observations, done.already_there) == (0, 1, 1)


def test_a_case_that_the_actor_does_not_see_is_not_told_of(me: Actor, superuser: Any) -> None:
    file = queued(me, made([row()]))
    importrun.run(importrun.Job.of(file))
    superuser.execute("UPDATE casework_case SET restricted = true")
    nobodys = row(personnummer="", fodelsedatum="2011-01-02")
    second = queued(me, made([row(typ="annat"), row(), nobodys]))
    importrun.run(importrun.Job.of(second))
    done = now(me, second)
    assert (done.status, done.faults, done.new_cases) == ("done", 2, 1)
    report = imports.report_in(done)
    assert report
    words = {str(fault) for each in report.rejected for fault in each.faults}
    assert len(words) == 1


def test_the_worker_does_it(me: Actor, environment: dict[str, str]) -> None:
    file = queued(me, made(flagfiles.sample()))
    done = subprocess.run(
        [sys.executable, "manage.py", "procrastinate", "worker", "--one-shot"],
        env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert now(me, file).status == "done"
    assert saved(me) == (212, 212)
    for secret in ("Alva", "238", "Busstorget"):
        assert secret not in done.stdout + done.stderr
    with make.acting(me):
        assert set(tasks.jobs_of(file).get().args) == {"file_id", "unit_id", "user_id"}


def test_a_dead_workers_job_is_picked_up(
    me: Actor, environment: dict[str, str], superuser: Any
) -> None:
    file = queued(me, made([row()]))
    superuser.execute(
        "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat)"
        " VALUES (now() - interval '1 minute') RETURNING id)"
        " UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id FROM dead"
    )
    assert not tasks.is_queued(file)
    tasks.pick_up_dropped.configure(task_kwargs={"timestamp": 0}).defer()
    for _turn in range(2):
        worker(environment)
    assert now(me, file).status == "done"
    assert saved(me) == (1, 1)


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "flaggor.csv"
    path.write_bytes(made(flagfiles.sample()))
    return path


def test_the_command_saves_and_tells(me: Actor, sample: Path, tmp_path: Path) -> None:
    rejected = tmp_path / "rejected.csv"
    arguments = (str(sample), "--unit", UNIT, "--as", "utredare", "--rejected", str(rejected))
    with pytest.raises(SystemExit) as ended:
        command(*arguments)
    assert ended.value.code == 3
    assert saved(me) == (212, 212)
    assert rejected.stat().st_mode & 0o077 == 0
    assert rejected.read_bytes().count(b"parkeringsbot") == 6  # three rows, each with its fault
    with pytest.raises(CommandError):
        command(*arguments)  # never overwrites
    with pytest.raises(SystemExit):
        command(*arguments[:5])
    assert saved(me) == (212, 212)


def test_the_command_only_checks(me: Actor, sample: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        command(str(sample), "--unit", UNIT, "--as", "utredare", "--check")
    assert ended.value.code == 3
    assert saved(me) == (0, 0)
    with make.acting(me):
        assert FlagFile.objects.get().content is None


def test_the_command_ends_well_when_all_is_saved(me: Actor, tmp_path: Path) -> None:
    path = tmp_path / "good.csv"
    path.write_bytes(made([row()]))
    for expected in ("1", "1"):
        out, err = command(str(path), "--unit", UNIT, "--as", "utredare")
        assert expected in out
        assert not err
    assert saved(me) == (1, 1)


@pytest.mark.parametrize(
    ("unit", "username"),
    [
        ("Nowhere", "utredare"),
        (UNIT, "nobody"),
        (UNIT, "socialsekreterare"),
        (UNIT, "polischef"),
        ("Barn och unga Sjölanda", "utredare"),
    ],
)
def test_the_command_refuses_who_may_not(me: Actor, sample: Path, unit: str, username: str) -> None:
    with pytest.raises(CommandError) as refused:
        command(str(sample), "--unit", unit, "--as", username)
    assert len(str(refused.value)) > 20
    assert saved(me) == (0, 0)


@pytest.mark.parametrize("content", [None, b"", b"%PDF-1.7", b"x" * 10_000_001])
def test_the_command_answers_in_words(me: Actor, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "odd.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        command(str(path), "--unit", UNIT, "--as", "utredare")
    assert str(refused.value).endswith(".")


def test_the_command_from_a_shell(me: Actor, environment: dict[str, str], sample: Path) -> None:
    arguments = ["manage.py", "import_flags", str(sample), "--unit", UNIT, "--as", "utredare"]
    done = subprocess.run(  # noqa: S603
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 3, done.stderr
    assert "240/240" in done.stderr
    assert "Traceback" not in done.stderr
