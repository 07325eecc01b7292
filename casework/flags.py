"""Flagging: who is meant, is there an open case already, and is this flag new.

Used by the page, the import and the demo alike, so that all three match people in one way.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access import crypto
from access.actor import Actor
from access.visible import visible_to
from casework.identity import PersonalNumber, name_key, tidy
from casework.models import Case, Observation, Person, Place
from casework.workflow.steps import Closed, NotNow, begin, perform


class AlreadyThere(Closed):
    """The very same flag is in the unit's files already."""

    def __init__(self, case: Case | None) -> None:
        super().__init__(_("This flag has already been saved."))
        self.case = case


class NotSaved(Closed):
    """Something is in the way that the actor may not know of: the words don't say what."""

    def __init__(self) -> None:
        super().__init__(_("The flag could not be saved. Ask your supervisor to save it."))


@dataclass(frozen=True, slots=True)
class Youth:
    """Who is meant: by number, or by full name and birth date."""

    given_name: str
    family_name: str
    birth_date: date
    number: PersonalNumber | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen, as the observation will hold it."""

    place: Place
    seen_at: datetime
    kind: str
    source: str
    suspicion: bool
    text: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Flagged:
    """Where a flag ended up, and whether it opened a new case."""

    case: Case
    new: bool


def same_person(actor: Actor, youth: Youth) -> Person | None:
    """The unit's row for this young person, when the match is certain.

    Certain is: the same personal number; or, where the flag has no number, the same full name and
    birth date as exactly one row. A flag with a number never joins a row without one by name.
    """
    mine = visible_to(Person.objects.all(), actor)
    if youth.number:
        index = crypto.blind_index(actor.authority_id, youth.number.twelve)
        return mine.filter(number_index=index).first()
    found = list(namesakes(mine, youth)[:2])
    return found[0] if len(found) == 1 else None


def namesakes(persons: QuerySet[Person], youth: Youth) -> QuerySet[Person]:
    given, family = name_key(youth.given_name), name_key(youth.family_name)
    if not (given and family):
        return persons.none()
    return persons.filter(family_key=family, given_key=given, birth_date=youth.birth_date)


def search(actor: Actor, text: str) -> QuerySet[Person]:
    """The unit's persons whose given and family names begin with the words typed."""
    keys = [name_key(word) for word in tidy(text).split()][:4]
    found = visible_to(Person.objects.all(), actor)
    for key in keys:
        end = key + "\U0010ffff"
        found = found.filter(
            Q(given_key__gte=key, given_key__lt=end) | Q(family_key__gte=key, family_key__lt=end)
        )
    return found if keys else found.none()


class Files:
    """What a flag must know of the unit's files, asked row by row (casework.known asks at once)."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    def same_person(self, youth: Youth) -> Person | None:
        return same_person(self.actor, youth)

    def already(self, print_: bytes) -> AlreadyThere | None:
        """The answer to a flag that has been saved before."""
        mine = Observation.objects.filter(unit_id=self.actor.unit_id, fingerprint=print_)
        known = mine.select_related("case").first()
        return AlreadyThere(known.case) if known else None

    def open_case(self, person: Person) -> Case | None:
        mine = Case.objects.filter(unit_id=self.actor.unit_id, person=person, is_open=True)
        return mine.first()

    def learn(self, youth: Youth, person: Person, case: Case, print_: bytes) -> None:
        """A flag was saved."""


def flag(
    actor: Actor,
    youth: Youth,
    seen: Seen,
    person: Person | None = None,
    files: Files | None = None,
) -> Flagged:
    """Save a flag: an observation on the person's open case in this unit, or a new case.

    `person` is a row that somebody chose; else the match must be certain or a new row is made.
    Raises AlreadyThere for the same flag again, Refused when the actor may not flag, NotSaved
    when rows that the actor doesn't see stand in the way.
    """
    try:
        return _flag(actor, youth, seen, person, files or Files(actor))
    except (IntegrityError, NotNow):
        pass  # somebody opened or closed the case, or saved this flag, in the same moment
    try:
        return _flag(actor, youth, seen, person, Files(actor))
    except IntegrityError:
        raise NotSaved from None


@transaction.atomic
def _flag(actor: Actor, youth: Youth, seen: Seen, person: Person | None, files: Files) -> Flagged:
    person = person or files.same_person(youth) or new_person(actor, youth)
    print_ = fingerprint(actor, person, seen)
    if before := files.already(print_):
        raise before
    observed: dict[str, Any] = {
        "place": seen.place,
        "seen_at": seen.seen_at,
        "kind": seen.kind,
        "source": seen.source,
        "suspicion": seen.suspicion,
        "text": seen.text,
        "reference": seen.reference,
        "fingerprint": print_,
    }
    if current := files.open_case(person):
        case = perform(current, "add_observation", actor, **observed)
    else:
        case = begin(Case, "flag", actor, person=person, **observed)
    files.learn(youth, person, case, print_)
    return Flagged(case, new=current is None)


def new_person(actor: Actor, youth: Youth) -> Person:
    person = Person(unit_id=actor.unit_id, birth_date=youth.birth_date)
    person.set_name(tidy(youth.given_name), tidy(youth.family_name))
    if youth.number:
        person.set_number(youth.number.twelve, actor.authority_id)
    person.save()
    person.fresh = True
    return person


def fingerprint(actor: Actor, person: Person, seen: Seen) -> bytes:
    """What makes two flags the same: who, where, when, what, source, suspicion and words.

    Not the sender's reference: the same flag is often sent twice under two of them.
    """
    same = [
        str(person.pk),
        seen.place.pk,
        seen.seen_at.astimezone(timezone.get_default_timezone()).isoformat(timespec="minutes"),
        seen.kind,
        seen.source,
        seen.suspicion,
        tidy(seen.text).casefold(),
    ]
    return crypto.blind_index(actor.authority_id, json.dumps(same))
