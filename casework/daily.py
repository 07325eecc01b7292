"""The state of the day: what is overdue or soon due, on the start page of whoever it concerns.

The worker runs it each morning. Each person's is counted as she sees it, in a transaction of her
own, and holds figures only. Nothing leaves the service: no mail.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from access import rules
from access.actor import Actor, acting_in
from access.models import Membership
from access.session import acting_as
from access.visible import visible_to
from casework import queue
from casework.coordinations import ask_on_the_last_day
from casework.models import Deadline, Notice
from casework.models.notice import DAILY, tell
from casework.queue import Due, due_in
from casework.workflow import moment

HOUR = 5  # in Sweden; the worker wakes at half past
# What else is looked after each morning: called once a person, acting as the service in her unit.
CHECKS: tuple[Callable[[Actor], None], ...] = (ask_on_the_last_day,)
log = logging.getLogger(__name__)


class Failed(Exception):
    """Some people's state could not be told. Says how many, never whose."""


def is_the_hour(at: datetime) -> bool:
    """The schedule is in UTC and knows no summer time: of its two wakings one is right."""
    return moment.in_sweden(at).hour == HOUR


def run() -> int:
    """Tell everybody; how many have something to be told. One person's fault stops no other."""
    told = failed = 0
    for actor in everybody():
        try:
            with transaction.atomic(), acting_as(actor.service()):
                told += tell_state(actor)
                for check in CHECKS:
                    check(actor)
        except Exception as fault:
            log.error("the daily state of one person failed: %s", type(fault).__name__)
            failed += 1
    if failed:
        raise Failed(f"{failed} of {told + failed}")
    return told


def everybody() -> Iterator[Actor]:
    """Case staff of today, once for each unit that they work in."""
    valid = Membership.objects.valid().standing_in().select_related("user", "unit")
    valid = valid.order_by("unit_id", "user_id", "-since")
    seen = set()
    for membership in valid:
        actor = acting_in(membership, membership.user)
        if rules.case_staff(actor) and (actor.user_id, actor.unit_id) not in seen:
            seen.add((actor.user_id, actor.unit_id))
            yield actor


def tell_state(actor: Actor) -> bool:
    """Write her state of today over yesterday's; whether there is anything in it."""
    facts = state_of(actor)
    something = any(facts[name] for name in ("overdue", "week", "warned"))
    old = Notice.objects.filter(unit_id=actor.unit_id, user_id=actor.user_id, kind=DAILY).first()
    if old:
        now = moment.now()
        old.facts, old.made_at, old.seen_at = facts, now, None if something else now
        old.save(update_fields=["facts", "made_at", "seen_at"])
    elif something:
        tell(actor.unit_id, actor.user_id, DAILY, **facts)
    return something


def state_of(actor: Actor) -> dict[str, Any]:
    """Figures of the open cases that are hers, or of whom she stands in for; a supervisor's are of
    the whole unit."""
    today, chief = moment.today(), rules.supervisor(actor)
    cases = queue.unit_cases(actor).filter(is_open=True)
    clocks = visible_to(Deadline.objects.filter(met_on=None, dropped_on=None), actor)
    clocks = clocks.filter(case__is_open=True)
    if not chief:
        hers = sorted(actor.own_and_absent)
        cases, clocks = cases.filter(handler__in=hers), clocks.filter(case__handler__in=hers)
    week = due_in(Due.TODAY, today) | due_in(Due.WEEK, today)
    counts = cases.aggregate(
        overdue=Count("id", filter=due_in(Due.OVERDUE, today)), week=Count("id", filter=week)
    )
    close = clocks.filter(Q(due__gte=today)).values_list("due", "rule__warn_days")
    return {
        **counts,
        "warned": sum(warns(due, days, today) for due, days in close),
        "whose": "all" if chief else "mine",
    }


def warns(due: date, warn_days: list[int], today: date) -> bool:
    """Whether the rule's first warning has come."""
    return due - timedelta(days=max(warn_days, default=0)) <= today
