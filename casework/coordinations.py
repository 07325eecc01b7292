"""Coordinations as pages need them: with whom one can be proposed, what waits, how long it took."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from access import rules
from access.actor import Actor
from access.compiled import Compiled
from access.models import Unit
from access.visible import any_of, visible_to
from casework import clocks
from casework.models import Case, Coordination, Delivery, Disclosure
from casework.models.notice import tell
from casework.workflow import moment
from casework.workflow.coordination import Basis, State
from casework.workflow.delivery import RETURNED
from casework.workflow.delivery import State as DeliveryState
from casework.workflow.disclosure import Channel
from casework.workflow.disclosure import State as DisclosureState

ASK_BEFORE = timedelta(days=7)
MOST = 100


@dataclass(frozen=True, slots=True)
class Link:
    """A unit that knows of the young person, and the disclosure by which it does."""

    id: UUID
    unit: Unit

    @property
    def words(self) -> str:
        return f"{self.unit.name}, {self.unit.authority.name}"


def links(case: Case) -> list[Link]:
    """Units that this case has sent something to, or has taken something in from; by name."""
    known: dict[int, UUID] = {}
    sent = Disclosure.objects.filter(
        case=case, state=DisclosureState.SENT, channel=Channel.SERVICE
    ).order_by("decided_at")
    known.update(sent.values_list("to_unit_id", "pk"))
    taken = Delivery.objects.filter(
        case=case, state=DeliveryState.ACCEPTED, disclosure_id__isnull=False
    ).exclude(subject=RETURNED)
    # What they sent leads to their case for certain; what was sent to them may wait there still.
    for delivery in taken.order_by("arrived_at").only("from_unit_id", "disclosure_id"):
        if delivery.disclosure_id:
            known[delivery.from_unit_id] = delivery.disclosure_id
    units = Unit.objects.select_related("authority").in_bulk(known)
    found = [Link(known[key], unit) for key, unit in units.items() if key != case.unit_id]
    return sorted(found, key=lambda link: link.unit.name)


def sharing(coordination: Coordination, on: date) -> bool:
    """Whether anything crosses on that day."""
    return coordination.shares(on)


# --- how long a case waited -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a coordination, as both may know it."""

    unit: str
    reference: str
    contact: str
    prioritised_on: date | None
    begun_on: date | None
    own: bool

    @property
    def untouched(self) -> int | None:
        """Days from the priority to the day that somebody took it on, or to today."""
        return clocks.untouched(self.prioritised_on, self.begun_on, moment.today())


def sides(coordination: Coordination) -> tuple[Side, Side]:
    """Ours, theirs."""
    case = coordination.case
    ours = Side(
        coordination.unit.name, case.reference, case.handler.name if case.handler else "",
        case.prioritised_since, case.begun_on, own=True,
    )  # fmt: skip
    theirs = Side(
        coordination.other_unit.name, coordination.other_reference, coordination.other_contact,
        coordination.other_prioritised_on, coordination.other_begun_on, own=False,
    )  # fmt: skip
    return ours, theirs


# --- what waits -----------------------------------------------------------------------------------


def of_unit(actor: Actor) -> QuerySet[Coordination]:
    """Those whose case the actor sees, each with its case and the other unit."""
    seen = visible_to(Coordination.objects.all(), actor)
    return seen.select_related("case__handler", "other_unit", "unit")


def asked_of_us() -> Q:
    """Proposed by the other side: ours to answer."""
    return Q(state=State.PROPOSED, proposed_here=False)


def runs_out(by: date) -> Q:
    """Active, and the end or the consent's last day comes by then."""
    soon = Q(ends_on__lte=by) | Q(basis=Basis.CONSENT, consent_until__lte=by)
    return Q(state=State.ACTIVE) & soon


ALL_WAITING = Compiled[Coordination](
    lambda actor, soon: of_unit(actor).filter(asked_of_us() | runs_out(soon))[:MOST],
    actor=Actor,
    soon=date,
)
OWN_WAITING = Compiled[Coordination](
    lambda actor, soon, own: of_unit(actor).filter(
        asked_of_us() | runs_out(soon), any_of("case__handler_id", own)
    )[:MOST],
    actor=Actor,
    soon=date,
    own=list,
)


def waiting(actor: Actor, most: int) -> list[Coordination]:
    """What waits for us, for the start page: proposals first, then what runs out within a week.

    The handler sees her own; a supervisor all of the unit's.
    """
    soon = moment.today() + ASK_BEFORE
    if rules.supervisor(actor):
        found = ALL_WAITING(actor=actor, soon=soon)
    else:
        found = OWN_WAITING(actor=actor, soon=soon, own=sorted(actor.own_and_absent))
    return sorted(found[:most], key=lambda one: (one.state != State.PROPOSED, one.ends_on or soon))


def last_day(coordination: Coordination) -> date | None:
    """The last day on which anything can cross, as it is recorded now."""
    days = [coordination.ends_on]
    if coordination.basis == Basis.CONSENT:
        days.append(coordination.consent_until)
    return min((day for day in days if day is not None), default=None)


def ask_on_the_last_day(actor: Actor) -> None:
    """Tell her which of her coordinations end today: renew or end. The other side hears the same
    on its own morning; a supervisor hears of all her unit's."""
    today = moment.today()
    last = Q(ends_on=today) | Q(basis=Basis.CONSENT, consent_until=today)
    found = of_unit(actor).filter(last, state=State.ACTIVE)
    if not rules.supervisor(actor):
        found = found.filter(case__handler_id__in=actor.own_and_absent)
    for coordination in found:
        on = today.isoformat()
        tell(actor.unit_id, actor.user_id, "coordination_runs_out", coordination.case_id, on=on)
