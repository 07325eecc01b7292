"""Finding a case by its reference, a whole personal number or a name: within the unit only."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access import crypto
from access.actor import Actor
from access.models import Confined, Exclusion, Unit
from access.visible import visible_to
from audit import trail
from audit.models import Reading
from casework import flags
from casework.identity import personal_number, tidy
from casework.models import Case, Person

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


def log_search(by: str, cases: Iterable[Case]) -> None:
    """One line: how somebody was looked for and which cases were shown, never what was typed.

    About one case, the line is read by who may read that case's. Where several were shown the
    whole unit reads it: those that not everybody may see are only counted.
    """
    shown = list(cases)
    only = shown[0] if len(shown) == 1 else None
    open_to_all = shown if only else seen_by_all(shown)
    detail: dict[str, object] = {"by": by, "found": [case.reference for case in open_to_all]}
    if len(open_to_all) < len(shown):
        detail["kept"] = len(shown) - len(open_to_all)
    trail.reading(
        Reading.Kind.SEARCHED,
        about_id=only.pk if only else None,
        about=only.reference if only else "",
        detail=detail,
    )


def seen_by_all(cases: list[Case]) -> list[Case]:
    """Those that are neither restricted nor closed to anybody."""
    ids = [case.pk for case in cases]
    confined = Confined.objects.filter(about_id__in=ids, ended_at=None)
    shut = Exclusion.objects.pending().filter(about_id__in=ids)
    kept = set(
        confined.values_list("about_id", flat=True).union(shut.values_list("about_id", flat=True))
    )
    return [case for case in cases if case.pk not in kept]
