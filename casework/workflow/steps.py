"""The engine: how a step is declared, offered and taken.

A machine is an abstract model whose methods are steps (see case.py). `perform` and `begin` are
the only ways to take one: lock, ask, do, write the trail line, save; all or nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, TypeVar
from uuid import UUID

import django_fsm as fsm
from auditlog.context import disable_auditlog
from django.db import models, transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from access import rules
from access.actor import Actor
from access.rules import Rule
from audit import trail
from casework.workflow import moment

UNBORN = ""
Words = str | Promise
Condition = Callable[[Any], bool]
BOTH = ("police", "social")


class Closed(Exception):
    """A step that can't be taken; its words are for the person who tried."""

    def __init__(self, words: Words) -> None:
        super().__init__(str(words))
        self.words = words


class Refused(Closed):
    """She may not (403)."""


class NotNow(Closed):
    """Not from this state, or something must hold first (409 or 422 as the page sees it)."""


class Stale(Closed):
    """The thing has moved since the page was made (409)."""

    def __init__(self, thing: "Stateful", seen: int) -> None:
        super().__init__(_("Somebody else has changed this since you opened the page."))
        self.thing = thing
        self.seen = seen


@dataclass(frozen=True, slots=True)
class Act:
    """Who does it, why and when. Only `perform` and `begin` make one; no step runs without."""

    by: Actor
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One declared step of a machine. `edges` maps each state it leaves to the one it reaches."""

    name: str
    label: Words
    edges: dict[str, str]
    may: Rule
    when: tuple[Condition, ...]
    reason: bool
    form: str
    final: bool
    authorities: tuple[str, ...]
    apart: bool = False

    @property
    def birth(self) -> bool:
        return UNBORN in self.edges

    def hindrance(self, thing: "Stateful", by: Actor) -> Closed | None:
        """Why this actor can't take the step on this thing now; None when she can."""
        if by.authority not in self.authorities or not self.may(by, thing):
            return Refused(_("This step is for: %(who)s.") % {"who": self.may.told(thing)})
        if thing.state not in self.edges:
            return NotNow(
                _("“%(step)s” can't be done while the status is “%(state)s”.")
                % {"step": self.label, "state": thing.state_label}
            )
        for holds in self.when:
            if not holds(thing):
                return NotNow(words_of(holds))
        return None


class Stateful(models.Model):
    """A row with a life: its state is the last line of its trail (the database sees to it)."""

    MACHINE: ClassVar[str]
    STATES: ClassVar[type[models.TextChoices]]
    state: Any
    version = models.IntegerField(default=-1, editable=False)
    queued: Any = None

    class Meta:
        abstract = True

    @property
    def state_label(self) -> str:
        return str(self.STATES(self.state).label) if self.state else ""

    def about(self) -> tuple[UUID, str]:
        """The case that this row's trail lines concern: its id and reference."""
        raise NotImplementedError

    def queue_up(self, name: str) -> Any:
        """Wait for whoever acts on the same matter from another row, before this one is locked to
        take the step of that name. What comes back is `queued` of the locked row."""

    def objection(self, name: str, by: Actor, facts: dict[str, Any]) -> Closed | None:
        """Why the step can't be taken with just these facts, once the row is locked."""
        return None

    def settle(self) -> None:
        """Bring what is derived from the steps up to date before the row is saved."""

    def after(self, act: "Act", name: str, noted: dict[str, Any]) -> None:
        """What follows from a taken step elsewhere, once the row and its line are saved: all in the
        same transaction, so that it follows always or the step wasn't taken."""


T = TypeVar("T", bound=Stateful)


def condition(words: Words) -> Callable[[Condition], Condition]:
    """Something that must hold; `words` tell her what doesn't, where it closes a step."""

    def mark(holds: Condition) -> Condition:
        holds.words = words  # type: ignore[attr-defined]
        return holds

    return mark


def words_of(holds: Condition) -> Words:
    words: Words = holds.words  # type: ignore[attr-defined]
    return words


def step(
    leaves: Sequence[str],
    reaches: str | None,
    label: Words,
    *,
    may: Rule,
    when: Sequence[Condition] = (),
    reason: bool = False,
    form: str = "StepForm",
    final: bool = False,
    authorities: tuple[str, ...] = BOTH,
    apart: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a step. `reaches` None keeps the state; `final` asks for a confirm page; `apart`
    is no part of the work itself and isn't offered among its next steps.

    `when` is asked by `perform`, once: django-fsm would ask again, and another transaction's end
    in between would turn a plain answer into a fault.
    """

    def declare(body: Callable[..., Any]) -> Callable[..., Any]:
        edges = {source: source if reaches is None else reaches for source in leaves}
        method = body
        for source, target in edges.items():
            method = fsm.transition(
                field="state",
                source=source,
                target=target,
                permission=lambda thing, actor: may(actor, thing),
            )(method)
        method.declared = Step(  # type: ignore[attr-defined]
            body.__name__, label, edges, may, tuple(when), reason, form, final, authorities, apart
        )
        return method

    return declare


@cache
def steps_of(model: type[Stateful]) -> dict[str, Step]:
    """The machine's steps by name, in the order that its file tells them."""
    found: dict[str, Step] = {}
    for owner in reversed(model.__mro__):
        for value in vars(owner).values():
            declared = getattr(value, "declared", None)
            if isinstance(declared, Step):
                found[declared.name] = declared
    return found


def offered_apart(thing: "Stateful", actor: Actor) -> list[Step]:
    """The steps beside the work itself that this person can take on the thing now."""
    return [
        declared
        for declared in steps_of(type(thing)).values()
        if declared.apart and declared.hindrance(thing, actor) is None
    ]


@dataclass(frozen=True, slots=True)
class Offer:
    """A step as one person sees it on one thing now: open, or closed and why."""

    step: Step
    why_not: Words = ""
    forbidden: bool = False

    @property
    def open(self) -> bool:
        return not self.why_not

    @property
    def name(self) -> str:
        return self.step.name

    @property
    def label(self) -> Words:
        return self.step.label


def offered(thing: Stateful, actor: Actor) -> list[Offer]:
    """Every step that leaves the thing's present state, open or with the reason it is closed."""
    offers = []
    for declared in steps_of(type(thing)).values():
        hidden = declared.may is rules.service or declared.apart
        if thing.state in declared.edges and not hidden:
            closed = declared.hindrance(thing, actor)
            words = closed.words if closed else ""
            offers.append(Offer(declared, words, isinstance(closed, Refused)))
    return offers


def perform(
    thing: T, name: str, by: Actor, reason: str = "", version: int | None = None, **facts: Any
) -> T:
    """Lock, ask, do, write the line, save: all of it or none of it. Returns the row as it is now.

    `version` is what the page showed. Raises Refused, Stale or NotNow, and changes nothing then.
    The object passed in is not touched: keep what comes back. Needs a transaction: a request has
    one, commands and the worker open one (a refusal leaves it as it was, a fault ends it).
    """
    model = type(thing)
    declared = steps_of(model)[name]
    queued = thing.queue_up(name)
    locked = model._default_manager.select_for_update().get(pk=thing.pk)
    locked.queued = queued
    closed = declared.hindrance(locked, by)
    if isinstance(closed, Refused):
        raise closed
    if version is not None and version != locked.version:
        raise Stale(locked, version)
    if closed := closed or locked.objection(name, by, facts):
        raise closed
    return _take(declared, locked, by, reason, facts)


def begin(model: type[T], name: str, by: Actor, reason: str = "", **facts: Any) -> T:
    """Bring a new row to life by its birth step. `facts` go to the step, which fills the row."""
    declared = steps_of(model)[name]
    unborn = model(unit_id=by.unit_id)
    for_whom = facts.pop("part_of", {})
    for field, value in for_whom.items():
        setattr(unborn, field, value)
    unborn.queued = unborn.queue_up(name)
    if closed := declared.hindrance(unborn, by):
        raise closed
    return _take(declared, unborn, by, reason, facts)


@transaction.atomic(savepoint=False)
def _take(declared: Step, thing: T, by: Actor, reason: str, facts: dict[str, Any]) -> T:
    before = copy(thing)
    act = Act(by=by, reason=reason, at=moment.now())
    noted = getattr(thing, declared.name)(act, **facts)
    thing.version += 1
    thing.settle()
    about_id, about = thing.about()
    trail.step(
        machine=thing.MACHINE,
        thing_id=thing.pk,
        seq=thing.version,
        name=declared.name,
        from_state=before.state,
        to_state=thing.state,
        about_id=about_id,
        about=about,
        reason=reason,
        facts=noted or {},
    )
    with disable_auditlog():  # it would fetch the row again to see what changed
        if declared.birth:
            thing.save(force_insert=True)
        else:
            thing.save(update_fields=moved(before, thing))
    if not declared.birth:
        trail.change(before, thing)
    thing.after(act, declared.name, noted or {})
    return thing


def moved(before: Stateful, thing: Stateful) -> list[str]:
    """The columns that the step has set; and those that it could have changed from within."""
    old, new = vars(before), vars(thing)
    return [
        field.attname
        for field in thing._meta.concrete_fields
        if not field.generated and not field.primary_key
        if (value := new.get(field.attname)) != old.get(field.attname)
        or isinstance(value, list | dict)
    ]


def edges(model: type[Stateful]) -> Iterator[tuple[str, str, str, str, str]]:
    """(machine, step, from, to, authority): what the database's table of edges must hold."""
    for declared in steps_of(model).values():
        for source, target in declared.edges.items():
            for authority in declared.authorities:
                yield model.MACHINE, declared.name, source, target, authority


def table(model: type[Stateful]) -> list[dict[str, str]]:
    """The machine as rows of words: step, from, to, who, what closes it, whether it asks why."""
    label = {"": "–"} | {value: str(text) for value, text in model.STATES.choices}
    return [
        {
            "name": declared.name,
            "label": str(declared.label),
            "from": ", ".join(label[source] for source in declared.edges),
            "to": label[next(iter(declared.edges.values()))]
            if len(set(declared.edges.values())) == 1
            else _("same"),
            "who": str(declared.may),
            "holds": " ".join(str(words_of(holds)) for holds in declared.when),
            "reason": _("yes") if declared.reason else "",
        }
        for declared in steps_of(model).values()
    ]


def markdown(model: type[Stateful]) -> str:
    """The machine's table as the README shows it, in English."""
    with translation.override("en-gb"):
        rows = table(model)
        head = {
            "label": _("step"), "from": _("from"), "to": _("to"), "who": _("who"),
            "holds": _("closed while"), "reason": _("asks why"),
        }  # fmt: skip
        lines = [list(head.values()), ["---"] * len(head)]
        lines += [[row[key] for key in head] for row in rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
