"""The inbox: what other authorities have sent, and what becomes of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access import guards, rules
from access.actor import Actor
from access.grounds import Code
from access.request import Request
from audit import trail
from audit.models import Reading, Step
from casework import flags
from casework.events import events
from casework.forms.delivery import OpenCaseForm
from casework.identity import masked
from casework.models import Case, Delivery
from casework.sending import inbox
from casework.templatetags.ui import moment
from casework.views import parts
from casework.views.taking import Taking, declared, take, version_of
from casework.workflow.steps import Closed, NotNow, Refused, Stale, perform

KINDS = {True: Reading.Kind.REVEALED, False: Reading.Kind.OPENED}
WAITING = 100
PAGE = 25
EVENTS = 20


@require_safe
@guards.for_actor(rules.case_staff)
def inbox_page(request: Request) -> HttpResponse:
    """What waits, longest first; then what has been handled. Nothing tells who it is about."""
    actor = parts.acting(request)
    waits = list(inbox.waiting(actor)[: WAITING + 1])
    pages = Paginator(inbox.handled(actor), PAGE)
    context = {
        "waiting": waits[:WAITING],
        "more": len(waits) > WAITING,
        "page": pages.get_page(request.GET.get("page")),
    }
    return render(request, "casework/inbox.html", context)


def found_delivery(request: Request, delivery_id: UUID) -> Delivery:
    every = Delivery.objects.select_related("unit__authority", "case", "handled_by")
    return guards.found(every, request.actor, pk=delivery_id)


def open_delivery(found: Delivery, kind: Reading.Kind = Reading.Kind.OPENED, **detail: Any) -> None:
    """Write down that what arrived was opened, or a number in it revealed; once taken in, it is the
    case that is read."""
    about_id, about = found.case.about() if found.case else found.about()
    trail.reading(
        kind,
        about_id=about_id,
        about=about,
        detail={"part": "delivery", "part_id": str(found.pk), **detail},
    )


@require_safe
@guards.for_actor(rules.case_staff)
def delivery(request: Request, delivery_id: UUID) -> HttpResponse:
    """What arrived, and what can be done with it. Personal numbers are masked."""
    found, actor = found_delivery(request, delivery_id), parts.acting(request)
    open_delivery(found)
    return render(request, "casework/delivery.html", page_of(found, actor, masked(found.text)))


@require_POST
@guards.for_actor(rules.case_staff)
def reveal_delivery(request: Request, delivery_id: UUID) -> HttpResponse:
    """The same word for word; the act is written down, the number is not."""
    found, actor = found_delivery(request, delivery_id), parts.acting(request)
    open_delivery(found, Reading.Kind.REVEALED)
    return render(request, "casework/delivery.html", page_of(found, actor, found.text))


def page_of(found: Delivery, actor: Actor, shown: str) -> dict[str, Any]:
    lines = Step.objects.filter(thing_id=found.pk).order_by("-seq")[:EVENTS]
    case, asks = found.case, found.subject == "request"
    return {
        "delivery": found,
        "text": shown,
        "reveal_url": reverse("reveal_delivery", args=[found.pk]) if shown != found.text else "",
        "whole": found.is_whole(),
        "rows": sender_rows(found),
        "handled_rows": handled_rows(found),
        "answered": inbox.own_disclosure(found, actor),
        "answer_url": f"{reverse('new_disclosure', args=[case.pk])}?reply_to={found.pk}"
        if case and asks
        else "",
        "asks": asks,
        "offers": parts.steps_to_offer(found, actor),
        "events": events(lines),
    }


def sender_rows(found: Delivery) -> list[parts.Row]:
    ground = dict(Code.choices).get(found.ground_code, found.ground_code)
    since = found.ground_from and _("version valid from %(day)s") % {
        "day": found.ground_from.isoformat()
    }
    return [
        (_("From"), f"{found.from_unit}, {found.from_authority}"),
        (_("Decided by"), found.decided_by),
        (_("Sent"), moment(found.sent_at, "DATETIME_FORMAT")),
        (_("Receiver"), found.receiver),
        (_("Legal ground"), ground),
        (_("Source"), found.ground_source, since or ""),
    ]


def handled_rows(found: Delivery) -> list[parts.Row]:
    by = found.handled_by.name if found.handled_by else ""
    return [
        (_("Status"), found.state_label),
        (_("Handled by"), by, moment(found.handled_at, "DATETIME_FORMAT")),
        (_("Why it was sent back"), found.returned_why),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@guards.for_actor(rules.case_staff)
def delivery_step(request: Request, delivery_id: UUID, name: str) -> HttpResponse:
    """Take what arrived into a case, open a case from it, or send it back."""
    found = found_delivery(request, delivery_id)
    taking = Taking(
        request=request,
        actor=parts.acting(request),
        thing=found,
        step=declared(Delivery, name),
        back=reverse("delivery", args=[found.pk]),
        named=found.title,
        context={"part": found, "back_label": _("To what arrived")},
    )
    if name == "open_case":
        return open_case_from(taking, found)
    if name == "accept" and request.method != "POST" and not closed_to(taking):
        open_delivery(found, step=name)  # a case that fits tells who it is about
    return take(taking)


def closed_to(taking: Taking) -> bool:
    return taking.step.hindrance(taking.thing, taking.actor) is not None


def open_case_from(taking: Taking, found: Delivery) -> HttpResponse:
    """A flag made of what arrived; what it doesn't say is asked."""
    request, actor, step = taking.request, taking.actor, taking.step
    if closed := step.hindrance(found, actor):
        if isinstance(closed, Refused):
            guards.refuse(str(closed.words), found)
        return taking.page(409, why_not=closed.words)
    if request.method != "POST":
        # The form is filled in with what it says: the whole number, where it holds one.
        told = "personal_number" in found.facts
        open_delivery(found, KINDS[told], step="open_case")
        return flag_page(taking, OpenCaseForm(letter=found), 200)
    form = OpenCaseForm(request.POST, letter=found)
    if not form.is_valid():
        return flag_page(taking, form, 422)
    return keep(taking, form, found)


def flag_page(taking: Taking, form: OpenCaseForm, status: int) -> HttpResponse:
    context = {
        "form": form,
        "part": taking.thing,
        "version": taking.thing.version,
        "back": taking.back,
        "step": taking.step,
    }
    return render(taking.request, "casework/open_case.html", context, status=status)


def keep(taking: Taking, form: OpenCaseForm, found: Delivery) -> HttpResponse:
    """The flag and the step: both or neither."""
    request, actor, seen = taking.request, taking.actor, version_of(taking.request)
    try:
        with transaction.atomic():
            case, new = flagged(actor, form)
            taken = "open_case" if new else "accept"  # the log says what happened
            perform(found, taken, actor, version=seen, case=case)
    except Stale as stale:
        lines = events(Step.objects.filter(thing_id=found.pk, seq__gt=stale.seen).order_by("-seq"))
        closed = taking.step.hindrance(stale.thing, actor)
        why_not = closed.words if closed else ""
        return taking.page(409, form=form, lines=lines, why_not=why_not)
    except NotNow as fault:
        return taking.page(409, form=form, why_not=fault.words)
    except Closed as fault:
        form.add_error(None, str(fault.words))
        return flag_page(taking, form, 422)
    told = (
        _("%(named)s: case opened from what arrived.")
        if new
        else _("%(named)s was open already. What arrived is in it now; no new case was opened.")
    )
    messages.success(request, told % {"named": case.reference})
    return redirect("case", case.pk)


def flagged(actor: Actor, form: OpenCaseForm) -> tuple[Case, bool]:
    """The case that the flag ended in, and whether it is new; the same flag twice is the case that
    has it."""
    try:
        saved = flags.flag(actor, form.youth(), form.seen())
    except flags.AlreadyThere as there:
        if there.case is None:
            raise
        return there.case, False
    return saved.case, saved.new
