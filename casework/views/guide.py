"""The disclosure guide: one page that grows with each answer, and ends in a draft or in a stop.

Every answer but the last stands in the address, as codes; the last one is posted. A question that
the law answers with no is a refusal in the trail.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from access import guards, rules
from access.grounds import Initiative
from access.kinds import Role
from access.models import Unit
from access.request import Request
from access.secrecy import Blocked, Offered
from access.secrecy_words import MEANS
from access.subjects import SUBJECTS
from audit import trail
from audit.models import Reading
from casework.events import what
from casework.forms import guide as questions
from casework.forms.draft import DraftForm
from casework.models import Case, Delivery, Disclosure
from casework.sending import guide
from casework.sending.guide import Asked
from casework.views import parts
from casework.views.case import found_case
from casework.workflow.steps import NotNow, begin, steps_of

LABELS: dict[str, Promise] = {
    "to": gettext_lazy("To whom?"),
    "subject": gettext_lazy("About what?"),
    "initiative": gettext_lazy("On whose initiative?"),
    "ground": gettext_lazy("On which legal ground?"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@guards.for_actor(rules.case_staff)
def new_disclosure(request: Request, case_id: UUID) -> HttpResponse:
    """Ask until a ground is chosen; then its questions and what is to be sent."""
    case, actor = found_case(request, case_id), parts.acting(request)
    step = steps_of(Disclosure)["draft"]
    unborn = Disclosure(unit_id=case.unit_id, case=case)
    if closed := step.hindrance(unborn, actor):
        if not isinstance(closed, NotNow):
            guards.refuse(str(closed.words), case)
        return show(request, Asked(case, actor), 409, why_not=closed.words)
    asked = Asked(case, actor, reply_to=answered(request, case))
    return go_through(request, asked)


def answered(request: Request, case: Case) -> Delivery | None:
    """The delivery of this case that is answered, or 404 for one that she may not see."""
    text = request.GET.get("reply_to", "")
    if not text:
        return None
    try:
        key = UUID(text)
    except ValueError:
        raise Http404 from None
    return guards.found(Delivery.objects.all(), request.actor, pk=key, case_id=case.pk)


def go_through(request: Request, asked: Asked) -> HttpResponse:
    """Take the answers in their order; stop at the first that is missing, wrong or blocked."""
    for name in guide.QUESTIONS:
        choices = choices_of(name, asked)
        if name == "ground" and len(choices) == 1:
            asked = replace(asked, ground=choices[0][0])
            continue
        given = settled(name, asked) or request.GET.get(name, "")
        tried = given or request.GET.get("asked") == name
        form = questions.Question(name, LABELS[name], choices, {name: given} if tried else None)
        if not given or not form.is_valid():
            return ask(request, asked, name, form)
        asked = answer(asked, name, given)
        if blocked := guide.stopped(ahead(request, asked, name)):
            return stop(request, asked, blocked)
    return fill_in(request, asked)


def settled(name: str, asked: Asked) -> str:
    """What follows from the delivery that is answered."""
    if not asked.reply_to:
        return ""
    if name == "to":
        return str(asked.reply_to.from_unit_id)
    return guide.initiative_of(asked.reply_to) if name == "initiative" else ""


def choices_of(name: str, asked: Asked) -> list[questions.Choice]:
    if name == "to":
        units = guide.receivers(asked.actor)
        usual = Unit.objects.only("counterpart_id").get(pk=asked.actor.unit_id).counterpart_id
        return questions.to_whom(units, usual)
    if name == "subject" and asked.to:
        found = guide.subjects(asked.actor.authority, asked.to.authority.kind)
        return questions.about_what(found)
    return questions.whose() if name == "initiative" else questions.grounds(asked.offered())


def answer(asked: Asked, name: str, given: str) -> Asked:
    if name == "to":
        return replace(asked, to=Unit.objects.select_related("authority").get(pk=given))
    if name == "subject":
        return replace(asked, subject=SUBJECTS[given])
    if name == "initiative":
        return replace(asked, initiative=given)
    return replace(asked, ground=given)


def ahead(request: Request, asked: Asked, name: str) -> Asked:
    """With the ground that she named: where consent is the way out, it is named with the rest."""
    return replace(asked, ground=request.GET.get("ground", "")) if name == "initiative" else asked


def ask(request: Request, asked: Asked, name: str, form: questions.Question) -> HttpResponse:
    """The next question; 422 where it was left open or the address holds an unknown answer."""
    hidden = {key: value for key, value in pairs(asked) if key != name} | {"asked": name}
    status = 422 if form.is_bound or request.method == "POST" else 200
    return show(request, asked, status, form=form, hidden=hidden.items())


def pairs(asked: Asked) -> list[tuple[str, str]]:
    """The answers so far, as the address holds them."""
    found = {
        "to": str(asked.to.pk) if asked.to else "",
        "subject": asked.subject.code if asked.subject else "",
        "initiative": asked.initiative,
        "reply_to": str(asked.reply_to.pk) if asked.reply_to else "",
    }
    return [(name, value) for name, value in found.items() if value]


def stop(request: Request, asked: Asked, blocked: Blocked) -> HttpResponse:
    """The law says no: why, and which way is open. That she asked is a refusal in the trail."""
    about_id, about = asked.case.about()
    trail.reading(
        Reading.Kind.REFUSED,
        about_id=about_id,
        about=about,
        detail={
            "reason": str(blocked.why),
            "subject": asked.subject.code if asked.subject else "",
            "to": asked.to.name if asked.to else "",
        },
    )
    ways = list(guide.ways_out(asked, blocked))
    return show(request, asked, 200, blocked=blocked, ways=ways)


def fill_in(request: Request, asked: Asked) -> HttpResponse:
    """The ground's questions and what is to be sent; POST makes the draft."""
    way = next(one for one in asked.offered() if one.code == asked.ground)
    unborn = draft_of(asked, way)
    data = request.POST if request.method == "POST" else None
    form = DraftForm(data, step=steps_of(Disclosure)["draft"], thing=unborn, actor=asked.actor)
    if data is None or not form.is_valid():
        status = 200 if data is None else 422
        return show(request, asked, status, draft=form, way=way, deciders=deciders(way))
    facts = settled_facts(unborn) | form.facts()
    try:
        with transaction.atomic():  # a refusal in the middle would end the request's own
            made = begin(Disclosure, "draft", asked.actor, part_of=part_of(unborn), **facts)
    except NotNow as fault:
        form.add_error(None, str(fault.words))
        return show(request, asked, 422, draft=form, way=way, deciders=deciders(way))
    said = {"named": asked.case.reference, "what": what("disclosure", "draft")}
    messages.success(request, _("%(named)s: %(what)s") % said)
    return redirect(made)


def draft_of(asked: Asked, way: Offered) -> Disclosure:
    """The disclosure that is not yet begun, with what the address settles."""
    unit = Unit.objects.select_related("authority").get(pk=asked.case.unit_id)
    case = asked.case
    case.unit = unit
    return Disclosure(
        unit=unit,
        case=case,
        to_unit=asked.to,
        subject=asked.subject.code if asked.subject else "",
        initiative=asked.initiative,
        ground=way.ground,
        reply_to=asked.reply_to.pk if asked.reply_to else None,
    )


def part_of(unborn: Disclosure) -> dict[str, Any]:
    return {"case": unborn.case, "unit": unborn.unit}


def settled_facts(unborn: Disclosure) -> dict[str, Any]:
    names = ("to_unit", "subject", "initiative", "ground", "reply_to")
    return {name: getattr(unborn, name) for name in names}


def deciders(way: Offered) -> str:
    """Who decides, in words."""
    return ", ".join(str(Role(role).label).lower() for role in way.decides)


def show(request: Request, asked: Asked, status: int, **more: Any) -> HttpResponse:
    """The page: the answers so far with a link to change each, and what comes now."""
    page = {
        "case": asked.case,
        "bar": parts.bar(asked.case),
        "back": reverse("case", args=[asked.case.pk]),
        "rows": rows(asked),
        **more,
    }
    if way := more.get("way"):
        page["means"] = MEANS.get(way.code, way.ground.name)
    return render(request, "casework/guide.html", page, status=status)


def rows(asked: Asked) -> list[dict[str, object]]:
    """Each answered question with its answer and the address where it is asked again."""
    to, subject = asked.to, asked.subject
    settled_by = bool(asked.reply_to)
    return [
        {"label": LABELS[name], "answer": words, "url": "" if fixed else asked.address(*before)}
        for name, words, before, fixed in (
            ("to", to and f"{to.name}, {to.authority.name}", (), settled_by),
            ("subject", subject and subject.label, ("to",), False),
            (
                "initiative",
                asked.initiative and Initiative(asked.initiative).label,
                ("to", "subject"),
                bool(settled("initiative", asked)),
            ),
        )
        if words
    ]
