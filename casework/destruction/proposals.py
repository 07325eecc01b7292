"""Which closed cases of the acting unit may be destroyed today, and what is late."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from access.actor import Actor
from access.models import Unit
from access.visible import visible_to
from casework.destruction import keeping
from casework.models.case import Case
from casework.models.destruction import Destruction, DestructionItem
from casework.models.retention import RetentionRule
from casework.retention import Window, may_go
from casework.workflow import moment
from casework.workflow.steps import NotNow, begin

FIGURES = "SELECT unit_id, hidden, overdue, kept_back FROM destruction_figures()"
MOST = 500  # cases of one proposal: two people review them
IN_HAND = ("proposed", "reviewed", "approved", "running")


def propose(by: Actor) -> Destruction:
    """A list of what may be destroyed today in the unit. Raises NotNow where nothing may."""
    if not (cases := due_cases(by.unit_id)):
        raise NotNow(_("No case may be destroyed now."))
    return begin(Destruction, "propose", by, cases=cases)


def due_cases(unit_id: int) -> list[dict[str, Any]]:
    """The facts of each item, by reference: not held, not proposed already."""
    side = Unit.objects.get(pk=unit_id).authority.kind
    listed = DestructionItem.objects.filter(destruction__state__in=IN_HAND, struck="", done_at=None)
    proposed = set(listed.values_list("case_id", flat=True))
    due = [
        {
            "case_id": one.pk, "person_id": one.person_id, "case_version": one.version,
            "reference": one.reference, "rule_id": cast(RetentionRule, window.rule).pk,
            "earliest": window.earliest, "latest": window.latest,
        }
        for one, window in may_be_gone(Case.objects.filter(unit_id=unit_id), side)
        if one.pk not in proposed
    ]  # fmt: skip
    return due[:MOST]


def may_be_gone(every: QuerySet[Case], side: str) -> list[tuple[Case, Window]]:
    """Those that nothing holds: all that the unit has about the person is due (social services),
    or the case itself (the police)."""
    today = moment.today()
    every = every.select_related("person")
    over = every.filter(is_open=False)
    found = list(
        every.filter(person_id__in=over.values("person_id")).prefetch_related(
            "police_investigations", "social_investigations"
        )
    )
    windows = keeping.windows_of(found, side, today)
    of_person: dict[UUID, list[Window | None]] = defaultdict(list)
    for one in found:
        of_person[one.person_id].append(windows[one.pk])
    held = set(over.filter(held_on(today)).values_list("pk", flat=True))
    return [
        (one, window)
        for one in sorted(found, key=lambda one: one.reference)
        if (window := windows[one.pk]) is not None
        and one.pk not in held
        and may_go(of_person[one.person_id] if side == "social" else [window], today)
    ]


def held_on(today: date) -> Q:
    """Cases that a hold keeps that day."""
    return Q(holds__lifted_at=None, holds__isnull=False) & (
        Q(holds__until=None) | Q(holds__until__gte=today)
    )


# --- what is late ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one unit. The database counts, also what the asking person doesn't see."""

    unit: Unit
    hidden: int  # restricted cases that are due, on no list, and not hers to see
    overdue: int  # past the law's last day, and kept by no hold
    kept_back: int  # approved by two, left by the run, on no list since

    @property
    def something(self) -> bool:
        return bool(self.hidden or self.overdue or self.kept_back)


def figures(actor: Actor) -> list[Figures]:
    """What a supervisor must see to in her unit; a data protection officer's of every unit."""
    with connection.cursor() as cursor:
        cursor.execute(FIGURES)
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    units = Unit.objects.filter(pk__in=found, authority_id=actor.authority_id).order_by("name")
    counted = [Figures(unit, *found[unit.pk]) for unit in units]
    return [one for one in counted if one.something]


def kept_back(actor: Actor) -> QuerySet[DestructionItem]:
    """The newest line of a list for each case that a run left and that stands on no list since;
    by reference only, for it is seen by the authority's data protection officer, too."""
    seen = visible_to(DestructionItem.objects.all(), actor)
    listed = seen.filter(destruction__state__in=IN_HAND, struck="", done_at=None)
    gone = seen.filter(done_at__isnull=False)
    left = seen.exclude(left_why="").exclude(case_id__in=listed.values("case_id"))
    left = left.exclude(case_id__in=gone.values("case_id"))
    newest = left.order_by("case_id", "-destruction__proposed_at").distinct("case_id")
    found: QuerySet[DestructionItem] = newest.select_related("destruction__unit")
    return found


def to_review(actor: Actor) -> QuerySet[Destruction]:
    """The lists that wait for a supervisor: nobody has gone through them, or somebody else has."""
    every = Destruction.objects.filter(unit_id=actor.unit_id)
    return every.filter(Q(state="proposed") | by_somebody_else(actor))


def to_approve(actor: Actor) -> QuerySet[Destruction]:
    """The lists that a data protection officer may approve, oldest first."""
    every = visible_to(Destruction.objects.all(), actor).filter(by_somebody_else(actor))
    return every.select_related("unit").order_by("proposed_at")


def by_somebody_else(actor: Actor) -> Q:
    return Q(state="reviewed") & ~Q(reviewed_by=actor.user_id)


def overdue(actor: Actor) -> list[tuple[Case, date]]:
    """Cases that she sees and that the law wanted gone before today, with that day."""
    found = may_be_gone(visible_to(Case.objects.all(), actor), actor.authority)
    late = [(one, window.latest) for one, window in found if window.latest < moment.today()]
    return sorted(late, key=lambda pair: (pair[1], pair[0].reference))
