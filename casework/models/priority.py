"""A priority as it was decided: level, facts, reason, person and the day it ends."""

from typing import ClassVar
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models

from access.models import Unit
from audit.querysets import AuditedManager
from casework.priority import BY_CODE
from casework.workflow.case import Level


class Priority(models.Model):
    """One decision. `criteria` is a list of {"code", "fact"}; the newest row is in force."""

    restricted_by = "case"
    audit_secret: ClassVar[set[str]] = {"criteria", "reason"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(
        "casework.Case", models.PROTECT, related_name="priorities", db_index=False
    )
    level = models.CharField(max_length=1, choices=Level.choices)
    criteria = models.JSONField()
    reason = models.TextField(max_length=2000)
    valid_until = models.DateField()
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    set_at = models.DateTimeField()

    objects = AuditedManager["Priority"]()

    class Meta:
        ordering = ("-set_at",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(criteria__0__isnull=False), name="priority_has_a_criterion"
            ),
        )
        indexes = (models.Index(fields=("case", "-set_at"), name="priorities_of_case"),)

    def __str__(self) -> str:
        return f"priority {self.pk}"

    def about(self) -> tuple[UUID, str]:
        return self.case_id, self.case.reference

    def met(self) -> list[tuple[str, str]]:
        """(criterion in words, the fact that meets it)."""
        return [
            (
                str(BY_CODE[row["code"]].label) if row["code"] in BY_CODE else row["code"],
                row["fact"],
            )
            for row in self.criteria
        ]
