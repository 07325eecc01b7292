"""Finding a case by its reference, a whole personal number or a name: within the unit only."""

import re
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access import crypto
from access.actor import Actor
from access.models import Unit
from access.visible import visible_to
from casework import flags
from casework.identity import personal_number, tidy
from casework.models import Person

NUMBER_LIKE = re.compile(r"[\d\s\u2010-\u2015+-]{10,}")
INSIDE = re.compile(r"\d{6} ?[+\u2010-\u2015-]? ?\d{4}")
REFERENCE = re.compile(r"(?:(?P<prefix>[^\W\d_]{1,6})-)?(?:(?P<year>\d{4})-)?(?P<number>\d{1,6})")
YEARS = 10  # how far back a bare number is looked for


SHORTEST = 2  # letters of a name: one letter would list half the register


class TooShort(ValueError):
    """Too little to look for somebody by."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody looks for: how (a code for the trail), and the cases it means."""

    by: str
    cases: Q


def is_number_like(text: str) -> bool:
    """Whether somebody means a personal number, right or wrong."""
    return NUMBER_LIKE.fullmatch(tidy(text)) is not None and not REFERENCE.fullmatch(tidy(text))


def holds_number(text: str) -> bool:
    """Whether a personal number may stand somewhere in the text, alone or among other words."""
    return is_number_like(text) or INSIDE.search(tidy(text)) is not None


def sought(text: str, actor: Actor) -> Sought:
    """Read what was typed. Raises BadNumber or TooShort, with words for the person who typed."""
    text = tidy(text)
    today = timezone.localdate()
    if found := REFERENCE.fullmatch(text):
        return Sought("reference", Q(reference__in=references(found, actor, today.year)))
    if is_number_like(text):
        twelve = personal_number(text, today).twelve
        index = crypto.blind_index(actor.authority_id, twelve)
        # The id first: a case is then found through its person, not the other way round.
        ids = visible_to(Person.objects.filter(number_index=index), actor)
        return Sought("number", Q(person__in=ids.values("pk")))
    if max(map(len, text.split()), default=0) < SHORTEST:
        raise TooShort(_("Write at least two letters of the name."))
    return Sought("name", Q(person__in=flags.search(actor, text).values("pk")))


def references(found: re.Match[str], actor: Actor, year: int) -> list[str]:
    """ "PS-2026-0042", "2026-42" or "42" as the references it can mean, newest year first."""
    prefix = found["prefix"] or Unit.objects.values_list("reference_prefix", flat=True).get(
        pk=actor.unit_id
    )
    years = [int(found["year"])] if found["year"] else range(year, year - YEARS, -1)
    return [f"{prefix.upper()}-{one}-{int(found['number']):04d}" for one in years]
