"""The nouns of the domain, one file each."""

from casework.models.case import Case, CaseAccess, ReferenceCounter
from casework.models.flagfile import FlagFile
from casework.models.intervention import Intervention, InterventionNote
from casework.models.observation import Observation
from casework.models.person import Person
from casework.models.place import Place
from casework.models.priority import Priority

__all__ = [
    "Case", "CaseAccess", "FlagFile", "Intervention", "InterventionNote", "Observation", "Person",
    "Place", "Priority", "ReferenceCounter",
]  # fmt: skip
