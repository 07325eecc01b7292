"""Breaking the glass, and what somebody else thinks of it afterwards; naming substitutes."""

from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from access import exceptions as doors
from access import guards, rules
from access.models import Grant
from access.request import Request
from access.visible import but_shut_out
from audit import trail
from audit.models import Reading
from casework import emergencies, exceptions
from casework.forms.exceptions import BreakGlassForm, JudgeForm, SubstituteForm
from casework.templatetags.ui import moment
from casework.views import parts
from casework.views.exceptions import overseer, substitutions
from casework.workflow.restriction import Stake


@require_http_methods(["GET", "HEAD", "POST"])
@guards.for_actor(rules.case_staff)
def break_glass(request: Request) -> HttpResponse:
    """Open a restricted case in an emergency. A reference that leads nowhere is a refusal."""
    actor = parts.acting(request)
    form = BreakGlassForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            case = emergencies.break_glass(
                actor, given["reference"], given["reason"], given["stake"]
            )
        except emergencies.NotThere as fault:
            trail.reading(Reading.Kind.REFUSED, detail={"what": "break_glass"})
            form.add_error("reference", str(fault.words))
        else:
            return redirect("case", case.pk)
    status = 422 if form.errors else 200
    return render(request, "casework/break_glass.html", {"form": form}, status=status)


@require_safe
@guards.for_actor(overseer)
def to_review(request: Request) -> HttpResponse:
    """The emergency openings that wait for a judgement, oldest first."""
    actor = parts.acting(request)
    stakes = dict(Stake.choices)
    rows = [
        {
            "grant": grant,
            "stake": stakes.get(grant.stake, ""),
            "own": grant.user_id == actor.user_id,
        }
        for grant in emergencies.to_judge(actor)
    ]
    return render(request, "casework/exceptions_review.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@guards.for_actor(overseer)
def judge(request: Request, grant_id: UUID) -> HttpResponse:
    """Say what one thinks of somebody else's emergency opening."""
    actor = parts.acting(request)
    broken = Grant.objects.filter(kind=Grant.Kind.BREAK_GLASS).select_related("user")
    grant = guards.found(but_shut_out(broken, actor, "thing_id"), actor, pk=grant_id)
    if grant.user_id == actor.user_id:
        guards.refuse(_("Somebody else judges what you opened."))
    form = JudgeForm(request.POST if request.method == "POST" else None)
    page = {
        "form": form,
        "back": reverse("exceptions_review"),
        "title": _("Judge the opening of %(case)s") % {"case": grant.about},
        "yes": _("Save the judgement"),
        "rows": [
            (_("Opened by"), grant.user.name),
            (_("Opened"), moment(grant.since)),
            (_("What was at stake"), dict(Stake.choices).get(grant.stake, "")),
            (_("Reason"), grant.reason),
        ],
    }
    if request.method != "POST" or not form.is_valid():
        status = 200 if request.method != "POST" else 422
        return render(request, "casework/exceptions_form.html", page, status=status)
    try:
        with transaction.atomic():
            doors.judge(grant, actor, form.cleaned_data["verdict"], form.cleaned_data["note"])
    except IntegrityError:
        words = _("Somebody else has judged it already.")
        page |= {"warning": words, "form": None}
        return render(request, "casework/exceptions_form.html", page, status=409)
    messages.success(request, _("The judgement is saved."))
    return redirect("exceptions_review")


@require_http_methods(["GET", "HEAD", "POST"])
@guards.for_actor(rules.supervisor)
def substitutes(request: Request) -> HttpResponse:
    """Who stands in for whom, and naming somebody."""
    actor = parts.acting(request)
    form = SubstituteForm(request.POST if request.method == "POST" else None, actor=actor)
    if request.method == "POST" and form.is_valid():
        given, (since, until) = form.cleaned_data, form.times()
        exceptions.name_substitute(
            actor, given["absent"], given["substitute"], given["reason"], since, until
        )
        said = {"substitute": given["substitute"].name, "absent": given["absent"].name}
        messages.success(request, _("%(substitute)s stands in for %(absent)s.") % said)
        return redirect("substitutes")
    context = {"form": form, "substitutions": substitutions(actor), "may_end": True}
    status = 422 if form.errors else 200
    return render(request, "casework/substitutes.html", context, status=status)
