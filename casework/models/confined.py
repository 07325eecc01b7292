"""Who sees a case, where it is not simply everyone in the unit.

All the unit's cases about one young person are restricted, and closed to somebody, together. The
first of them that was restricted is the one that grants name.
"""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from access import exceptions, grants
from access.actor import Actor
from access.models import Confined, Grant, Substitution, User
from casework.models.notice import tell
from casework.models.person import Person
from casework.workflow.restriction import RestrictionSteps
from casework.workflow.steps import Act, Closed, NotNow

Things = list[tuple[UUID, str]]
NAMED = Grant.Kind.NAMED


class ConfinedCase(RestrictionSteps):
    """What the steps restrict, name, shut_out … of a case do."""

    id: Any
    unit_id: int
    person: Any
    person_id: UUID
    reference: Any
    restricted: Any
    deliveries: ClassVar[Any]

    class Meta:
        abstract = True

    @property
    def protected_identity(self) -> bool:
        """The young person's identity is protected in the population register."""
        return bool(self.person.protected)

    @property
    def named_by(self) -> UUID:
        """The id that a grant must name."""
        needed: UUID = self.person.restricted_case or self.pk
        return needed

    def _every(self) -> models.QuerySet[Any]:
        found: models.QuerySet[Any] = type(self)._default_manager.all()
        return found

    def all_about_her(self) -> models.QuerySet[Any]:
        """The unit's cases about the same young person, this one too."""
        every: models.QuerySet[Any] = self._every().filter(person_id=self.person_id)
        return every

    def things(self) -> Things:
        """What belongs together: the person and what arrived about her, without a word, and each
        case by its reference."""
        cases = list(self.all_about_her().order_by("opened_at").values_list("pk", "reference"))
        arrived = self.deliveries.model.objects.filter(case__in=[pk for pk, _ in cases])
        nameless = [self.person_id, *arrived.values_list("pk", flat=True)]
        return [*((pk, "") for pk in nameless), *cases]

    def kept_for_named(self, name: str, by: Actor, facts: dict[str, Any]) -> Closed | None:
        """What is open for hours in an emergency, or to a substitute, isn't made lasting by
        whoever it is open to."""
        names_herself = name == "name" and by.user_id in {one.user_id for one in facts["people"]}
        if not names_herself and name != "unrestrict":
            return None
        held = list(grants.open_on(self.named_by).values_list("user_id", "kind"))
        hers = {kind for user_id, kind in held if user_id == by.user_id}
        passing = {Grant.Kind.BREAK_GLASS, Grant.Kind.SUBSTITUTE} if names_herself else {
            Grant.Kind.BREAK_GLASS
        }  # fmt: skip
        others = any(kind == NAMED for user_id, kind in held if user_id != by.user_id)
        if hers and hers <= passing and others:
            return NotNow(_("You see this case for a while only. Ask whoever is named for it."))
        return None

    # --- the steps' bodies ----------------------------------------------------------------------

    def confine(self, act: Act, ground: str, protected: str) -> None:
        grants.open_passing(self, act.by, act.reason)  # `follow` closes it
        things = self.things()
        for about_id, _reference in things:  # what arrived restricted is from now on hidden with it
            exceptions.loosen(about_id)
        exceptions.confine(self.pk, things, ground, act.by)
        self.mark(self.pk, protected)
        self.restricted = True

    def unconfine(self) -> None:
        self.mark(None, "")  # `follow` closes the grants: until then she must see what she saves
        self.restricted = False

    def mark(self, restricted_case: UUID | None, protected: str) -> None:
        """The person's row and her other cases; this one is saved by its step."""
        person = Person.objects.get(pk=self.person_id)
        for other in self.all_about_her().exclude(pk=self.pk):
            other.restricted = restricted_case is not None
            other.save(update_fields=["restricted"])
        self.person_was = person.restricted_case
        person.restricted_case, person.protected = restricted_case, protected
        person.save(update_fields=["restricted_case", "protected"])
        self.person = person

    def name_people(self, act: Act, people: list[Actor], until: datetime) -> dict[str, Any]:
        """Open a grant for each, instead of one that she has; and for who stands in for her."""
        anchor = self.anchor()
        for person in people:
            for old in grants.open_on(anchor.pk).filter(user_id=person.user_id, kind=NAMED):
                grants.close_grant(old, anchor)
            grant = grants.open_grant(
                anchor, User(pk=person.user_id), act.by, act.reason, until, about=self.reference
            )
            for standing in Substitution.objects.pending().filter(absent_id=person.user_id):
                grants.open_for_substitute(standing, grant, anchor, act.by)
            if person.user_id != act.by.user_id:
                tell(self.unit_id, person.user_id, "restricted_named", self.pk)
        return {
            "people": ", ".join(person.name for person in people),
            "until": until.isoformat(),
        }

    def anchor(self) -> Any:
        return self._every().model(pk=self.named_by)

    def follow(self, act: Act, name: str, noted: dict[str, Any]) -> None:
        """What can be done only when the step's line and row are saved: after it, she who took
        the step may see neither."""
        if name == "restrict":
            grants.close_passing(self, act.by)
        elif name == "unrestrict":
            self.end_names(act)
        elif name == "unname":
            anchor = self.anchor()
            held = grants.open_on(anchor.pk).filter(user_id=noted["person"], instead_of=None)
            for grant in held.exclude(kind=Grant.Kind.PASSING):
                grants.close_grant(grant, anchor)
        elif name == "shut_out":
            until = parse_datetime(noted["until"]) if noted["until"] else None
            who = UUID(noted["person"])
            exceptions.shut_out(who, self.pk, self.things(), act.by, act.reason, until)
        elif name == "let_in":
            things = [about_id for about_id, _ in self.things()]
            exceptions.let_in(UUID(noted["person"]), things)

    def end_names(self, act: Act) -> None:
        """Nobody needs a grant any more; those who were named are told."""
        anchor = self._every().model(pk=self.person_was or self.pk)
        exceptions.release(anchor.pk)
        for grant in grants.open_on(anchor.pk).filter(instead_of=None):
            if grant.kind == NAMED and grant.user_id != act.by.user_id:
                reference = str(self.reference)
                tell(self.unit_id, grant.user_id, "restricted_lifted", self.pk, reference=reference)
            grants.close_grant(grant, anchor)

    def born_confined(self, by: Actor) -> None:
        """A new case about a restricted person is restricted; and whoever is shut out of her
        other cases is shut out of it."""
        self.restricted = self.person.restricted_case is not None
        if not self.person.fresh:
            self.confine_with(self.pk, self.reference, by)

    def confine_with(self, about_id: UUID, about: str, by: Actor) -> None:
        """What is new about the young person is seen by those who see what there was."""
        anchor = self.person.restricted_case
        if anchor:
            first = Confined.objects.filter(thing_id=anchor, ended_at=None)[0]
            exceptions.confine(anchor, [(about_id, about)], first.ground, by)
        exceptions.also_shut_out(self.person_id, [(about_id, about)])
