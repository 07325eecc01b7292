"""What the worker does for the trail: seal, verify every night, have a seal witnessed.

Where the sealer's login or key isn't there, nothing is done, and the page says so.
"""

import logging
from datetime import UTC, datetime, timedelta

import psycopg
from django.conf import settings

from audit import timestamp
from audit.seal import SLACK, Another, Behind, due, newest, seal_now
from audit.signing import NoKey, load, public_keys
from audit.verification import Verdict, record, verify

logger = logging.getLogger(__name__)
STAMPED = """
    INSERT INTO public.audit_anchor (kind, seal, tree_size, root, authority, token, stamped_at)
    VALUES ('timestamp', %s, %s, %s, '', %s, %s)
"""
NIGHT = range(1, 5)  # UTC hours
DAY, LATE = timedelta(hours=20), timedelta(hours=30)  # late: the worker was down at night
VERIFIED = """
    SELECT (SELECT at FROM public.audit_check ORDER BY id DESC LIMIT 1),
        EXISTS (SELECT FROM public.audit_seal)
"""
WITNESSED = "SELECT max(seal) FROM public.audit_anchor WHERE kind = 'timestamp'"


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url, autocommit=True)


def seal_if_due() -> int:
    """Seal what waits, if it is a thousand lines or has waited for five minutes."""
    if not settings.DATABASE_SEALER_URL:
        return 0
    with connect(settings.DATABASE_SEALER_URL) as sealer:
        try:
            return seal_now(sealer, load(settings.SEAL_KEY_FILE)) if due(sealer) else 0
        except Another:
            return 0
        except (Behind, NoKey) as refused:
            logger.error("The trail is not sealed: %s", refused)
            return 0


def verify_if_due(now: datetime) -> Verdict | None:
    """Verify the whole trail once a night; by day where it never was, or not for a day."""
    if not (settings.DATABASE_SEALER_URL and settings.DATABASE_AUDITOR_URL):
        return None
    with connect(settings.DATABASE_SEALER_URL) as sealer:
        last, sealed = sealer.execute(VERIFIED).fetchone() or (None, False)
    age = now - (last or datetime.min.replace(tzinfo=UTC))
    ahead = age < -SLACK  # the clock was set back since
    if not sealed or (age < DAY and not ahead):
        return None
    if age < LATE and not ahead and now.astimezone(UTC).hour not in NIGHT:
        return None
    if not public_keys(settings.SEAL_KEY_FILE):
        logger.error("The trail is not verified: no public key beside %s", settings.SEAL_KEY_FILE)
        return None
    return verify_all()


def verify_all() -> Verdict:
    """Verify the whole trail and keep the result."""
    verdict = verify(
        lambda: connect(settings.DATABASE_AUDITOR_URL),
        public_keys(settings.SEAL_KEY_FILE),
        roots=settings.TIMESTAMP_ROOTS,
    )
    with connect(settings.DATABASE_SEALER_URL) as sealer:
        record(sealer, verdict)
    if verdict.breach:
        logger.error("The trail is broken: %s %s", verdict.breach.where, verdict.breach.fault)
    return verdict


def witness_newest() -> bool:
    """Have the newest seal time-stamped, where a service is configured and it isn't yet."""
    if not (settings.DATABASE_SEALER_URL and settings.TIMESTAMP_URL):
        return False
    with connect(settings.DATABASE_SEALER_URL) as sealer:
        seal = newest(sealer)
        if seal is None or sealer.execute(WITNESSED).fetchone() == (seal.number,):
            return False
        try:
            token = timestamp.stamp(
                settings.TIMESTAMP_URL, seal.statement(), settings.TIMESTAMP_ROOTS
            )
        except timestamp.NoStamp as refused:
            logger.warning("No time-stamp on seal %s: %s", seal.number, refused)
            return False
        sealer.execute(STAMPED, [seal.number, seal.tree_size, seal.root, token.raw, token.at])
    return True
