"""Whose consent is enough at an age; forms that record a consent ask this."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casework.workflow.intervention import ConsentBy

# Socialtjänstlagen (2025:400) 21:1: support without a guardian. Never under 12, from 12 if it
# is suitable and the child consents, from 15 on the young person’s own consent.
WITH_GUARDIAN, ALONE, ADULT = 12, 15, 18


def against_age(by: str, age: int, note: bool) -> tuple[str, Promise] | None:
    """The field and why this consent isn't enough at that age. `note`: it says what speaks for a
    child's consenting alone."""
    guardian = by in (ConsentBy.GUARDIAN, ConsentBy.BOTH)
    young = by in (ConsentBy.YOUNG_PERSON, ConsentBy.BOTH)
    if age < WITH_GUARDIAN and not guardian:
        return "consent_by", _("Under 12 a guardian must consent.")
    if age < ALONE and not guardian and not note:
        return "consent_note", _(
            "From 12 to 14 a guardian consents. If the young person consents alone, write "
            "why that is suitable."
        )
    if age >= ADULT and by == ConsentBy.GUARDIAN:
        return "consent_by", _("From 18 only the young person can consent.")
    if age >= ALONE and not young:
        return "consent_by", _("From 15 the young person’s own consent is needed.")
    return None
