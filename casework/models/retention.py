"""How long files are kept, as rows; and what keeps a file from being destroyed."""

from datetime import date
from typing import ClassVar
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models import Unit
from audit.querysets import AuditedManager
from casework.models.rule import Verified


class Side(models.TextChoices):
    POLICE = "police", _("The police")
    SOCIAL = "social", _("Social services")
    BOTH = "both", _("Both sides")


class CountedFrom(models.TextChoices):
    """The event that the time runs from."""

    LAST_ENTRY = "last_entry", _("The last entry in the file")
    CLOSED = "closed", _("The case was closed")
    DECIDED = "decided", _("The decision was made")
    CASE = "case", _("Follows its case")
    MADE = "made", _("It was made")


class Span(models.TextChoices):
    YEARS = "years", _("years")
    DAYS = "days", _("days")


class RetentionRule(models.Model):
    """One version. In force on a day is the newest with valid_from on it or before."""

    code = models.CharField(_("code"), max_length=20)
    valid_from = models.DateField(_("valid from"))
    side = models.CharField(_("side"), max_length=8, choices=Side.choices)
    length = models.PositiveSmallIntegerField(_("length"), default=0)
    measure = models.CharField(_("measure"), max_length=8, choices=Span.choices, default=Span.YEARS)
    counted_from = models.CharField(_("counted from"), max_length=12, choices=CountedFrom.choices)
    from_year_end = models.BooleanField(
        _("counted from the end of that calendar year"), default=False
    )
    until_next_year_end = models.BooleanField(
        _("at the latest by the end of the next calendar year"), default=False
    )
    lead_days = models.PositiveSmallIntegerField(
        _("may be destroyed this many days before"), default=0
    )
    never_before_age = models.PositiveSmallIntegerField(_("never before the age of"), default=0)
    keep_forever = models.BooleanField(_("kept for ever"), default=False)
    source = models.CharField(_("source"), max_length=120)
    source_url = models.URLField(_("address of the source"), max_length=300, blank=True)
    verified = models.CharField(_("verified"), max_length=12, choices=Verified.choices)
    checked_on = models.DateField(_("checked on"))
    note = models.TextField(_("note"), max_length=1000, blank=True)

    objects = AuditedManager["RetentionRule"]()

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        ordering = ("code", "-valid_from")
        constraints = (
            models.UniqueConstraint(
                fields=("code", "valid_from"),
                name="retention_version_once",
                violation_error_message=_("There is a version from that day already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from}"


def rules_on(day: date) -> dict[str, RetentionRule]:
    """The versions in force on that day, by code; before its first day, a rule's first version."""
    found: dict[str, RetentionRule] = {}
    for rule in RetentionRule.objects.order_by("code", "-valid_from"):
        if rule.code not in found or found[rule.code].valid_from > day:
            found[rule.code] = rule
    return found


class Hold(models.Model):
    """A case that isn't destroyed, until a day or until further notice. The database heeds it."""

    restricted_by = "case"
    audit_secret: ClassVar[set[str]] = {"reason"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey("casework.Case", models.PROTECT, related_name="holds", db_index=False)
    reason = models.TextField(max_length=2000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    since = models.DateTimeField()
    until = models.DateField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = AuditedManager["Hold"]()

    class Meta:
        verbose_name = _("hold")
        constraints = (
            models.UniqueConstraint(
                fields=("case",), condition=models.Q(lifted_at=None), name="one_hold_a_case"
            ),
        )

    def __str__(self) -> str:
        return f"hold {self.pk}"

    def about(self) -> tuple[UUID, str]:
        return self.case_id, self.case.reference

    def holds_on(self, day: date) -> bool:
        return self.lifted_at is None and (self.until is None or self.until >= day)
