"""Disclosures of a case: look at one word for word, change the draft, decide."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access import guards, rules
from access.actor import Actor
from access.questions import QUESTIONS
from access.request import Request
from access.visible import visible_to
from audit.models import Reading, Step
from casework.events import events
from casework.identity import masked
from casework.letter import FIELDS
from casework.models import Case, Delivery, Disclosure
from casework.templatetags.ui import day, moment
from casework.views import parts
from casework.views.case import found_case, open_case
from casework.views.taking import Taking, declared, take
from casework.workflow.disclosure import State, digest

EVENTS = 50


def found_disclosure(request: Request, case: Case, disclosure_id: UUID) -> Disclosure:
    """The disclosure of that case, or 404."""
    every = Disclosure.objects.select_related(
        "unit__authority", "to_unit__authority", "ground", "drafted_by", "decided_by"
    )
    found = guards.found(every, request.actor, pk=disclosure_id, case_id=case.pk)
    found.case = case
    return found


@require_safe
@guards.for_actor(rules.case_staff)
def disclosure(request: Request, case_id: UUID, disclosure_id: UUID) -> HttpResponse:
    """What will be sent or was, on which ground, who decides or did. Personal numbers masked."""
    return disclosure_page(request, case_id, disclosure_id, Reading.Kind.OPENED)


@require_POST
@guards.for_actor(rules.case_staff)
def reveal_disclosure(request: Request, case_id: UUID, disclosure_id: UUID) -> HttpResponse:
    """The same with the personal number in clear; the act is written down, the number is not."""
    return disclosure_page(request, case_id, disclosure_id, Reading.Kind.REVEALED)


def disclosure_page(
    request: Request, case_id: UUID, disclosure_id: UUID, kind: Reading.Kind
) -> HttpResponse:
    case = found_case(request, case_id)
    found, actor = found_disclosure(request, case, disclosure_id), parts.acting(request)
    open_case(case, actor, kind, part="disclosure", part_id=str(found.pk))
    text = text_of(found)
    shown = text if kind == Reading.Kind.REVEALED else masked(text)
    lines = Step.objects.filter(thing_id=found.pk).order_by("-seq")[:EVENTS]
    context = {
        "case": case,
        "disclosure": found,
        "text": shown,
        "reveal_url": found.reveal_url() if shown != text else "",
        "hash": digest(text) if text else "",
        "is_sent": found.state == State.SENT,
        "is_draft": found.state == State.DRAFT,
        "fallen": found.fallen() if found.state == State.DRAFT else [],
        "rows": what_rows(found),
        "ground_rows": ground_rows(found),
        "decision_rows": decision_rows(found),
        "deciders": found.deciders_in_words() if found.state == State.DRAFT else "",
        "offers": parts.steps_to_offer(found, actor),
        "answered": list(came(found, actor)),
        "events": events(lines),
    }
    return render(request, "casework/disclosure.html", context)


def came(found: Disclosure, actor: Actor) -> QuerySet[Delivery]:
    """What the other side has sent about it since, as far as she sees it."""
    return visible_to(Delivery.objects.filter(answers_to=found.pk), actor).order_by("-arrived_at")


def text_of(found: Disclosure) -> str:
    """What was sent, or would be sent now; nothing of what was decided against."""
    if found.state == State.DRAFT:
        return found.compose()
    return found.sent_text


def what_rows(found: Disclosure) -> list[parts.Row]:
    facts = ", ".join(str(FIELDS[code].label).lower() for code in found.fields if code in FIELDS)
    return [
        (_("To"), f"{found.to_unit.name}, {found.to_unit.authority.name}"),
        (_("Receiver"), found.receiver),
        (_("What it is about"), found.subject_label),
        (_("Whose initiative"), found.get_initiative_display()),
        (_("Their reference"), found.request_ref),
        (_("Facts"), facts),
        (_("How it is sent"), found.get_channel_display()),
    ]


def ground_rows(found: Disclosure) -> list[parts.Row]:
    """The ground, its source, and what was answered to its questions."""
    ground = found.ground
    since = _("version valid from %(day)s") % {"day": ground.valid_from.isoformat()}
    rows: list[parts.Row] = [
        (_("Legal ground"), ground.get_code_display(), ground.name),
        (_("Source"), ground.source, since),
    ]
    for code, given in found.answers.items():
        if question := QUESTIONS.get(code):
            rows.append((question.label, question.in_words(given)))
    rows.append((_("The person was told"), found.get_informed_display(), found.informed_why))
    return rows


def decision_rows(found: Disclosure) -> list[parts.Row]:
    label = _("Decided against by") if found.state == State.REFUSED else _("Sent by")
    decided = found.decided_by.name if found.decided_by else ""
    return [
        (_("Drafted by"), found.drafted_by.name, day(found.drafted_at, "DATE_FORMAT")),
        (label, decided, moment(found.decided_at, "DATETIME_FORMAT")),
        (_("Why it is not disclosed"), found.refused_why),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@guards.for_actor(rules.case_staff)
def disclosure_step(
    request: Request, case_id: UUID, disclosure_id: UUID, name: str
) -> HttpResponse:
    """Take a step of the disclosure: change the draft, send it, or decide against it."""
    case = found_case(request, case_id)
    found = found_disclosure(request, case, disclosure_id)
    context: dict[str, Any] = {
        "bar": parts.bar(case),
        "part": found,
        "back_label": _("To the disclosure"),
    }
    taking = Taking(
        request=request,
        actor=parts.acting(request),
        thing=found,
        step=declared(Disclosure, name),
        back=reverse("disclosure", args=[case.pk, found.pk]),
        named=case.reference,
        context=context,
    )
    return previewed_anew(taking) or take(taking)


def previewed_anew(taking: Taking) -> HttpResponse | None:
    """409 with the new text, where what would be sent isn't what she was shown."""
    if taking.request.method != "POST" or taking.step.name != "send":
        return None
    if taking.step.hindrance(taking.thing, taking.actor):
        return None
    form = taking.form()
    return taking.page(409, form=form) if getattr(form, "changed", False) else None
