"""Statutory deadlines for the steps of a case's parts: start, meet and drop them.

Each call locks the case, and keeps the nearest open deadline on the case's own row (law_due,
law_code, next_due), so that the queue needs no second table. For use inside a step, where the
transaction is: what the step couldn't do takes the deadline back with it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from uuid import UUID

from auditlog.context import disable_auditlog
from django.db.models import Exists, OuterRef

from casework.clocks import day_in_sweden
from casework.models.case import Case
from casework.models.deadline import Deadline, open_of
from casework.models.rule import Rule, all_in_force
from casework.workflow.steps import Act

# Which statutory clock of the sender's case is met when something is sent on which ground.
MEETS = {
    "LUL6": "LUL6", "LUL34": "LUL34", "LUL37": "LUL37", "LUL11": "LUL11",
    "ATERKOPPLING": "SOL19_6",
}  # fmt: skip

KEPT = ("law_due", "law_code", "next_due")


def start(
    case: Case, code: str, on: date, by: Act, *, part_id: UUID | None = None,
    due: date | None = None,
) -> Deadline:  # fmt: skip
    """Start the clock of that rule on that day. `due` where the requester sets the day."""
    with held(case) as locked:
        made = locked.start_clock(code, on, part_id=part_id, due=due)
    made.case = case
    return made


def start_once(
    case: Case, codes: Iterable[str], on: date, *, part_id: UUID, due: date | None = None
) -> None:
    """Start the clocks of those rules for a part of the case, each once in the part's life."""
    started = Deadline.objects.filter(case_id=case.pk, part_id=part_id, code=OuterRef("code"))
    fresh = all_in_force(Rule.objects.filter(~Exists(started), code__in=codes), on)
    if fresh:
        with held(case) as locked:
            for rule in sorted(fresh, key=lambda one: one.code):
                locked.start_rule(rule, on, part_id=part_id, due=due)


def meet(case: Case, code: str, on: date, by: Act, *, part_id: UUID | None = None) -> None:
    """The duty was done on that day: every open deadline of that code is met, or of that part."""
    found = open_of(case.pk).filter(code=code)
    with held(case) as locked:
        end(locked, found.filter(part_id=part_id) if part_id else found, on, met=True)


def again(case: Case, code: str, on: date, by: Act, *, part_id: UUID | None = None) -> None:
    """What met the duty came back: it runs again from that day, unless it still runs."""
    every = Deadline.objects.filter(case_id=case.pk, code=code)
    with held(case) as locked:
        last = (every.filter(part_id=part_id) if part_id else every).order_by("-starts_on").first()
        if last and not open_of(case.pk).filter(code=code, part_id=last.part_id).exists():
            locked.start_clock(code, on, part_id=last.part_id)


def drop(case: Case, by: Act, *, part_id: UUID) -> None:
    """The part ended without: its open deadlines no longer apply."""
    with held(case) as locked:
        end(locked, open_of(case.pk).filter(part_id=part_id), day_in_sweden(by.at), met=False)


def open_deadlines(case: Case) -> list[Deadline]:
    """Neither met nor dropped, first due first, each with its rule."""
    return case.open_clocks()


@contextmanager
def held(case: Case) -> Iterator[Case]:
    """The case's row as it is now, held until the transaction ends. Its nearest deadline is saved
    afterwards if it has become another, and told to the caller's own copy of the case."""
    locked: Case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    before = nearest(locked)
    yield locked
    locked.settle()
    now = nearest(locked)
    if now != before:
        with disable_auditlog():  # the step that started or met it tells
            locked.save(update_fields=KEPT)
    for name, value in zip(KEPT, now, strict=True):
        setattr(case, name, value)


def nearest(case: Case) -> list[object]:
    return [getattr(case, name) for name in KEPT]


def end(case: Case, clocks: Iterable[Deadline], on: date, *, met: bool) -> None:
    for clock in clocks:
        clock.case = case
        if met:
            clock.met(on)
        else:
            clock.dropped(on)
    case.nearest_clock()
