"""The work queue: what is due first comes first, 25 at a time.

The order is an index's order and the cursor one row comparison in it, so that a page costs the
same at a thousand cases and at a million. Open cases come first, by what is due; then, where they
are asked for, closed ones, newest first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.core import signing
from django.db import models
from django.db.models import Count, F, Func, Q, QuerySet, Value
from django.db.models.lookups import GreaterThan
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from access.actor import Actor
from access.compiled import Compiled, Tally
from access.visible import any_of, visible_to
from casework import clocks
from casework.models import Case, Observation, Person
from casework.templatetags.ui import deadline_words
from casework.words import clocks as clocks_words
from casework.workflow.case import OPEN, Level, State

PAGE = 25
COUNTED = 1000  # more than this is "more than 1,000": counting on would help nobody
SOON = timedelta(days=7)
PERSONS = Compiled[Person](
    lambda ids: Person.objects.filter(any_of("pk", ids)).only(
        "given_name", "family_name", "birth_date"
    ),
    ids=list,
)
ORDER = ("next_due", "rank", "id")
SALT = "casework.queue"
TASKS: dict[str, Any] = {
    "start": pgettext_lazy("deadline", "Start"),
    "confirm": pgettext_lazy("deadline", "Confirm"),
    "renew": pgettext_lazy("deadline", "Renew or lower"),
    "look": pgettext_lazy("deadline", "Look again"),
} | {code: duty.task for code, duty in clocks_words.DUTIES.items()}


class Whose(models.TextChoices):
    """Values of ?mine="""

    BOTH = "both", _("Mine and without a handler")
    MINE = "mine", _("Mine")
    UNASSIGNED = "unassigned", _("Without a handler")
    ALL = "all", _("All in the unit")


class Due(models.TextChoices):
    """Values of ?due=, and the queue's groups."""

    OVERDUE = "overdue", _("Overdue")
    TODAY = "today", _("Today")
    WEEK = "week", _("Within 7 days")
    LATER = "later", _("Later")
    NONE = "none", _("No deadline")


class BadCursor(ValueError):
    """The cursor wasn't made here, or was changed on the way."""


@dataclass(frozen=True, slots=True)
class Spot:
    """The last row that was shown: what comes after it is the next page."""

    open: bool
    key: tuple[Any, ...]

    @classmethod
    def of(cls, case: Case) -> "Spot":
        if case.is_open:
            return cls(True, (case.next_due, case.rank, case.pk))
        return cls(False, (case.closed_at, case.pk))

    def token(self) -> str:
        """Opaque and signed: whoever changes it gets BadCursor."""
        first, *rest = self.key
        return signing.dumps([self.open, first.isoformat(), *map(str, rest)], salt=SALT)

    @classmethod
    def read(cls, token: str) -> "Spot":
        try:
            is_open, first, *rest = signing.loads(token, salt=SALT)
            if is_open:
                return cls(True, (date.fromisoformat(first), int(rest[0]), UUID(rest[1])))
            return cls(False, (datetime.fromisoformat(first), UUID(rest[0])))
        except (signing.BadSignature, ValueError, TypeError, IndexError) as fault:
            raise BadCursor from fault


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is to show. `cases` is filtered by all that isn't here; None is not at all."""

    cases: QuerySet[Case] | None
    whose: str = Whose.BOTH
    states: Sequence[str] = ()
    searching: bool = False

    def among(self, actor: Actor) -> QuerySet[Case]:
        return unit_cases(actor) if self.cases is None else self.cases

    @property
    def opens(self) -> bool:
        return not self.states or any(state in OPEN for state in self.states)

    @property
    def archive(self) -> bool:
        if not self.states:
            return self.searching
        return any(state not in OPEN for state in self.states)


@dataclass(slots=True)
class Page:
    """One page of the list, and what the whole of it holds."""

    cases: list[Case]
    after: str = ""
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def more_than_counted(self) -> bool:
        return self.total > COUNTED


def due_in(band: str, today: date, week: date | None = None, never: date = clocks.NO_DUE) -> Q:
    """Cases of one group of the queue; the week ends on the seventh day from today."""
    week = week or today + SOON
    return {
        Due.OVERDUE: Q(next_due__lt=today),
        Due.TODAY: Q(next_due=today),
        Due.WEEK: Q(next_due__gt=today, next_due__lte=week),
        Due.LATER: Q(next_due__gt=week, next_due__lt=never),
        Due.NONE: Q(next_due=never),
    }[Due(band)]


class Needs(models.TextChoices):
    """Values of ?needs= : what waits for a person's decision about the priority."""

    CONFIRM = "confirm", _("To confirm")
    RENEW = "renew", _("Expired priorities")


def needing(decision: str, today: date | None = None) -> Q:
    """Cases that wait for it: A or B unconfirmed; prioritised until a day that has passed."""
    return {
        Needs.CONFIRM: Q(level__in=[Level.A, Level.B], confirmed_at=None),
        Needs.RENEW: Q(valid_until__lt=today or timezone.localdate()),
    }[Needs(decision)] & Q(state=State.PRIORITISED)


def band_of(due: date, today: date) -> Due:
    """The group that a due date belongs to; the twin of due_in."""
    if due < today:
        return Due.OVERDUE
    if due == today:
        return Due.TODAY
    if due <= today + SOON:
        return Due.WEEK
    return Due.LATER if due < clocks.NO_DUE else Due.NONE


def read(asked: Asked, actor: Actor, after: Spot | None = None) -> Page:
    """A page of cases with all that a row shows, and the counts of the whole list."""
    found: list[Case] = []
    if asked.opens and (after is None or after.open):
        found = first_open(asked, actor, after)
    if asked.archive and len(found) <= PAGE:
        spot = after if after and not after.open else None
        found += archived(asked, actor, spot)[: PAGE + 1 - len(found)]
    more = len(found) > PAGE
    shown = found[:PAGE]
    return Page(shown, Spot.of(shown[-1]).token() if more else "", count(asked, actor))


def first_open(asked: Asked, actor: Actor, after: Spot | None) -> list[Case]:
    """The next open cases, one more than fits on a page."""
    parts = PARTS[Whose(asked.whose)]
    if asked.cases is None and after is None and not actor.stands_in_for:
        found = [case for whose in parts for case in FIRST[whose](actor=actor)]
    else:
        cases = with_rows(asked.among(actor).filter(is_open=True))
        if after:
            cases = cases.filter(GreaterThan(row(*map(F, ORDER)), row(*map(Value, after.key))))
        found = [case for whose in parts for case in part(whose, cases, actor)[: PAGE + 1]]
    found.sort(key=lambda case: (case.next_due, case.rank, case.pk))
    return found[: PAGE + 1]


# Each part in the order of one index; both as two: OR would lose it.
PARTS = {
    Whose.MINE: [Whose.MINE],
    Whose.UNASSIGNED: [Whose.UNASSIGNED],
    Whose.BOTH: [Whose.MINE, Whose.UNASSIGNED],
    Whose.ALL: [Whose.ALL],
}


def part(whose: Whose, cases: QuerySet[Case], actor: Actor) -> QuerySet[Case]:
    """Those of the open cases that are hers, nobody's or anybody's, in the queue's order."""
    if whose == Whose.MINE:
        return cases.filter(handled_by(actor)).order_by(*ORDER)
    if whose == Whose.UNASSIGNED:
        # Ordered by the handler first, as the index is: NULL is no equality to the planner.
        return cases.filter(handler_id=None).order_by("handler_id", *ORDER)
    return cases.order_by(*ORDER)


def handled_by(actor: Actor) -> Q:
    """Hers, and those of whom she stands in for: some handlers' cases, few enough to be sorted."""
    if not actor.stands_in_for:
        return Q(handler_id=actor.user_id)  # in the index's own order
    return Q(handler_id__in=sorted(actor.own_and_absent))


def row(*columns: Any) -> Func:
    return Func(*columns, function="ROW", output_field=models.TextField())


def archived(asked: Asked, actor: Actor, after: Spot | None) -> QuerySet[Case]:
    """Closed cases, newest first, from the spot on."""
    cases = with_rows(of(asked, actor).filter(is_open=False))
    if after:
        at, pk = after.key
        cases = cases.filter(Q(closed_at__lt=at) | Q(id__gt=pk), closed_at__lte=at)
    return cases.order_by("-closed_at", "id")


def of(asked: Asked, actor: Actor) -> QuerySet[Case]:
    """The cases of those whom the list is about; “both” is every closed case."""
    cases = asked.among(actor)
    if asked.whose == Whose.MINE:
        return cases.filter(handled_by(actor))
    if asked.whose == Whose.UNASSIGNED:
        return cases.filter(handler_id=None)
    return cases


def count(asked: Asked, actor: Actor) -> dict[str, int]:
    """How many cases each group holds, of each part COUNTED at most; closed ones as "closed"."""
    counts: dict[str, int] = {}
    if asked.opens:
        today = timezone.localdate()
        days = {"today": today, "week": today + SOON, "never": clocks.NO_DUE}
        for whose in PARTS[Whose(asked.whose)]:
            if asked.cases is None and not actor.stands_in_for:
                found = TALLIES[whose](actor=actor, **days)
            else:
                found = tally(part(whose, asked.among(actor).filter(is_open=True), actor), **days)
            for band, cases in found.items():
                counts[band] = counts.get(band, 0) + cases
    if asked.archive:
        closed = of(asked, actor).filter(is_open=False).order_by("-closed_at", "id")
        counts["closed"] = closed[: COUNTED + 1].count()
    return counts


def tally(cases: QuerySet[Case], **days: date) -> dict[str, int]:
    groups = {band: Count("id", filter=due_in(band, **days)) for band in Due.values}
    return cases[: COUNTED + 1].aggregate(**groups)


def unit_cases(actor: Actor) -> QuerySet[Case]:
    return visible_to(Case.objects.all(), actor)


def with_rows(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Fetch what a row shows, and no more; `rows` fetches the persons.

    Never join a second table with row security: the planner takes `unit_id = (SELECT …)` there for
    few rows, starts from them, and reads the whole unit to find one page.
    """
    return cases.select_related("place", "handler").only(
        "reference", "kinds", "state", "level", "rank", "next_due", "law_due", "law_code",
        "is_open", "closed_at", "opened_at", "restricted", "version", "unit_id", "person_id",
        "prioritised_at", "prioritised_by_id", "confirmed_at", "valid_until", "next_look",
        "prioritised_since", "begun_on", "place__name", "handler__name",
    )  # fmt: skip


def open_cases(actor: Actor) -> QuerySet[Case]:
    return unit_cases(actor).filter(is_open=True)


# What the queue asks as it opens, before anything is chosen.
FIRST = {
    whose: Compiled[Case](
        lambda actor, whose=whose: part(whose, with_rows(open_cases(actor)), actor)[: PAGE + 1],
        actor=Actor,
    )
    for (whose,) in (PARTS[Whose.MINE], PARTS[Whose.UNASSIGNED], PARTS[Whose.ALL])
}
TALLIES = {
    whose: Tally(
        lambda actor, whose=whose, **days: tally(part(whose, open_cases(actor), actor), **days),
        Due.values,
        actor=Actor, today=date, week=date, never=date,
    )
    for whose in FIRST
}  # fmt: skip


# --- a row ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """A case in a list, in words. The young person's name stays out of it unless it is a search's
    answer: a name is shown only where a line in the trail says who saw it."""

    case: Case
    name: str
    place: str
    kinds: str
    age: int
    state: str
    handler: str
    task: Any
    due: date | None
    words: str
    tone: str
    symbol: str
    band: str
    untouched: int | None  # days since it was prioritised, where nobody has taken it on


def persons_of(cases: Sequence[Case]) -> dict[UUID, Person]:
    if not cases:
        return {}
    return {one.pk: one for one in PERSONS(ids=list({case.person_id for case in cases}))}


def rows(cases: Iterable[Case], *, names: bool = False) -> list[Row]:
    today = timezone.localdate()
    words = {value: str(label) for value, label in State.choices}
    kinds = {value: str(label).lower() for value, label in Observation.Kind.choices}
    found = []
    shown, told = list(cases), cache(deadline_words)
    persons = persons_of(shown)
    for case in shown:
        case.person = persons[case.person_id]
        due = case.next_due if case.next_due < clocks.NO_DUE else None
        said, tone, symbol = told(due, today)
        found.append(
            Row(
                case=case,
                name=case.person.name if names else "",
                place=case.place.name,
                kinds=capfirst(", ".join(kinds.get(kind, kind) for kind in case.kinds.split())),
                age=case.person.age_on(today),
                state=words[case.state],
                handler=case.handler.name if case.handler else "",
                task=next((TASKS.get(one.kind, one.kind) for one in case.deadlines()), ""),
                due=due,
                words=said,
                tone=tone,
                symbol=symbol,
                band=band_of(case.next_due, today) if case.is_open else "closed",
                untouched=None
                if case.begun_on
                else clocks.untouched(case.prioritised_since, None, today),
            )
        )
    return found
