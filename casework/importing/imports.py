"""A file of flags on its way in: received and judged, kept encrypted, confirmed, set aside.

Nothing of a row is saved here; casework.importing.importrun does that, after the confirmation.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from django.db import connection
from django.utils import timezone
from django.utils.translation import pgettext

from access import crypto
from access.actor import Actor
from audit import trail
from audit.models import Reading
from casework.importing import spreadsheet
from casework.importing.faults import Fault
from casework.importing.flagrow import (
    NUMBER_LIKE,
    Columns,
    Judged,
    columns_of,
    is_column,
    judge_all,
)
from casework.importing.known import Known
from casework.models import FlagFile, Place

Status = FlagFile.Status
UNDER_WAY = (Status.QUEUED, Status.RUNNING)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is not taken, as it came, and why."""

    row: int
    cells: list[str]
    faults: list[Fault]

    @property
    def is_repeat(self) -> bool:
        return any(fault.code == "repeat" for fault in self.faults)


@dataclass(slots=True)
class Report:
    """What a reading of the file found. Kept encrypted in FlagFile.rejected."""

    headers: list[str]
    separator: str
    unused: list[str]
    rejected: list[Rejected] = field(default_factory=list)
    notes: list[tuple[int, Fault]] = field(default_factory=list)

    @property
    def repeats(self) -> int:
        return sum(each.is_repeat for each in self.rejected)

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Report":
        read = json.loads(text)
        rejected = [
            Rejected(each["row"], each["cells"], [Fault(**fault) for fault in each["faults"]])
            for each in read.pop("rejected")
        ]
        notes = [(row, Fault(**fault)) for row, fault in read.pop("notes")]
        return cls(**read, rejected=rejected, notes=notes)


def receive(actor: Actor, name: str, content: bytes) -> FlagFile:
    """Read and judge a file and keep it until it is confirmed. Raises spreadsheet.NoTable.

    The same file again, while its import is unfinished, is that import: no second one is made.
    """
    if same := unfinished(actor, content):
        return same
    columns, judged = judge_content(content)
    report = report_of(columns, judged)
    good = [each for each in judged if not each.faults]
    known = Known(actor, good)
    report.notes += [(each.row, Fault("namesake", {})) for each in good if known.is_namesake(each)]
    report.notes.sort(key=lambda note: note[0])
    forget_previews(actor)
    file = FlagFile(
        unit_id=actor.unit_id,
        uploaded_by_id=actor.user_id,
        name=safe_name(name),
        rows=len(judged),
        faults=len(report.rejected),
        already_there=len(known.prints),
    )
    file.content = crypto.encrypt(content.decode("latin-1"), place(file, "content"))
    keep_report(file, report)
    file.save()
    trail.reading(Reading.Kind.SEARCHED, detail={"file": str(file.pk), "rows": file.rows})
    return file


def judge_content(content: bytes) -> tuple[Columns, list[Judged]]:
    """Every row of the file as a flag or its faults. Raises NoTable."""
    table = spreadsheet.read(content, is_column)
    columns = columns_of(table.headers, table.separator)
    return columns, judge_all(columns, table.rows, Place.objects.all(), timezone.now())


def report_of(columns: Columns, judged: Sequence[Judged]) -> Report:
    return Report(
        headers=columns.headers,
        separator=columns.separator,
        unused=columns.unused,
        rejected=[Rejected(each.row, each.cells, each.faults) for each in judged if each.faults],
        notes=[(each.row, note) for each in judged if not each.faults for note in each.notes]
        + namesakes_inside(judged),
    )


def namesakes_inside(judged: Sequence[Judged]) -> list[tuple[int, Fault]]:
    """Good rows that name somebody whom another row gives another number, or none."""
    first: dict[tuple[str, ...], Judged] = {}
    notes = []
    told = set()
    for each in judged:
        if each.faults or not all(each.named):
            continue
        other = first.setdefault(each.named, each)
        if other.identity != each.identity and each.identity not in told:
            told.add(each.identity)
            notes.append((each.row, Fault("namesake_in_file", {"row": other.row})))
    return notes


# --- what is kept -------------------------------------------------------------------------------


def place(file: FlagFile, column: str) -> str:
    return f"casework_flagfile.{column}:{file.pk}"


def content_of(file: FlagFile) -> bytes | None:
    """The file as it came; None once it is done with."""
    if file.content is None:
        return None
    return crypto.decrypt(bytes(file.content), place(file, "content")).encode("latin-1")


def report_in(file: FlagFile) -> Report | None:
    if file.rejected is None:
        return None
    return Report.from_json(crypto.decrypt(bytes(file.rejected), place(file, "rejected")))


def keep_report(file: FlagFile, report: Report) -> None:
    file.rejected = crypto.encrypt(report.as_json(), place(file, "rejected"))


def rejected_file(report: Report) -> bytes:
    """The rejected rows as a file: their own columns, then the row number and what is wrong."""
    wide = len(report.headers)
    headers = [*report.headers, pgettext("column", "row"), pgettext("column", "fault")]
    rows = [
        [*(each.cells + [""] * wide)[:wide], str(each.row), " ".join(map(str, each.faults))]
        for each in report.rejected
    ]
    return spreadsheet.write(headers, rows, report.separator)


def safe_name(name: str) -> str:
    """A file name without a path, odd characters or anything like a personal number."""
    base = re.split(r"[/\\]", name)[-1]
    shown = "".join(letter for letter in base if letter.isprintable())
    return NUMBER_LIKE.sub("…", shown)[:120] or "?"


def unfinished(actor: Actor, content: bytes) -> FlagFile | None:
    """The actor's import of this very file that was confirmed and isn't done."""
    begun = FlagFile.objects.filter(
        unit_id=actor.unit_id,
        uploaded_by_id=actor.user_id,
        status__in=[*UNDER_WAY, Status.FAILED],
        content__isnull=False,
    )
    return next(
        (file for file in begun.order_by("-uploaded_at") if content_of(file) == content), None
    )


def forget_previews(actor: Actor) -> None:
    """Erase what the actor chose before and didn't confirm."""
    FlagFile.objects.filter(
        unit_id=actor.unit_id, uploaded_by_id=actor.user_id, status=Status.PREVIEWED
    ).update(content=None, rejected=None)


def under_way(actor: Actor) -> FlagFile | None:
    """The actor's import that waits or runs now; there is one at a time."""
    return (
        FlagFile.objects.filter(uploaded_by_id=actor.user_id, status__in=UNDER_WAY)
        .defer("content", "rejected")
        .first()
    )


def is_worked_on(file: FlagFile) -> bool:
    """Whether some process holds the file's lock (it is released when that process dies)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND (classid::bigint << 32 | objid::bigint) = hashtextextended(%s, 0))",
            [str(file.pk)],
        )
        (held,) = cursor.fetchone()
    return bool(held)
