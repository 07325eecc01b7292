"""Who people are and where they belong: authorities, units, users, memberships, exceptions."""

import uuid
from datetime import date
from typing import Any, ClassVar, Protocol

from auditlog.registry import auditlog
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from access.confinement import BROKEN_FOR, LONGEST, Ending
from access.confinement import Confined as Confined
from access.confinement import Exclusion as Exclusion
from access.confinement import Judgement as Judgement
from access.confinement import Substitution as Substitution
from access.confinement import Verdict as Verdict
from access.grounds import Decider as Decider
from access.grounds import LegalGround as LegalGround
from access.kinds import ROLES_OF as ROLES_OF
from access.kinds import Kind as Kind
from access.kinds import Role as Role
from access.kinds import role_fits_kind
from access.review_models import Decision as Decision  # Django finds models through this file


class Authority(models.Model):
    """A legal body with its own files and its own secrecy."""

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=100, unique=True)
    short = models.CharField(_("short name"), max_length=30)

    class Meta:
        verbose_name = _("authority")
        verbose_name_plural = _("authorities")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    def concerned_authority(self) -> tuple[int, str]:
        return self.pk, self.kind


class Unit(models.Model):
    """The hand that owns files: every row with personal data belongs to one."""

    authority = models.ForeignKey(
        Authority, models.PROTECT, related_name="units", verbose_name=_("authority")
    )
    name = models.CharField(_("name"), max_length=100)
    short = models.CharField(_("short name"), max_length=30)
    reference_prefix = models.CharField(
        _("reference prefix"), max_length=6, help_text=_("The first part of a case's reference.")
    )
    counterpart = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("usual receiver"),
        help_text=_("The unit of another authority that this one mostly sends to."),
    )
    shows_restricted = models.BooleanField(
        _("shows that restricted cases exist"),
        default=False,
        help_text=_("Everyone in the unit then sees their references, never what is in them."),
    )

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authority", "name"], name="access_unit_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def concerned_authority(self) -> tuple[int, str]:
        return self.authority.concerned_authority()

    def clean(self) -> None:
        """A usual receiver is in another authority: within one, nothing is sent."""
        if self.counterpart and self.authority_id == self.counterpart.authority_id:
            words = _("Choose a unit of another authority.")
            raise ValidationError({"counterpart": words})


class Acts(Protocol):
    """What a user asks of the actor that she is in this request (access.actor.Actor)."""

    @property
    def is_administrator(self) -> bool: ...


class Users(BaseUserManager["User"]):
    """Makes users; there is no superuser to make."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=username.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account in one authority. Never deleted: deactivated."""

    audit_secret: ClassVar[set[str]] = {"password", "session_epoch"}

    is_superuser = None  # nobody stands above the rules

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(_("username"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=100)
    email = models.EmailField(_("email"), blank=True)
    authority = models.ForeignKey(
        Authority, models.PROTECT, related_name="users", verbose_name=_("authority")
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Accounts are never removed, only deactivated.")
    )
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default="sv"
    )
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[Users] = Users()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "authority"]

    # Who she is in this request, and her memberships of today: set by Backend and Acting.
    # Outside a request nobody is staff.
    acting: "Acts | None" = None
    valid_memberships: "list[Membership]"

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(username=Lower("username")),
                name="access_user_lowercase",
                violation_error_message=_("Usernames are written in small letters."),
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def about(self) -> tuple[None, str]:
        """Whose account a line of the trail is about; it concerns no case."""
        return None, self.username

    def concerned_authority(self) -> tuple[int, str]:
        return self.authority.concerned_authority()

    def get_full_name(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """Whether she may enter the administration now."""
        return self.acting is not None and self.acting.is_administrator

    def end_sessions(self) -> None:
        """End every session of hers, at once."""
        self.session_epoch = F("session_epoch") + 1
        self.save(update_fields=["session_epoch"])
        self.refresh_from_db(fields=["session_epoch"])

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # With the epoch in it, raising the epoch ends every session of hers.
        return salted_hmac(
            "access.User.session",
            f"{self.password}:{self.session_epoch}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()


class Memberships(models.QuerySet["Membership"]):
    """Memberships, asked for by day."""

    def valid(self, today: date | None = None) -> "Memberships":
        """Those of active users that hold today (the calendar day in Sweden)."""
        today = today or timezone.localdate()
        return self.filter(
            Q(until__isnull=True) | Q(until__gte=today), since__lte=today, user__is_active=True
        )

    def standing_in(self) -> "Memberships":
        """With `absent`: the ids of those whom the user stands in for in the unit now."""
        absent: models.Func = models.Func(
            F("user_id"), F("unit_id"), function="stands_in_for",
            output_field=ArrayField(models.UUIDField()),
        )  # fmt: skip
        return self.annotate(absent=absent)


class Membership(models.Model):
    """A person's role in a unit, from a day and at most until a day (both included).

    `authority` and `kind` repeat the unit's, so that the database can hold that a user belongs
    to one authority and that the role exists there.
    """

    user = models.ForeignKey(
        User, models.PROTECT, related_name="memberships", verbose_name=_("user")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="memberships", verbose_name=_("unit")
    )
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+", editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices, editable=False)
    role = models.CharField(_("role"), max_length=24, choices=Role.choices)
    qualified = models.BooleanField(
        _("qualified"), default=False, help_text=_("Has a degree in social work.")
    )
    since = models.DateField(_("from"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)

    objects: ClassVar = Memberships.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering: ClassVar = ["-since", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "unit", "since"], name="access_membership_once"
            ),
            models.UniqueConstraint(
                fields=["user", "unit"],
                condition=Q(until__isnull=True),
                name="access_membership_one_open",
                violation_error_message=_("This user already has an open membership there."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="access_membership_ends_after_start",
                violation_error_message=_("It can't end before it starts."),
            ),
            models.CheckConstraint(
                condition=role_fits_kind(),
                name="access_membership_role_fits",
                violation_error_message=_("The role doesn’t exist in this kind of authority."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}, {self.unit}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.take_from_unit()
        super().save(*args, **kwargs)

    def about(self) -> tuple[None, str]:
        return None, self.user.username

    def concerned_authority(self) -> tuple[int, str]:
        return self.authority_id, self.kind

    def take_from_unit(self) -> None:
        """Repeat the unit's authority and its kind on this row."""
        self.authority_id = self.unit.authority_id
        self.kind = self.unit.authority.kind

    def clean(self) -> None:
        """What the database would refuse, in words."""
        if not (self.unit_id and self.user_id):
            return
        self.take_from_unit()
        if self.user.authority_id != self.authority_id:
            raise ValidationError({"unit": _("The unit belongs to another authority.")})
        if self.role and self.role not in ROLES_OF[Kind(self.kind)]:
            raise ValidationError({"role": _("The role doesn’t exist in this kind of authority.")})


class Grant(models.Model):
    """One person's named access to one thing, with a reason and an end. Closed, never removed."""

    for_auditors = True  # (access.visible)
    audit_secret: ClassVar[set[str]] = {"reason"}  # stands in the case's own log, for the named

    class Kind(models.TextChoices):
        NAMED = "named", _("By name")
        SUBSTITUTE = "substitute", _("As a substitute")
        BREAK_GLASS = "break_glass", _("Emergency opening")
        PASSING = "passing", _("To take one step")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.NAMED)
    thing_id = models.UUIDField()
    about = models.CharField(_("reference"), max_length=40, blank=True)  # never a name
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("person"))
    reason = models.CharField(_("reason"), max_length=500)
    stake = models.CharField(_("what is at stake"), max_length=24, blank=True)
    opened_by = models.CharField(max_length=200)
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"))
    closed_at = models.DateTimeField(null=True, blank=True)
    # A substitute's grant ends with the absent colleague's own.
    instead_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    substitution = models.ForeignKey(
        Substitution, models.PROTECT, null=True, blank=True, related_name="grants"
    )

    objects: ClassVar = Ending.as_manager()

    class Meta:
        verbose_name = _("named access")
        verbose_name_plural = _("named accesses")
        indexes: ClassVar = [
            models.Index(fields=["user", "thing_id"], name="access_grant_who_what"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__gt=F("since")) & Q(until__lte=F("since") + LONGEST),
                name="access_grant_within_a_year",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="access_grant_has_reason"),
            models.CheckConstraint(
                condition=~Q(kind="break_glass")
                | Q(until__lte=F("since") + BROKEN_FOR) & ~Q(stake=""),
                name="access_grant_glass_is_for_hours",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


auditlog.register(Authority)
auditlog.register(Unit)
auditlog.register(User, exclude_fields=["last_login"])
auditlog.register(Membership)
auditlog.register(Grant)
auditlog.register(LegalGround)
auditlog.register(Decider)
auditlog.register(Confined)
auditlog.register(Exclusion)
auditlog.register(Substitution)
auditlog.register(Judgement)
