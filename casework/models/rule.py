"""A rule of law about time, as a row. A change of the law is a new version, never an edit."""

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from access import rules
from access.actor import Actor
from access.models import Role
from audit.querysets import AuditedManager
from casework.clocks import Measure, due


class StartEvent(models.TextChoices):
    """What starts the clock."""

    SERVED = "served", _("The suspicion was served")
    SUSPECTED = "suspected", _("Reasonably suspected, under 18")
    MAY_BE_SUSPECTED = "may_be_suspected", _("May be suspected, under 15, or an inquiry begins")
    INQUIRY_BEGUN = "inquiry_begun", _("The inquiry began")
    INQUIRY_ENDED = "inquiry_ended", _("The inquiry ended")
    WARNING_DECIDED = "warning_decided", _("A warning was decided")
    STATEMENT_REQUESTED = "statement_requested", _("A statement was requested")
    REPORT_RECEIVED = "report_received", _("The report came in")
    OPENING_DECIDED = "opening_decided", _("It was decided whether to open an investigation")
    INVESTIGATION_OPENED = "investigation_opened", _("The investigation was opened")
    INVESTIGATION_CLOSED = "investigation_closed", _("The investigation was closed")
    CUSTODY_DECIDED = "custody_decided", _("Immediate custody was decided")
    CUSTODY_EXECUTED = "custody_executed", _("The decision on custody was carried out")


class Ground(models.TextChoices):
    """What a deadline can be extended on."""

    MEDIATION = "mediation", _("Mediation")
    NATURE = "nature", _("The nature of the investigation")
    SPECIAL = "special", _("Other special circumstances")
    EXCEPTIONAL = "exceptional", _("Exceptional reasons")
    SPECIAL_REASONS = "special_reasons", _("Special reasons")
    REQUESTER = "requester", _("The requester has set another day")
    COURT = "court", _("The court has allowed more time")


class Verified(models.TextChoices):
    """How well the row is known to say what the law says."""

    VERIFIED = "verified", _("The text of the act was read")
    SECONDARY = "secondary", _("Known from a secondary source only")
    UNVERIFIED = "unverified", _("Not verified")


HANDLER = "handler"  # whoever handles the case writes down what somebody else decided
EXTENDERS = [("", _("Nobody")), (HANDLER, _("The case’s handler or a supervisor")), *Role.choices]


class Rule(models.Model):
    """One version of a rule. In force on a day is the newest with valid_from on it or before."""

    code = models.CharField(_("code"), max_length=12)
    valid_from = models.DateField(_("valid from"))
    length = models.PositiveSmallIntegerField(_("length"), default=0)
    measure = models.CharField(_("measure"), max_length=12, choices=Measure.choices)
    hard = models.BooleanField(_("hard"), default=True)
    start_event = models.CharField(_("starts when"), max_length=24, choices=StartEvent.choices)
    extendable_by = models.CharField(_("extended by"), max_length=24, blank=True)
    grounds = models.JSONField(_("grounds for extension"), default=list, blank=True)
    warn_days = models.JSONField(_("warns before, days"), default=list, blank=True)
    source = models.CharField(_("source"), max_length=120)
    source_url = models.URLField(_("address of the source"), max_length=300, blank=True)
    verified = models.CharField(_("verified"), max_length=12, choices=Verified.choices)
    checked_on = models.DateField(_("checked on"))
    note = models.TextField(_("note"), max_length=1000, blank=True)

    objects = AuditedManager["Rule"]()

    class Meta:
        verbose_name = _("deadline rule")
        verbose_name_plural = _("deadline rules")
        ordering = ("code", "-valid_from")
        constraints = (
            models.UniqueConstraint(
                fields=("code", "valid_from"),
                name="rule_version_once",
                violation_error_message=_("There is a version from that day already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from}"

    def due(self, start: date) -> date:
        """The last day of a clock of this rule. ValueError where the requester sets it."""
        return due(start, self.measure, self.length)

    @property
    def warns(self) -> int:
        """How many days before the due date it first warns."""
        return max(self.warn_days, default=0)

    @property
    def extender(self) -> str:
        """Who extends it, in words."""
        return str(dict(EXTENDERS).get(self.extendable_by, self.extendable_by))

    @property
    def grounds_in_words(self) -> list[tuple[str, str]]:
        return [(code, str(Ground(code).label)) for code in self.grounds]

    def may_extend(self, actor: Actor, case: Any) -> bool:
        """Whether the rule names her as the one who extends it in that case."""
        if self.extendable_by == HANDLER:
            return (rules.handler | rules.supervisor)(actor, case)
        return bool(self.extendable_by) and actor.role == self.extendable_by


def in_force(code: str, on: date) -> Rule:
    """The version in force on that day; before the first one that is known, the first one."""
    versions = Rule.objects.filter(code=code)
    found = versions.filter(valid_from__lte=on).order_by("-valid_from").first()
    return found or versions.order_by("valid_from")[0]


def all_in_force(rules: models.QuerySet[Rule], on: date) -> list[Rule]:
    """Of each code the version that in_force() gives, asked for at once."""
    chosen: dict[str, Rule] = {}
    for rule in rules.order_by("valid_from"):
        if rule.valid_from <= on or rule.code not in chosen:
            chosen[rule.code] = rule
    return list(chosen.values())
