"""What the unit's files hold of many rows at once, asked in four queries instead of row by row."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import TypeVar
from uuid import UUID

from access import crypto
from access.actor import Actor
from access.visible import visible_to
from casework.flags import AlreadyThere, Files, Youth, fingerprint
from casework.identity import name_key
from casework.importing.flagrow import Judged
from casework.models import Case, Observation, Person

CHUNK = 1_000  # values asked for in one query
Name = tuple[str, str, date]
T = TypeVar("T")


class Known(Files):
    """Answers about the persons, flags and open cases that the given good rows concern.

    What others save meanwhile it doesn't know: the database refuses, and flags.flag asks again.
    """

    def __init__(self, actor: Actor, rows: Sequence[Judged]) -> None:
        super().__init__(actor)
        self.youths = [row.youth for row in rows if row.youth]
        self.by_number: dict[str, Person] = {}
        self.by_name: dict[Name, list[Person]] = defaultdict(list)
        self._ask_for_persons()
        prints = {
            fingerprint(actor, person, row.seen)
            for row in rows
            if row.youth and row.seen and (person := self.same_person(row.youth))
        }
        self.prints: set[bytes] = self._saved(prints)
        self.cases: dict[UUID, Case] = {}

    def _ask_for_persons(self) -> None:
        mine = visible_to(Person.objects.all(), self.actor)
        authority = self.actor.authority_id
        numbers = {youth.number.twelve for youth in self.youths if youth.number}
        index = {crypto.blind_index(authority, twelve): twelve for twelve in numbers}
        for some in chunks(index):
            for person in mine.filter(number_index__in=some):
                self.by_number[index[bytes(person.number_index or b"")]] = person
        for births in chunks({youth.birth_date for youth in self.youths}):
            for person in mine.filter(birth_date__in=births):
                name = (person.given_key, person.family_key, person.birth_date)
                self.by_name[name].append(person)

    def ask_for_cases(self) -> None:
        """Needed before rows are saved, not for telling what they are."""
        persons = {person.pk for person in map(self.same_person, self.youths) if person}
        mine = Case.objects.filter(unit_id=self.actor.unit_id, is_open=True)
        for some in chunks(persons):
            self.cases.update({case.person_id: case for case in mine.filter(person_id__in=some)})

    def _saved(self, prints: set[bytes]) -> set[bytes]:
        mine = Observation.objects.filter(unit_id=self.actor.unit_id)
        found: set[bytes] = set()
        for some in chunks(prints):
            saved = mine.filter(fingerprint__in=some).values_list("fingerprint", flat=True)
            found.update(map(bytes, saved))
        return found

    def namesakes(self, youth: Youth) -> list[Person]:
        name = name_of(youth)
        return self.by_name.get(name, []) if name[0] and name[1] else []

    def is_namesake(self, row: Judged) -> bool:
        """The row will make a new person beside one of the same name and birth date."""
        youth = row.youth
        return bool(youth and not self.same_person(youth) and self.namesakes(youth))

    # --- what flags.flag asks -------------------------------------------------------------------

    def same_person(self, youth: Youth) -> Person | None:
        if youth.number:
            return self.by_number.get(youth.number.twelve)
        found = self.namesakes(youth)
        return found[0] if len(found) == 1 else None

    def already(self, print_: bytes) -> AlreadyThere | None:
        return AlreadyThere(None) if print_ in self.prints else None

    def open_case(self, person: Person) -> Case | None:
        return self.cases.get(person.pk)

    def learn(self, youth: Youth, person: Person, case: Case, print_: bytes) -> None:
        if person not in self.by_name[name_of(youth)] and not self.same_person(youth):
            self.by_name[name_of(youth)].append(person)
            if youth.number:
                self.by_number[youth.number.twelve] = person
        self.cases[person.pk] = case
        self.prints.add(print_)


def name_of(youth: Youth) -> Name:
    return name_key(youth.given_name), name_key(youth.family_name), youth.birth_date


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(values)
    while some := list(islice(rest, CHUNK)):
        yield some
