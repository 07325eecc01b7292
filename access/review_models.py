"""The access review's tables: who was asked whether access is still needed, and the answers.

Decisions are written once; the newest about a row counts, until the half-year is signed off. The
database refuses whoever decides about herself (migrations/0003_access_review.sql).
"""

from typing import ClassVar

from auditlog.registry import auditlog
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from access.kinds import Role


class OfHalfYear(models.Model):
    """Said by somebody about a unit's half-year; `half` is its first day."""

    for_auditors = True  # (access.visible)

    unit = models.ForeignKey("access.Unit", models.PROTECT, related_name="+")
    authority = models.ForeignKey("access.Authority", models.PROTECT, related_name="+")
    half = models.DateField(_("half-year"))
    by_id = models.UUIDField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True


class Decision(OfHalfYear):
    """One person's access is kept, to be changed, or removed."""

    audit_secret: ClassVar[set[str]] = {"reason"}  # it stands here, and goes with its case

    class Answer(models.TextChoices):
        KEEP = "keep", _("Keep")
        CHANGE = "change", _("Change")
        REMOVE = "remove", _("Remove")

    class Of(models.TextChoices):
        MEMBERSHIP = "membership", _("Membership")
        GRANT = "grant", _("Named access")
        SUBSTITUTION = "substitution", _("Substitute")
        EXCLUSION = "exclusion", _("Shut out")

    of = models.CharField(_("what"), max_length=16, choices=Of.choices)
    key = models.CharField(max_length=40)  # the row's own key
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=24, choices=Role.choices, blank=True)  # as it was
    answer = models.CharField(_("decision"), max_length=8, choices=Answer.choices)
    wanted = models.CharField(_("role instead"), max_length=24, choices=Role.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("access decision")
        verbose_name_plural = _("access decisions")
        indexes: ClassVar = [models.Index(fields=["unit", "half"], name="access_decision_half")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(by_id=F("user_id")), name="access_decision_not_own"
            ),
            models.CheckConstraint(
                condition=Q(answer="keep") | ~Q(reason=""), name="access_decision_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(answer="change") ^ Q(wanted=""), name="access_decision_wants"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.of} {self.key} {self.answer}"

    @property
    def said(self) -> str:
        """The answer as something decided; a button says the same as something to do."""
        return str(SAID[Decision.Answer(self.answer)])


SAID = {
    Decision.Answer.KEEP: _("Is kept"),
    Decision.Answer.CHANGE: _("Is to be changed"),
    Decision.Answer.REMOVE: _("Is removed"),
}


class AccessSignOff(OfHalfYear):
    """The unit's access was gone through for the half-year."""

    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("access review")
        verbose_name_plural = _("access reviews")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "half"], name="access_reviewed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.half}"


class RoleRequest(models.Model):
    """For the administrator to do: another role, that is a new membership."""

    membership = models.ForeignKey("access.Membership", models.PROTECT, related_name="+")
    wanted = models.CharField(_("role instead"), max_length=24, choices=Role.choices)
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(_("done by"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("requested role")
        verbose_name_plural = _("requested roles")
        indexes: ClassVar = [
            models.Index(
                fields=["asked_at"], condition=Q(done_at=None), name="access_role_request_open"
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by="") | Q(done_at__isnull=False) & ~Q(done_by=""),
                name="access_role_request_done",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.wanted}"


# What a reader of the log wants to know; the rest stands in the line itself.
auditlog.register(Decision, include_fields=["of", "user", "role", "answer", "wanted", "reason"])
auditlog.register(AccessSignOff, include_fields=["half", "note"])
auditlog.register(RoleRequest, include_fields=["membership", "wanted", "done_by"])
