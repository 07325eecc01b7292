"""Legal grounds as rows: which law lets what cross, from whom to whom, and who decides.

A ground is a code with versions. The version in force on a day is the newest whose `valid_from` is
not after that day; a version with no ways lets nothing cross any more. Rows are only ever added.
"""

from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.kinds import ROLES_OF, Kind, Role

NOBODY = (Role.AUDITOR, Role.ADMINISTRATOR, Role.COORDINATOR)  # never decides about a person


class Code(models.TextChoices):
    """The grounds that the service knows, in the order that they are offered."""

    LUL6 = "LUL6", _("Notice of reasonable suspicion, under 18")
    LUL34 = "LUL34", _("Notice that somebody under 15 may be suspected")
    LUL36B = "LUL36B", _("Result of a drug test, under 15")
    LUL37 = "LUL37", _("Protocol of an inquiry, under 15")
    SOL19_1 = "SOL19_1", _("Report of concern about a child")
    SOL20_6 = "SOL20_6", _("Answer to a social investigation")
    OMEDELBART = "OMEDELBART", _("Immediate danger")
    BROTT_MOT_BARN = "BROTT_MOT_BARN", _("Crime against a child")
    OVERLAT_U18 = "OVERLAT_U18", _("Transfer of narcotics to somebody under 18")
    BROTT_6M = "BROTT_6M", _("Crime with at least six months of prison")
    UNGA21 = "UNGA21", _("Risk of a future crime, under 21")
    KONTAKT = "KONTAKT", _("Contact data on request")
    VARD = "VARD", _("Necessary care or support")
    LUL11 = "LUL11", _("Statement to the police or a prosecutor")
    ATERKOPPLING = "ATERKOPPLING", _("Feedback to the reporter")
    SAMTYCKE = "SAMTYCKE", _("Consent")
    INFO_FLODE = "INFO_FLODE", _("Crime-fighting need, weighed against secrecy")
    GENERAL = "GENERAL", _("The interest obviously weighs more")
    NODV = "NODV", _("Necessary for our own task")


class Initiative(models.TextChoices):
    """Whose idea it was that something is sent."""

    OWN = "own", _("Our own")
    REQUEST = "request", _("They asked for it")


class Verified(models.TextChoices):
    """How sure we are that the law says so."""

    VERIFIED = "verified", _("The law's own text was read")
    SECONDARY = "secondary", _("Read in a secondary source")
    UNVERIFIED = "unverified", _("Not verified")


class Versions(models.QuerySet[Any]):
    """Rows of which the newest counts."""

    def on(self, day: date) -> "Versions":
        """Those that have begun on that day, newest first."""
        return self.filter(valid_from__lte=day).order_by("-valid_from", "-id")


class LegalGround(models.Model):
    """One version of a ground for disclosing what is secret.

    `ways` is a list of {"from", "to": kinds of authority, "subject", "initiative"}; a way may add
    {"review": true} (only after a legal review), {"asks": […]} (more questions there) and who
    decides where it differs: {"decides": […], "drafter_may_decide": …}. access.secrecy reads it.
    """

    code = models.CharField(_("ground"), max_length=20, choices=Code.choices)
    valid_from = models.DateField(_("valid from"))
    name = models.CharField(_("name in Swedish"), max_length=120)
    source = models.CharField(_("source"), max_length=200)
    source_url = models.URLField(_("the source's address"), blank=True)
    verified = models.CharField(_("verified"), max_length=12, choices=Verified.choices)
    duty = models.BooleanField(
        _("a duty"), default=False, help_text=_("It must be sent; nobody weighs it.")
    )
    needs_review = models.BooleanField(
        _("needs a legal review"),
        default=False,
        help_text=_("Some of its ways are open only after a lawyer has looked."),
    )
    decides = models.JSONField(_("who decides"), default=list)
    drafter_may_decide = models.BooleanField(_("who drafts may decide"), default=False)
    ways = models.JSONField(_("ways"), default=list, blank=True)
    questions = models.JSONField(_("questions"), default=list, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects: ClassVar = Versions.as_manager()

    class Meta:
        verbose_name = _("legal ground")
        verbose_name_plural = _("legal grounds")
        ordering: ClassVar = ["code", "-valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                name="access_legalground_version",
                violation_error_message=_("There is a version from that day already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from}"

    def clean(self) -> None:
        """Roles and ways that exist."""
        check_roles(self.decides, [role for roles in ROLES_OF.values() for role in roles])
        check_ways(self.ways)
        if any(way.get("review") for way in self.ways) != self.needs_review:
            words = _("Mark it exactly when one of its ways asks for a review.")
            raise ValidationError({"needs_review": words})


class Decider(models.Model):
    """An authority's own delegation: who decides on a ground there. It goes before the ground's.

    OSL 6:3 leaves it to the authority's order of delegation.
    """

    authority = models.ForeignKey(
        "access.Authority", models.PROTECT, related_name="+", verbose_name=_("authority")
    )
    ground_code = models.CharField(_("ground"), max_length=20, choices=Code.choices)
    decides = models.JSONField(_("who decides"), default=list)
    drafter_may_decide = models.BooleanField(_("who drafts may decide"), default=False)
    valid_from = models.DateField(_("valid from"))

    objects: ClassVar = Versions.as_manager()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering: ClassVar = ["authority", "ground_code", "-valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["authority", "ground_code", "valid_from"],
                name="access_decider_version",
                violation_error_message=_("There is a version from that day already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ground_code} {self.valid_from}"

    def clean(self) -> None:
        """Roles of that authority; at least one."""
        kind = getattr(self, "authority", None) and self.authority.kind
        check_roles(self.decides, ROLES_OF[Kind(kind)] if kind else list(Role))

    def concerned_authority(self) -> tuple[int, str]:
        return self.authority.concerned_authority()


def check_roles(roles: Any, among: Any) -> None:
    """At least one role, each of them one that decides about people."""
    may = {str(role) for role in among if role not in NOBODY}
    if not isinstance(roles, list) or not roles or not {str(role) for role in roles} <= may:
        raise ValidationError({"decides": _("Choose among the roles that work with cases.")})


def check_ways(ways: Any) -> None:
    """Each way names two kinds of authority, a subject and an initiative."""
    kinds, whose = set(Kind.values), set(Initiative.values)
    for way in ways if isinstance(ways, list) else [None]:
        fits = (
            isinstance(way, dict)
            and way.get("from") in kinds
            and way.get("to") in kinds
            and way.get("initiative") in whose
            and isinstance(way.get("subject"), str)
        )
        if not fits:
            words = _("Each way has “from”, “to”, “subject” and “initiative”.")
            raise ValidationError({"ways": words})
