"""What arrived: which of the unit's cases it fits, and what it says as a flag's first fields."""

import re
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import translation

from access.actor import Actor
from access.visible import visible_to
from casework import letter
from casework.flags import Youth, same_person
from casework.identity import BadNumber, PersonalNumber, personal_number
from casework.models import Case, Delivery, Disclosure, Observation, Place
from casework.search import sought
from casework.workflow import moment
from casework.workflow.case import OPEN
from casework.workflow.delivery import State

MINUTE = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}")


def waiting(actor: Actor) -> QuerySet[Delivery]:
    """What nobody has handled yet, longest waiting first."""
    found = visible_to(Delivery.objects.filter(state=State.RECEIVED), actor)
    return found.order_by("arrived_at", "id")


def handled(actor: Actor) -> QuerySet[Delivery]:
    """What somebody has taken in or sent back, newest first."""
    found = visible_to(Delivery.objects.exclude(state=State.RECEIVED), actor)
    return found.select_related("case", "handled_by").order_by("-handled_at", "id")


def own_disclosure(delivery: Delivery, actor: Actor) -> Disclosure | None:
    """What this unit sent that the delivery answers, if she may see it."""
    if delivery.answers_to is None:
        return None
    mine = Disclosure.objects.filter(pk=delivery.answers_to).select_related("case")
    return visible_to(mine, actor).first()


def fitting(delivery: Delivery, actor: Actor) -> list[Case]:
    """The cases that it most likely goes into: the one that it answers, or the same person's."""
    fits = Q(pk__in=[])
    if answered := own_disclosure(delivery, actor):
        fits |= Q(pk=answered.case_id)
    who = youth(delivery)
    if who and (person := same_person(actor, who)):
        fits |= Q(person=person, is_open=True)
    found = takable(actor, delivery).filter(fits).select_related("person")
    return list(found.order_by("-opened_at", "id")[:10])


def looked_for(actor: Actor, text: str, delivery: Delivery) -> tuple[str, list[Case]]:
    """How it was looked for and the cases that it means, by reference or whole number only.

    Raises BadNumber or TooShort, with words.
    """
    asked = sought(text, actor)
    if asked.by == "name":
        return asked.by, []
    found = takable(actor, delivery).filter(asked.cases, is_open=True)
    return asked.by, list(found.order_by("-opened_at", "id")[:2])


def takable(actor: Actor, delivery: Delivery) -> QuerySet[Case]:
    """Cases that something can be taken into: an investigation needs an open one."""
    cases = visible_to(Case.objects.all(), actor)
    return cases.filter(state__in=OPEN) if delivery.starts else cases


def youth(delivery: Delivery) -> Youth | None:
    """Who it says that it is about, if it says enough to know."""
    told = delivery.facts
    given, _between, family = told.get("name", "").rpartition(" ")
    number = number_of(told)
    born = as_day(told.get("birth_date", ""))
    if number:
        return Youth(given, family, number.birth_date, number)
    return Youth(given, family, born) if born and given else None


def as_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def number_of(told: dict[str, str]) -> PersonalNumber | None:
    try:
        return personal_number(told.get("personal_number", ""), moment.today())
    except BadNumber:
        return None


def flag_of(delivery: Delivery) -> dict[str, Any]:
    """What it says, as the fields of a flag; what it doesn't say is left for her to fill in. A
    secrecy marked letter's words stay in it: the new case is open to the unit."""
    told = delivery.facts
    given, _between, family = told.get("name", "").rpartition(" ")
    found: dict[str, Any] = {
        "personal_number": told.get("personal_number", ""),
        "given_name": given,
        "family_name": family,
        "birth_date": told.get("birth_date", ""),
        "source": Observation.Source.REPORT,
        "place": Place.objects.filter(name=told.get("place", ""), active=True).first(),
        "text": "" if delivery.restricted else letter.words(delivery.text, delivery.fields),
    }
    if seen := MINUTE.search(told.get("observation", "")):
        found["seen_at"] = seen[0].replace(" ", "T")
    with translation.override(letter.LETTER):
        kinds = {str(label): code for code, label in Observation.Kind.choices}
    found["kind"] = kinds.get(told.get("observation", "").partition(", ")[0], "")
    return found
