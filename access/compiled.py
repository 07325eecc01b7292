"""Questions that page after page asks: their SQL is made once, each asking puts its values in.

Making it takes the ORM several times as long as PostgreSQL takes to answer. What is kept is the
words of the question, never an answer.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators
from psycopg.types.numeric import Int4

from access.actor import Actor

M = TypeVar("M", bound=Model)
Row = Sequence[Any]
COUNTER = itertools.count(1)
PLAIN: dict[type, Callable[[int], Any]] = {
    UUID: lambda number: UUID(int=number, version=4),
    int: lambda number: -(2**40) - number,
    date: lambda number: date.min + timedelta(days=number),
    datetime: lambda number: datetime(1900, 1, 1, tzinfo=UTC) + timedelta(days=number),
    str: lambda number: f"stand-in {number}",
    list: lambda number: [UUID(int=number, version=4)],  # of ids
}
ALIKE = (str, bool, type(None))  # a word, yes or no, nothing: the same whoever asks
ONE = Int4(1)  # of EXISTS (SELECT 1 …); an id is wider


class Closed:
    """What a question can't depend on: her role, say. Whoever asks first would decide for all."""

    def refuse(self, *_: object) -> Any:
        raise TypeError("Only an actor's keys can be asked about, not what she is")

    __eq__ = __hash__ = __bool__ = __str__ = __iter__ = refuse
    __contains__ = __or__ = __ror__ = __add__ = __radd__ = __format__ = refuse


def stand_in(kind: type) -> Any:
    """A value of that kind that nothing has, to be found again among the SQL's parameters."""
    if kind is not Actor:
        return PLAIN[kind](next(COUNTER))
    closed: Any = Closed()
    return Actor(
        user_id=stand_in(UUID), username=closed, name=closed, role=closed, qualified=closed,
        unit_id=stand_in(int), unit=closed, authority_id=stand_in(int), authority=closed,
    )  # fmt: skip


def by_name(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values; of an actor the three that tables know her by."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Actor):
            found[f"{name}.user"], found[f"{name}.unit"] = value.user_id, value.unit_id
            found[f"{name}.authority"] = value.authority_id
        else:
            found[name] = value
    return found


@dataclass(frozen=True, slots=True)
class Slot:
    """A parameter: the name of an open value, or what is always there."""

    name: str
    fixed: Any = None
    cast: Callable[[Any], Any] | None = None  # integers tell PostgreSQL how wide they are

    def filled(self, values: Mapping[str, Any]) -> Any:
        if not self.name:
            return self.fixed
        return self.cast(values[self.name]) if self.cast else values[self.name]


@dataclass(frozen=True, slots=True)
class Words:
    """A question's SQL and where the values go."""

    sql: str
    slots: tuple[Slot, ...]

    def ask(self, values: Mapping[str, Any]) -> list[Row]:
        known = by_name(values)
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [slot.filled(known) for slot in self.slots])
            found: list[Row] = cursor.fetchall()
        return found


class Overheard(Exception):
    """What would have been asked; it wasn't."""

    def __init__(self, sql: str, params: Sequence[Any]) -> None:
        super().__init__(sql)
        self.sql, self.params = sql, params


def overhear(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    raise Overheard(sql, params)


class Question:
    """Has open values of these kinds; `make` builds it from stand-ins for them.

    It must be the same question whatever they are. Any other date, time, number or id in it is
    refused: it would be the first asker's for all that come after. So is a value that it doesn't
    use (of an actor, her unit), and asking the database for something while it is made.
    """

    def __init__(self, make: Callable[..., Any], **kinds: type) -> None:
        self.make, self.kinds = make, kinds

    def made(self) -> tuple[Any, Callable[[str, Sequence[Any]], Words]]:
        """What `make` gives, or what it asked, and what finds the open values in its parameters."""
        marks = {name: stand_in(kind) for name, kind in self.kinds.items()}
        names = {key(mark): name for name, mark in by_name(marks).items()}

        def words(sql: str, params: Sequence[Any]) -> Words:
            slots = tuple(slot_of(value, names) for value in params)
            wanted = {name for name in names.values() if not name.endswith((".user", ".authority"))}
            if unused := wanted - {slot.name for slot in slots}:
                raise TypeError(f"Open, but not asked for: {', '.join(sorted(unused))}")
            return Words(sql, slots)

        try:
            with connection.execute_wrapper(overhear):
                return self.make(**marks), words
        except Overheard as heard:
            return heard, words


class Compiled(Question, Generic[M]):
    """A queryset that is compiled once; called, it answers with objects."""

    make: Callable[..., QuerySet[M, Any]]

    @cached_property
    def compiler(self) -> Any:
        question, words = self.made()
        if isinstance(question, Overheard):
            raise TypeError(f"It asked something of its own: {question.sql}")
        compiler = question.query.get_compiler(DEFAULT_DB_ALIAS)
        compiler.words = words(*compiler.as_sql())
        return compiler

    @cached_property
    def converters(self) -> Any:
        return self.compiler.get_converters([column for column, _, _ in self.compiler.select])

    @cached_property
    def related(self) -> Sequence[Any]:
        """What fills in the objects that `select_related` names."""
        about = self.compiler.klass_info, self.compiler.select, DEFAULT_DB_ALIAS
        return get_related_populators(*about)  # type: ignore[call-arg] # the stubs are Django 6's

    def rows(self, **values: Any) -> list[Row]:
        """The answer as tuples."""
        found: list[Row] = self.compiler.words.ask(values)
        if self.converters:
            return [tuple(row) for row in self.compiler.apply_converters(found, self.converters)]
        return found

    def __call__(self, **values: Any) -> list[M]:
        rows, compiler = self.rows(**values), self.compiler
        own = compiler.klass_info["select_fields"]
        first, last = own[0], own[-1] + 1
        names = [column.target.attname for column, _, _ in compiler.select[first:last]]
        model, more = compiler.klass_info["model"], compiler.annotation_col_map.items()
        found = []
        for row in rows:
            one = model.from_db(DEFAULT_DB_ALIAS, names, row[first:last])
            for other in self.related:
                other.populate(row, one)
            for name, place in more:
                setattr(one, name, row[place])
            found.append(one)
        return found


class Tally(Question):
    """Figures that are counted in one go; `make` calls `aggregate`, and `names` names them."""

    def __init__(self, make: Callable[..., Any], names: Sequence[str], **kinds: type) -> None:
        super().__init__(make, **kinds)
        self.names = names

    @cached_property
    def words(self) -> Words:
        heard, words = self.made()
        if not isinstance(heard, Overheard):
            raise TypeError("It asked for nothing")
        return words(heard.sql, heard.params)

    def __call__(self, **values: Any) -> dict[str, Any]:
        (row,) = self.words.ask(values)
        return dict(zip(self.names, row, strict=True))


def slot_of(value: Any, names: Mapping[Any, str]) -> Slot:
    kind = type(value)
    if kind is not bool and key(value) in names:
        widened = issubclass(kind, int) and kind is not int
        return Slot(names[key(value)], cast=kind if widened else None)
    if isinstance(value, ALIKE) or (kind, value) == (Int4, ONE):
        return Slot("", value)
    raise TypeError(f"{value!r} is no open value: it would be everyone’s")


def key(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
