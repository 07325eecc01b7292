"""A case: its page, its personal number, its log."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from access import guards, rules
from access.actor import Actor
from access.compiled import Compiled
from access.models import Grant, Substitution, User
from access.request import Request
from access.visible import visible_to
from audit import trail
from audit.checking import check_case
from audit.models import Reading, Step
from audit.review import OUTSIDE
from audit.views import log_of_case
from casework.events import events
from casework.models import Case, Coordination, Intervention, Observation, Priority
from casework.views import (
    clocks,
    coordination_panel,
    disclosure_panel,
    investigation_panel,
    keeping_panel,
    parts,
)
from casework.workflow.case import State
from casework.workflow.steps import steps_of

EVENTS = 30
OBSERVATIONS = 20
EARLIER = 10
COORDINATIONS = Compiled[Coordination](
    lambda case_id: Coordination.objects.filter(case_id=case_id).select_related("other_unit"),
    case_id=UUID,
)
OBSERVED = Compiled[Observation](
    lambda case_id: (
        Observation.objects.filter(case_id=case_id).select_related("place", "recorded_by")
    )[: OBSERVATIONS + 1],
    case_id=UUID,
)
INTERVENTIONS = Compiled[Intervention](
    lambda case_id: (
        Intervention.objects.filter(case_id=case_id)
        .select_related("handler")
        .order_by("-planned_from", "title", "id")
    ),
    case_id=UUID,
)
PRIORITY = Compiled[Priority](
    lambda case_id: Priority.objects.filter(case_id=case_id).select_related("set_by")[:1],
    case_id=UUID,
)
STEPS = Compiled[Step](
    lambda case_id: Step.objects.filter(about_id=case_id).order_by("-at", "-id")[: EVENTS + 1],
    case_id=UUID,
)
MAY_SEE_READERS = rules.handler | rules.supervisor


def open_case(
    case: Case, actor: Actor, kind: Reading.Kind = Reading.Kind.OPENED, **detail: Any
) -> None:
    """Write down that the case was opened, or a number in it revealed, and whether it is outside
    the actor's own."""
    outside = case.handler_id is not None and case.handler_id not in actor.own_and_absent
    about_id, about = case.about()
    trail.reading(
        kind,
        about_id=about_id,
        about=about,
        purpose=OUTSIDE if outside else "",
        detail=detail,
    )


def found_case(request: Request, case_id: UUID) -> Case:
    """The case with its person, place and handler, or 404 for whoever may not see it."""
    found = WHOLE(actor=parts.acting(request), case_id=case_id)
    return found[0] if found else guards.unseen(Case, pk=case_id)


def whole(actor: Actor, case_id: UUID) -> QuerySet[Case]:
    cases = Case.objects.select_related("person", "place", "handler").filter(pk=case_id)
    return visible_to(with_exceptions(cases, actor), actor)


def with_exceptions(cases: QuerySet[Case], actor: Actor) -> QuerySet[Case]:
    """Who stands in for the handler, and until when the actor is in on an emergency opening."""
    standing = Substitution.objects.open().filter(
        absent_id=OuterRef("handler_id"), unit_id=OuterRef("unit_id")
    )
    glass = Grant.objects.open().filter(
        user_id=actor.user_id,
        kind=Grant.Kind.BREAK_GLASS,
        thing_id=OuterRef("person__restricted_case"),
    )
    return cases.annotate(
        stand_in=Subquery(standing.order_by("-until").values("substitute__name")[:1]),
        stand_in_until=Subquery(standing.order_by("-until").values("until")[:1]),
        glass_until=Subquery(glass.order_by("-until").values("until")[:1]),
    )


WHOLE = Compiled[Case](whole, actor=Actor, case_id=UUID)


@require_safe
@guards.for_actor(rules.case_staff)
def case(request: Request, case_id: UUID) -> HttpResponse:
    """The case's page."""
    found, actor = found_case(request, case_id), parts.acting(request)
    open_case(found, actor)
    return render(request, "casework/case.html", page_of(found, actor))


def page_of(case: Case, actor: Actor) -> dict[str, Any]:
    seen = parts.within(case, OBSERVED(case_id=case.pk))
    interventions = parts.within(case, INTERVENTIONS(case_id=case.pk))
    investigations = investigation_panel.investigations_of(case, actor)
    # Once for the panel and for every step that is closed while the case is coordinated.
    case.keep_parts(
        interventions, investigations, parts.within(case, COORDINATIONS(case_id=case.pk))
    )
    return {
        "case": case,
        "bar": parts.bar(case),
        "stepper": parts.stepper(case),
        "offers": [
            offer for offer in parts.steps_to_offer(case, actor) if offer.name not in clocks.STEPS
        ],
        "person_rows": parts.person_rows(
            case, seen[:OBSERVATIONS], whole=len(seen) <= OBSERVATIONS
        ),
        "case_rows": parts.case_rows(case),
        "deadlines": clocks.panel(case, actor),
        "priority": priority_of(case),
        "observations": seen[:OBSERVATIONS],
        "more_observations": len(seen) > OBSERVATIONS,
        "interventions": interventions,
        "may_propose": may_propose(case, actor),
        "coordination": coordination_panel.panel(case, actor),
        "may_hand_out": rules.supervisor(actor),
        "may_see_readers": MAY_SEE_READERS(actor, case),
        "earlier": earlier(case, actor),
        **disclosure_panel.panel_of(case, actor),
        **keeping_panel.panel_of(case, actor),
        **investigation_panel.panel_of(case, actor, investigations),
        **happened(case, [*interventions, *investigations]),
    }


def priority_of(case: Case) -> dict[str, Any] | None:
    """The priority in force, and where it stands; None when the case isn't prioritised."""
    if not case.level:
        return None
    newest = next(iter(parts.within(case, PRIORITY(case_id=case.pk))), None)
    if newest is None:
        return None
    over = case.is_open and newest.valid_until < timezone.localdate()
    return {
        "newest": newest,
        "met": newest.met(),
        "confirmed_at": case.confirmed_at,
        "over": over,
        "expired": over and case.state == State.PRIORITISED,
        "asks_confirm": parts.asks_confirm(case),
    }


def may_propose(case: Case, actor: Actor) -> bool:
    unborn = Intervention(unit_id=case.unit_id, case=case)
    return steps_of(Intervention)["propose"].hindrance(unborn, actor) is None


def earlier(case: Case, actor: Actor) -> list[Case]:
    """The unit's other cases about the same young person."""
    return OTHERS(actor=actor, person_id=case.person_id, case_id=case.pk)


def others(actor: Actor, person_id: UUID, case_id: UUID) -> QuerySet[Case]:
    found = visible_to(Case.objects.filter(person_id=person_id), actor)
    return found.exclude(pk=case_id).order_by("-opened_at")[:EARLIER]


OTHERS = Compiled[Case](others, actor=Actor, person_id=UUID, case_id=UUID)


def happened(case: Case, named: Sequence[Any]) -> dict[str, Any]:
    """The newest steps of the case and its parts, newest first."""
    lines = STEPS(case_id=case.pk)
    titles = {part.pk: part.title for part in named}
    return {"events": events(lines[:EVENTS], titles), "more_events": len(lines) > EVENTS}


@require_POST
@guards.for_actor(rules.case_staff)
def reveal(request: Request, case_id: UUID) -> HttpResponse:
    """Show the personal number, once. The act is written down, the number is not."""
    found = found_case(request, case_id)
    trail.reading(Reading.Kind.REVEALED, about_id=found.pk, about=found.reference)
    number = found.person.number()
    shown = f"{number[:8]}-{number[8:]}" if number else ""
    return render(request, "casework/number.html", {"case": found, "number": shown})


@require_POST
@guards.for_actor(rules.case_staff)
def print_case(request: Request, case_id: UUID) -> HttpResponse:
    """The case ready for paper, with who takes it out and when. The act is written down."""
    found, actor = found_case(request, case_id), parts.acting(request)
    trail.reading(
        Reading.Kind.PRINTED, about_id=found.pk, about=found.reference, detail={"what": "case"}
    )
    context = page_of(found, actor) | {"printed_at": timezone.now()}
    return render(request, "casework/case.html", context)


@require_safe
@guards.for_actor(rules.case_staff)
def log(request: Request, case_id: UUID) -> HttpResponse:
    """Everything that the trail holds about the case, newest first, and whether it is whole."""
    found, actor = found_case(request, case_id), parts.acting(request)
    open_case(found, actor, part="log")
    heads = dict(found.interventions.values_list("pk", "version")) | {found.pk: found.version}
    heads |= dict(found.disclosures.values_list("pk", "version"))
    heads |= dict(found.coordinations.values_list("pk", "version"))
    heads |= {part.pk: part.version for part in investigation_panel.investigations_of(found, actor)}
    people = User.objects.filter(memberships__unit_id=found.unit_id).distinct().order_by("name")
    context = log_of_case(request, found.pk, people=people.values_list("pk", "name"))
    context |= {
        "title": found.reference,
        "back_url": reverse("case", args=[found.pk]),
        "readers_url": reverse("readers", args=[found.pk]) if MAY_SEE_READERS(actor, found) else "",
        "check": check_case(found.pk, heads),
    }
    return render(request, "audit/log.html", context, status=context["status"])
