"""What the worker does (manage.py procrastinate worker). A job's arguments are ids only."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

import casework.log_review  # noqa: F401 - its rules
from access import log_review
from audit import upkeep
from casework import daily
from casework.destruction import destroying, forgetting
from casework.importing import expiry, importrun, imports
from casework.models import FlagFile

QUEUE = "imports"
MORNING = "morning"
TRAIL = "trail"
SIGN_OF_LIFE = timedelta(seconds=30)  # a worker says every 10 s that it is there


def queue_import(file: FlagFile) -> None:
    """Ask the worker for it, in the caller's transaction: queued if and only if that commits."""
    file.status = imports.Status.QUEUED
    file.save(update_fields=["status"])
    import_flags.defer(file_id=str(file.pk), unit_id=file.unit_id, user_id=str(file.uploaded_by_id))


@app.task(
    name="import_flags",
    queue=QUEUE,
    retry=RetryStrategy(max_attempts=3, wait=5, retry_exceptions={importrun.Stopped}),
)
def import_flags(file_id: str, unit_id: int, user_id: str) -> None:
    """Save a confirmed file's rows. Fails, and is tried again, where the run stopped half-way."""
    importrun.run(importrun.Job(UUID(file_id), unit_id, UUID(user_id)))


@app.periodic(cron="* * * * *")
@app.task(name="pick_up_dropped", queue=QUEUE, pass_context=True)
async def pick_up_dropped(context: JobContext, timestamp: int) -> None:
    """Jobs of a worker that died (30 s without a sign of life) go back into the queue."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(queue=QUEUE):
        await manager.retry_job(job, retry_at=timezone.now())


@app.periodic(cron="15 3 * * *")
@app.task(name="make_log_reviews", queue=QUEUE)
def make_log_reviews(timestamp: int) -> None:
    """On the first of the month, the month before; on other days, where the worker was down."""
    log_review.make_missing()


@app.periodic(cron="30 3,4 * * *")  # UTC: one of them is 05.30 in Sweden, in summer and winter
@app.task(name="daily_state", queue=MORNING)
def daily_state(timestamp: int) -> None:
    """What is overdue and soon due, to the start page of whoever it concerns."""
    if daily.is_the_hour(datetime.fromtimestamp(timestamp, UTC)):
        daily.run()


@app.periodic(cron="* * * * *")
@app.task(name="seal_trail", queue=TRAIL, queueing_lock="seal_trail")
def seal_trail(timestamp: int) -> None:
    """Seals what waits: a thousand lines, or any for five minutes."""
    upkeep.seal_if_due()


@app.periodic(cron="20 * * * *")
@app.task(name="witness_seal", queue=TRAIL, queueing_lock="witness_seal")
def witness_seal(timestamp: int) -> None:
    """Has the newest seal time-stamped every hour, where a service is configured."""
    upkeep.witness_newest()


@app.periodic(cron="*/10 * * * *")
@app.task(name="verify_trail", queue=TRAIL, queueing_lock="verify_trail")
def verify_trail(timestamp: int) -> None:
    """Verifies the whole trail once a night; the page says how it went."""
    upkeep.verify_if_due(datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="40 3 2 * *")
@app.task(name="propose_destruction", queue=QUEUE)
def propose_destruction(timestamp: int) -> None:
    """On the second of the month: what may be destroyed, for two people to review."""
    destroying.propose_all()


@app.periodic(cron="50 3 * * *")
@app.task(name="forget_files", queue=QUEUE)
def forget_files(timestamp: int) -> None:
    """Every night: files of flags whose days are over."""
    expiry.forget_old()


@app.periodic(cron="55 3 * * *")
@app.task(name="forget_notices", queue=QUEUE)
def forget_notices(timestamp: int) -> None:
    """Every night: notices whose days are over."""
    forgetting.forget_notices()


@app.periodic(cron="57 3 * * *")
@app.task(name="forget_letters", queue=QUEUE)
def forget_letters(timestamp: int) -> None:
    """Every night: deliveries that were sent back or never taken in, whose days are over."""
    forgetting.forget_letters()


@app.periodic(cron="* * * * *")
@app.task(name="destroy", queue=TRAIL, queueing_lock="destroy")
def destroy(timestamp: int) -> None:
    """What two people have approved; also what was cut off half-way."""
    destroying.run_waiting()


def jobs_of(file: FlagFile) -> QuerySet[ProcrastinateJob]:
    jobs: QuerySet[ProcrastinateJob] = ProcrastinateJob.objects.all()
    return jobs.filter(task_name=import_flags.name, args__file_id=str(file.pk))


def is_queued(file: FlagFile) -> bool:
    """Whether a job for it waits, or was taken a moment ago."""
    since = timezone.now() - SIGN_OF_LIFE
    taken = Q(status="doing", worker__last_heartbeat__gt=since)
    return jobs_of(file).filter(Q(status="todo") | taken).exists()


def worker_is_alive() -> bool:
    since = timezone.now() - SIGN_OF_LIFE
    return bool(ProcrastinateWorker.objects.filter(last_heartbeat__gt=since).exists())
