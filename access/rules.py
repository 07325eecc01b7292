"""The words for who may. A rule is asked about an actor and, mostly, a thing with a unit.

    supervisor & ~handler          reads "supervisor, not its own handler"

A rule about a thing of another unit never holds, whatever it says.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from access.actor import SERVICE, Actor
from access.models import Kind, Role

Words = str | Promise


class Rule:
    """A named condition. Combine with | & ~; str() is its words in the reader's language."""

    __slots__ = ()

    def __call__(self, actor: Actor, thing: Any = None) -> bool:
        """Whether it holds for this actor and this thing (None: for her role alone)."""
        return in_own_unit(actor, thing) and self.holds(actor, thing)

    def holds(self, actor: Actor, thing: Any) -> bool:
        raise NotImplementedError

    def __or__(self, other: "Rule") -> "Rule":
        return Either(self, other)

    def __and__(self, other: "Rule") -> "Rule":
        return Both(self, other)

    def __invert__(self) -> "Rule":
        return Not(self)

    def told(self, thing: Any) -> str:
        """Its words about one thing, where they differ from thing to thing."""
        return str(self)

    def __str__(self) -> str:
        raise NotImplementedError


def in_own_unit(actor: Actor, thing: Any) -> bool:
    """The thing belongs to the actor's unit, or to none."""
    unit_id = getattr(thing, "unit_id", None)
    return unit_id is None or bool(unit_id == actor.unit_id)


@dataclass(frozen=True, slots=True)
class Word(Rule):
    """A rule with a name of its own."""

    words: Words
    test: Callable[[Actor, Any], bool]
    tell: Callable[[Any], str] | None = None

    def told(self, thing: Any) -> str:
        return self.tell(thing) if self.tell else str(self)

    def holds(self, actor: Actor, thing: Any) -> bool:
        return self.test(actor, thing)

    def __str__(self) -> str:
        return str(self.words)


@dataclass(frozen=True, slots=True)
class Either(Rule):
    one: Rule
    other: Rule

    def holds(self, actor: Actor, thing: Any) -> bool:
        return self.one.holds(actor, thing) or self.other.holds(actor, thing)

    def __str__(self) -> str:
        *most, last = self.alternatives()
        between, words = ", ", gettext("%(one)s or %(other)s")
        if any(isinstance(rule, Both) for rule in (*most, last)):
            between, words = "; ", gettext("%(one)s; or %(other)s")
        return words % {"one": between.join(map(str, most)), "other": str(last)}

    def alternatives(self) -> Iterator[Rule]:
        for rule in (self.one, self.other):
            if isinstance(rule, Either):
                yield from rule.alternatives()
            else:
                yield rule


@dataclass(frozen=True, slots=True)
class Both(Rule):
    one: Rule
    other: Rule

    def holds(self, actor: Actor, thing: Any) -> bool:
        return self.one.holds(actor, thing) and self.other.holds(actor, thing)

    def __str__(self) -> str:
        if isinstance(self.other, Not):
            return gettext("%(one)s, not %(other)s") % {
                "one": str(self.one),
                "other": str(self.other.rule),
            }
        return gettext("%(one)s, %(other)s") % {"one": str(self.one), "other": str(self.other)}


@dataclass(frozen=True, slots=True)
class Not(Rule):
    rule: Rule

    def holds(self, actor: Actor, thing: Any) -> bool:
        return not self.rule.holds(actor, thing)

    def __str__(self) -> str:
        return gettext("not %(rule)s") % {"rule": str(self.rule)}


def role(which: Role, words: Words) -> Rule:
    """Holds for actors with that role."""
    return Word(words, lambda actor, thing: actor.role == which)


def kind(which: Kind, words: Words) -> Rule:
    """Holds for actors in that kind of authority."""
    return Word(words, lambda actor, thing: actor.authority == which)


investigator = role(Role.INVESTIGATOR, _("investigator"))
community_officer = role(Role.COMMUNITY_OFFICER, _("community officer"))
investigation_leader = role(Role.INVESTIGATION_LEADER, _("investigation leader"))
supervisor = role(Role.SUPERVISOR, _("supervisor"))
social_worker = role(Role.SOCIAL_WORKER, _("social worker"))
outreach_worker = role(Role.OUTREACH_WORKER, _("outreach worker"))
auditor = role(Role.AUDITOR, _("data protection officer"))
coordinator = role(Role.COORDINATOR, _("crime prevention coordinator"))
administrator = role(Role.ADMINISTRATOR, _("administrator"))

flagger = investigator | community_officer | social_worker | outreach_worker

police = kind(Kind.POLICE, _("the police"))
social = kind(Kind.SOCIAL, _("social services"))

# What follows from somebody's act: taken by the service, never by a person's button.
service = Word(_("the service itself"), lambda actor, thing: actor.role == SERVICE)

everyone = Word(_("everyone who is logged in"), lambda actor, thing: True)

CASE_ROLES = frozenset(Role) - {Role.AUDITOR, Role.COORDINATOR, Role.ADMINISTRATOR}
case_staff = Word(
    _("the unit's own staff"),
    lambda actor, thing: actor.role in CASE_ROLES and actor.authority in (Kind.POLICE, Kind.SOCIAL),
)

qualified = Word(_("with a degree in social work"), lambda actor, thing: actor.qualified)
qualified_social_worker = Word(
    _("social worker with a degree in social work"),
    lambda actor, thing: actor.role == Role.SOCIAL_WORKER and actor.qualified,
)

handler = Word(
    _("its own handler"),
    lambda actor, thing: thing is not None and thing.handler_id in actor.own_and_absent,
)
unassigned = Word(
    _("anyone while nobody handles it"),
    lambda actor, thing: thing is not None and thing.handler_id is None,
)
anyone_in_unit = Word(
    _("anyone in the unit"),
    lambda actor, thing: thing is not None and thing.unit_id == actor.unit_id,
)
