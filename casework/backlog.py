"""What a supervisor needs to see of her unit: how much, how old, how late, who carries what.

Every figure reads the unit's open cases, or those closed within the weeks that are shown: never
the whole table.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Aggregate, Count, DateField, Min, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from access.actor import Actor
from access.compiled import Compiled, Tally
from casework import clocks, queue
from casework.models import Case
from casework.queue import Due, Needs, due_in, needing, open_cases
from casework.staff import Member, members
from casework.workflow.case import State

AGES = ((0, 7), (8, 30), (31, 90), (91, None))  # days, both included
WEEKS = 12
SHOWN = 5  # of each list; its link shows the rest
OLDEST = 10


def late(today: date | None = None) -> Q:
    """Something in the case was due before today."""
    return due_in(Due.OVERDUE, today or timezone.localdate())


# --- how much, and who carries it ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Load:
    """What one person handles."""

    member: Member
    cases: int
    late: int


@dataclass(frozen=True, slots=True)
class Stock:
    """The unit's open cases, counted in one pass over the queue's index."""

    states: Counter[str]
    levels: Counter[str]
    handlers: Counter[UUID | None]
    late: Counter[UUID | None]

    @property
    def total(self) -> int:
        return self.states.total()


STOCK = Compiled[Case](
    lambda actor, today: (
        open_cases(actor)
        .values("state", "level", "handler_id")
        .annotate(cases=Count("id"), overdue=Count("id", filter=late(today)))
        .values_list("state", "level", "handler_id", "cases", "overdue")
    ),
    actor=Actor,
    today=date,
)


def stock(actor: Actor) -> Stock:
    found = Stock(Counter(), Counter(), Counter(), Counter())
    for state, level, handler_id, cases, overdue in STOCK.rows(
        actor=actor, today=timezone.localdate()
    ):
        found.states[state] += cases
        found.levels[level] += cases
        found.handlers[handler_id] += cases
        found.late[handler_id] += overdue
    return found


def loads(actor: Actor, held: Stock) -> list[Load]:
    """Everyone who handles cases or can, leavers first: theirs are to be handed over."""
    everyone = members(actor.unit_id)
    found = [Load(one, held.handlers[one.id], held.late[one.id]) for one in everyone]
    shown = [load for load in found if load.cases or load.member.here]
    return sorted(shown, key=lambda load: (load.member.here, -load.cases, load.member.actor.name))


# --- how old --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Flow:
    """Opened and closed in the ISO week that begins on `monday`."""

    monday: date
    opened: int
    closed: int

    @property
    def week(self) -> int:
        return self.monday.isocalendar().week


def first_monday(today: date) -> date:
    return today - timedelta(days=today.weekday(), weeks=WEEKS - 1)


OPENED = Compiled[Case](
    lambda actor: (
        open_cases(actor)
        .annotate(day=TruncDate("opened_at"))
        .values("day")
        .annotate(cases=Count("id"))
        .values_list("day", "cases")
    ),
    actor=Actor,
)


def open_by_day(actor: Actor) -> Counter[date]:
    """How many of the open cases were opened on which day."""
    return Counter({day: cases for day, cases in OPENED.rows(actor=actor)})


def ages(opened: Counter[date]) -> list[int]:
    """How many cases have been open for the days of each of AGES."""
    today = timezone.localdate()
    return [
        sum(
            count
            for day, count in opened.items()
            if (today - day).days >= first and (last is None or (today - day).days <= last)
        )
        for first, last in AGES
    ]


GONE = Compiled[Case](
    lambda actor, since: (
        queue.unit_cases(actor)
        .filter(is_open=False, closed_at__gte=since)
        .annotate(came=TruncDate("opened_at"), left=TruncDate("closed_at"))
        .values("came", "left")
        .annotate(cases=Count("id"))
        .values_list("came", "left", "cases")
    ),
    actor=Actor,
    since=datetime,
)


def flow(actor: Actor, opened: Counter[date]) -> list[Flow]:
    """In and out of the unit, week by week. A case counts once each way: as it is now."""
    start = first_monday(timezone.localdate())
    midnight = timezone.make_aware(datetime.combine(start, time.min))
    came, left = Counter[date](), Counter[date]()
    for day, count in opened.items():
        came[monday_of(day)] += count
    for opened_on, closed_on, cases in GONE.rows(actor=actor, since=midnight):
        came[monday_of(opened_on)] += cases
        left[monday_of(closed_on)] += cases
    mondays = [start + timedelta(weeks=week) for week in range(WEEKS)]
    return [Flow(monday, came[monday], left[monday]) for monday in mondays]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


# --- prioritised but untouched ------------------------------------------------------------------


class Middle(Aggregate):
    """The middle value: at least half are no later than this."""

    function = "percentile_disc"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DateField()


@dataclass(frozen=True, slots=True)
class Untouched:
    """Cases that are prioritised and that nobody has started: days since they were prioritised."""

    cases: int
    half: int  # at least half of them have waited this long
    longest: int


def untouched(actor: Actor) -> tuple[Untouched, int, int]:
    """Those, and how many priorities have expired or wait to be confirmed."""
    found = PRIORITISED(actor=actor, today=timezone.localdate())
    waiting = Untouched(found["cases"], days_since(found["middle"]), days_since(found["first"]))
    return waiting, found["expired"], found["unconfirmed"]


PRIORITISED = Tally(
    lambda actor, today: (
        open_cases(actor)
        .filter(state=State.PRIORITISED)
        .aggregate(
            cases=Count("id"),
            first=Min("prioritised_since"),
            middle=Middle("prioritised_since"),
            expired=Count("id", filter=needing(Needs.RENEW, today)),
            unconfirmed=Count("id", filter=needing(Needs.CONFIRM)),
        )
    ),
    ("cases", "first", "middle", "expired", "unconfirmed"),
    actor=Actor,
    today=date,
)


def days_since(day: date | None) -> int:
    return clocks.untouched(day, None, timezone.localdate()) or 0


# --- the first of each kind -----------------------------------------------------------------------


def first_of(actor: Actor, which: Q, *order: str, most: int = SHOWN) -> QuerySet[Case]:
    """Found in an index, then read: so the rest of the unit's cases is never read."""
    first = open_cases(actor).filter(which).order_by(*order).values("pk")[:most]
    return queue.with_rows(queue.unit_cases(actor).filter(pk__in=first)).order_by(*order)


LISTS = {
    "untouched": Compiled[Case](
        lambda actor: first_of(actor, Q(state=State.PRIORITISED), "prioritised_since", "id"),
        actor=Actor,
    ),
    "unconfirmed": Compiled[Case](
        lambda actor: first_of(actor, needing(Needs.CONFIRM), "prioritised_at", "id"), actor=Actor
    ),
    "expired": Compiled[Case](
        lambda actor, today: first_of(actor, needing(Needs.RENEW, today), "valid_until", "id"),
        actor=Actor,
        today=date,
    ),
    "oldest": Compiled[Case](
        lambda actor: first_of(actor, Q(), "opened_at", "id", most=OLDEST), actor=Actor
    ),
}


def lists(actor: Actor) -> dict[str, list[queue.Row]]:
    """The first cases of each kind, as rows."""
    values = {"actor": actor, "today": timezone.localdate()}
    found = {
        name: listed(**{kind: values[kind] for kind in listed.kinds})
        for name, listed in LISTS.items()
    }
    rows = iter(queue.rows(case for cases in found.values() for case in cases))
    return {name: [next(rows) for _ in cases] for name, cases in found.items()}
