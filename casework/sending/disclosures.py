"""The drafts that wait for somebody's decision."""

from django.db.models import QuerySet

from access import secrecy
from access.actor import Actor
from access.compiled import Compiled
from access.models import Decider
from access.visible import visible_to
from casework.models.disclosure import Disclosure
from casework.workflow import moment
from casework.workflow.disclosure import State

MOST = 100


def drafts(actor: Actor) -> QuerySet[Disclosure]:
    found = visible_to(Disclosure.objects.filter(state=State.DRAFT), actor)
    whole = found.select_related("unit__authority", "to_unit__authority", "ground", "case")
    return whole.order_by("drafted_at", "id")[:MOST]


DRAFTS = Compiled[Disclosure](drafts, actor=Actor)


def to_decide(actor: Actor) -> list[Disclosure]:
    """The unit's drafts that she may decide on, oldest first; two queries however many."""
    found = DRAFTS(actor=actor)
    own = secrecy.delegations(actor.authority_id, moment.today()) if found else {}
    return [one for one in found if decides(actor, one, own)]


def decides(actor: Actor, draft: Disclosure, own: dict[str, Decider]) -> bool:
    """By the draft's own version of the ground and the authority's delegation."""
    way = secrecy.of_way(
        draft.ground, draft.unit.authority.kind, draft.to_unit.authority.kind, draft.subject,
        draft.initiative, own.get(draft.ground.code),
    )  # fmt: skip
    if way is None or actor.role not in way.decides:
        return False
    return way.drafter_may_decide or draft.drafted_by_id != actor.user_id
