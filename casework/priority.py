"""The checklist behind a priority: facts of this case that a person has seen. No score.

No criterion is about origin, language, home area, family record, friends or school marks, and
none lessens a duty that the law lays on the authority (design: principle 4).
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Criterion:
    """Something that can be true of a case, and the fact that must be written down to say so."""

    code: str
    label: Promise
    fact: Promise
    authorities: tuple[str, ...]


POLICE, SOCIAL = ("police",), ("social",)
BOTH = POLICE + SOCIAL

CRITERIA = (
    Criterion(
        "sale_indicated",
        _("Signs of sale or transfer"),
        _("What was seen, and when?"),
        POLICE,
    ),
    Criterion(
        "recipient_under_18",
        _("Somebody under 18 was to receive it"),
        _("How do you know?"),
        POLICE,
    ),
    Criterion(
        "repeated",
        _("Repeated within 12 months"),
        _("Which occasions?"),
        BOTH,
    ),
    Criterion(
        "exposed_place",
        _("It happened at an agreed exposed place"),
        _("Which place, and when?"),
        BOTH,
    ),
    Criterion(
        "perishable_evidence",
        _("Evidence that will soon be gone"),
        _("What, and when is it gone?"),
        POLICE,
    ),
    Criterion(
        "deadline_near",
        _("A statutory deadline is near"),
        _("Which deadline, and which day?"),
        BOTH,
    ),
    Criterion(
        "under_15",
        _("Younger than 15"),
        _("Age when it happened?"),
        BOTH,
    ),
    Criterion(
        "used_by_older",
        _("Used by somebody older"),
        _("What points to it?"),
        BOTH,
    ),
    Criterion(
        "acute_health",
        _("Acute danger to health"),
        _("What danger, and when was it seen?"),
        SOCIAL,
    ),
    Criterion(
        "several_risks",
        _("Several risk factors in our own investigation"),
        _("Which?"),
        SOCIAL,
    ),
    Criterion(
        "earlier_report",
        _("An earlier report of concern in our own file"),
        _("Which date?"),
        SOCIAL,
    ),
    Criterion(
        "no_adult",
        _("No adult who protects"),
        _("What is known?"),
        SOCIAL,
    ),
    Criterion(
        "younger_siblings",
        _("Younger sisters or brothers are affected"),
        _("In what way?"),
        SOCIAL,
    ),
)
BY_CODE = {criterion.code: criterion for criterion in CRITERIA}


def criteria_for(authority: str) -> list[Criterion]:
    """The checklist of one kind of authority."""
    return [criterion for criterion in CRITERIA if authority in criterion.authorities]
