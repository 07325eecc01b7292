"""Who reviews whose log: supervisors their unit's, the data protection officer her authority's.

Nobody judges her own line. What the reviewer isn't allowed to see, another reviews.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from access import rules
from access.actor import Actor
from access.models import Confined, Grant, Kind, Membership, Unit
from access.service import at_work_in
from audit import review
from audit.models import Reading
from audit.review import Hit
from audit.review_models import Review, Why

REVIEWERS = rules.supervisor | rules.auditor
MONTHS = 12  # shown, and looked after


def held_at_the_time(of: QuerySet[Any]) -> QuerySet[Any]:
    """The exceptions that held when the line was written."""
    return of.filter(since__lte=OuterRef("at"))


@review.add_rule
def restricted(read: QuerySet[Reading], unit_id: int) -> list[Hit]:
    """Only named people saw what was read."""
    confined = held_at_the_time(Confined.objects.filter(about_id=OuterRef("about_id")))
    lasted = confined.filter(Q(ended_at=None) | Q(ended_at__gt=OuterRef("at")))
    return review.grouped(read.filter(Exists(lasted)), Why.RESTRICTED)


@review.add_rule
def break_glass(read: QuerySet[Reading], unit_id: int) -> list[Hit]:
    """She had let herself in, in an emergency."""
    glass = Grant.objects.filter(
        kind=Grant.Kind.BREAK_GLASS, user_id=OuterRef("actor_id"), until__gt=OuterRef("at")
    )
    with_it = Confined.objects.filter(thing_id=OuterRef("thing_id"))
    opened = held_at_the_time(glass).filter(
        Q(thing_id=OuterRef("about_id"))
        | Exists(with_it.filter(about_id=OuterRef(OuterRef("about_id"))))
    )
    return review.grouped(read.filter(Exists(opened)), Why.BREAK_GLASS)


def working_units() -> QuerySet[Unit]:
    """Units that have, or had, people who work with cases."""
    staff = Membership.objects.filter(unit_id=OuterRef("pk"), role__in=rules.CASE_ROLES)
    units = Unit.objects.filter(Exists(staff), authority__kind__in=[Kind.POLICE, Kind.SOCIAL])
    return units.select_related("authority").order_by("name")


def units_of(actor: Actor) -> QuerySet[Unit]:
    """The units whose log she reviews."""
    if rules.auditor(actor):
        return working_units().filter(authority_id=actor.authority_id)
    return working_units().filter(pk=actor.unit_id)


def reviews_of(actor: Actor) -> QuerySet[Review]:
    """The reviews that she sees; the database's policy says the same."""
    if rules.auditor(actor):
        return Review.objects.filter(authority_id=actor.authority_id)
    return Review.objects.filter(unit_id=actor.unit_id)


def make(unit: Unit, month: date, made_by: str = "") -> Review:
    """The unit's review of that month. Needs a transaction."""
    with at_work_in(unit):
        return review.make(unit.pk, unit.name, unit.authority_id, month, made_by)


def make_missing(today: date | None = None) -> int:
    """Every unit's review of the month before, where it isn't made yet. How many were made."""
    month, made = review.month_before(today or timezone.localdate()), 0
    for unit in working_units():
        with transaction.atomic():
            with at_work_in(unit):
                there = Review.objects.filter(unit_id=unit.pk, month=month).exists()
            if not there:
                make(unit, month)
                made += 1
    return made


@dataclass(frozen=True, slots=True)
class Month:
    """One unit's month: its review as it stands, or none where it wasn't made."""

    unit: Unit
    month: date
    last_day: date
    today: date
    review: Any = None  # with `lines` and `judged`

    @property
    def done(self) -> bool:
        return self.review is not None and review.is_done(self.review)

    @property
    def late(self) -> bool:
        return not self.done and self.today > self.last_day


def months(actor: Actor, today: date | None = None) -> list[Month]:
    """Her units' finished months in which there is a log, newest first. Two queries."""
    today = today or timezone.localdate()
    found = {
        (one.unit_id, one.month): one
        for one in review.with_progress(reviews_of(actor)).order_by("-month")[: MONTHS * 50]
    }
    first_line = Reading.objects.filter(unit_id=OuterRef("pk")).order_by("at").values("at")[:1]
    units = list(units_of(actor).annotate(begins=Subquery(first_line)))
    rows = []
    month = review.month_before(today)
    for _count in range(MONTHS):
        rows += [
            Month(unit, month, review.last_day_for(month), today, found.get((unit.pk, month)))
            for unit in units
            if (unit.pk, month) in found
            or (unit.begins and review.first_of(timezone.localdate(unit.begins)) <= month)
        ]
        month = review.month_before(month)
    return rows


def open_month(rows: list[Month], unit_id: int, month: date) -> Month | None:
    """The row of that unit and month, if it is hers and still to be made."""
    return next(
        (one for one in rows if (one.unit.pk, one.month) == (unit_id, month) and not one.review),
        None,
    )
