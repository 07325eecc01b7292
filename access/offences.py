"""Narcotics offences with their scales, and which of them carry social services' secrecy away.

Narkotikastrafflagen (1968:64) 1–3 §§ as amended by SFS 2023:258; the wording of 3 § second
paragraph was read through 2016:488 only. OSL (2009:400) 10:23: a completed crime with at least six
months of prison, or an attempt, preparation or conspiracy whose main crime has at least one year.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LEAST_COMPLETED = 6  # months
LEAST_MAIN_CRIME = 12  # months, where it was not completed


@dataclass(frozen=True, slots=True)
class Offence:
    """A degree of the crime with its scale in months; `least` 0: no minimum."""

    code: str
    label: str | Promise
    least: int
    most: int


OFFENCES = {
    one.code: one
    for one in (
        Offence("NSL_FORSALJNING", _("Sale, or narcotics meant for sale"), 6, 36),
        Offence("NSL_GROVT", _("Gross narcotics offence"), 24, 84),
        Offence("NSL_SYNN_GROVT", _("Exceptionally gross narcotics offence"), 72, 120),
        Offence("NSL_NORMAL", _("Use, possession, or a transfer that is no sale"), 0, 36),
        Offence("NSL_RINGA", _("Minor narcotics offence"), 0, 6),
    )
}
ATTEMPTS = {
    "completed": _("It was completed"),
    "attempt": _("Attempt, preparation or conspiracy"),
}


def passes(offence: str, attempt: bool) -> bool:
    """Whether OSL 10:23 lets social services tell the police of it. Unknown codes don't."""
    found = OFFENCES.get(offence)
    return found is not None and found.least >= (LEAST_MAIN_CRIME if attempt else LEAST_COMPLETED)
