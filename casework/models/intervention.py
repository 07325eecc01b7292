"""An intervention in a case, and the notes that follow it."""

from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.models import Unit
from audit.querysets import AuditedManager
from casework.models.case import Case
from casework.workflow.intervention import OPEN, InterventionSteps
from casework.workflow.steps import Act


class Intervention(InterventionSteps):
    """The plan and how it went. Its steps are in casework/workflow/intervention.py."""

    restricted_by = "case"
    audit_secret: ClassVar[set[str]] = {"title", "goal", "consent_note"}
    notes: ClassVar[Any]

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="interventions", db_index=False)

    objects = AuditedManager["Intervention"]()

    class Meta:
        verbose_name = _("intervention")
        indexes = (
            models.Index(fields=("case", "state"), name="interventions_of_case"),
            models.Index(
                fields=("unit", "handler", "planned_until"),
                name="intervention_of_handler",
                condition=models.Q(state__in=[state.value for state in OPEN]),
            ),
        )

    def __str__(self) -> str:
        return f"intervention {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("intervention", args=[self.case_id, self.pk])

    def about(self) -> tuple[UUID, str]:
        return self.case_id, self.case.reference

    def after(self, act: Act, name: str, noted: dict[str, Any]) -> None:
        if self.shown_in is not None:
            self.case.show_on_plan(act, self)

    def copy(self) -> dict[str, Any]:
        """What of it may stand on the other side's plan. Taken off: nothing of it."""
        shown = self.shown
        return {
            "source_id": self.pk,
            "title": self.title if shown else "",
            "planned_from": self.planned_from if shown else None,
            "planned_until": self.planned_until if shown else None,
            "status": self.state if shown else "",
        }


class InterventionNote(models.Model):
    """What was written along the way. Written once."""

    restricted_by = "intervention__case"
    audit_secret: ClassVar[set[str]] = {"text"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    intervention = models.ForeignKey(
        Intervention, models.PROTECT, related_name="notes", db_index=False
    )
    text = models.TextField(max_length=4000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    written_at = models.DateTimeField()

    objects = AuditedManager["InterventionNote"]()

    class Meta:
        ordering = ("-written_at", "id")
        indexes = (
            models.Index(fields=("intervention", "-written_at"), name="notes_of_intervention"),
        )

    def __str__(self) -> str:
        return f"note {self.pk}"

    def about(self) -> tuple[UUID, str]:
        return self.intervention.about()
