"""Who has opened a case: every person as she was then, how often, first and last; and each time."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import words
from audit.filters import midnight
from audit.models import Reading, Step
from audit.review import LOOKS, OUTSIDE

WHO = ("actor_id", "actor", "role", "unit")
KIND = KeyTextTransform("what", "detail")  # of the file or paper that was taken out


@dataclass(slots=True)
class Reader:
    """One person in one role and unit, as they were then."""

    who: str
    role: str
    unit: str
    first: datetime
    last: datetime
    times: int = 0
    outside: bool = False  # at least once while the case was somebody else's
    kinds: dict[str, int] = field(default_factory=dict)
    purposes: list[str] = field(default_factory=list)

    @property
    def role_words(self) -> str:
        return words.say("role", self.role) if self.role else ""

    @property
    def what(self) -> str:
        """Opened 4 times, printed once."""
        said = (so_often(kind.lower(), count) for kind, count in self.kinds.items())
        return str(capfirst(", ".join(said)))

    def add(self, kind: str, purpose: str, count: int, first: datetime, last: datetime) -> None:
        self.times += count
        self.kinds[kind] = self.kinds.get(kind, 0) + count
        self.first, self.last = min(self.first, first), max(self.last, last)
        if purpose == OUTSIDE:
            self.outside = True
        elif purpose and (said := words.say("purpose", purpose)) not in self.purposes:
            self.purposes.append(said)


def so_often(what: str, count: int) -> str:
    return ngettext("%(what)s once", "%(what)s %(count)d times", count) % {
        "what": what,
        "count": count,
    }


def readers_of(about_id: UUID) -> list[Reader]:
    """Everyone who has opened, searched out, taken out or changed it; the latest first.

    Two queries, as far as who asks may read the lines.
    """
    found: dict[tuple[Any, ...], Reader] = {}
    read = Reading.objects.filter(about_id=about_id, kind__in=LOOKS).annotate(what=KIND)
    looks = counted(read, "kind", "purpose", "what")
    steps = counted(Step.objects.filter(about_id=about_id))
    for one in [*looks, *steps]:
        key = tuple(one[name] for name in WHO)
        reader = found.setdefault(
            key, Reader(one["actor"], one["role"], one["unit"], one["first"], one["last"])
        )
        kind = words.reading(one["kind"], one["what"]) if "kind" in one else _("Acted in the case")
        reader.add(kind, one.get("purpose", ""), one["n"], one["first"], one["last"])
    return sorted(found.values(), key=lambda reader: reader.last, reverse=True)


def counted(lines: QuerySet[Any], *more: str) -> list[dict[str, Any]]:
    groups = lines.order_by().values(*WHO, *more)
    return list(groups.annotate(n=Count("id"), first=Min("at"), last=Max("at")))


@dataclass(frozen=True, slots=True)
class Time:
    """One time that somebody met the case. `name` only where the reader of the extract gets it."""

    at: datetime
    what: str
    who: str
    purpose: str


def times_of(
    about_id: UUID, since: date | None, until: date | None, most: int, *, names: bool
) -> list[Time]:
    """Each time somebody met the case in the period, oldest first; at most so many and one.

    What was done to the case isn't told, only that something was.
    """
    period = Q(about_id=about_id)
    if since:
        period &= Q(at__gte=midnight(since))
    if until:
        period &= Q(at__lt=midnight(until + timedelta(days=1)))
    looks = Reading.objects.filter(period, kind__in=LOOKS).annotate(what=KIND).order_by("at", "id")
    steps = Step.objects.filter(period).order_by("at", "id")
    columns = ("at", "actor", "role", "unit")
    found = [
        _time(one, words.reading(one["kind"], one["what"]), names)
        for one in looks.values(*columns, "kind", "purpose", "what")[: most + 1]
    ]
    acted = _("Acted in the case")
    found += [_time(one, acted, names) for one in steps.values(*columns)[: most + 1]]
    return sorted(found, key=lambda time: time.at)[: most + 1]


def _time(one: dict[str, Any], what: str, names: bool) -> Time:
    role = words.say("role", one["role"]) if one["role"] else ""
    parts = [one["actor"] if names else "", role, one["unit"]]
    purpose = words.say("purpose", one["purpose"]) if one.get("purpose") else ""
    return Time(one["at"], what, ", ".join(part for part in parts if part), purpose)


def main_thing(reference: str, authority_id: int) -> Step | None:
    """The birth of the case with exactly that reference in the authority, if there is one."""
    births = Step.objects.filter(about=reference, seq=0, authority_id=authority_id)
    found = [line for line in births[:20] if line.thing_id == line.about_id]
    return found[0] if len(found) == 1 else None
