"""Exceptions from who sees what: the overview, and ending what was opened or closed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from access import guards, rules
from access.actor import Actor
from access.models import Confined, Exclusion, Grant, Membership, Role, Substitution, Unit
from access.request import Request
from access.visible import but_shut_out, open_grants, visible_to
from casework import emergencies, exceptions
from casework.forms.exceptions import EndForm, NameAgainForm
from casework.forms.restriction import end_of
from casework.templatetags.ui import moment
from casework.views import parts
from casework.workflow.restriction import Ground
from casework.workflow.steps import Closed, perform

CHIEF_NAMED = gettext_lazy("A supervisor is named for the case: ask her or him.")
overseer = rules.supervisor | rules.auditor
anyone = rules.case_staff | rules.auditor


@require_safe
@guards.for_actor(anyone)
def overview(request: Request) -> HttpResponse:
    """Supervisors and auditors: every exception that holds. Others: what concerns them."""
    actor = parts.acting(request)
    context = {
        "oversees": overseer(actor),
        "may_end": rules.supervisor(actor),
        "substitutions": substitutions(actor),
        **(everything(actor) if overseer(actor) else own(actor)),
    }
    return render(request, "casework/exceptions.html", context)


def everything(actor: Actor) -> dict[str, Any]:
    """References and colleagues' names; nothing of what the cases hold."""
    every = visible_to(Grant.objects.pending().exclude(kind=Grant.Kind.PASSING), actor)
    held = but_shut_out(every, actor, "thing_id")
    hers = visible_to(Exclusion.objects.pending().filter(about_id=F("thing_id")), actor)
    shut_out = but_shut_out(hers, actor, "about_id")
    return {
        "grants": held.select_related("user").order_by("about", "until", "id"),
        "exclusions": shut_out.select_related("user").order_by("about", "since", "id"),
        "restricted": restricted(actor),
        "to_judge": emergencies.to_judge(actor).count(),
    }


def own(actor: Actor) -> dict[str, Any]:
    shows = Unit.objects.values_list("shows_restricted", flat=True).get(pk=actor.unit_id)
    mine = open_grants(actor).exclude(kind=Grant.Kind.PASSING).select_related("user")
    return {
        "grants": mine.order_by("about", "until"),
        "restricted": restricted(actor) if shows else [],
    }


def restricted(actor: Actor) -> list[dict[str, Any]]:
    """The restricted cases by reference, and how many are named for each."""
    held = visible_to(Confined.objects.filter(ended_at=None).exclude(about=""), actor)
    rows = list(but_shut_out(held, actor, "about_id").order_by("about"))
    named = Grant.objects.open().filter(
        kind__in=[Grant.Kind.NAMED, Grant.Kind.SUBSTITUTE],
        thing_id__in={row.thing_id for row in rows},
    )
    counts = dict(
        named.values_list("thing_id").annotate(Count("user_id", distinct=True)).order_by()
    )
    chiefs = Membership.objects.valid().filter(unit_id=actor.unit_id, role=Role.SUPERVISOR)
    with_chief = named.filter(kind=Grant.Kind.NAMED, user_id__in=chiefs.values("user_id"))
    theirs = set(with_chief.values_list("thing_id", flat=True))
    grounds = dict(Ground.choices)
    return [
        {
            "row": row,
            "ground": grounds.get(row.ground, row.ground),
            "named": counts.get(row.thing_id, 0),
            "chief": row.thing_id in theirs,
        }
        for row in rows
    ]


def substitutions(actor: Actor) -> QuerySet[Substitution]:
    where = Q(unit_id=actor.unit_id) | Q(authority_id=actor.trail_authority or 0)
    held: QuerySet[Substitution] = Substitution.objects.pending().filter(where)
    return held.select_related("absent", "substitute", "unit").order_by("since", "id")


# --- ending one ---------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@guards.for_actor(rules.supervisor)
def close_grant(request: Request, grant_id: UUID) -> HttpResponse:
    """End somebody's access to a case at once."""
    actor = parts.acting(request)
    every = Grant.objects.pending().filter(unit_id=actor.unit_id).select_related("user")
    held = but_shut_out(every, actor, "thing_id")
    grant = guards.found(held.exclude(kind=Grant.Kind.PASSING), actor, pk=grant_id)
    if (why := last_named(grant, actor)) and request.method == "POST":
        messages.error(request, why)
        return redirect("exceptions")
    return end(
        request,
        lambda reason: exceptions.close(grant, actor, reason),
        title=_("End this access?"),
        yes=_("Yes, end the access"),
        rows=[
            (_("Person"), grant.user.name),
            (_("Case"), grant.about),
            (_("Until"), moment(grant.until)),
        ],
        warning=why,
    )


def named_here(thing_id: UUID, actor: Actor) -> QuerySet[Grant]:
    """Who is named for it, still works in the unit and isn't shut out."""
    here = Membership.objects.valid().filter(unit_id=actor.unit_id)
    out = Exclusion.objects.open().filter(about_id=thing_id)
    named: QuerySet[Grant] = Grant.objects.open().filter(
        thing_id=thing_id, kind=Grant.Kind.NAMED, user_id__in=here.values("user_id")
    )
    return named.exclude(user_id__in=out.values("user_id"))


def last_named(grant: Grant, actor: Actor) -> str:
    if grant.kind != Grant.Kind.NAMED:
        return ""
    if named_here(grant.thing_id, actor).exclude(user_id=grant.user_id).exists():
        return ""
    return _("Nobody else is named for the case. Name somebody else first.")


@require_http_methods(["GET", "HEAD", "POST"])
@guards.for_actor(rules.supervisor)
def close_exclusion(request: Request, exclusion_id: UUID) -> HttpResponse:
    """Somebody's conflict of interest is over."""
    actor = parts.acting(request)
    held = Exclusion.objects.pending().filter(unit_id=actor.unit_id).select_related("user")
    found = guards.found(held, actor, pk=exclusion_id)
    return end(
        request,
        lambda reason: exceptions.let_in(found, actor, reason),
        title=_("Let this person in again?"),
        yes=_("Yes, let the person in"),
        rows=[(_("Person"), found.user.name), (_("Case"), found.about)],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@guards.for_actor(rules.supervisor)
def close_substitution(request: Request, substitution_id: UUID) -> HttpResponse:
    """End a substitution before its day."""
    actor = parts.acting(request)
    held = substitutions(actor).filter(unit_id=actor.unit_id)
    found = guards.found(held, actor, pk=substitution_id)

    def ended(reason: str) -> bool:
        exceptions.end_substitution(found)
        return True

    return end(
        request,
        ended,
        title=_("End this substitution?"),
        yes=_("Yes, end the substitution"),
        rows=[
            (_("Absent"), found.absent.name),
            (_("Substitute"), found.substitute.name),
            (_("Until"), moment(found.until)),
        ],
        asks=False,
    )


def end(request: Request, act: Any, *, asks: bool = True, **page: Any) -> HttpResponse:
    """Ask once more, with a reason where it goes to the case's own log; then do it."""
    form = EndForm(request.POST if request.method == "POST" else None)
    if not asks:
        del form.fields["reason"]
    context = {"form": form, "back": reverse("exceptions"), "danger": True, **page}
    if request.method != "POST":
        return render(request, "casework/exceptions_form.html", context)
    if not form.is_valid():
        return render(request, "casework/exceptions_form.html", context, status=422)
    try:
        done = act(form.cleaned_data.get("reason", ""))
    except Closed as closed:
        return render(
            request, "casework/exceptions_form.html", context | {"warning": closed.words},
            status=409,
        )  # fmt: skip
    if not done:
        guards.refuse(_("You are shut out of this case yourself. Ask another supervisor."))
    messages.success(request, _("It has ended."))
    return redirect("exceptions")


# --- no supervisor is named ---------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@guards.for_actor(rules.supervisor)
def name_again(request: Request, confined_id: UUID) -> HttpResponse:
    """Name somebody for a case that no supervisor is named for. While others are named she names
    colleagues, not herself."""
    found, actor = confined_case(request, confined_id), parts.acting(request)
    seen = named_here(found.thing_id, actor).exists()
    data = request.POST if request.method == "POST" else None
    form = NameAgainForm(data, actor=actor, but=actor.user_id if seen else None)
    page = {
        "form": form,
        "back": reverse("exceptions"),
        "title": _("Name people for %(case)s") % {"case": found.about},
        "yes": _("Name them"),
        "warning": "",
    }
    if chief_named(found.thing_id, actor):
        page["warning"] = CHIEF_NAMED
        return render(request, "casework/exceptions_form.html", page | {"form": None}, status=409)
    if request.method != "POST" or not form.is_valid():
        status = 200 if request.method != "POST" else 422
        return render(request, "casework/exceptions_form.html", page, status=status)
    given = form.cleaned_data
    with exceptions.for_one_step(found.about_id, actor, given["reason"]) as case:
        if case is not None:
            until = end_of(given["until"])
            perform(case, "name", actor, given["reason"], people=given["people"], until=until)
    if case is None:
        guards.refuse(_("You are shut out of this case yourself. Ask another supervisor."))
    messages.success(request, _("They are named and see the case now."))
    return redirect("exceptions")


@require_http_methods(["GET", "HEAD", "POST"])
@guards.for_actor(rules.supervisor)
def lift(request: Request, confined_id: UUID) -> HttpResponse:
    """Lift the restriction of a case that no supervisor is named for. Those named are told."""
    found, actor = confined_case(request, confined_id), parts.acting(request)
    title = _("Lift the restriction of %(case)s?") % {"case": found.about}
    if chief_named(found.thing_id, actor):
        page = {"form": None, "back": reverse("exceptions"), "title": title, "warning": CHIEF_NAMED}
        return render(request, "casework/exceptions_form.html", page, status=409)

    def lifted(reason: str) -> bool:
        with exceptions.for_one_step(found.about_id, actor, reason) as case:
            if case is not None:
                perform(case, "unrestrict", actor, reason)
        return case is not None

    return end(
        request,
        lifted,
        title=title,
        yes=_("Yes, lift the restriction"),
        rows=[(_("Case"), found.about), (_("Ground"), dict(Ground.choices).get(found.ground, ""))],
        warning=_(
            "Everyone in the unit then sees all of the unit’s cases about this young person. Those "
            "who are named are told. Ask them first: you don’t see what the case holds."
        ),
    )


def confined_case(request: Request, confined_id: UUID) -> Confined:
    held = Confined.objects.filter(ended_at=None).exclude(about="")
    return guards.found(held, request.actor, pk=confined_id)


def chief_named(thing_id: UUID, actor: Actor) -> bool:
    """A supervisor of the unit is named for it: it is hers to name others and to lift it."""
    chiefs = Membership.objects.valid().filter(unit_id=actor.unit_id, role=Role.SUPERVISOR)
    return named_here(thing_id, actor).filter(user_id__in=chiefs.values("user_id")).exists()
