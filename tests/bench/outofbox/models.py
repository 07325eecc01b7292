"""A case that can be prioritised, as the packages' documentation would have it."""

import uuid
from datetime import date
from typing import Any, ClassVar

import django_fsm as fsm
from auditlog.registry import auditlog
from django.conf import settings
from django.db import models
from django.utils import timezone


def may_prioritise(case: "BoxCase", user: Any) -> bool:
    return bool(user.has_perm("outofbox.prioritise_boxcase", case))


class BoxCase(models.Model):
    """The columns of a case that the step moves."""

    priorities: ClassVar[Any]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    unit_id = models.BigIntegerField()
    reference = models.CharField(max_length=20)
    state = fsm.FSMField(default="flagged", protected=True)
    version = models.IntegerField(default=0)
    level = models.CharField(max_length=1, blank=True)
    rank = models.SmallIntegerField(default=5)
    prioritised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    prioritised_at = models.DateTimeField(null=True)
    valid_until = models.DateField(null=True)
    next_due = models.DateField(null=True)

    class Meta:
        permissions = (("prioritise_boxcase", "Can prioritise"),)
        indexes = (models.Index("unit_id", "next_due", "rank", "id", name="box_queue"),)

    def __str__(self) -> str:
        return self.reference

    @fsm.transition(
        field=state,
        source=["flagged", "prioritised"],
        target="prioritised",
        permission=may_prioritise,  # type: ignore[arg-type] # the stub knows no model of ours
    )
    def prioritise(
        self, by: Any, level: str, criteria: list[dict[str, str]], reason: str, until: date
    ) -> None:
        self.level, self.rank, self.version = level, ord(level) - 64, self.version + 1
        self.prioritised_by, self.prioritised_at = by, timezone.now()
        self.valid_until = self.next_due = until
        self.priorities.create(
            level=level, criteria=criteria, reason=reason, valid_until=until, set_by=by
        )


class BoxPriority(models.Model):
    """The decision."""

    case = models.ForeignKey(BoxCase, models.CASCADE, related_name="priorities")
    level = models.CharField(max_length=1)
    criteria = models.JSONField()
    reason = models.TextField()
    valid_until = models.DateField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    set_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.pk)


auditlog.register(BoxCase)
auditlog.register(BoxPriority)
