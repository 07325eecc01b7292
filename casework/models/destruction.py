"""A proposal to destroy closed cases, its cases, and the certificate of what was destroyed."""

from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.models import Authority, Unit
from audit.querysets import AuditedManager
from casework.models.retention import RetentionRule
from casework.workflow import moment
from casework.workflow.destruction import DestructionSteps, WhyStruck
from casework.workflow.steps import Act


class WhyLeft(models.TextChoices):
    """Why the run left a case that was approved."""

    CHANGED = "changed", _("It was held or changed after the proposal")
    REFERRED_TO = "referred_to", _("Another case refers to it")


class Destruction(DestructionSteps):
    """One proposal of one unit. Its steps are in casework/workflow/destruction.py."""

    for_auditors = True
    items: ClassVar[Any]

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+", db_index=False)

    objects = AuditedManager["Destruction"]()

    class Meta:
        verbose_name = _("destruction")
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(approved_by=models.F("reviewed_by")), name="two_reviewers"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("approved", "running", "done"))
                | models.Q(approved_by__isnull=False, reviewed_by__isnull=False),
                name="run_when_reviewed_twice",
            ),
        )
        indexes = (models.Index(fields=("unit", "-proposed_at"), name="destructions_of_unit"),)

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("destruction", args=[self.pk])

    def about(self) -> tuple[UUID, str]:
        return self.pk, self.reference

    def going(self) -> models.QuerySet["DestructionItem"]:
        """The cases that nobody struck."""
        found: models.QuerySet[DestructionItem] = self.items.filter(struck="")
        return found

    def new_reference(self) -> str:
        """The day, and which of the unit's lists of that day it is."""
        day = f"G-{moment.today():%Y-%m-%d}"
        before = Destruction.objects.filter(unit_id=self.unit_id, reference__startswith=day)
        return f"{day}-{already + 1}" if (already := before.count()) else day

    def has_cases(self) -> bool:
        return self.going().exists()

    def strike_out(self, item: UUID, why: str) -> str:
        """The reference of the case that was struck."""
        found: DestructionItem = self.going().get(pk=item)
        found.struck = why
        found.save(update_fields=["struck"])
        return found.reference

    def after(self, act: Act, name: str, noted: dict[str, Any]) -> None:
        if name == "propose":
            for found in self.listed:
                DestructionItem(
                    destruction=self, unit_id=self.unit_id, authority_id=self.authority_id,
                    **found,
                ).save(force_insert=True)  # fmt: skip


class DestructionItem(models.Model):
    """A case of a proposal, by ids and reference only: it outlives the case."""

    for_auditors = True

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+", db_index=False)
    destruction = models.ForeignKey(
        Destruction, models.PROTECT, related_name="items", db_index=False
    )
    case_id = models.UUIDField()
    person_id = models.UUIDField()
    case_version = models.IntegerField()  # any step of the case after this voids the proposal
    reference = models.CharField(max_length=20)
    rule = models.ForeignKey(RetentionRule, models.PROTECT, related_name="+", db_index=False)
    earliest = models.DateField()
    latest = models.DateField()
    struck = models.CharField(max_length=16, choices=WhyStruck.choices, blank=True, default="")
    left_why = models.CharField(
        max_length=12, choices=WhyLeft.choices, blank=True, default="", db_default=""
    )
    # The run's transaction in which the database found that the law lets it go.
    lawful_tx = models.BigIntegerField(null=True, editable=False)
    done_at = models.DateTimeField(null=True)
    rows = models.JSONField(default=dict)  # table: how many rows
    ids = models.JSONField(default=list)  # table:id of every row destroyed

    objects = AuditedManager["DestructionItem"]()

    class Meta:
        ordering = ("reference",)
        constraints = (
            models.UniqueConstraint(fields=("destruction", "case_id"), name="case_proposed_once"),
        )
        indexes = (models.Index(fields=("case_id",), name="destruction_of_case"),)

    def __str__(self) -> str:
        return self.reference


class Certificate(models.Model):
    """What was destroyed, by which rules, reviewed by whom. Written once."""

    for_auditors = True

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+", db_index=False)
    destruction = models.OneToOneField(
        Destruction, models.PROTECT, related_name="certificate", db_index=False
    )
    cases = models.IntegerField()
    left = models.IntegerField()
    rows = models.JSONField(default=dict)
    rules = models.JSONField(default=list)
    first_reviewer = models.CharField(max_length=100)
    second_reviewer = models.CharField(max_length=100)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    digest = models.CharField(max_length=64)  # sha256 over the sorted table:id, one a line

    def __str__(self) -> str:
        return f"certificate {self.pk}"
