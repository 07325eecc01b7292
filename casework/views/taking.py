"""Taking a step, whatever thing it is taken on: form, confirm page, conflict, refusal, done."""

from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import guards
from access.actor import Actor
from access.request import Request
from access.visible import visible_to
from audit.models import Reading
from audit.models import Step as Line
from casework.events import Event, events, what
from casework.forms.base import StepForm
from casework.forms.steps import form_of
from casework.models import Case
from casework.views.case import open_case
from casework.workflow.steps import (
    Closed,
    NotNow,
    Refused,
    Stale,
    Stateful,
    Step,
    Words,
    perform,
    steps_of,
)

# Steps that end something: the confirm page's question, and what its button says.
ASK: dict[tuple[str, str], tuple[Promise, Promise]] = {
    ("coordination", "decline"): (
        gettext_lazy("Decline the proposal in case %(named)s?"),
        gettext_lazy("Yes, decline the proposal"),
    ),
    ("coordination", "take_back"): (
        gettext_lazy("Take the proposal in case %(named)s back?"),
        gettext_lazy("Yes, take the proposal back"),
    ),
    ("coordination", "withdraw"): (
        gettext_lazy("Record that the consent in case %(named)s is withdrawn?"),
        gettext_lazy("Yes, the consent is withdrawn"),
    ),
    ("coordination", "end"): (
        gettext_lazy("End the coordination in case %(named)s?"),
        gettext_lazy("Yes, end the coordination"),
    ),
    ("destruction", "approve"): (
        gettext_lazy("Destroy the cases on list %(named)s?"),
        gettext_lazy("Yes, destroy the cases"),
    ),
    ("destruction", "reject"): (
        gettext_lazy("Reject list %(named)s?"),
        gettext_lazy("Yes, reject the list"),
    ),
    ("case", "unrestrict"): (
        gettext_lazy("Lift the restriction of case %(named)s?"),
        gettext_lazy("Yes, lift the restriction"),
    ),
    ("case", "set_aside"): (
        gettext_lazy("Set case %(named)s aside?"),
        gettext_lazy("Yes, set the case aside"),
    ),
    ("case", "close"): (
        gettext_lazy("Close case %(named)s?"),
        gettext_lazy("Yes, close the case"),
    ),
    ("intervention", "decline"): (
        gettext_lazy("Decline the intervention in case %(named)s?"),
        gettext_lazy("Yes, decline the intervention"),
    ),
    ("intervention", "complete"): (
        gettext_lazy("Complete the intervention in case %(named)s?"),
        gettext_lazy("Yes, complete the intervention"),
    ),
    ("intervention", "cancel"): (
        gettext_lazy("Cancel the intervention in case %(named)s?"),
        gettext_lazy("Yes, cancel the intervention"),
    ),
    ("disclosure", "send"): (
        gettext_lazy("Send the disclosure in case %(named)s?"),
        gettext_lazy("Yes, send it"),
    ),
    ("disclosure", "refuse"): (
        gettext_lazy("Decide not to disclose in case %(named)s?"),
        gettext_lazy("Yes, decide not to disclose"),
    ),
    ("delivery", "give_back"): (
        gettext_lazy("Send it back? %(named)s"),
        gettext_lazy("Yes, send it back"),
    ),
    ("police_investigation", "discontinue"): (
        gettext_lazy("Discontinue the investigation in case %(named)s?"),
        gettext_lazy("Yes, discontinue the investigation"),
    ),
    ("police_investigation", "close"): (
        gettext_lazy("End the investigation in case %(named)s?"),
        gettext_lazy("Yes, end the investigation"),
    ),
    ("social_investigation", "not_open"): (
        gettext_lazy("Open no investigation in case %(named)s?"),
        gettext_lazy("Yes, open no investigation"),
    ),
    ("social_investigation", "join"): (
        gettext_lazy("Join the report in case %(named)s to the running investigation?"),
        gettext_lazy("Yes, join them"),
    ),
    ("social_investigation", "close"): (
        gettext_lazy("End the investigation in case %(named)s?"),
        gettext_lazy("Yes, end the investigation"),
    ),
}
# What else there is to know before ending it.
AFTERWARDS: dict[str, Promise] = {
    "case": gettext_lazy(
        "After this, nothing more is done in the case unless a supervisor reopens it."
    ),
    "coordination": gettext_lazy(
        "This can’t be undone. Sharing ends at once on both sides. Another coordination can be "
        "proposed."
    ),
    "intervention": gettext_lazy("This can’t be undone. Another intervention can be proposed."),
    "police_investigation": gettext_lazy(
        "This can’t be undone. Another investigation can be registered."
    ),
    "social_investigation": gettext_lazy(
        "This can’t be undone. Another investigation can be registered."
    ),
}


@dataclass(frozen=True, slots=True)
class Taking:
    """One step that one person is about to take on one thing, and where she came from."""

    request: Request
    actor: Actor
    thing: Stateful
    step: Step
    back: str  # the thing's page
    named: str  # what the pages call the thing: a reference, never a name
    context: dict[str, Any] = field(default_factory=dict)

    def form(self) -> StepForm:
        data = self.request.POST if self.request.method == "POST" else None
        # A link beside a deadline says which one it is about; nothing else is taken from there.
        chosen = (
            {"deadline": self.request.GET["deadline"]} if "deadline" in self.request.GET else {}
        )
        return form_of(self.step)(
            data, step=self.step, thing=self.thing, actor=self.actor, initial=chosen
        )

    def page(self, status: int, **more: Any) -> HttpResponse:
        """The form's page. `why_not`: the step can't be taken, but nothing typed is lost."""
        context = {
            "step": self.step,
            "version": self.thing.version,
            "back": self.back,
            "named": self.named,
            **self.context,
            **more,
        }
        return render(self.request, "casework/step.html", context, status=status)


def declared(model: type[Stateful], name: str) -> Step:
    """The step with that name; births have pages of their own."""
    step = steps_of(model).get(name)
    if step is None or step.birth:
        raise Http404
    return step


def take(taking: Taking) -> HttpResponse:
    """GET the form, POST performs. Refused → 403, stale → 409, not filled in → 422."""
    closed = taking.step.hindrance(taking.thing, taking.actor)
    if isinstance(closed, Refused):
        guards.refuse(str(closed.words), taking.thing)
    if taking.request.method != "POST":
        return not_now(taking, closed.words) if closed else opened(taking)
    return post(taking, closed)


def opened(taking: Taking) -> HttpResponse:
    """The form, before anything is typed. One that shows what the file holds is a reading."""
    form, thing = taking.form(), taking.thing
    case = getattr(thing, "case", thing)
    if form.shows_content and isinstance(case, Case):
        kind = Reading.Kind.REVEALED if form.reveals else Reading.Kind.OPENED
        open_case(case, taking.actor, kind, part="step")
    return not_now(taking, form.closed) if form.closed else taking.page(200, form=form)


def post(taking: Taking, closed: Closed | None) -> HttpResponse:
    form, seen = taking.form(), version_of(taking.request)
    if seen is not None and seen != taking.thing.version:
        return conflict(taking, form, seen, closed)
    if closed or form.closed:
        return not_now(taking, closed.words if closed else form.closed, form)
    if not form.is_valid():
        return taking.page(422, form=form)
    if taking.step.final and taking.request.POST.get("confirmed") != "yes":
        return confirm(taking, form)
    return do(taking, form, seen)


def do(taking: Taking, form: StepForm, seen: int | None) -> HttpResponse:
    # A condition looks at other rows, which no lock of ours holds, and a sender that names no
    # version may repeat what another has just saved: there the database may refuse.
    guarded = transaction.atomic() if taking.step.when or seen is None else nullcontext()
    given = form.facts()
    try:
        with guarded:
            perform(taking.thing, taking.step.name, taking.actor, form.reason, seen, **given)
    except Stale as stale:
        return conflict(again(taking, stale.thing), form, stale.seen)
    except NotNow as fault:
        return not_now(taking, fault.words, form)
    except Refused as fault:
        guards.refuse(str(fault.words), taking.thing)
    except IntegrityError:  # the database refused: somebody did the same in the same moment
        return not_now(taking, _("Somebody else was there first. Open the case again."), form)
    done(taking)
    return redirect(taking.back if still_seen(taking) else "exceptions")


def still_seen(taking: Taking) -> bool:
    """Whether she may come back to the thing: she may just have named others than herself."""
    if not taking.step.apart:
        return True
    mine = visible_to(type(taking.thing)._default_manager.all(), taking.actor)
    return mine.filter(pk=taking.thing.pk).exists()


def again(taking: Taking, thing: Stateful) -> Taking:
    """The same, with the thing as it is now."""
    return Taking(
        taking.request, taking.actor, thing, taking.step, taking.back, taking.named,
        taking.context,
    )  # fmt: skip


def done(taking: Taking) -> None:
    happened = what(taking.thing.MACHINE, taking.step.name)
    said = {"named": taking.named, "what": happened}
    messages.success(taking.request, _("%(named)s: %(what)s") % said)


def conflict(
    taking: Taking, form: StepForm, seen: int, closed: Closed | None = None
) -> HttpResponse:
    """Who changed what since the page was made; what was typed stays, to be saved again."""
    closed = closed or taking.step.hindrance(taking.thing, taking.actor)
    why_not: Words = closed.words if closed else ""
    return taking.page(409, form=form, lines=since(taking.thing, seen), why_not=why_not)


def not_now(taking: Taking, words: Words, form: StepForm | None = None) -> HttpResponse:
    """The step can't be taken in this state (409), or something must hold first (422)."""
    moved = taking.thing.state not in taking.step.edges
    status = 409 if moved or taking.request.method != "POST" else 422
    return taking.page(status, form=form, why_not=words)


def since(thing: Stateful, seen: int) -> list[Event]:
    """What happened to the thing after the version that the page showed, newest first."""
    return events(Line.objects.filter(thing_id=thing.pk, seq__gt=seen).order_by("-seq")[:20])


def confirm(taking: Taking, form: StepForm) -> HttpResponse:
    """Name the act once more before it is done."""
    question, yes = ASK[(taking.thing.MACHINE, taking.step.name)]
    hidden = [*form.typed(), ("version", taking.thing.version), ("confirmed", "yes")]
    context = {
        "step": taking.step,
        "named": taking.named,
        "back": taking.back,
        "rows": form.said(),
        "hidden": hidden,
        "question": question % {"named": taking.named},
        "yes": yes,
        "warning": AFTERWARDS.get(taking.thing.MACHINE, _("This can’t be undone.")),
        **taking.context,
    }
    return render(taking.request, "casework/confirm_step.html", context)


def version_of(request: Request) -> int | None:
    """The version that the page showed, or None where the sender doesn't say."""
    text = request.POST.get("version", "").strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > 9:
        raise BadRequest("version")
    return int(text)
