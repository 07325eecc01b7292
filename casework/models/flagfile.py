"""A file of flags on its way in: kept encrypted, and only until it is done with."""

from typing import ClassVar
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models import Unit


class FlagFile(models.Model):
    """One import. `content` is the file as it came, `rejected` the rows that were not taken."""

    class Status(models.TextChoices):
        PREVIEWED = "previewed", _("Read, nothing saved yet")
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Stopped")

    encrypted: ClassVar[dict[str, str | None]] = {"content": None, "rejected": None}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)
    name = models.CharField(max_length=120)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PREVIEWED)
    content = models.BinaryField(null=True, editable=False)
    rejected = models.BinaryField(null=True, editable=False)
    rows = models.IntegerField(default=0)
    faults = models.IntegerField(default=0)
    done_rows = models.IntegerField(default=0)
    new_cases = models.IntegerField(default=0)
    new_observations = models.IntegerField(default=0)
    already_there = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("unit", "-uploaded_at"), name="flag_files_of_unit"),)

    def __str__(self) -> str:
        return f"flag file {self.pk}"

    def about(self) -> tuple[UUID, str]:
        return self.pk, ""
