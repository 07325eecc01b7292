"""What the service tells a person on her start page, until she has seen it."""

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models import Unit
from casework.workflow import moment

DAILY = "daily"
# Whoever adds a kind gives it words in casework/notices.py.
KINDS = frozenset({
    DAILY, "break_glass", "coordination_proposed", "coordination_accepted",
    "coordination_declined", "coordination_taken_back", "coordination_begun",
    "coordination_meeting", "coordination_runs_out", "coordination_ended", "consent_ended",
    "coordination_ground", "restricted_named", "restricted_lifted", "handed_over",
    "delivery_arrived", "delivery_named",
})  # fmt: skip


class Notice(models.Model):
    """One message to one person in one unit. `facts` are codes and numbers, never names; the words
    are in casework/notices.py."""

    belongs_to = "user"  # seen by that person only (access.visible)
    restricted_by = "case"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=30)
    case = models.ForeignKey(
        "casework.Case", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    facts = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        ordering = ("-made_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "user"),
                condition=models.Q(kind="daily"),
                name="one_daily_state_a_person",
            ),
        )
        indexes = (
            models.Index(
                fields=("unit", "user", "-made_at"),
                name="notices_unseen",
                condition=models.Q(seen_at=None),
            ),
        )

    def __str__(self) -> str:
        return f"notice {self.pk}"


def tell(
    unit_id: int, user_id: UUID, kind: str, case_id: UUID | None = None, **facts: Any
) -> Notice:
    """Tell a person in a unit, in the transaction of the one who acts in that unit (or of the
    postman there). `facts` are codes, numbers and dates as text; never a name."""
    if kind not in KINDS:
        raise ValueError(f"no notice is of the kind {kind!r}")
    return Notice.objects.create(
        unit_id=unit_id, user_id=user_id, kind=kind, case_id=case_id, facts=facts,
        made_at=moment.now(),
    )  # fmt: skip
