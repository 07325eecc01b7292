"""Who acts: a user in one of her units, as she is now."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext

from access.models import Membership, Role, Unit
from audit.trail import Stamp

if TYPE_CHECKING:
    from access.models import User

# Not a person's role: the service itself, carrying out what follows from somebody's act.
SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Actor:
    """A user acting in one unit. Every rule, policy and line of the trail asks this."""

    user_id: UUID
    username: str
    name: str
    role: str
    qualified: bool
    unit_id: int
    unit: str
    authority_id: int
    authority: str  # kind: police, social or municipality
    stands_in_for: frozenset[UUID] = frozenset()  # absent colleagues whose work she does now

    @property
    def role_label(self) -> str:
        """The role as people read it, in their language."""
        return role_words(self.role)

    @property
    def is_administrator(self) -> bool:
        return self.role == Role.ADMINISTRATOR

    @property
    def is_auditor(self) -> bool:
        return self.role == Role.AUDITOR

    @property
    def own_and_absent(self) -> frozenset[UUID]:
        """Whose work is hers now: her own, and that of those she stands in for."""
        return self.stands_in_for | {self.user_id}

    @property
    def trail_authority(self) -> int | None:
        """The authority whose whole trail she may read."""
        return self.authority_id if self.is_auditor else None

    def service(self) -> "Actor":
        """The service in her unit: takes the steps that follow from hers. Her name stays."""
        return replace(self, role=SERVICE, qualified=False)

    def postman(self, unit: Unit) -> "Actor":
        """The service in another unit, bringing what she sends: it files there, and reads nothing
        back to her. The lines over there name her and the unit that she sent it from."""
        return replace(
            self.service(),
            name=f"{self.name}, {self.unit}",
            unit_id=unit.pk,
            unit=unit.name,
            authority_id=unit.authority_id,
            authority=unit.authority.kind,
        )

    def stamp(self, request_id: UUID | None = None, address: str | None = None) -> Stamp:
        """What the trail keeps of her."""
        return Stamp(
            actor_id=self.user_id,
            actor=self.name,
            role=self.role,
            unit_id=self.unit_id,
            unit=self.unit,
            authority_id=self.authority_id,
            authority=self.authority,
            request_id=request_id,
            address=address,
        )


def role_words(role: str) -> str:
    """A role of the trail as people read it; a role that is no longer in use stays as it is."""
    if role == SERVICE:
        return gettext("The service")
    return str(dict(Role.choices).get(role, role))


def acting_in(membership: Membership, user: "User") -> Actor:
    """The actor that a membership makes of its user."""
    return Actor(
        user_id=user.pk,
        username=user.username,
        name=user.name,
        role=membership.role,
        qualified=membership.qualified,
        unit_id=membership.unit_id,
        unit=membership.unit.name,
        authority_id=membership.authority_id,
        authority=membership.kind,
        stands_in_for=frozenset(getattr(membership, "absent", ())),
    )


def actor_of(user: "User", unit_id: int | None = None) -> Actor | None:
    """The user in that unit, or in the unit of her newest membership; None without a valid one."""
    valid = Membership.objects.valid().standing_in().filter(user=user).select_related("unit")
    if unit_id is not None:
        valid = valid.filter(unit_id=unit_id)
    membership = valid.first()
    return acting_in(membership, user) if membership else None
