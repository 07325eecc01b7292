"""When the trail was last sealed, kept elsewhere and verified, for the pages that say so."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import psycopg
from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from audit import trail
from audit.anchors import anchor_file
from audit.models import Anchor, Check, Reading, Seal
from audit.signing import fingerprint, public_keys
from audit.stamp import current
from audit.stampcheck import wrong

NEWEST = 10  # seals that are shown
FAULTS = 3  # failed verifications that are shown
DAYS = 31  # for which anchor files can be fetched in one go
LATE = timedelta(minutes=15)  # lines are sealed within five, if the worker works
STALE = timedelta(hours=36)  # the whole is verified every night, if the worker works


# One question, as far as who asks may read: late are lines that she sees and that wait too long.
STATE = """
    SELECT seal.at, (SELECT max(at) FROM audit_anchor), last.at, coalesce(last.fault, ''),
        EXISTS (SELECT FROM audit_reading WHERE tx > coalesce(seal.last_tx, -1) AND at < %(old)s)
        OR EXISTS (SELECT FROM audit_change WHERE tx > coalesce(seal.last_tx, -1) AND at < %(old)s)
        OR EXISTS (SELECT FROM audit_step WHERE tx > coalesce(seal.last_tx, -1) AND at < %(old)s),
        (coalesce(last.at, (SELECT at FROM audit_seal WHERE number = 1)) < %(stale)s) IS TRUE,
        (SELECT max(at) FROM audit_check WHERE fault <> '')
    FROM (VALUES (1)) AS one
    LEFT JOIN LATERAL (SELECT at, last_tx FROM audit_seal ORDER BY number DESC LIMIT 1) AS seal
        ON true
    LEFT JOIN LATERAL (SELECT at, fault FROM audit_check ORDER BY id DESC LIMIT 1) AS last ON true
"""

# The part of it that costs nothing, for whoever asks every few seconds.
VERIFIED = """
    SELECT CASE WHEN fault <> '' THEN 'broken' WHEN at < %(stale)s THEN 'unverified' ELSE '' END
    FROM (SELECT at, fault FROM audit_check ORDER BY id DESC LIMIT 1) AS last
    UNION ALL SELECT 'unverified' FROM audit_seal WHERE number = 1 AND at < %(stale)s LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class State:
    """What is known about the whole trail. None: never."""

    sealed_at: datetime | None
    kept_at: datetime | None  # by somebody else
    verified_at: datetime | None
    fault: str  # what the last verification found
    late: bool
    stale: bool  # it should have been verified since
    broken_at: datetime | None  # when a verification last found something, whatever came after

    @property
    def said(self) -> str:
        """The fault in a sentence."""
        return Check(fault=self.fault).said

    @property
    def alarm(self) -> str:
        """The worst of what is wrong, as a code; "" where nothing is."""
        wrong = {"broken": self.fault, "late": self.late, "unverified": self.stale}
        return next((code for code, found in wrong.items() if found), "")


def state() -> State:
    """For one line of words; one query, as who acts."""
    with connection.cursor() as cursor:
        cursor.execute(STATE, since())
        return State(*cursor.fetchone())


def whole_state(reader: psycopg.Connection) -> State:
    """The same, for whoever reads the whole trail."""
    return State(*reader.execute(STATE, since()).fetchone() or ())


def alarm() -> str:
    """ "broken", "unverified" or "": what monitoring must know; one query that is always cheap."""
    with connection.cursor() as cursor:
        cursor.execute(VERIFIED, since())
        (code,) = cursor.fetchone() or ("",)
    return str(code)


def since() -> dict[str, datetime]:
    """What is older than these is late."""
    now = timezone.now()
    return {"old": now - LATE, "stale": now - STALE}


def last_check() -> Check | None:
    """The newest verification."""
    return Check.objects.order_by("-id").first()


def keepers() -> list[Anchor]:
    """The newest anchor that each authority, or a time-stamp, keeps."""
    last = Anchor.objects.values("kind", "authority").annotate(newest=Max("id"))
    return list(Anchor.objects.filter(pk__in=last.values("newest")).order_by("-at"))


def genuine(anchor: Anchor) -> bool | None:
    """Whether a time-stamp is about its seal and made by whom we asked. None: not checked here."""
    seal = Seal.objects.defer("marks", "peaks").filter(number=anchor.seal).first()
    if seal is None or wrong(
        seal, settings.TIMESTAMP_ROOTS, anchor.tree_size, bytes(anchor.root), bytes(anchor.token),
        anchor.stamped_at,
    ):  # fmt: skip
        return False
    return True if settings.TIMESTAMP_ROOTS else None


def faults() -> list[Check]:
    """The newest verifications that found something."""
    return list(Check.objects.exclude(fault="").order_by("-id")[:FAULTS])


def newest_seals() -> list[Seal]:
    """For the page's table."""
    return list(Seal.objects.defer("marks", "peaks").order_by("-number")[:NEWEST])


def key_shown(seals: list[Seal]) -> str:
    """The fingerprint of the key that the newest was signed with, or "" if it isn't here."""
    public = public_keys(settings.SEAL_KEY_FILE).get(seals[0].key) if seals else None
    return fingerprint(public) if public else ""


def days() -> list[date]:
    """The days that have seals, newest first."""
    since = timezone.now() - timedelta(days=DAYS)
    found = Seal.objects.filter(at__gte=since).datetimes("at", "day", order="DESC")
    return [at.date() for at in found]


def seals_of(day: date) -> list[Seal]:
    """The day's seals, in Sweden's time."""
    begin = timezone.make_aware(datetime.combine(day, time.min))
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    seals = Seal.objects.defer("marks", "peaks").filter(at__gte=begin, at__lt=end)
    return list(seals.order_by("number"))


def keep(day: date) -> bytes | None:
    """The day's anchor file, for who acts; that her authority keeps it is written down.

    None where the day has no seal.
    """
    seals, who = seals_of(day), current()
    if not seals:
        return None
    last = seals[-1]
    Anchor.objects.create(
        kind=Anchor.Kind.FILE,
        seal=last.number,
        tree_size=last.tree_size,
        root=last.root,
        authority_id=who.authority_id,
        authority=who.authority,
    )
    trail.reading(
        Reading.Kind.EXPORTED,
        detail={"what": "anchors", "day": day.isoformat(), "seals": len(seals)},
    )
    return anchor_file(seals, day, who.authority, public_keys(settings.SEAL_KEY_FILE).values())
