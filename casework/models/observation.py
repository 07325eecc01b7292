"""What somebody saw: place, time, kind, source. The reason that a case exists."""

from typing import ClassVar
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models import Unit
from audit.querysets import AuditedManager
from casework.models.place import Place


class Observation(models.Model):
    """One flag. Written once: a mistake is put right by another observation."""

    class Kind(models.TextChoices):
        USE = "use", _("Use")
        POSSESSION = "possession", _("Possession")
        TRANSFER = "transfer", _("Transfer")
        SALE = "sale", _("Sale")
        RISK_SETTING = "risk_setting", _("Found in a risk setting")
        OTHER = "other", _("Something else")

    class Source(models.TextChoices):
        OWN = "own", _("Own observation")
        PATROL = "patrol", _("Field patrol")
        TIP = "tip", _("Tip")
        SCHOOL = "school", _("School")
        REPORT = "report", _("Report")

    restricted_by = "case"
    audit_secret: ClassVar[set[str]] = {"text", "fingerprint"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(
        "casework.Case", models.PROTECT, related_name="observations", db_index=False
    )
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    seen_at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    source = models.CharField(max_length=8, choices=Source.choices)
    suspicion = models.BooleanField()  # False: marked as not suspected (PBDL 3:4)
    text = models.TextField(max_length=4000, blank=True)
    reference = models.CharField(max_length=40, blank=True)  # the sender's own number
    fingerprint = models.BinaryField()  # the same flag twice is one (blind, per authority)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField()

    objects = AuditedManager["Observation"]()

    class Meta:
        ordering = ("-seen_at", "id")
        constraints = (
            models.UniqueConstraint(fields=("unit", "fingerprint"), name="observation_once"),
        )
        indexes = (models.Index(fields=("case", "-seen_at"), name="observations_of_case"),)

    def __str__(self) -> str:
        return f"observation {self.pk}"

    def about(self) -> tuple[UUID, str]:
        return self.case_id, self.case.reference
