"""A young person as one unit knows them. The same young person elsewhere is another row."""

from datetime import date
from typing import ClassVar
from uuid import UUID, uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from access import crypto
from access.models import Unit
from audit.querysets import AuditedManager
from casework import identity


class Protection(models.TextChoices):
    """Why the population register keeps where somebody lives from others."""

    MARKED = "marked", _("Secrecy mark in the population register")
    REGISTERED = "protected_registration", _("Protected population registration")
    ASSUMED = "assumed", _("Assumed identity")


class Person(models.Model):
    """Names, birth date and – encrypted, with a blind index – the personal number."""

    names_needed: ClassVar[str] = "restricted_case"  # for access.visible: whom a grant must name
    fresh: bool = False  # just made: nobody can be shut out of her cases yet

    # crypto's key rotation finds its columns here; auditlog logs them as "changed" only.
    encrypted: ClassVar[dict[str, str | None]] = {"number_cipher": "number_index"}
    audit_secret: ClassVar[set[str]] = {
        "number_cipher",
        "number_index",
        "given_name",
        "family_name",
        "birth_date",
    }

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    given_name = models.CharField(_("given name"), max_length=80, blank=True)
    family_name = models.CharField(_("family name"), max_length=80, blank=True)
    # Compared by code point: the prefix search asks for ranges (LIKE would lose the index).
    given_key = models.CharField(max_length=80, editable=False, db_collation="C")
    family_key = models.CharField(max_length=80, editable=False, db_collation="C")
    birth_date = models.DateField(_("birth date"))
    number_cipher = models.BinaryField(null=True, editable=False)
    number_index = models.BinaryField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    protected = models.CharField(
        _("protected identity"), max_length=24, choices=Protection.choices, blank=True
    )
    # Set: all the unit's cases about this person are restricted, to those named for this one.
    restricted_case = models.UUIDField(null=True, blank=True, editable=False)

    objects = AuditedManager["Person"]()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("unit", "number_index"), name="person_number_once"),
            models.CheckConstraint(
                condition=models.Q(number_cipher__isnull=True, number_index__isnull=True)
                | models.Q(number_cipher__isnull=False, number_index__isnull=False),
                name="person_number_whole",
            ),
        )
        indexes = (
            models.Index(fields=("unit", "family_key", "given_key"), name="person_by_family_name"),
            models.Index(fields=("unit", "given_key"), name="person_by_given_name"),
            models.Index(fields=("unit", "birth_date"), name="person_by_birth_date"),
        )

    def __str__(self) -> str:
        return f"person {self.pk}"

    def about(self) -> tuple[UUID, str]:
        return self.pk, ""

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or str(_("Name not known"))

    @property
    def has_number(self) -> bool:
        return self.number_cipher is not None

    @property
    def masked_number(self) -> str:
        """The number with its last four digits hidden: 20100512-****."""
        return f"{self.birth_date:%Y%m%d}-****" if self.has_number else ""

    def number(self) -> str:
        """The personal number in clear, 12 digits. Opening it is for a logged reveal only."""
        if self.number_cipher is None:
            return ""
        return crypto.decrypt(bytes(self.number_cipher), self._place())

    def set_number(self, twelve: str, authority_id: int) -> None:
        """Encrypt the 12 digits for this row and make them findable within the authority."""
        self.number_cipher = crypto.encrypt(twelve, self._place())
        self.number_index = crypto.blind_index(authority_id, twelve)

    def set_name(self, given_name: str, family_name: str) -> None:
        self.given_name, self.family_name = given_name, family_name
        self.given_key = identity.name_key(given_name)
        self.family_key = identity.name_key(family_name)

    def age_on(self, day: date) -> int:
        return identity.age_on(self.birth_date, day)

    def _place(self) -> str:
        return f"casework_person.number_cipher:{self.pk}"
