"""The log review's tables: which lines a month's review holds, and what people judged.

Written once. What is judged anew is another row; the newest counts, until the review is signed
off. The database fills `at`, and refuses whoever judges her own line (migrations/0004_review.sql).
"""

from typing import ClassVar
from uuid import uuid4

from auditlog.registry import auditlog
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Why(models.TextChoices):
    """Why a line was picked."""

    SAMPLE = "sample", _("Random sample")
    OUTSIDE_CASELOAD = "outside_caseload", _("Somebody else’s case")
    UNUSUALLY_MANY = "unusually_many", _("Unusually many in one day")
    SAME_SURNAME = "same_surname", _("Same surname")
    OWN_NAME = "own_name", _("The reader’s own name")
    NIGHT = "night", _("At night")
    RESTRICTED = "restricted", _("Restricted case")
    BREAK_GLASS = "break_glass", _("Emergency access")


class Unitary(models.Model):
    """A row of one unit's review: the unit reads it, and the authority's auditor."""

    for_auditors = True  # of the authority, beside the unit itself (access.visible)

    unit_id = models.BigIntegerField()
    authority_id = models.BigIntegerField()

    class Meta:
        abstract = True


class Review(Unitary):
    """One unit's look back at one month of its log."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    unit = models.TextField(_("unit"))
    month = models.DateField(_("month"))  # its first day
    seed = models.TextField()  # the sample can be drawn again: sha256(seed:line's id), lowest first
    looks = models.IntegerField(_("lines read"))  # lines that the sample was drawn from
    sampled = models.IntegerField(_("drawn by lot"))
    left_out = models.JSONField(default=dict)  # why → hits beyond the most that one person gets
    made_by = models.TextField(_("made by"), default="")  # empty: the worker
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("log review")
        verbose_name_plural = _("log reviews")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit_id", "month"], name="review_once_a_month"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority_id", "-month"], name="review_authority"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.month:%Y-%m}"

    def about(self) -> tuple[None, str]:
        return None, str(self)


class ReviewItem(Unitary):
    """A line that the review asks about, and why; `times` such lines stand behind it."""

    review = models.ForeignKey(
        Review, models.PROTECT, related_name="items", verbose_name=_("log review")
    )
    reading_id = models.BigIntegerField()
    actor_id = models.UUIDField()  # whose line it is: she may not judge it
    why = models.JSONField(default=list)
    times = models.IntegerField(default=1)

    class Meta:
        verbose_name = _("line to review")
        verbose_name_plural = _("lines to review")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "reading_id"], name="reviewed_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.reading_id}"


class Judged(Unitary):
    """Who judged, in which role; names as they were."""

    by_id = models.UUIDField()
    by = models.TextField()
    role = models.TextField()
    note = models.TextField(_("note"), default="", blank=True)
    at = models.DateTimeField(db_default=Now())

    audit_secret: ClassVar[set[str]] = {"note"}

    class Meta:
        abstract = True


class Verdict(Judged):
    """What somebody other than the reader found about a line."""

    class Finding(models.TextChoices):
        EXPLAINED = "explained", _("Explained")
        INVESTIGATE = "investigate", _("To investigate")

    review = models.ForeignKey(Review, models.PROTECT, related_name="verdicts")
    item = models.ForeignKey(ReviewItem, models.PROTECT, related_name="verdicts")
    finding = models.TextField(_("finding"), choices=Finding.choices)

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")

    def __str__(self) -> str:
        return f"{self.item_id} {self.finding}"


class SignOff(Judged):
    """The review is done: every line is judged, and none can be judged again."""

    review = models.OneToOneField(Review, models.PROTECT, related_name="signoff")

    class Meta:
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")

    def __str__(self) -> str:
        return str(self.review_id)


# What a reader of the log wants to know; the rest stands in the line itself.
auditlog.register(Review, include_fields=["unit", "month", "looks", "sampled", "made_by"])
auditlog.register(Verdict, include_fields=["item", "finding", "note"])
auditlog.register(SignOff, include_fields=["review", "note"])
