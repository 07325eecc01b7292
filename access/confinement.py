"""Exceptions from who sees what in a unit: what only named people see, who is shut out of what,
who stands in for whom, and what somebody else thought of an emergency opening.

Ended, never removed. Times are the database's clock's, as policies ask it.
"""

import uuid
from datetime import timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

LONGEST = timedelta(days=366)  # a year and the rest of its last day
BROKEN_FOR = timedelta(hours=3)


class Confined(models.Model):
    """Only people with a grant for `thing_id` see `about_id`, and the trail's lines about it.

    `about_id` may be the thing itself or something that is confined with it. `about` is what
    supervisors call it: a reference, never a name.
    """

    for_auditors = True  # (access.visible)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey("access.Unit", models.PROTECT, related_name="+", db_index=False)
    authority = models.ForeignKey(
        "access.Authority", models.PROTECT, related_name="+", db_index=False
    )
    thing_id = models.UUIDField()
    about_id = models.UUIDField()
    about = models.CharField(_("reference"), max_length=40, blank=True)
    ground = models.CharField(_("ground"), max_length=24)
    since = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("restriction")
        verbose_name_plural = _("restrictions")
        indexes: ClassVar = [
            models.Index(fields=["unit", "thing_id"], name="access_confined_unit"),
            models.Index(fields=["authority"], name="access_confined_authority"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["about_id"], condition=Q(ended_at=None), name="access_confined_once"
            ),
            models.CheckConstraint(condition=~Q(ground=""), name="access_confined_has_ground"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Ending(models.QuerySet[Any]):
    """Rows with since, until and closed_at."""

    def open(self) -> "Ending":
        """Those that hold at this moment, by the database's clock."""
        return self.pending().filter(since__lte=Now())

    def pending(self) -> "Ending":
        """Those that hold now or will."""
        return self.filter(Q(until=None) | Q(until__gt=Now()), closed_at=None)


class Exclusion(models.Model):
    """A person with a conflict of interest is shut out of a thing; no grant opens it to her."""

    for_auditors = True  # (access.visible)
    audit_secret: ClassVar[set[str]] = {"reason"}  # stands in the case's own log

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey("access.Unit", models.PROTECT, related_name="+")
    authority = models.ForeignKey("access.Authority", models.PROTECT, related_name="+")
    thing_id = models.UUIDField()  # what it was decided for
    about_id = models.UUIDField()  # what is closed: the thing, or what belongs to the same matter
    about = models.CharField(_("reference"), max_length=40, blank=True)
    user = models.ForeignKey(
        "access.User", models.PROTECT, related_name="+", verbose_name=_("person"), db_index=False
    )
    reason = models.CharField(_("reason"), max_length=500)
    opened_by = models.CharField(max_length=200)
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = Ending.as_manager()

    class Meta:
        verbose_name = _("exclusion")
        verbose_name_plural = _("exclusions")
        indexes: ClassVar = [
            models.Index(
                fields=["user"], condition=Q(closed_at=None), name="access_exclusion_whom"
            ),
            models.Index(fields=["about_id"], name="access_exclusion_what"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("since")),
                name="access_exclusion_ends_after_start",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="access_exclusion_has_reason"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Substitution(models.Model):
    """Who does an absent colleague's work in a unit, from when until when."""

    for_auditors = True  # (access.visible)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey("access.Unit", models.PROTECT, related_name="+")
    authority = models.ForeignKey("access.Authority", models.PROTECT, related_name="+")
    absent = models.ForeignKey(
        "access.User", models.PROTECT, related_name="+", verbose_name=_("absent")
    )
    substitute = models.ForeignKey(
        "access.User", models.PROTECT, related_name="+", verbose_name=_("substitute"),
        db_index=False,
    )  # fmt: skip
    reason = models.CharField(_("reason"), max_length=500)
    opened_by = models.CharField(max_length=200)
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"))
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = Ending.as_manager()

    class Meta:
        verbose_name = _("substitute")
        verbose_name_plural = _("substitutes")
        indexes: ClassVar = [
            models.Index(
                fields=["substitute", "unit"],
                condition=Q(closed_at=None),
                name="access_substitution_who",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__gt=F("since")) & Q(until__lte=F("since") + LONGEST),
                name="access_substitution_within_a_year",
            ),
            models.CheckConstraint(
                condition=~Q(absent=F("substitute")), name="access_substitution_of_another"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="access_substitution_has_reason"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Verdict(models.TextChoices):
    """What somebody else found when she looked at an emergency opening."""

    JUSTIFIED = "justified", _("Justified")
    NOT_JUSTIFIED = "not_justified", _("Not justified")


class Judgement(models.Model):
    """Somebody else's word on a broken glass. Written once; never by the one who broke it.

    `opener` repeats the grant's user, so that the database can hold that.
    """

    for_auditors = True  # (access.visible)
    audit_secret: ClassVar[set[str]] = {"note"}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey("access.Unit", models.PROTECT, related_name="+")
    authority = models.ForeignKey("access.Authority", models.PROTECT, related_name="+")
    grant = models.OneToOneField("access.Grant", models.PROTECT, related_name="judgement")
    opener = models.ForeignKey("access.User", models.PROTECT, related_name="+", editable=False)
    judge = models.ForeignKey("access.User", models.PROTECT, related_name="+", editable=False)
    verdict = models.CharField(_("verdict"), max_length=16, choices=Verdict.choices)
    note = models.CharField(_("note"), max_length=500)
    judged_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("after-review")
        verbose_name_plural = _("after-reviews")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(opener=F("judge")), name="access_judgement_by_another"
            ),
            models.CheckConstraint(condition=~Q(note=""), name="access_judgement_has_note"),
        ]

    def __str__(self) -> str:
        return str(self.id)
