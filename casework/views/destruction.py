"""Destruction: the lists, one of them with its progress and certificate, propose one, its steps."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access import guards, rules
from access.actor import Actor
from access.request import Request
from access.session import acting_as
from access.visible import visible_to
from audit import trail
from audit.models import Reading, Step
from casework.events import events
from casework.models import Certificate, Destruction
from casework.templatetags.ui import moment
from casework.views import parts
from casework.views.taking import Taking, declared, take
from casework.words import keeping as keeping_words
from casework.workflow.destruction import State
from casework.workflow.steps import NotNow, begin

MAY = rules.supervisor | rules.auditor
LISTED = 100


@require_safe
@guards.for_actor(MAY)
def destructions(request: Request) -> HttpResponse:
    """What was proposed in the unit; for the data protection officer in the whole authority."""
    every = Destruction.objects.select_related("unit", "reviewed_by", "approved_by")
    found = visible_to(every, request.actor).order_by("-proposed_at")[:LISTED]
    context = {"rows": found, "may_propose": rules.supervisor(parts.acting(request))}
    return render(request, "casework/destructions.html", context)


@require_POST
@guards.for_actor(rules.supervisor)
def propose(request: Request) -> HttpResponse:
    """Look for what may be destroyed today, and make a list of it."""
    try:
        made = begin(Destruction, "propose", parts.acting(request))
    except NotNow as closed:
        messages.info(request, str(closed.words))
        return redirect("destructions")
    return redirect("destruction", made.pk)


def found_destruction(request: Request, destruction_id: UUID) -> Destruction:
    every = Destruction.objects.select_related("unit__authority", "reviewed_by", "approved_by")
    return guards.found(every, request.actor, pk=destruction_id)


def within(actor: Actor, found: Destruction) -> tuple[Actor, AbstractContextManager[Any]]:
    """A data protection officer reviews in the unit that the list is of, as herself."""
    if not actor.is_auditor or actor.unit_id == found.unit_id:
        return actor, nullcontext()
    there = replace(actor, unit_id=found.unit_id, unit=found.unit.name)
    return there, acting_as(there, trail.current().request_id)


@require_safe
@guards.for_actor(MAY)
def destruction(request: Request, destruction_id: UUID) -> HttpResponse:
    """The list's cases, how far it has come, who signed, what can be done; the certificate."""
    found = found_destruction(request, destruction_id)
    actor, there = within(parts.acting(request), found)
    items = list(found.items.select_related("rule"))
    going = [item for item in items if not item.struck]
    about_id, about = found.about()
    with there:
        trail.reading(Reading.Kind.OPENED, about_id=about_id, about=about)
        context = {
            "it": found,
            "rows": rows(found),
            "items": [(item, keeping_words.about(item.rule.code)) for item in items],
            "all": len(going),
            "done": sum(1 for item in going if item.done_at or item.left_why),
            "running": found.state == State.RUNNING,
            "offers": parts.steps_to_offer(found, actor),
            "events": events(Step.objects.filter(thing_id=found.pk).order_by("-seq")),
            "certificate": certificate_of(found),
        }
    return render(request, "casework/destruction.html", context)


def rows(found: Destruction) -> list[parts.Row]:
    return [
        (_("Unit"), found.unit.name),
        (_("Proposed"), moment(found.proposed_at, "DATETIME_FORMAT")),
        (_("First reviewer"), found.reviewed_by.name if found.reviewed_by else ""),
        (_("Second reviewer"), found.approved_by.name if found.approved_by else ""),
    ]


def certificate_of(found: Destruction) -> dict[str, Any] | None:
    paper = Certificate.objects.filter(destruction=found).first()
    if paper is None:
        return None
    counts = [
        (name.removeprefix("casework_").removeprefix("audit_"), count)
        for name, count in paper.rows.items()
    ]
    return {
        "rows": [
            (_("Unit"), found.unit.name),
            (_("Cases destroyed"), paper.cases),
            (_("Cases left"), str(paper.left)),
            (_("By the rules"), "; ".join(paper.rules)),
            (_("First reviewer"), paper.first_reviewer),
            (_("Second reviewer"), paper.second_reviewer),
            (_("Started"), moment(paper.started_at, "DATETIME_FORMAT")),
            (_("Ended"), moment(paper.finished_at, "DATETIME_FORMAT")),
        ],
        "counts": counts,
        "digest": paper.digest,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@guards.for_actor(MAY)
def destruction_step(request: Request, destruction_id: UUID, name: str) -> HttpResponse:
    """Take a step of it: the form, then the act."""
    found = found_destruction(request, destruction_id)
    actor, there = within(parts.acting(request), found)
    with there:
        return take(
            Taking(
                request=request,
                actor=actor,
                thing=found,
                step=declared(Destruction, name),
                back=reverse("destruction", args=[found.pk]),
                named=found.reference,
                context={"back_label": _("To the list")},
            )
        )
