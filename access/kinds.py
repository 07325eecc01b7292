"""What authorities and people do: kinds of authority, and the roles that exist in each."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What an authority does decides which law it works under."""

    POLICE = "police", _("Police")
    SOCIAL = "social", _("Social services")
    MUNICIPALITY = "municipality", _("Municipality")


class Role(models.TextChoices):
    """What a person does in a unit."""

    INVESTIGATOR = "investigator", _("Investigator")
    COMMUNITY_OFFICER = "community_officer", _("Community officer")
    INVESTIGATION_LEADER = "investigation_leader", _("Investigation leader")
    SUPERVISOR = "supervisor", _("Supervisor")
    SOCIAL_WORKER = "social_worker", _("Social worker")
    OUTREACH_WORKER = "outreach_worker", _("Outreach worker")
    AUDITOR = "auditor", _("Data protection officer")
    COORDINATOR = "coordinator", _("Crime prevention coordinator")
    ADMINISTRATOR = "administrator", _("Administrator")


ANYWHERE = (Role.AUDITOR, Role.ADMINISTRATOR)
ROLES_OF: dict[Kind, tuple[Role, ...]] = {
    Kind.POLICE: (
        Role.INVESTIGATOR,
        Role.COMMUNITY_OFFICER,
        Role.INVESTIGATION_LEADER,
        Role.SUPERVISOR,
        *ANYWHERE,
    ),
    Kind.SOCIAL: (Role.SOCIAL_WORKER, Role.OUTREACH_WORKER, Role.SUPERVISOR, *ANYWHERE),
    Kind.MUNICIPALITY: (Role.COORDINATOR, *ANYWHERE),
}


def role_fits_kind() -> Q:
    """The role exists in that kind of authority."""
    fits = Q()
    for kind, roles in ROLES_OF.items():
        fits |= Q(kind=kind.value, role__in=[role.value for role in roles])
    return fits
