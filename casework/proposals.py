"""Which closed cases of the acting unit may be destroyed today."""

from collections import defaultdict
from typing import Any, cast
from uuid import UUID

from django.apps import apps
from django.db.models import Q

from access.models import Unit
from casework import keeping
from casework.models.case import Case
from casework.models.retention import RetentionRule
from casework.retention import may_go
from casework.workflow import moment

MOST = 500  # cases of one proposal: two people review them
IN_HAND = ("proposed", "reviewed", "approved", "running")


def due_cases(unit_id: int) -> list[dict[str, Any]]:
    """The facts of each item, by reference: not held, not proposed already, all that the unit has
    about the person due (social services) or the case itself (the police)."""
    today, side = moment.today(), Unit.objects.get(pk=unit_id).authority.kind
    item = apps.get_model("casework", "DestructionItem")
    every = Case.objects.filter(unit_id=unit_id).select_related("person")
    over = every.filter(is_open=False)
    held = Q(holds__lifted_at=None, holds__isnull=False) & (
        Q(holds__until=None) | Q(holds__until__gte=today)
    )
    listed = item.objects.filter(destruction__state__in=IN_HAND, struck="", done_at=None)
    people = over.values("person_id")
    found = list(
        every.filter(person_id__in=people).prefetch_related(
            "police_investigations", "social_investigations"
        )
    )
    windows = keeping.windows_of(found, side, today)
    of_person: dict[UUID, list[Any]] = defaultdict(list)
    for one in found:
        of_person[one.person_id].append(windows[one.pk])
    kept_back = set(over.filter(held).values_list("pk", flat=True))
    kept_back |= set(listed.values_list("case_id", flat=True))
    due = [
        {
            "case_id": one.pk, "person_id": one.person_id, "case_version": one.version,
            "reference": one.reference, "rule_id": cast(RetentionRule, window.rule).pk,
            "earliest": window.earliest, "latest": window.latest,
        }
        for one in sorted(found, key=lambda one: one.reference)
        if (window := windows[one.pk]) is not None
        and one.pk not in kept_back
        and may_go(of_person[one.person_id] if side == "social" else [window], today)
    ]  # fmt: skip
    return due[:MOST]
