"""The access review's pages: a unit's access row by row, the decision, the sign-off."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access import access_review, guards, rules
from access.access_review import Answer, Held, Of
from access.actor import Actor, role_words
from access.log_review import units_of
from access.models import Unit
from access.request import Request
from access.review_models import Decision
from audit import trail, words
from audit.models import Reading
from casework import exceptions
from casework.forms.access_review import DecideForm, SignAccessForm
from casework.leavers import leavers
from casework.templatetags.ui import day
from casework.views import parts
from casework.workflow.steps import Closed

words.teach("fact.where", {"access": gettext_lazy("Access review")})
SIGNED = gettext_lazy("The half-year is signed off: nothing in it changes any more.")


@require_safe
@guards.for_actor(access_review.READERS)
def access(request: Request) -> HttpResponse:
    """Who has which access in the unit, when it was last used, and what is decided."""
    actor = parts.acting(request)
    unit = asked_unit(request, actor)
    trail.reading(Reading.Kind.SEARCHED, about=unit.name, detail={"where": "access"})
    return render(request, "audit/access.html", page_of(request, actor, unit))


def asked_unit(request: Request, actor: Actor) -> Unit:
    """The actor's own unit, or the one that an auditor asks for. 404 for any other."""
    text = request.GET.get("unit", "")
    number = int(text) if text.isdecimal() and len(text) < 10 else None
    unit = access_review.unit_to_review(actor, number)
    if unit is None or (text and number is None):
        raise Http404
    return unit


def page_of(request: Request, actor: Actor, unit: Unit) -> dict[str, Any]:
    everything = access_review.held_in(unit, actor)
    decides = rules.supervisor(actor)
    asked = access_review.to_decide(actor, unit, everything)
    signed = access_review.signed(unit)
    half = access_review.half_of(timezone.localdate())
    return {
        "unit": unit,
        "units": list(units_of(actor)) if rules.auditor(actor) else [],
        "half": half,
        "groups": groups(everything, actor, may=not signed),
        "total": len(asked),
        "decided": sum(held.decided for held in asked),
        "left": sum(not held.decided for held in asked),
        "decides": decides,
        "signed": signed,
        "changes": access_review.changes_in(unit, half),
        "history": access_review.history(unit),
        "leavers": leavers(actor) if decides else [],
    }


def groups(everything: list[Held], actor: Actor, *, may: bool) -> list[dict[str, Any]]:
    """The rows under their kinds; each says whether she decides about it."""
    found = []
    for of in Of:
        rows = [
            {
                "held": held,
                "own": access_review.is_own(actor, held),
                "may": may and access_review.decides(actor, everything, held),
            }
            for held in everything
            if held.of == of
        ]
        if rows:
            found.append({"of": of, "label": LABELS[of], "rows": rows})
    return found


LABELS = {
    Of.MEMBERSHIP: gettext_lazy("Memberships"),
    Of.GRANT: gettext_lazy("Named access to restricted cases"),
    Of.SUBSTITUTION: gettext_lazy("Substitutes"),
    Of.EXCLUSION: gettext_lazy("Shut out of a case"),
}


def found_row(actor: Actor, of: str, key: str) -> tuple[Unit, Held]:
    """The row of a unit that she looks at, or 404; 403 where she doesn't decide about it."""
    unit = access_review.unit_holding(actor, of, key)
    rows = access_review.held_in(unit, actor) if unit else []
    held = next((one for one in rows if (one.of, one.key) == (of, key)), None)
    if unit is None or held is None:
        raise Http404
    if access_review.is_own(actor, held):
        guards.refuse(_("This is your own access. Somebody else decides about it."))
    if not access_review.decides(actor, rows, held):
        guards.refuse(_("The unit’s supervisor decides about this access."))
    return unit, held


def back_to(actor: Actor, unit: Unit) -> str:
    """The review's page, for an auditor that of the unit."""
    page = reverse("access_review")
    return f"{page}?unit={unit.pk}" if rules.auditor(actor) else page


@require_POST
@guards.for_actor(access_review.READERS)
def keep(request: Request, of: str, key: str) -> HttpResponse:
    """The access is still needed."""
    actor = parts.acting(request)
    unit, held = found_row(actor, of, key)
    if said(actor, unit, held, Answer.KEEP) is None:
        messages.warning(request, SIGNED)
    return redirect(back_to(actor, unit))


def said(
    actor: Actor, unit: Unit, held: Held, answer: Answer, reason: str = "", wanted: str = ""
) -> Decision | None:
    """The decision and what follows from it, or None where the half-year is signed off."""
    if access_review.signed(unit):
        return None
    try:
        with transaction.atomic():
            made = access_review.decide(actor, unit, held, answer, reason, wanted)
            if answer == Answer.REMOVE:
                end(actor, held, reason)
    except IntegrityError:  # signed off in the same moment
        return None
    return made


def end(actor: Actor, held: Held, reason: str) -> None:
    """A membership ends today; a named access and a substitute at once. Raises Closed."""
    if held.of == Of.MEMBERSHIP:
        access_review.end_membership(held.row)
    elif held.of == Of.SUBSTITUTION:
        exceptions.end_substitution(held.row)
    elif not exceptions.close(held.row, actor, reason):
        raise Closed(_("You are shut out of this case yourself. Ask another supervisor."))


@require_http_methods(["GET", "HEAD", "POST"])
@guards.for_actor(access_review.READERS)
def decide(request: Request, of: str, key: str) -> HttpResponse:
    """Change or remove somebody's access; what is removed is asked once more."""
    actor = parts.acting(request)
    unit, held = found_row(actor, of, key)
    answers = {Of.MEMBERSHIP: [Answer.CHANGE, Answer.REMOVE]}.get(held.of, [Answer.REMOVE])
    if held.of not in access_review.CAN_END:
        raise Http404
    back = back_to(actor, unit)
    data = request.POST if request.method == "POST" else None
    form = DecideForm(data, answers, access_review.roles_for(unit, held.role))
    if access_review.signed(unit):
        messages.warning(request, SIGNED)
        return redirect(back)
    if request.method != "POST":
        return decide_page(request, form, held, back, 200)
    if not form.is_valid():
        return decide_page(request, form, held, back, 422)
    answer = Answer(form.cleaned_data["answer"])
    if answer == Answer.REMOVE and request.POST.get("confirmed") != "yes":
        return ask(request, form, held, back)
    try:
        made = said(actor, unit, held, answer, form.cleaned_data["reason"],
                    form.cleaned_data.get("wanted", ""))  # fmt: skip
    except Closed as closed:
        return decide_page(request, form, held, back, 422, why_not=closed.words)
    words_ = DONE[answer] if made else SIGNED
    messages.add_message(request, messages.SUCCESS if made else messages.WARNING, words_)
    return redirect(back)


DONE = {
    Answer.CHANGE: gettext_lazy("The administrator has been asked for the new role."),
    Answer.REMOVE: gettext_lazy("The access is removed."),
}


def decide_page(
    request: Request, form: DecideForm, held: Held, back: str, status: int, **more: Any
) -> HttpResponse:
    context = {"form": form, "held": held, "rows": rows_of(held), "back": back, **more}
    return render(request, "audit/access_decide.html", context, status=status)


def rows_of(held: Held) -> list[tuple[str, object]]:
    what = role_words(held.role) if held.role else held.about
    return [
        (_("Person"), held.user.name),
        (str(LABELS[held.of]), what),
        (_("From"), day(held.since)),
        (_("Until"), day(held.until)),
    ]


def ask(request: Request, form: DecideForm, held: Held, back: str) -> HttpResponse:
    """Name the act once more before it is done."""
    at_once = held.of != Of.MEMBERSHIP
    context = {
        "back": back,
        "title": _("Remove the access of %(name)s?") % {"name": held.user.name},
        "text": _("It ends at once.") if at_once else _("Today is the last day of the membership."
        " If nobody may wait until tomorrow: ask the administrator to close the account now."),
        "rows": [*rows_of(held), (_("Reason"), form.cleaned_data["reason"])],
        "submit": _("Yes, remove the access"),
        "hidden": [
            ("answer", Answer.REMOVE.value),
            ("reason", form.cleaned_data["reason"]),
            ("confirmed", "yes"),
        ],
    }  # fmt: skip
    return render(request, "audit/access_confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guards.for_actor(rules.supervisor)
def sign(request: Request) -> HttpResponse:
    """The half-year is gone through: the page that names the act, and the act."""
    actor = parts.acting(request)
    unit = asked_unit(request, actor)
    form = SignAccessForm(request.POST if request.method == "POST" else None)
    if access_review.signed(unit):
        messages.warning(request, SIGNED)
        return redirect("access_review")
    left = access_review.left(actor, unit, access_review.held_in(unit, actor))
    if request.method != "POST" or left or not form.is_valid():
        status = 200 if request.method != "POST" else 422
        return sign_page(request, form, unit, left, status)
    try:
        with transaction.atomic():
            access_review.sign_off(actor, unit, form.cleaned_data["note"])
    except IntegrityError:  # another supervisor did in the same moment
        return sign_page(request, form, unit, left, 409)
    messages.success(request, _("The access review is signed off."))
    return redirect("access_review")


def sign_page(
    request: Request, form: SignAccessForm, unit: Unit, left: list[Held], status: int
) -> HttpResponse:
    half = access_review.half_of(timezone.localdate())
    context = {"form": form, "unit": unit, "left": left, "half": half}
    return render(request, "audit/access_sign.html", context, status=status)


# --- for administrators -------------------------------------------------------------------------


@require_safe
@guards.for_actor(rules.administrator)
def role_requests(request: Request) -> HttpResponse:
    """New roles that supervisors ask for, to be seen to in the administration."""
    found = [(one, role_words(one.wanted)) for one in access_review.requests()]
    return render(request, "audit/role_requests.html", {"requests": found})


@require_POST
@guards.for_actor(rules.administrator)
def role_request_done(request: Request, request_id: int) -> HttpResponse:
    """It has been seen to."""
    asked = access_review.requests().select_for_update(of=("self",)).filter(pk=request_id).first()
    if asked is None:
        messages.warning(request, _("Somebody has seen to it already."))
    else:
        access_review.done(asked, parts.acting(request))
        messages.success(request, _("It is off the list."))
    return redirect("role_requests")
