"""The access review: who has which access in a unit, when it was last used, and what is decided.

Each half-year the unit's supervisor says of every row: keep, change or remove. Nobody decides
about herself: the membership of a unit's only supervisor is the auditor's to decide.
Lag (2001:454) 10 § asks for access limited to what each needs; the half-year is the house's own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from access import rules
from access.actor import Actor
from access.kinds import ANYWHERE, ROLES_OF, Kind, Role
from access.log_review import units_of
from access.models import Exclusion, Grant, Membership, Substitution, Unit, User
from access.review_models import AccessSignOff, Decision, RoleRequest
from access.visible import but_shut_out
from audit.models import Reading

READERS = rules.supervisor | rules.auditor
Of = Decision.Of
Answer = Decision.Answer
CAN_END = (Of.MEMBERSHIP, Of.GRANT, Of.SUBSTITUTION)  # shutting out ends by a step of its thing
HISTORY = 6  # half-years


def half_of(day: date) -> date:
    """The first day of the day's half-year."""
    return date(day.year, 7 if day.month > 6 else 1, 1)


@dataclass(slots=True)
class Held:
    """One access that somebody has now, as the page shows it."""

    of: Of
    key: str
    user: User
    role: str  # a membership's
    about: str  # a grant's reference, whom a substitute stands in for
    since: date | datetime
    until: date | datetime | None
    used: datetime | None = None
    decision: Decision | None = None
    row: Any = None

    @property
    def role_label(self) -> str:
        return str(dict(Role.choices).get(self.role, self.role))

    @property
    def decided(self) -> bool:
        return self.decision is not None


def held_in(unit: Unit, actor: Actor, today: date | None = None) -> list[Held]:
    """Everything that is open in the unit, with the half-year's newest decision, but what is about
    a case that she is shut out of. Five queries."""
    half = half_of(today or timezone.localdate())
    said = {
        (one.of, one.key): one
        for one in Decision.objects.filter(unit=unit, half=half).order_by("id")
    }
    found = [*memberships(unit), *grants(unit, actor), *substitutions(unit),
             *exclusions(unit, actor)]  # fmt: skip
    for held in found:
        held.decision = said.get((held.of, held.key))
    return found


def memberships(unit: Unit) -> Iterator[Held]:
    """Those that hold today; last used: the newest line that she left as one of the unit."""
    lines = Reading.objects.filter(actor_id=OuterRef("user_id"), unit_id=unit.pk)
    valid = Membership.objects.valid().filter(unit=unit).select_related("user", "unit__authority")
    newest = Subquery(lines.order_by("-at").values("at")[:1])
    for one in valid.annotate(used=newest).order_by("user__name", "since"):
        used = one.used  # type: ignore[attr-defined] # annotated
        yield Held(Of.MEMBERSHIP, str(one.pk), one.user, one.role, "", one.since, one.until,
                   used, row=one)  # fmt: skip


def grants(unit: Unit, actor: Actor) -> Iterator[Held]:
    held: QuerySet[Grant] = Grant.objects.pending().filter(unit=unit)
    own = held.exclude(kind__in=[Grant.Kind.PASSING, Grant.Kind.SUBSTITUTE])
    seen = but_shut_out(own, actor, "thing_id")
    for one in seen.select_related("user").order_by("about", "until"):
        yield Held(Of.GRANT, str(one.pk), one.user, "", one.about, one.since, one.until, row=one)


def substitutions(unit: Unit) -> Iterator[Held]:
    held: QuerySet[Substitution] = Substitution.objects.pending().filter(unit=unit)
    for one in held.select_related("substitute", "absent").order_by("until", "id"):
        yield Held(Of.SUBSTITUTION, str(one.pk), one.substitute, "", one.absent.name, one.since,
                   one.until, row=one)  # fmt: skip


def exclusions(unit: Unit, actor: Actor) -> Iterator[Held]:
    held: QuerySet[Exclusion] = Exclusion.objects.pending().filter(unit=unit).exclude(about="")
    seen = but_shut_out(held, actor, "about_id")
    for one in seen.select_related("user").order_by("about", "since"):
        yield Held(Of.EXCLUSION, str(one.pk), one.user, "", one.about, one.since, one.until,
                   row=one)  # fmt: skip


def unit_holding(actor: Actor, of: str, key: str) -> Unit | None:
    """Where the row is, among the units that she looks at."""
    if not rules.auditor(actor):
        return unit_to_review(actor, None)
    if of != Of.MEMBERSHIP or not key.isdecimal() or len(key) > 18:
        return None
    rows = Membership.objects.filter(pk=int(key)).values("unit_id")
    return units_of(actor).filter(pk__in=rows).first()


def unit_to_review(actor: Actor, unit_id: int | None) -> Unit | None:
    """The unit that she looks at: her own, or one of the authority's for an auditor."""
    units = units_of(actor)
    return units.filter(pk=unit_id).first() if unit_id else units.first()


def is_own(actor: Actor, held: Held) -> bool:
    """Somebody else decides."""
    return held.user.pk == actor.user_id


def for_auditor(everything: list[Held]) -> Held | None:
    """The membership of the unit's only supervisor, about which nobody there may decide."""
    chiefs = [held for held in everything if held.role == Role.SUPERVISOR]
    return chiefs[0] if len({held.user.pk for held in chiefs}) == 1 else None


def decides(actor: Actor, everything: list[Held], held: Held) -> bool:
    """Whether the row is hers to decide: a supervisor's all but her own, an auditor's that one."""
    if is_own(actor, held):
        return False
    return rules.supervisor(actor) or (rules.auditor(actor) and held is for_auditor(everything))


def has_auditor(unit: Unit) -> bool:
    """Whether the unit's authority has somebody who decides where its supervisors may not."""
    held: QuerySet[Membership] = Membership.objects.valid()
    return held.filter(unit__authority_id=unit.authority_id, role=Role.AUDITOR).exists()


def roles_for(unit: Unit, now: str) -> list[tuple[str, str]]:
    """The other roles of those who work with the unit's cases, or in an office of its own kind."""
    roles = ROLES_OF[Kind(unit.authority.kind)]
    if now not in ANYWHERE:
        roles = tuple(role for role in roles if role not in ANYWHERE)
    return [(role.value, str(role.label)) for role in roles if role != now]


def decide(
    actor: Actor, unit: Unit, held: Held, answer: str, reason: str = "", wanted: str = ""
) -> Decision:
    """Write the answer down; a wished role goes to the administrators' list, too.

    IntegrityError about oneself, and once the half-year is signed off. Ending what is to be
    removed is the caller's.
    """
    made = Decision.objects.create(
        **of_half(actor, unit), of=held.of, key=held.key, user=held.user, role=held.role,
        answer=answer, reason=reason, wanted=wanted,
    )  # fmt: skip
    if answer == Answer.CHANGE:
        RoleRequest.objects.create(
            membership=held.row, wanted=wanted, asked_by=f"{actor.name}, {actor.unit}"
        )
    return made


def end_membership(membership: Membership) -> None:
    """Today is its last day."""
    membership.until = timezone.localdate()
    membership.save(update_fields=["until"])


def of_half(actor: Actor, unit: Unit) -> dict[str, Any]:
    return {
        "unit": unit,
        "authority_id": unit.authority_id,
        "half": half_of(timezone.localdate()),
        "by_id": actor.user_id,
        "by": actor.name,
    }


def signed(unit: Unit) -> AccessSignOff | None:
    """This half-year's sign-off, if it is done."""
    return AccessSignOff.objects.filter(unit=unit, half=half_of(timezone.localdate())).first()


def to_decide(actor: Actor, unit: Unit, everything: list[Held]) -> list[Held]:
    """All that must be decided before the sign-off: the rows that aren't her own, and her own
    membership, if there is another supervisor, or else an auditor, to decide about it. An auditor
    counts as the unit's only supervisor does: about that one's other rows nobody decides."""
    sole = for_auditor(everything)
    if rules.auditor(actor) and sole:
        return [one for one in everything if one.user != sole.user or one.of == Of.MEMBERSHIP]
    others = [held for held in everything if not is_own(actor, held)]
    mine = [one for one in everything if is_own(actor, one) and one.of == Of.MEMBERSHIP]
    if mine and sole in mine and not has_auditor(unit):
        return others
    return others + mine


def left(actor: Actor, unit: Unit, everything: list[Held]) -> list[Held]:
    """What isn't decided yet."""
    return [held for held in to_decide(actor, unit, everything) if not held.decided]


def sign_off(actor: Actor, unit: Unit, note: str) -> AccessSignOff:
    """Done for this half-year. IntegrityError when it is done already."""
    return AccessSignOff.objects.create(**of_half(actor, unit), note=note)


def history(unit: Unit) -> list[AccessSignOff]:
    """Earlier sign-offs, the newest first."""
    return list(AccessSignOff.objects.filter(unit=unit).order_by("-half")[:HISTORY])


def changes_in(unit: Unit, half: date) -> list[Decision]:
    """What was changed or removed in that half-year."""
    said = Decision.objects.filter(unit=unit, half=half).exclude(answer=Answer.KEEP)
    return list(said.select_related("user").order_by("-id"))


# --- for administrators -------------------------------------------------------------------------


def requests() -> QuerySet[RoleRequest]:
    """Roles that supervisors ask for and nobody has seen to, the oldest first."""
    asked = RoleRequest.objects.filter(done_at=None).order_by("asked_at", "id")
    return asked.select_related("membership__user", "membership__unit")


def done(request: RoleRequest, actor: Actor) -> None:
    request.done_at, request.done_by = timezone.now(), f"{actor.name}, {actor.unit}"
    request.save(update_fields=["done_at", "done_by"])
