"""Coordinations: those of the unit, one with its two sides, propose one, take its steps."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from access import guards, rules
from access.actor import Actor
from access.questions import QUESTIONS
from access.request import Request
from access.visible import visible_to
from audit.models import Step
from casework import coordinations as joint
from casework.coordinations import Link, Side
from casework.events import events, what
from casework.forms.coordination import ProposeForm
from casework.models import Case, Coordination, PlanItem
from casework.templatetags.ui import day, moment
from casework.views import parts
from casework.views.case import found_case, open_case
from casework.views.coordination_panel import row, waits
from casework.views.taking import Taking, declared, take
from casework.workflow import moment as clock
from casework.workflow.coordination import OPEN, Basis, State
from casework.workflow.intervention import State as InterventionState
from casework.workflow.steps import NotNow, begin, steps_of

EVENTS = 50
LISTED = 200
ENDED = 30


# --- those of the unit ----------------------------------------------------------------------------


@require_safe
@guards.for_actor(rules.case_staff)
def coordinations(request: Request) -> HttpResponse:
    """What waits for us first, then what is open, then what is over."""
    actor = parts.acting(request)
    every = joint.of_unit(actor)
    going = list(every.filter(state__in=OPEN).order_by("ends_on", "case__reference")[:LISTED])
    over = every.exclude(state__in=OPEN).order_by("-case__opened_at", "id")[:ENDED]
    asked = [one for one in going if waits(one)]
    context = {
        "groups": [
            {"id": "waiting", "heading": _("Waits for us"), "rows": [row(one) for one in asked],
             "empty": _("Nothing waits for your unit.")},
            {"id": "open", "heading": _("Open"),
             "rows": [row(one) for one in going if one not in asked],
             "empty": _("No other coordination is open.")},
            {"id": "over", "heading": _("Over"), "rows": [row(one) for one in over], "empty": ""},
        ],
    }  # fmt: skip
    return render(request, "casework/coordinations.html", context)


# --- one of them ----------------------------------------------------------------------------------


def found_coordination(request: Request, coordination_id: UUID) -> Coordination:
    """The unit's own row, with its case; 404 for everybody else."""
    every = Coordination.objects.select_related(
        "case__person", "case__place", "case__handler", "unit__authority",
        "other_unit__authority", "ground",
    )  # fmt: skip
    return guards.found(every, request.actor, pk=coordination_id)


@require_safe
@guards.for_actor(rules.case_staff)
def coordination(request: Request, coordination_id: UUID) -> HttpResponse:
    """The two sides, what it rests on, the joint plan, the next meeting, what can be done."""
    found, actor = found_coordination(request, coordination_id), parts.acting(request)
    open_case(found.case, actor, part="coordination", part_id=str(found.pk))
    shares = joint.sharing(found, clock.today())
    lines = Step.objects.filter(thing_id=found.pk).order_by("-seq")[:EVENTS]
    context = {
        "it": found,
        "case": found.case,
        "shares": shares,
        "why_not": "" if shares else why_nothing_crosses(found),
        "sides": [(side, side_rows(side, found)) for side in joint.sides(found)],
        "basis_rows": basis_rows(found),
        "meeting_rows": meeting_rows(found),
        "plan": plan(found, actor),
        "offers": parts.steps_to_offer(found, actor),
        "events": events(lines),
    }
    return render(request, "casework/coordination.html", context)


def why_nothing_crosses(coordination: Coordination) -> str:
    """Why the joint plan is closed, in words; the active one's date has passed."""
    return {
        State.PROPOSED: _("Nothing is shared: the proposal has not been answered."),
        State.ACCEPTED: _("Nothing is shared yet: the coordination has not begun."),
        State.ACTIVE: _("Nothing is shared any more: the time has run out. Renew it or end it."),
        State.ENDED: _("Nothing is shared any more: the coordination has ended."),
        State.DECLINED: _("Nothing is shared: the proposal was declined."),
    }[State(coordination.state)]


def side_rows(side: Side, coordination: Coordination) -> list[parts.Row]:
    if not side.own and not side.reference:
        return [(_("Case"), _("They have not answered: nothing is known of their side."))]
    return [
        (_("Case"), side.reference),
        (_("Contact"), side.contact or _("Nobody yet")),
        (_("Prioritised"), prioritised_words(side)),
        (_("Begun"), day(side.begun_on, "DATE_FORMAT") if side.begun_on else _("Not yet")),
        (_("Untouched"), untouched_words(side)),
    ]


def prioritised_words(side: Side) -> str:
    if side.prioritised_on is None:
        return _("No")
    return _("Yes, since %(day)s") % {"day": date_format(side.prioritised_on, "DATE_FORMAT")}


def untouched_words(side: Side) -> str:
    """How long it was, or has been, prioritised without anybody's taking it on."""
    if side.untouched is None:
        return ""
    if side.begun_on and not side.untouched:
        return _("No, begun the same day")
    days = ngettext("%(days)d day", "%(days)d days", side.untouched) % {"days": side.untouched}
    if side.begun_on:
        return _("%(days)s from the priority until it was begun") % {"days": days}
    return _("%(days)s and still waiting") % {"days": days}


def basis_rows(coordination: Coordination) -> list[parts.Row]:
    rows: list[parts.Row] = [(_("What it rests on"), coordination.get_basis_display())]
    if coordination.basis == Basis.CONSENT:
        rows += [
            (_("Consent by"), coordination.get_consent_by_display()),
            (_("Given on"), day(coordination.consent_from, "DATE_FORMAT")),
            (_("Holds until"), day(coordination.consent_until, "DATE_FORMAT")),
            (_("To what"), coordination.consent_scope),
            (_("Between whom"), coordination.consent_parties),
            (_("Withdrawn on"), day(coordination.consent_withdrawn_on, "DATE_FORMAT")),
        ]
    if coordination.basis == Basis.GROUND:
        rows += ground_rows(coordination)
    if coordination.ends_on:
        rows.append((_("Ends on"), day(coordination.ends_on, "DATE_FORMAT")))
    return rows if coordination.basis else []


def ground_rows(coordination: Coordination) -> list[parts.Row]:
    """Each side's own ground; the answers to its questions are this side's only."""
    ground, day_of = coordination.ground, "DATE_FORMAT"
    none = _("Not recorded yet")
    rows: list[parts.Row] = [
        (_("Our ground"), ground.name if ground else none, ground.source if ground else ""),
        (_("Our ground holds until"), day(coordination.ground_until, day_of)),
        (_("Their ground"), coordination.other_ground or none),
        (_("Their ground holds until"), day(coordination.other_ground_until, day_of)),
    ]
    return rows + [
        (question.label, question.in_words(coordination.ground_answers[code]))
        for code, question in QUESTIONS.items()
        if code in coordination.ground_answers
    ]


def meeting_rows(coordination: Coordination) -> list[parts.Row]:
    if coordination.next_meeting is None:
        return []
    return [
        (_("When"), moment(coordination.next_meeting, "DATETIME_FORMAT")),
        (_("Where"), coordination.meeting_place),
    ]


def plan(coordination: Coordination, actor: Actor) -> list[dict[str, Any]]:
    """The interventions that each owner chose to show: title, dates, status."""
    own = coordination.case.interventions.filter(shown=True, shown_in=coordination.shared_id)
    labels = dict(InterventionState.choices)
    rows = [
        {"title": one.title, "from": one.planned_from, "until": one.planned_until,
         "status": one.state_label, "owner": coordination.unit.name,
         "url": one.get_absolute_url()}
        for one in own
    ]  # fmt: skip
    theirs = PlanItem.objects.filter(coordination=coordination).exclude(title="")
    rows += [
        {"title": one.title, "from": one.planned_from, "until": one.planned_until,
         "status": labels.get(one.status, ""), "owner": one.owner, "url": ""}
        for one in visible_to(theirs, actor)
    ]  # fmt: skip
    return sorted(rows, key=lambda one: (one["from"] is None, one["from"], one["title"]))


@require_http_methods(["GET", "HEAD", "POST"])
@guards.for_actor(rules.case_staff)
def coordination_step(request: Request, coordination_id: UUID, name: str) -> HttpResponse:
    """Take a step of the coordination: the form, then the act."""
    found = found_coordination(request, coordination_id)
    return take(
        Taking(
            request=request,
            actor=parts.acting(request),
            thing=found,
            step=declared(Coordination, name),
            back=reverse("coordination", args=[found.pk]),
            named=found.case.reference,
            context={"bar": parts.bar(found.case), "back_label": _("To the coordination")},
        )
    )


# --- propose one ----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@guards.for_actor(rules.case_staff)
def propose(request: Request, case_id: UUID) -> HttpResponse:
    """Propose a coordination to a unit that knows of the young person already."""
    case, actor = found_case(request, case_id), parts.acting(request)
    step = steps_of(Coordination)["propose"]
    unborn = Coordination(unit_id=case.unit_id, case=case)
    page = {
        "step": step,
        "back": reverse("case", args=[case.pk]),
        "named": case.reference,
        "bar": parts.bar(case),
    }
    if closed := step.hindrance(unborn, actor):
        if not isinstance(closed, NotNow):
            guards.refuse(str(closed.words), case)
        return render(request, "casework/step.html", page | {"why_not": closed.words}, status=409)
    data = request.POST if request.method == "POST" else None
    form = ProposeForm(data, step=step, thing=unborn, actor=actor)
    if not form.links:
        words = _(
            "Nothing has been sent between you and another unit about this young person. "
            "Disclose first what the law lets you disclose: then they know whom it is about."
        )
        return render(request, "casework/step.html", page | {"why_not": words}, status=409)
    if data is None or not form.is_valid():
        status = 200 if data is None else 422
        return render(request, "casework/step.html", page | {"form": form}, status=status)
    try:
        with transaction.atomic():  # what the other side answers may take all of it back
            made = propose_to(form.link, case, actor, form.cleaned_data["purpose"])
    except NotNow as fault:
        context = page | {"form": form, "why_not": fault.words}
        return render(request, "casework/step.html", context, status=422)
    said = {"named": case.reference, "what": what("coordination", "propose")}
    messages.success(request, _("%(named)s: %(what)s") % said)
    return redirect("coordination", made.pk)


def propose_to(link: Link, case: Case, actor: Actor, purpose: str) -> Coordination:
    return begin(
        Coordination,
        "propose",
        actor,
        part_of={"case": case, "unit": case.unit, "other_unit": link.unit, "link_id": link.id},
        purpose=purpose,
    )
