"""Investigations of a case: register a report, look at one, take its steps.

Police or social by the acting authority: each side's file holds its own kind only.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from access import guards, rules
from access.request import Request
from audit.models import Step as Line
from casework.events import events, what
from casework.forms.steps import form_of
from casework.models import Case
from casework.views import parts
from casework.views.case import found_case, open_case
from casework.views.investigation_panel import birth_of, kind_of
from casework.views.investigation_rows import Investigation, age_rows, duty_rows, rows_of
from casework.views.taking import Taking, declared, take
from casework.workflow.steps import NotNow, begin

EVENTS = 50


def found_part(request: Request, case: Case, investigation_id: UUID) -> Investigation:
    """The investigation of that case, or 404."""
    every = kind_of(parts.acting(request)).objects.all()
    part: Any = guards.found(every, request.actor, pk=investigation_id, case_id=case.pk)
    part.case = case
    found: Investigation = part
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@guards.for_actor(rules.case_staff)
def register(request: Request, case_id: UUID) -> HttpResponse:
    """Register a report in the case: of an offence with the police, of concern with the social
    services."""
    case, actor = found_case(request, case_id), parts.acting(request)
    model = kind_of(actor)
    step = birth_of(model)
    if request.method == "POST":  # lock, then judge: the case stays open until this is saved
        Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        case = found_case(request, case_id)
    unborn = model(unit_id=case.unit_id, case=case)
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
    form = form_of(step)(data, step=step, thing=unborn, actor=actor)
    if data is None or not form.is_valid():
        if data is None and form.shows_content:
            open_case(case, actor, part="step")
        status = 200 if data is None else 422
        return render(request, "casework/step.html", page | {"form": form}, status=status)
    part = begin(model, step.name, actor, part_of={"case": case}, **form.facts())
    told = {"named": case.reference, "what": what(model.MACHINE, step.name)}
    messages.success(request, _("%(named)s: %(what)s") % told)
    return redirect("investigation", case.pk, part.pk)


@require_safe
@guards.for_actor(rules.case_staff)
def investigation(request: Request, case_id: UUID, investigation_id: UUID) -> HttpResponse:
    """What it is about, what the ages mean, what is to be done and what can be done next."""
    case = found_case(request, case_id)
    part, actor = found_part(request, case, investigation_id), parts.acting(request)
    open_case(case, actor, part="investigation", part_id=str(part.pk))
    offers = parts.steps_to_offer(part, actor)
    context: dict[str, Any] = {
        "case": case,
        "part": part,
        "rows": rows_of(part),
        "age_rows": age_rows(part),
        "duties": duty_rows(part, offers, actor),
        "offers": offers,
        "events": events(Line.objects.filter(thing_id=part.pk).order_by("-seq")[:EVENTS]),
    }
    return render(request, "casework/investigation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guards.for_actor(rules.case_staff)
def investigation_step(
    request: Request, case_id: UUID, investigation_id: UUID, name: str
) -> HttpResponse:
    """Take a step of the investigation: the form, then the act."""
    case = found_case(request, case_id)
    part = found_part(request, case, investigation_id)
    return take(
        Taking(
            request=request,
            actor=parts.acting(request),
            thing=part,
            step=declared(type(part), name),
            back=reverse("investigation", args=[case.pk, part.pk]),
            named=case.reference,
            context={
                "bar": parts.bar(case),
                "part": part,
                "back_label": _("To the investigation"),
            },
        )
    )
