"""Statutory deadlines for the steps of a case's parts: start, meet and drop them.

Each call locks the case, and keeps the nearest open deadline on the case's own row (law_due,
law_code, next_due), so that the queue needs no second table. For use inside a step, where the
transaction is: what the step couldn't do takes the deadline back with it.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from auditlog.context import disable_auditlog

from casework.clocks import day_in_sweden
from casework.models.case import Case
from casework.models.deadline import Deadline, open_of
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
    locked = lock(case)
    made = locked.start_clock(code, on, part_id=part_id, due=due)
    made.case = case
    keep(locked, case)
    return made


def meet(case: Case, code: str, on: date, by: Act, *, part_id: UUID | None = None) -> None:
    """The duty was done on that day: every open deadline of that code is met, or of that part."""
    locked = lock(case)
    found = open_of(case.pk).filter(code=code)
    end(locked, found.filter(part_id=part_id) if part_id else found, on, met=True)
    keep(locked, case)


def again(case: Case, code: str, on: date, by: Act, *, part_id: UUID | None = None) -> None:
    """What met the duty came back: it runs again from that day, unless it still runs."""
    locked = lock(case)
    every = Deadline.objects.filter(case_id=case.pk, code=code)
    last = (every.filter(part_id=part_id) if part_id else every).order_by("-starts_on").first()
    if last and not open_of(case.pk).filter(code=code, part_id=last.part_id).exists():
        locked.start_clock(code, on, part_id=last.part_id)
    keep(locked, case)


def drop(case: Case, by: Act, *, part_id: UUID) -> None:
    """The part ended without: its open deadlines no longer apply."""
    locked = lock(case)
    end(locked, open_of(case.pk).filter(part_id=part_id), day_in_sweden(by.at), met=False)
    keep(locked, case)


def open_deadlines(case: Case) -> list[Deadline]:
    """Neither met nor dropped, first due first, each with its rule."""
    return case.open_clocks()


def lock(case: Case) -> Case:
    """The case's row as it is now, held until the transaction ends."""
    locked: Case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    return locked


def end(case: Case, clocks: Iterable[Deadline], on: date, *, met: bool) -> None:
    for clock in clocks:
        clock.case = case
        if met:
            clock.met(on)
        else:
            clock.dropped(on)
    case.nearest_clock()


def keep(locked: Case, case: Case) -> None:
    """Save the nearest deadline, also on the caller's own copy of the case."""
    locked.settle()
    before = [getattr(case, name) for name in KEPT]
    now = [getattr(locked, name) for name in KEPT]
    with disable_auditlog():  # the step that started or met it tells
        locked.save(update_fields=KEPT)
    if now != before:
        for name, value in zip(KEPT, now, strict=True):
            setattr(case, name, value)
