"""The work queue, and giving many of its cases to one person."""

from collections.abc import Iterable
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from access import rules
from access.actor import Actor
from access.compiled import Compiled
from access.guards import for_actor
from access.request import Request
from audit import trail
from audit.models import Reading
from casework import queue as work
from casework.assign import Plan, Wish, plan
from casework.assign import assign as give
from casework.forms.queue import AssignForm, CaseFilter
from casework.identity import BadNumber
from casework.models import Case, Place
from casework.search import Sought, TooShort, holds_number, log_search, sought
from casework.staff import Member, members, present

MOST = 100  # cases given away in one go
PLACES = Compiled[Place](lambda: Place.objects.all())
HEADINGS = {**dict(work.Due.choices), "closed": gettext_lazy("Closed and set aside")}


@require_http_methods(["GET", "HEAD", "POST"])
@for_actor(rules.case_staff)
def queue(request: Request) -> HttpResponse:
    """The list. What the address says wrongly is said in words (422); the rest still holds.

    The pages' own search comes by POST: a personal number must not stand in an address.
    """
    actor = cast(Actor, request.actor)
    text = request.POST.get("q", "")
    if request.method == "POST" and not holds_number(text):
        return HttpResponseRedirect(f"{reverse('queue')}?{urlencode({'q': text[:200]})}")
    given = request.POST if request.method == "POST" else request.GET
    everyone = members(actor.unit_id)
    chosen = CaseFilter(given, actor, PLACES(), everyone)
    valid = chosen.form.is_valid()
    cases, looked = looked_for(chosen, actor)
    after = spot(chosen, request.GET.get("after", ""))
    page = work.read(asked(chosen, cases, looked), actor, after)
    if looked:
        log_search(looked.by, page.cases)
    context = {
        "form": chosen.form,
        "page": page,
        "groups": groups(page, names=looked is not None),
        "chips": chips(request, chosen),
        "title_words": words_for(page, chosen, looked),
        "first_url": address(request) if after else "",
        "more_url": address(request, after=page.after) if page.after else "",
        "empty": why_empty(actor, chosen, looked),
        "assign_form": assign_form(actor, everyone),
        "may_flag": rules.flagger(actor),
    }
    status = 200 if valid and not chosen.form.errors else 422
    return render(request, "casework/queue.html", context, status=status)


def looked_for(chosen: CaseFilter, actor: Actor) -> tuple[QuerySet[Case] | None, Sought | None]:
    """The filtered cases (None: nothing was chosen) and, where somebody is searched for, how."""
    cases, text = chosen.chosen, chosen.given.get("q", "")
    if not text or cases is None:
        return cases, None
    try:
        looked = sought(text, actor)
    except (BadNumber, TooShort) as fault:
        chosen.form.add_error("q", str(fault))
        return cases.none(), None
    return cases.filter(looked.cases), looked


def asked(chosen: CaseFilter, cases: QuerySet[Case] | None, looked: Sought | None) -> work.Asked:
    whose = chosen.given.get("mine") or work.Whose.BOTH
    return work.Asked(cases, whose, chosen.given.get("state") or (), looked is not None)


def spot(chosen: CaseFilter, token: str) -> work.Spot | None:
    if not token:
        return None
    try:
        return work.Spot.read(token)
    except work.BadCursor:
        words = _("The address of this page of the list is damaged. Here is the first page.")
        chosen.form.add_error(None, words)
        return None


# --- the page in words --------------------------------------------------------------------------


def groups(page: work.Page, *, names: bool) -> list[dict[str, Any]]:
    """The page's rows under the headings of the queue, with how many each heading holds in all."""
    rows = work.rows(page.cases, names=names)
    exact = not page.more_than_counted
    return [
        {
            "band": band,
            "heading": heading,
            "count": page.counts[band] if exact else None,
            "rows": found,
        }
        for band, heading in HEADINGS.items()
        if (found := [row for row in rows if row.band == band])
    ]


def words_for(page: work.Page, chosen: CaseFilter, looked: Sought | None) -> str:
    """How many, and how many of them are late."""
    if page.more_than_counted:
        return _("More than %(count)d cases. What is due first comes first.") % {
            "count": work.COUNTED
        }
    late = page.counts.get(work.Due.OVERDUE, 0)
    cases = ngettext("%(count)d case", "%(count)d cases", page.total) % {"count": page.total}
    overdue = ngettext("%(late)d of them overdue", "%(late)d of them overdue", late)
    if late:
        return f"{cases}, {overdue % {'late': late}}."
    return f"{cases}."


def why_empty(actor: Actor, chosen: CaseFilter, looked: Sought | None) -> dict[str, str]:
    """Why there is nothing to show, and the way on."""
    here = reverse("queue")
    if looked:
        return {
            "title": _("Nobody was found"),
            "text": _(
                "The search covers your own unit’s cases only."
                " Check the spelling, or search by a whole personal number."
            ),
            "url": here,
            "label": _("Back to the queue"),
        }
    if set(chosen.form.data) - {"mine", "after", "q"}:
        return {
            "title": _("No case fits"),
            "text": _("No case fits everything that you have chosen."),
            "url": here,
            "label": _("Clear the filters"),
        }
    if chosen.given.get("mine") == work.Whose.MINE:
        return {
            "title": _("You have no open cases"),
            "text": _("Nobody has given you a case, and you have started none."),
            "url": f"{here}?mine=unassigned",
            "label": _("Show cases without a handler"),
        }
    return {
        "title": _("Nothing is waiting for you"),
        "text": _("You handle no open case, and every open case in your unit has a handler."),
        "url": f"{here}?mine=all",
        "label": _("Show all in the unit"),
    }


def chips(request: Request, chosen: CaseFilter) -> list[dict[str, str]]:
    """What has been chosen, each with the address of the page without it."""
    found = []
    for name, field in chosen.form.fields.items():
        labels = {str(value): str(label) for value, label in getattr(field, "choices", [])}
        for value in request.GET.getlist(name):
            known = labels.get(value, "" if labels else value)
            ignored = name == "mine" and value != chosen.given.get("mine")
            if value and known and not ignored and name not in chosen.form.errors:
                url = address(request, without=(name, value))
                found.append({"label": f"{field.label}: {known}", "url": url})
    return found


def address(request: Request, without: tuple[str, str] | None = None, after: str = "") -> str:
    """This list with one filter less, or another page of it."""
    kept = request.GET.copy()
    kept.pop("after", None)
    for name in list(kept):
        values = [value for value in kept.getlist(name) if value and (name, value) != without]
        kept.setlist(name, values) if values else kept.pop(name)
    if after:
        kept["after"] = after
    return f"{reverse('queue')}?{kept.urlencode()}" if kept else reverse("queue")


# --- giving many to one -------------------------------------------------------------------------


def assign_form(actor: Actor, everyone: Iterable[Member]) -> AssignForm | None:
    """For those who give cases away; others get no boxes to tick."""
    if not rules.supervisor(actor):
        return None
    return AssignForm(people=present(everyone), auto_id="assign_%s")


@require_POST
@for_actor(rules.supervisor)
def assign(request: Request) -> HttpResponse:
    """First the page that says what will happen to which case; `confirmed` does it."""
    actor = cast(Actor, request.actor)
    wishes = wished(request)
    cases = chosen_cases(actor, wishes)
    form = AssignForm(request.POST, people=present(members(actor.unit_id)))
    plans = plan(cases, form.chosen(), actor)
    if any(one.changes_hands for one in plans):
        form.ask_why()
    if len(plans) > MOST:
        form.add_error(None, _("Choose at most %(most)d cases at a time.") % {"most": MOST})
    confirmed = "confirmed" in request.POST
    handler = form.chosen()
    if confirmed and form.is_valid() and handler:
        outcome = give(plans, wishes, handler, actor, form.cleaned_data["reason"])
        tell(request, outcome.done, outcome.failed, handler)
        return HttpResponseRedirect(reverse("queue") + f"?handler={handler.user_id}")
    if not confirmed:
        form.errors.pop("reason", None)  # nobody has been asked for it yet
    return ask(request, form, plans, handler)


def ask(
    request: Request, form: AssignForm, plans: list[Plan], handler: Actor | None
) -> HttpResponse:
    able = [one for one in plans if one.step]
    context = {
        "form": form,
        "handler": handler,
        "able": list(zip(able, work.rows(one.case for one in able), strict=True)),
        "unable": [one for one in plans if not one.step],
        "queue_url": reverse("queue"),
    }
    return render(
        request, "casework/assign.html", context, status=422 if form.errors or not able else 200
    )


def wished(request: Request) -> dict[UUID, Wish]:
    """What was ticked, each case once. Nonsense is nobody's case: 404."""
    try:
        wishes = [Wish.read(text) for text in request.POST.getlist("case")[: MOST + 1]]
    except ValueError as nonsense:
        raise Http404 from nonsense
    return {wish.case_id: wish for wish in wishes}


def chosen_cases(actor: Actor, wishes: dict[UUID, Wish]) -> list[Case]:
    """The ticked cases in the queue's order. One that she doesn't see: 404, with its line."""
    seen = work.with_rows(work.unit_cases(actor).filter(pk__in=list(wishes)))
    cases = list(seen.order_by(*work.ORDER))
    if missing := set(wishes) - {case.pk for case in cases}:
        trail.reading(
            Reading.Kind.REFUSED,
            detail={"what": "casework.case", "pk": sorted(str(pk) for pk in missing)},
        )
        raise Http404
    return cases


def tell(request: Request, done: int, failed: list[tuple[Case, str]], handler: Actor) -> None:
    """What became of it, as messages on the next page."""
    if done:
        words = ngettext(
            "%(count)d case was given to %(name)s.", "%(count)d cases were given to %(name)s.", done
        )
        messages.success(request, words % {"count": done, "name": handler.name})
    for case, why in failed:
        words = _("%(reference)s was not given to %(name)s: %(why)s")
        facts = {"reference": case.reference, "name": handler.name, "why": why}
        messages.warning(request, words % facts)
