"""Handing over everything that somebody who has left, or leaves soon, handles, in one act."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from access import guards, rules
from access.actor import Actor
from access.models import User
from access.request import Request
from casework import queue as work
from casework.assign import Plan, Wish, assign, plan
from casework.forms.queue import AssignForm
from casework.leavers import cases_of, leavers
from casework.staff import members, present
from casework.views import parts
from casework.views.queue import tell

MOST = 200  # cases in one go; the rest in the next


@require_http_methods(["GET", "HEAD", "POST"])
@guards.for_actor(rules.supervisor)
def leaver(request: Request, user_id: UUID) -> HttpResponse:
    """Her open cases and to whom they go: first what will happen, then (`confirmed`) it does."""
    actor = parts.acting(request)
    if user_id not in {one.id for one in leavers(actor)}:
        raise Http404
    user = User.objects.get(pk=user_id)
    people = [one for one in present(members(actor.unit_id)) if one.user_id != user_id]
    form = AssignForm(request.POST if request.method == "POST" else None, people=people)
    form.ask_why()
    cases = list(work.with_rows(cases_of(actor, user)).order_by(*work.ORDER)[:MOST])
    handler = form.chosen() if form.is_bound else None
    plans = plan(cases, handler, actor)
    if request.method != "POST":
        return page(request, user, form, plans, None, 200)
    if not form.is_valid() or handler is None:
        return page(request, user, form, plans, None, 422)
    if request.POST.get("confirmed") != "yes":
        return page(request, user, form, plans, handler, 200)
    wishes = {wish.case_id: wish for wish in seen(request)}
    chosen = [one for one in plans if one.case.pk in wishes]  # what came since was not agreed to
    outcome = assign(chosen, wishes, handler, actor, form.cleaned_data["reason"])
    tell(request, outcome.done, outcome.failed, handler)
    if not outcome.done and not outcome.failed:
        messages.warning(request, _("Nothing was left to hand over."))
    return redirect("access_review")


def seen(request: Request) -> list[Wish]:
    """The cases that the confirm page named, in the versions that it showed."""
    try:
        return [Wish.read(text) for text in request.POST.getlist("case")[:MOST]]
    except ValueError as nonsense:
        raise Http404 from nonsense


def page(
    request: Request,
    user: User,
    form: AssignForm,
    plans: list[Plan],
    handler: Actor | None,
    status: int,
) -> HttpResponse:
    """The cases and the form; once a handler is chosen, the question."""
    able = [one for one in plans if one.step]
    context = {
        "leaver": user,
        "form": form,
        "handler": handler,
        "able": list(zip(able, work.rows(one.case for one in able), strict=True)),
        "unable": [one for one in plans if not one.step],
    }
    return render(request, "audit/leaver.html", context, status=status)
