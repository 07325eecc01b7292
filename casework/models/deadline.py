"""A statutory deadline of a case: which rule, from when, until when, and what became of it."""

from copy import copy
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from auditlog.context import disable_auditlog
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models import Unit
from audit import trail
from audit.querysets import AuditedManager
from casework.models.rule import Ground, Rule


class Deadline(models.Model):
    """One duty with a day. Met, dropped or extended, never removed: the database sees to it."""

    restricted_by = "case"
    audit_secret: ClassVar[set[str]] = {"met_how", "extended_reason", "extended_decided_by"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey("casework.Case", models.PROTECT, related_name="clocks", db_index=False)
    part_id = models.UUIDField(null=True, blank=True)  # the investigation that it belongs to
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=12)  # the rule's
    starts_on = models.DateField()
    due = models.DateField()
    first_due = models.DateField()
    met_on = models.DateField(null=True, blank=True)
    met_how = models.CharField(max_length=200, blank=True)  # or why it was dropped
    dropped_on = models.DateField(null=True, blank=True)
    extended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        db_index=False,
    )  # fmt: skip
    extended_at = models.DateTimeField(null=True, blank=True)
    extended_ground = models.CharField(max_length=16, choices=Ground.choices, blank=True)
    extended_reason = models.TextField(max_length=2000, blank=True)
    extended_decided_by = models.CharField(max_length=120, blank=True)

    objects = AuditedManager["Deadline"]()

    class Meta:
        verbose_name = _("deadline")
        ordering = ("due", "code", "id")
        indexes = (
            models.Index(fields=("case", "due"), name="clocks_of_case"),
            models.Index(
                fields=("unit", "due"),
                name="clocks_open",
                condition=models.Q(met_on=None, dropped_on=None),
            ),
        )

    def __str__(self) -> str:
        return f"deadline {self.pk}"

    def about(self) -> tuple[UUID, str]:
        return self.case_id, self.case.reference

    @property
    def is_open(self) -> bool:
        return self.met_on is None and self.dropped_on is None

    def met(self, on: date, how: str = "") -> None:
        self._change(met_on=on, met_how=how)

    def dropped(self, on: date, how: str = "") -> None:
        self._change(dropped_on=on, met_how=how)

    def extended(
        self, due: date, *, by_id: UUID, at: datetime, ground: str, reason: str, decided_by: str
    ) -> None:
        self._change(
            due=due, extended_by_id=by_id, extended_at=at, extended_ground=ground,
            extended_reason=reason, extended_decided_by=decided_by,
        )  # fmt: skip

    def _change(self, **values: Any) -> None:
        """Save these fields, with one line of what they were."""
        before = copy(self)
        for name, value in values.items():
            setattr(self, name, value)
        with disable_auditlog():  # it would fetch the row again to see what changed
            self.save(update_fields=list(values))
        trail.change(before, self)


def open_of(case_id: UUID) -> models.QuerySet[Deadline]:
    """The case's deadlines that are neither met nor dropped, first due first."""
    return Deadline.objects.filter(case_id=case_id, met_on=None, dropped_on=None)


def born(
    case_id: UUID, unit_id: int, rule: Rule, on: date, *, part_id: UUID | None, due: date | None
) -> Deadline:
    """A new deadline by the version of the rule that is in force on the day it starts.

    `due` for a rule whose day the requester sets, or where the law lets somebody set an earlier.
    """
    last = due or rule.due(on)
    made = Deadline(
        unit_id=unit_id, case_id=case_id, part_id=part_id, rule=rule, code=rule.code, starts_on=on,
        due=last, first_due=last,
    )  # fmt: skip
    with disable_auditlog():  # its birth is told by the step that started it
        made.save(force_insert=True)
    return made
