"""What the law ties to an age: at the deed and now. Pure functions; the words are the pages'.

Brottsbalken 1:6 (15 years), lagen (1964:167) med särskilda bestämmelser om unga lagöverträdare
(LUL) 4–7, 11, 31–34 §§, socialtjänstlagen (2025:400, SoL) 19–23 kap., LVU (1990:52).
"""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.identity import age_on

TWELVE = 12  # under it an inquiry asks for exceptional reasons (LUL 31 §)
RESPONSIBLE = 15  # the age of criminal responsibility
ADULT = 18
YOUNG = 21


@dataclass(frozen=True, slots=True)
class AtTheDeed:
    """The youngest and the oldest that somebody can have been, where the deed has an interval."""

    youngest: int
    oldest: int

    @property
    def under_15(self) -> bool:
        """Under 15 whenever in the interval it was done."""
        return self.oldest < RESPONSIBLE

    @property
    def birthday_inside(self) -> bool:
        """She turned 15 within the interval: the days don't tell which rules apply."""
        return self.youngest < RESPONSIBLE <= self.oldest

    @property
    def in_words(self) -> str:
        if self.youngest == self.oldest:
            return years(self.youngest)
        return _("%(youngest)d–%(oldest)d years") % {
            "youngest": self.youngest,
            "oldest": self.oldest,
        }


def at_the_deed(born: date, first: date, last: date) -> AtTheDeed:
    return AtTheDeed(age_on(born, first), age_on(born, last))


def birthday(born: date, age: int) -> date:
    """The day somebody turns that age; born on 29 February, 1 March in other years."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def years(age: int) -> str:
    return _("%(age)d years") % {"age": age}


def meaning(age: int) -> str:
    """What the law ties to the age, in a few words."""
    if age < RESPONSIBLE:
        return _("Under 15: below the age of criminal responsibility")
    if age < ADULT:
        return _("Under 18: a child in the eyes of the law")
    if age < YOUNG:
        return _("Under 21: young in the eyes of the law")
    return _("21 or older: outside what this work is about")


Limits = tuple[tuple[int, Promise], ...]  # (under this age, what follows), youngest first

DEED: Limits = (
    (TWELVE, gettext_lazy(
        "Under 12 at the deed: an inquiry may be made only for exceptional reasons (LUL 31 §). "
        "The investigation leader decides."
    )),
    (RESPONSIBLE, gettext_lazy(
        "Under 15 at the deed: no preliminary investigation. An inquiry under LUL 31 § may be "
        "made; the investigation leader decides, and the guardian and the social welfare board "
        "are notified at once."
    )),
)  # fmt: skip
POLICE_NOW: Limits = (
    (ADULT, gettext_lazy(
        "Under 18 now: LUL’s special urgency applies. On reasonable suspicion the guardian and "
        "the social welfare board are notified at once (LUL 5–6 §§)."
    )),
    (YOUNG, gettext_lazy(
        "18 to 20 now: LUL’s rules for those under 18 no longer apply, and no guardian or social "
        "welfare board is notified."
    )),
)  # fmt: skip
SOCIAL_NOW: Limits = (
    (TWELVE, gettext_lazy(
        "Under 12: support is given only with a guardian’s consent. The child may be talked to "
        "without it in the investigation (SoL 20:7, 21:1)."
    )),
    (RESPONSIBLE, gettext_lazy(
        "12 to 14: support without a guardian’s consent only if it is suitable and the child "
        "consents (SoL 21:1)."
    )),
    (ADULT, gettext_lazy(
        "15 to 17: the young person speaks for herself or himself, and may ask for support "
        "without a guardian’s consent (SoL 21:1)."
    )),
    (YOUNG, gettext_lazy(
        "18 to 20: an adult who decides alone. The board’s follow-up without consent is for "
        "children only; LVU can apply up to the age of 20."
    )),
)  # fmt: skip


def said_of(age: int, limits: Limits, otherwise: Promise | str = "") -> str:
    """What follows from the age by the first limit that it is under."""
    return str(next((words for limit, words in limits if age < limit), otherwise))


def deed_consequence(ages: AtTheDeed) -> str:
    """What the age at the deed means for a police investigation."""
    if ages.birthday_inside:
        return _(
            "Turned 15 within the deed’s days. Which rules apply was chosen by whoever reported "
            "it: the day of the deed decides once it is known."
        )
    return said_of(
        ages.youngest,
        DEED,
        gettext_lazy(
            "15 or older at the deed: criminally responsible. The investigation leader opens a "
            "preliminary investigation and decides about suspicion."
        ),
    )


def police_consequence(age: int) -> str:
    """What the age now means for a police investigation."""
    return said_of(age, POLICE_NOW, meaning(age))


def social_consequence(age: int) -> str:
    """What the age now means for a social investigation."""
    return said_of(age, SOCIAL_NOW, meaning(age))
