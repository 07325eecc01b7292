"""Interventions of a case: propose one, look at one, take its steps."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from access import guards, rules
from access.request import Request
from audit.models import Step
from casework.events import events, what
from casework.forms.intervention import InterventionForm
from casework.models import Case, Intervention
from casework.templatetags.ui import day
from casework.views import parts
from casework.views.case import found_case, open_case
from casework.views.taking import Taking, declared, take
from casework.workflow.steps import NotNow, begin, steps_of

EVENTS = 50
NOTES = 50


def found_part(request: Request, case: Case, part_id: UUID) -> Intervention:
    """The intervention of that case, or 404."""
    every = Intervention.objects.select_related("handler")
    part = guards.found(every, request.actor, pk=part_id, case_id=case.pk)
    part.case = case
    return part


@require_http_methods(["GET", "HEAD", "POST"])
@guards.for_actor(rules.case_staff)
def propose(request: Request, case_id: UUID) -> HttpResponse:
    """Propose an intervention in the case."""
    case = found_case(request, case_id)
    actor, step = parts.acting(request), steps_of(Intervention)["propose"]
    if request.method == "POST":  # lock, then judge: it stays in progress until this is saved
        Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        case = found_case(request, case_id)
    unborn = Intervention(unit_id=case.unit_id, case=case)
    back = reverse("case", args=[case.pk])
    page = {"step": step, "back": back, "named": case.reference, "bar": parts.bar(case)}
    if closed := step.hindrance(unborn, actor):
        if not isinstance(closed, NotNow):
            guards.refuse(str(closed.words), case)
        return render(request, "casework/step.html", page | {"why_not": closed.words}, status=409)
    data = request.POST if request.method == "POST" else None
    form = InterventionForm(data, step=step, thing=unborn, actor=actor)
    if data is None or not form.is_valid():
        status = 200 if data is None else 422
        return render(request, "casework/step.html", page | {"form": form}, status=status)
    part = begin(Intervention, "propose", actor, part_of={"case": case}, **form.facts())
    messages.success(
        request,
        _("%(named)s: %(what)s")
        % {"named": case.reference, "what": what("intervention", "propose")},
    )
    return redirect("intervention", case.pk, part.pk)


@require_safe
@guards.for_actor(rules.case_staff)
def intervention(request: Request, case_id: UUID, part_id: UUID) -> HttpResponse:
    """The plan, how it goes, notes and what can be done next."""
    case = found_case(request, case_id)
    part = found_part(request, case, part_id)
    actor = parts.acting(request)
    open_case(case, actor, part="intervention", part_id=str(part.pk))
    lines = Step.objects.filter(thing_id=part.pk).order_by("-seq")[:EVENTS]
    context = {
        "case": case,
        "part": part,
        "rows": plan_rows(part),
        "consent_rows": consent_rows(part),
        "offers": parts.steps_to_offer(part, actor),
        "notes": part.notes.select_related("written_by")[:NOTES],
        "events": events(lines),
    }
    return render(request, "casework/intervention.html", context)


def plan_rows(part: Intervention) -> list[parts.Row]:
    return [
        (_("Goal"), part.goal),
        (_("Responsible"), part.handler.name),
        (_("Planned from"), day(part.planned_from, "DATE_FORMAT")),
        (_("Planned until"), day(part.planned_until, "DATE_FORMAT")),
        (_("Began on"), day(part.started_on, "DATE_FORMAT")),
        (_("Ended on"), day(part.ended_on, "DATE_FORMAT")),
        (_("Result"), part.get_result_display() if part.result else ""),
    ]


def consent_rows(part: Intervention) -> list[parts.Row]:
    if not part.consent_by:
        return []
    return [
        (_("Consent by"), part.get_consent_by_display()),
        (_("Consent given on"), day(part.consent_on, "DATE_FORMAT")),
        (_("Note"), part.consent_note),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@guards.for_actor(rules.case_staff)
def intervention_step(request: Request, case_id: UUID, part_id: UUID, name: str) -> HttpResponse:
    """Take a step of the intervention: the form, then the act."""
    case = found_case(request, case_id)
    part = found_part(request, case, part_id)
    return take(
        Taking(
            request=request,
            actor=parts.acting(request),
            thing=part,
            step=declared(Intervention, name),
            back=reverse("intervention", args=[case.pk, part.pk]),
            named=case.reference,
            context={"bar": parts.bar(case), "part": part},
        )
    )
