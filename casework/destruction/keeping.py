"""Retention where the rows are known: a case's facts, its window, its hold."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from audit.models import Step
from casework.models.case import Case
from casework.models.retention import Hold, rules_on
from casework.retention import Facts, Part, Terms, Window, window
from casework.workflow.police import Charge
from casework.workflow.social import State as Social

NOT_ENTRIES = ("hold", "lift_hold")  # steps that write nothing into the file


def facts_of(case: Case, side: str, last_entry: datetime | None) -> Facts:
    closed = None if case.is_open or case.closed_at is None else day_of(case.closed_at)
    written = last_entry or case.closed_at or case.opened_at
    return Facts(side, case.person.birth_date, closed, day_of(written), tuple(parts_of(case)))


def parts_of(case: Case) -> Iterable[Part]:
    for police in case.police_investigations.all():
        day = police.decided_on or police.ended_on
        court = police.decision == Charge.PROSECUTION
        yield Part("court" if court else "other", day or day_of(case.closed_at or case.opened_at))
    for social in case.social_investigations.all():
        if social.opened_on:
            yield Part("investigated", social.ended_on or social.opened_on)
        elif social.state == Social.NOT_OPENED:
            yield Part("not_opened", social.not_opened_on or day_of(social.received_at))


def last_entries(case_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """When each case was last written in, by the trail."""
    lines = Step.objects.filter(about_id__in=list(case_ids)).exclude(step__in=NOT_ENTRIES)
    found = lines.values_list("about_id").annotate(last=Max("at"))
    return {about_id: last for about_id, last in found if about_id}


def windows_of(cases: Iterable[Case], side: str, today: date) -> dict[UUID, Window | None]:
    """Each case's window by the rules of today; give the cases with their persons."""
    book: dict[str, Terms] = dict(rules_on(today))
    cases = list(cases)
    last = last_entries(case.pk for case in cases)
    return {case.pk: window(facts_of(case, side, last.get(case.pk)), book) for case in cases}


def hold_of(case: Case, today: date) -> Hold | None:
    """The hold that keeps it today."""
    found = Hold.objects.filter(case_id=case.pk, lifted_at=None).first()
    return found if found and found.holds_on(today) else None


def day_of(at: datetime) -> date:
    return timezone.localdate(at)
