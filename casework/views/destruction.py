"""Destruction: the lists, one of them with its progress and certificate, propose one, its steps."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access import guards, rules
from access.actor import Actor
from access.request import Request
from access.session import acting_as
from access.visible import visible_to
from audit import pdf, trail
from audit.models import Reading, Step
from casework.destruction import certificate as papers
from casework.destruction import proposals
from casework.destruction.proposals import Figures
from casework.events import events
from casework.models import Case, Certificate, Destruction, DestructionItem
from casework.tasks import worker_is_alive
from casework.templatetags.ui import moment
from casework.views import parts
from casework.views.taking import Taking, declared, take
from casework.words import keeping as keeping_words
from casework.workflow.destruction import State
from casework.workflow.steps import NotNow

MAY = rules.supervisor | rules.auditor
LISTED = 100
QUARTER = 25  # per cent
UNDER_WAY = (State.APPROVED, State.RUNNING)
CHIPS = {
    State.PROPOSED: "info", State.REVIEWED: "info", State.APPROVED: "warn",
    State.RUNNING: "warn", State.DONE: "ok",
}  # fmt: skip
WHAT_NOW: dict[str, Promise] = {
    State.PROPOSED: gettext_lazy(
        "Look at each case. Strike those that must stay, then sign the first review. Another"
        " person must approve the list before anything is destroyed."
    ),
    State.REVIEWED: gettext_lazy(
        "The list waits for its second reviewer: another supervisor of the unit, or the data"
        " protection officer. Nothing is destroyed before that."
    ),
    State.DONE: gettext_lazy(
        "The destruction is over and can’t be undone. Cases that stayed can be proposed again."
    ),
    State.REJECTED: gettext_lazy(
        "The list is rejected: nothing was destroyed. Its cases can be proposed again."
    ),
}


@require_safe
@guards.for_actor(MAY)
def destructions(request: Request) -> HttpResponse:
    """What was proposed in the unit; for the data protection officer in the whole authority."""
    every = Destruction.objects.select_related("unit", "reviewed_by", "approved_by")
    every = every.annotate(cases=Count("items", filter=Q(items__struck="")))
    found = visible_to(every, request.actor).order_by("-proposed_at")[:LISTED]
    actor = parts.acting(request)
    context = {
        "rows": [(one, CHIPS.get(one.state, ""), waits_for(one)) for one in found],
        "many_units": actor.is_auditor,
        "figures": [figure for one in proposals.figures(actor) for figure in told(one, actor)],
        "late": [] if actor.is_auditor else proposals.overdue(actor),
        "kept_back": list(proposals.kept_back(actor)),
        "may_propose": rules.supervisor(actor),
    }
    return render(request, "casework/destructions.html", context)


def told(one: Figures, actor: Actor) -> list[dict[str, Any]]:
    """A unit's figures, each with what it means; never which cases somebody else may see."""
    unit = one.unit.name if actor.is_auditor else ""
    words: list[tuple[int, str, str]] = [
        (one.overdue, _("Should be destroyed already"), "#late" if not unit else ""),
        (one.kept_back, _("Approved, but left by the destruction"), "#kept-back"),
        (one.hidden, _("Restricted, and due: whoever is named for them makes their list"), ""),
    ]
    return [
        {"value": count, "label": label, "note": unit, "url": url, "alarm": label == words[0][1]}
        for count, label, url in words
        if count
    ]


def waits_for(one: Destruction) -> str:
    """What must happen before it goes on."""
    if one.state == State.PROPOSED:
        return _("Waits for its first reviewer")
    if one.state == State.REVIEWED:
        return _("Waits for its second reviewer")
    return ""


@require_POST
@guards.for_actor(rules.supervisor)
def propose(request: Request) -> HttpResponse:
    """Look for what may be destroyed today, and make a list of it."""
    try:
        made = proposals.propose(parts.acting(request))
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
    polled = bool(request.headers.get("HX-Request"))
    if polled and found.state in UNDER_WAY:
        return render(request, "casework/_destruction_progress.html", progress(request, found))
    if polled:  # over: the whole page, which is a reading of its own
        return HttpResponse(headers={"HX-Redirect": found.get_absolute_url()})
    actor, there = within(parts.acting(request), found)
    items = list(found.items.select_related("rule"))
    about_id, about = found.about()
    with there:
        trail.reading(Reading.Kind.OPENED, about_id=about_id, about=about)
        context = {
            "it": found,
            "kind": CHIPS.get(found.state, ""),
            "now": WHAT_NOW.get(found.state, ""),
            "rows": rows(found),
            "items": [(item, keeping_words.about(item.rule.code)) for item in items],
            "cases": cases_to_see(items, actor),
            "offers": parts.steps_to_offer(found, actor),
            "events": events(Step.objects.filter(thing_id=found.pk).order_by("-seq")),
            "certificate": certificate_of(found),
            "may_pdf": pdf.POSSIBLE,
        }
        if found.state in UNDER_WAY:
            context |= progress(request, found)
    return render(request, "casework/destruction.html", context)


def progress(request: Request, found: Destruction) -> dict[str, Any]:
    """How far it has come. Said aloud: that it has begun, and each quarter."""
    going = found.going()
    all_, done = going.count(), going.exclude(done_at=None, left_why="").count()
    running, share = found.state == State.RUNNING, 100 * done // max(all_, 1)
    polled, told = bool(request.headers.get("HX-Request")), request.GET.get("told", "")
    reached = f"{share // QUARTER}" if running else "-"
    if done:
        say = _("%(share)s per cent of the cases are done.") % {"share": share // QUARTER * QUARTER}
    else:
        say = _("The destruction has begun.")
    return {
        "it": found,
        "all": all_,
        "done": done,
        "words": _("%(done)s of %(all)s cases are done") % {"done": done, "all": all_},
        "url": f"{found.get_absolute_url()}?told={reached if polled else ''}",
        "running": running,
        "no_worker": not worker_is_alive(),
        "say": say if polled and running and told != reached else "",
    }


def cases_to_see(items: list[DestructionItem], actor: Actor) -> set[UUID]:
    """Those that still are there and that she sees: a list is judged by looking at its cases."""
    if not rules.case_staff(actor):
        return set()
    listed = Case.objects.filter(pk__in=[item.case_id for item in items])
    return set(visible_to(listed, actor).values_list("pk", flat=True))


def rows(found: Destruction) -> list[parts.Row]:
    return [
        (_("Unit"), found.unit.name),
        (_("Proposed"), moment(found.proposed_at, "DATETIME_FORMAT")),
        (_("First reviewer"), found.reviewed_by.name if found.reviewed_by else ""),
        (_("Second reviewer"), found.approved_by.name if found.approved_by else ""),
    ]


def certificate_of(found: Destruction) -> dict[str, Any] | None:
    paper = Certificate.objects.filter(destruction=found).select_related(
        "destruction", "unit", "authority"
    )
    return papers.as_data(paper[0]) if paper else None


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
                context=words_of(found, name),
            )
        )


def words_of(found: Destruction, name: str) -> dict[str, Any]:
    """What the step's pages say of a list instead of a case, and what is about to end."""
    said: dict[str, Any] = {
        "back_label": _("To the list"),
        "conflict_title": _("Somebody changed the list meanwhile"),
    }
    if name == "approve":
        said["warning"] = _(
            "This can’t be undone. The cases are taken away with all that belongs to them, and the"
            " log’s lines about them are emptied of what they told."
        )
    elif name == "reject":
        said["warning"] = _("The cases stay. They can be proposed again.")
    return said
