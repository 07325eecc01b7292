"""The nouns of the domain, one file each."""

from auditlog.registry import auditlog

from casework.models.case import Case, CaseAccess, ReferenceCounter
from casework.models.coordination import Coordination, PlanItem
from casework.models.deadline import Deadline
from casework.models.delivery import Delivery, DeliveryAccess
from casework.models.destruction import Certificate, Destruction, DestructionItem
from casework.models.disclosure import Disclosure
from casework.models.flagfile import FlagFile
from casework.models.intervention import Intervention, InterventionNote
from casework.models.investigation import PoliceInvestigation, SocialInvestigation
from casework.models.notice import Notice
from casework.models.observation import Observation
from casework.models.person import Person
from casework.models.place import Place
from casework.models.priority import Priority
from casework.models.retention import Hold, RetentionRule
from casework.models.rule import Rule

__all__ = [
    "Case", "CaseAccess", "Certificate", "Coordination", "Deadline", "Delivery", "DeliveryAccess",
    "Destruction", "DestructionItem", "Disclosure",
    "FlagFile", "Hold", "Intervention", "InterventionNote", "Notice", "Observation", "Person",
    "Place", "PlanItem", "PoliceInvestigation", "Priority", "ReferenceCounter", "RetentionRule",
    "Rule", "SocialInvestigation",
]  # fmt: skip

# What steps move beyond the state; state and version are the trail's own lines, and so is the
# birth of rows that are written once (observations, priorities, notes).
auditlog.register(
    Case,
    include_fields=[
        "person", "level", "valid_until", "confirmed_at", "handler", "next_look", "outcome",
        "restricted",
    ],
)  # fmt: skip
auditlog.register(Person, exclude_fields=["given_key", "family_key"])
auditlog.register(Intervention, exclude_fields=["state", "version", "shown_in"])
auditlog.register(PoliceInvestigation, exclude_fields=["state", "version"])
auditlog.register(SocialInvestigation, exclude_fields=["state", "version"])
auditlog.register(Disclosure, exclude_fields=["state", "version"])
auditlog.register(Delivery, exclude_fields=["state", "version"])
auditlog.register(
    Coordination,
    exclude_fields=["state", "version", "shared_id", "link_id", "unit", "case", "proposed_here"],
)
auditlog.register(PlanItem, include_fields=["title", "planned_from", "planned_until", "status"])
auditlog.register(Place)
auditlog.register(Rule)
auditlog.register(RetentionRule)
auditlog.register(Destruction, include_fields=["reviewed_by", "approved_by", "started_at"])
auditlog.register(Hold, include_fields=["until", "lifted_at"])
auditlog.register(
    Deadline,
    include_fields=[
        "due", "met_on", "met_how", "dropped_on", "extended_by", "extended_at", "extended_ground",
        "extended_reason", "extended_decided_by",
    ],
)  # fmt: skip
