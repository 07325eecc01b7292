"""Saving the rows of a confirmed file, in batches that commit one by one.

`done_rows` is how far it has come, written in the batch's own transaction: a run that died goes on
where the last whole batch ended. One process at a time holds the file's lock.
"""

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils import timezone

from access import rules
from access.actor import Actor, actor_of
from access.models import Unit, User
from access.session import acting_as
from casework.flags import AlreadyThere, flag
from casework.importing import imports
from casework.importing.faults import Fault
from casework.importing.flagrow import Judged
from casework.importing.imports import Rejected, Report, Status
from casework.importing.known import Known
from casework.models import FlagFile
from casework.workflow.steps import Closed

BATCH = 50  # rows
TRIES = 3  # of a batch that met a deadlock with somebody else's work


class NotAllowed(Exception):
    """Who chose the file may no longer flag in the unit."""


class Stopped(Exception):
    """The run ended half-way. Says where in the code, never what was in the row."""


@dataclass(frozen=True, slots=True)
class Job:
    """Which file, in whose name. Everything else is looked up when it runs."""

    file_id: UUID
    unit_id: int
    user_id: UUID

    @classmethod
    def of(cls, file: FlagFile) -> "Job":
        return cls(file.pk, file.unit_id, file.uploaded_by_id)

    @contextmanager
    def acting(self) -> Iterator[Actor]:
        """A transaction in the name of whoever chose the file, as she is now."""
        with transaction.atomic():
            user = User.objects.filter(pk=self.user_id).first()
            actor = actor_of(user, self.unit_id) if user else None
            if actor is None or not rules.flagger(actor):
                raise NotAllowed
            with acting_as(actor, request_id=self.file_id):
                yield actor

    def file(self) -> FlagFile | None:
        """The file, locked, while its rows are still to be saved."""
        waiting = FlagFile.objects.filter(status__in=[*imports.UNDER_WAY, Status.FAILED])
        mine = waiting.filter(pk=self.file_id, content__isnull=False)
        return mine.defer("content", "rejected").select_for_update().first()


@dataclass(slots=True)
class Work:
    """The file's rows, and what was found about them so far."""

    judged: list[Judged]
    report: Report


Tell = Callable[[int, int], None]


def run(job: Job, tell: Tell = lambda done, rows: None) -> bool:
    """Save every good row that isn't saved yet. False: there is nothing to do, or another does it.

    `tell` hears how many rows are done, of how many. Raises NotAllowed and Stopped.
    """
    with the_lock(job.file_id) as mine:
        if not mine:
            return False
        try:
            return _run(job, tell)
        except NotAllowed:
            mark_stopped(job)
            raise
        except BaseException as fault:
            mark_stopped(job)
            if not isinstance(fault, Exception):
                raise
            last = traceback.extract_tb(fault.__traceback__)[-1]
            raise Stopped(f"{type(fault).__name__} in {last.name}, line {last.lineno}") from None


def _run(job: Job, tell: Tell) -> bool:
    with job.acting():
        file = job.file()
        if file is None:
            return False
        work = begin(file)
    while (done := tried_batch(job, work)) is not None:
        tell(done, len(work.judged))
        if done >= len(work.judged):
            return True
    return False


def begin(file: FlagFile) -> Work:
    """Judge the rows anew: days may have passed, places may have been added."""
    columns, judged = imports.judge_content(imports.content_of(file) or b"")
    report = imports.report_of(columns, judged)
    before = imports.report_in(file)
    if before and file.done_rows:  # rows that an earlier run could not save
        unsaved = [each for each in before.rejected if each.faults[0].code == "not_saved"]
        report.rejected += unsaved
    if not file.done_rows:
        file.already_there = 0  # it held the preview's guess
    file.status = Status.RUNNING
    file.save(update_fields=["status", "already_there"])
    return Work(judged, report)


def tried_batch(job: Job, work: Work) -> int | None:
    """A batch; again where the database chose it as the loser of a deadlock."""
    for left in reversed(range(TRIES)):
        rejected = len(work.report.rejected)
        try:
            with job.acting() as actor:
                return batch(actor, job, work)
        except OperationalError:
            del work.report.rejected[rejected:]
            if not left or not connection.is_usable():
                raise
    return None


def batch(actor: Actor, job: Job, work: Work) -> int | None:
    """Save the next rows; returns how many of the file are done. None: somebody ended it."""
    file = job.file()
    if file is None:
        return None
    rows = work.judged[file.done_rows : file.done_rows + BATCH]
    known = Known(actor, [judged for judged in rows if not judged.faults])
    known.ask_for_cases()
    changed = ["done_rows", "new_cases", "new_observations", "already_there"]
    for judged in rows:
        if not judged.faults and (fault := take(actor, judged, file, known)):
            work.report.rejected.append(Rejected(judged.row, judged.cells, [fault]))
            imports.keep_report(file, work.report)
            changed.append("rejected")
    file.done_rows += len(rows)
    if file.done_rows >= len(work.judged):
        finish(file, work.report)
        changed += ["status", "content", "rejected", "faults", "finished_at"]
    file.save(update_fields=changed)
    return file.done_rows


def take(actor: Actor, judged: Judged, file: FlagFile, known: Known) -> Fault | None:
    """Save one row as a flag and count it; a fault where it can't be saved."""
    assert judged.youth  # noqa: S101 - a row without faults has both
    assert judged.seen  # noqa: S101
    try:
        flagged = flag(actor, judged.youth, judged.seen, files=known)
    except AlreadyThere:
        file.already_there += 1
    except Closed:
        return Fault("not_saved", {})
    else:
        file.new_cases += flagged.new
        file.new_observations += not flagged.new
    return None


def finish(file: FlagFile, report: Report) -> None:
    """Done: what came in is erased, the rejected rows are kept for whoever must mend them."""
    report.rejected.sort(key=lambda each: each.row)
    file.status, file.finished_at = Status.DONE, timezone.now()
    file.content, file.faults = None, len(report.rejected)
    imports.keep_report(file, report)


def mark_stopped(job: Job) -> None:
    """Let the page tell that it stopped. In nobody's name: whoever chose it may have left."""
    unit = Unit.objects.select_related("authority").get(pk=job.unit_id)
    nobody = Actor(
        user_id=job.user_id, username="", name="", role="", qualified=False, unit_id=unit.pk,
        unit=unit.name, authority_id=unit.authority_id, authority=unit.authority.kind,
    )  # fmt: skip
    try:
        with transaction.atomic(), acting_as(nobody, request_id=job.file_id):
            begun = FlagFile.objects.filter(pk=job.file_id, status__in=imports.UNDER_WAY)
            begun.update(status=Status.FAILED)
    except DatabaseError:  # the page sees that nobody holds the lock
        connection.close()


@contextmanager
def the_lock(file_id: UUID) -> Iterator[bool]:
    """The file's lock for this process; it goes with the connection, whatever happens to us."""
    held = ask("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", file_id)
    try:
        yield held
    finally:
        if held and connection.connection is not None:
            ask("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", file_id)


def ask(sql: str, file_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, [str(file_id)])
        (answer,) = cursor.fetchone()
    return bool(answer)
