"""The start page: what waits, as figures that lead to it."""

from collections.abc import Iterable
from typing import Any, cast

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from access import log_review, rules
from access.actor import Actor
from access.guards import for_actor
from access.models import Role, Substitution
from access.request import Request
from access.visible import visible_to
from audit import integrity
from audit.models import Reading
from casework import notices, queue
from casework.backlog import late, open_cases
from casework.models import Case, Intervention
from casework.queue import Due, Needs, due_in, needing
from casework.sending import disclosures, inbox
from casework.views import coordination_panel
from casework.workflow import intervention

SHOWN = 8
OPENED = 100  # own lines in the trail that are looked through for the last cases opened
anyone = rules.case_staff | rules.auditor | rules.coordinator | rules.administrator


@require_safe
@for_actor(anyone)
def start(request: Request) -> HttpResponse:
    """Case staff see their work; the others are told where theirs is."""
    actor = cast(Actor, request.actor)
    if not rules.case_staff(actor):
        late = late_reviews(actor) if rules.auditor(actor) else []
        told = {"role": actor.role, "roles": Role, "late_reviews": late}
        if rules.auditor(actor) or rules.administrator(actor):
            told["state"] = integrity.state()
        return render(request, "casework/start_other.html", told)
    supervisor = rules.supervisor(actor)
    context: dict[str, Any] = {
        "figures": [
            *(supervisors_figures(actor) if supervisor else own_figures(actor)),
            arrived(actor),
        ],
        "waiting": waiting(actor) if supervisor else [],
        "late_reviews": late_reviews(actor) if supervisor else [],
        "notices": notices.shown(actor),
        "drafts": disclosures.to_decide(actor),
        "soon": soon(actor),
        "interventions": own_interventions(actor),
        "coordinations": coordination_panel.waiting(actor, SHOWN),
        "opened": recently_opened(actor),
        "standing_in": standing_in(actor),
        "supervisor": supervisor,
        "may_flag": rules.flagger(actor),
    }
    return render(request, "casework/start.html", context)


def own_figures(actor: Actor) -> list[dict[str, Any]]:
    """What waits for her or for anyone: each figure counts what its link shows."""
    mine, nobodys = queue.handled_by(actor), Q(handler_id=None)
    counts = counted(
        actor,
        overdue=(mine | nobodys) & late(),
        today=(mine | nobodys) & due_today(),
        unassigned=nobodys,
        mine=mine,
    )
    return [
        figure(counts["overdue"], _("Overdue"), "due=overdue", alarm=True),
        figure(counts["today"], _("Due today"), "due=today"),
        figure(counts["mine"], _("My cases"), "mine=mine"),
        figure(counts["unassigned"], _("Without a handler"), "mine=unassigned"),
    ]


def supervisors_figures(actor: Actor) -> list[dict[str, Any]]:
    """What waits in her whole unit, and what waits for her decision."""
    counts = counted(
        actor,
        overdue=late(),
        today=due_today(),
        unassigned=Q(handler_id=None),
        expired=needing(Needs.RENEW),
        unconfirmed=needing(Needs.CONFIRM),
    )
    return [
        figure(counts["overdue"], _("Overdue"), "mine=all&due=overdue", alarm=True),
        figure(counts["today"], _("Due today"), "mine=all&due=today"),
        figure(counts["unassigned"], _("Without a handler"), "mine=unassigned"),
        figure(counts["unconfirmed"], _("To confirm"), "mine=all&needs=confirm"),
        figure(counts["expired"], _("Expired priorities"), "mine=all&needs=renew", alarm=True),
    ]


def arrived(actor: Actor) -> dict[str, Any]:
    """What lies in the inbox that nobody has handled."""
    value = inbox.waiting(actor).count()
    return {"value": value, "label": _("In the inbox"), "url": reverse("inbox"), "alarm": False}


def counted(actor: Actor, **what: Q) -> dict[str, int]:
    """Open cases of the unit, counted in one go."""
    return open_cases(actor).aggregate(
        **{name: Count("id", filter=which) for name, which in what.items()}
    )


def due_today() -> Q:
    return due_in(Due.TODAY, timezone.localdate())


def figure(value: int, label: str, query: str, *, alarm: bool = False) -> dict[str, Any]:
    """A number as a link to what it counts; `alarm` marks it when it isn't 0."""
    url = f"{reverse('queue')}?{query}"
    return {"value": value, "label": label, "url": url, "alarm": alarm and value > 0}


def waiting(actor: Actor) -> list[queue.Row]:
    """What waits for a supervisor: priorities to confirm, and those that have expired."""
    cases = open_cases(actor).filter(needing(Needs.CONFIRM) | needing(Needs.RENEW))
    return queue.rows(queue.with_rows(cases).order_by(*queue.ORDER)[:SHOWN])


def late_reviews(actor: Actor) -> list[log_review.Month]:
    """Months whose log nobody has reviewed in time, for the head and the auditor to see."""
    return [row for row in log_review.months(actor) if row.late]


def soon(actor: Actor) -> list[queue.Row]:
    """Her own cases that are overdue or due within a week, first due first."""
    last = timezone.localdate() + queue.SOON
    cases = open_cases(actor).filter(queue.handled_by(actor), next_due__lte=last)
    return queue.rows(queue.with_rows(cases).order_by(*queue.ORDER)[:SHOWN])


def standing_in(actor: Actor) -> list[Substitution]:
    """Whose work she does now, and until when. Nothing is asked when it is nobody's."""
    if not actor.stands_in_for:
        return []
    held = Substitution.objects.open().filter(
        unit_id=actor.unit_id, substitute_id=actor.user_id, absent_id__in=actor.stands_in_for
    )
    return list(held.select_related("absent").order_by("until"))


def own_interventions(actor: Actor) -> list[Intervention]:
    """The interventions that she is responsible for and that are not over."""
    running = visible_to(Intervention.objects.all(), actor).filter(
        queue.handled_by(actor), state__in=intervention.OPEN
    )
    return list(running.select_related("case").order_by("planned_until", "id")[:SHOWN])


def recently_opened(actor: Actor) -> list[queue.Row]:
    """The cases that she opened last, by her own lines in the trail, if she still sees them."""
    lines = Reading.objects.filter(
        actor_id=actor.user_id, kind=Reading.Kind.OPENED, about_id__isnull=False
    ).order_by("-at")
    last = first_ones(lines.values_list("about_id", flat=True)[:OPENED])
    seen: dict[Any, Case] = queue.with_rows(queue.unit_cases(actor)).in_bulk(last)
    return queue.rows(seen[pk] for pk in last if pk in seen)


def first_ones(ids: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(ids))[:SHOWN]
