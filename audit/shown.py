"""Lines as people read them: what happened in words, and (for the unit's own eyes) why."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, QuerySet, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail, words
from audit.changes import CHANGED
from audit.models import Change, Line

WHO_WHEN_WHAT = (
    "source", "id", "at", "kind", "machine", "from_state", "to_state", "about_id", "about",
    "actor", "role", "unit", "taken_out",
)  # fmt: skip
# The code that says what kind of file or paper it was: the one thing of a detail that all may see.
TAKEN_OUT = Case(
    When(
        source=Line.Source.READING,
        kind__in=trail.TAKEN_OUT,
        then=Coalesce(KeyTextTransform("what", "detail"), Value("")),
    ),
    default=Value(""),
    output_field=TextField(),
)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\S+([+-]\d\d:\d\d|Z)")  # a point in time, as facts hold it
KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CONTENT = ("reason", "detail")
Pages = Callable[[set[UUID]], dict[UUID | None, str]]
_pages: list[Pages] = []


@dataclass(frozen=True, slots=True)
class Shown:
    """One line in the reader's language."""

    source: str
    id: int
    at: datetime
    what: str
    kind: str  # step, change, reading: its source in words
    who: str
    role: str
    unit: str
    about: str
    about_id: UUID | None
    reason: str = ""
    url: str = ""  # the page of what it is about
    details: list[tuple[str, str]] = field(default_factory=list)


def show(lines: QuerySet[Line], *, content: bool) -> list[Shown]:
    """Without `content` the reasons, facts and values don't even leave the database."""
    columns = (*WHO_WHEN_WHAT, *CONTENT) if content else WHO_WHEN_WHAT
    return [_shown(line) for line in lines.annotate(taken_out=TAKEN_OUT).values(*columns)]


def add_pages(pages: Pages) -> Pages:
    """A room above tells where the pages of things are, of those that whoever asks may open."""
    _pages.append(pages)
    return pages


def linked(lines: list[Shown]) -> list[Shown]:
    """The same with the pages of what they are about; a thing that is gone has none."""
    ids = {line.about_id for line in lines if line.about_id and line.about}
    urls = {key: url for pages in _pages for key, url in pages(ids).items()}
    return [replace(line, url=urls.get(line.about_id, "")) for line in lines]


def _shown(line: dict[str, Any]) -> Shown:
    return Shown(
        source=line["source"],
        id=line["id"],
        at=line["at"],
        what=_what(line),
        kind=str(Line.Source(line["source"]).label),
        who=line["actor"],
        role=words.say("role", line["role"]) if line["role"] else "",
        unit=line["unit"],
        about=line["about"],
        about_id=line["about_id"],
        reason=_reason(line),
        details=_details(line) if line.get("detail") else [],
    )


def _reason(line: dict[str, Any]) -> str:
    """What somebody wrote; a reading's purpose is a code."""
    said = str(line.get("reason", ""))
    return words.say("purpose", said) if said and line["source"] == Line.Source.READING else said


def _what(line: dict[str, Any]) -> str:
    source, kind, machine = line["source"], line["kind"], line["machine"]
    if source == Line.Source.READING:
        return words.reading(kind, line["taken_out"])
    if source == Line.Source.CHANGE:
        return _("%(row)s: %(what)s") % {
            "row": words.row(machine),
            "what": words.say("change", kind).lower(),
        }
    step = words.say(f"{machine}.step", kind)
    before, after = line["from_state"], line["to_state"]
    if not before or before == after:
        return step
    return _("%(step)s: %(before)s → %(after)s") % {
        "step": step,
        "before": words.say(f"{machine}.state", before),
        "after": words.say(f"{machine}.state", after),
    }


def _details(line: dict[str, Any]) -> list[tuple[str, str]]:
    detail, machine = line["detail"], line["machine"]
    if line["source"] == Line.Source.CHANGE:
        born = line["kind"] == Change.Action.CREATE
        return [
            (words.field(machine, name), _old_and_new(machine, name, change))
            for name, change in sorted(detail.items())
            if not (born and words.is_key(machine, name))
        ]
    said = line["taken_out"] != ""
    return [
        (words.say("fact", name), _plain(f"fact.{name}", value))
        for name, value in detail.items()
        if value not in (None, "", [], {}) and not _is_key(value) and not (name == "what" and said)
    ]


def _is_key(value: Any) -> bool:
    """A row's key, which tells a reader nothing."""
    return isinstance(value, str) and KEY.fullmatch(value) is not None


def _old_and_new(machine: str, name: str, change: Any) -> str:
    if change == CHANGED:
        return _("changed (not shown)")
    old, new = change
    if words.is_key(machine, name):
        return _("changed")
    if old is None:
        return _kept(machine, name, new)
    return _("%(old)s → %(new)s") % {
        "old": _kept(machine, name, old),
        "new": _kept(machine, name, new),
    }


def _kept(machine: str, name: str, stored: Any) -> str:
    """A changed field's value in words; one that holds several is told like a step's fact."""
    if isinstance(stored, list | dict):
        return _plain(f"fact.{name}", stored) or "–"
    return words.value(machine, name, stored)


def _plain(kind: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        named = ((words.say(kind, key), part) for key, part in value.items() if not _is_key(part))
        return ", ".join(f"{name}: {_plain(kind, part)}" for name, part in named)
    if isinstance(value, list):
        return ", ".join(_plain(kind, part) for part in value)
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return words.moment(value)
    said = words.say(kind, value)
    return words.row(said) if kind == "fact.what" else said


def texts(lines: Iterable[Shown]) -> Iterable[list[str]]:
    """The same as rows of text, for a file."""
    for line in lines:
        details = "; ".join(f"{name}: {value}" for name, value in line.details)
        at = timezone.localtime(line.at).isoformat(timespec="seconds")
        yield [
            at, line.kind, line.what, line.who, line.role, line.unit, line.about, line.reason,
            details,
        ]  # fmt: skip
