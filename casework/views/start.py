"""The start page: what waits, as figures that lead to it."""

from datetime import date
from itertools import islice
from typing import Any, cast
from uuid import UUID

from django.db.models import Count, Func, OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from access import log_review, rules
from access.actor import Actor
from access.compiled import Compiled, Tally
from access.guards import for_actor
from access.models import Role, Substitution, Unit
from access.request import Request
from access.visible import any_of, visible_to
from audit import integrity
from audit.models import Reading
from casework import notices, queue
from casework.backlog import late
from casework.destruction import proposals
from casework.models import Case, Intervention
from casework.queue import Needs, needing, open_cases
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
        told: dict[str, Any] = {"role": actor.role, "roles": Role, "late_reviews": late}
        if rules.auditor(actor):
            told["lists"] = list(proposals.to_approve(actor)[:SHOWN])
        if rules.auditor(actor) or rules.administrator(actor):
            told["state"] = integrity.state()
        return render(request, "casework/start_other.html", told)
    supervisor = rules.supervisor(actor)
    context: dict[str, Any] = {
        "figures": [
            *(supervisors_figures(actor) if supervisor else own_figures(actor)),
            *inbox_and_lists(actor, supervisor),
        ],
        "late_reviews": late_reviews(actor) if supervisor else [],
        "notices": notices.shown(actor),
        "drafts": disclosures.to_decide(actor),
        "interventions": own_interventions(actor),
        "coordinations": coordination_panel.waiting(actor, SHOWN),
        "standing_in": standing_in(actor),
        "supervisor": supervisor,
        "may_flag": rules.flagger(actor),
    }
    return render(request, "casework/start.html", context | cases_listed(actor, supervisor))


def cases_listed(actor: Actor, supervisor: bool) -> dict[str, list[queue.Row]]:
    """The page's lists of cases. Their persons are fetched once for all."""
    lists = {
        "waiting": waiting(actor) if supervisor else [],
        "soon": soon(actor),
        "opened": LAST_OPENED(actor=actor),
    }
    rows = iter(queue.rows(case for cases in lists.values() for case in cases))
    return {name: list(islice(rows, len(cases))) for name, cases in lists.items()}


def own_figures(actor: Actor) -> list[dict[str, Any]]:
    """What waits for her or for anyone: each figure counts what its link shows."""
    counts = OWN(actor=actor, own=sorted(actor.own_and_absent), today=timezone.localdate())
    return [
        figure(counts["overdue"], _("Overdue"), "due=overdue", alarm=True),
        figure(counts["today"], _("Due today"), "due=today"),
        figure(counts["mine"], _("My cases"), "mine=mine"),
        figure(counts["unassigned"], _("Without a handler"), "mine=unassigned"),
    ]


def count_own(actor: Actor, own: list[UUID], today: date) -> dict[str, int]:
    mine, nobodys = Q(any_of("handler_id", own)), Q(handler_id=None)
    return counted(
        actor,
        overdue=(mine | nobodys) & late(today),
        today=(mine | nobodys) & Q(next_due=today),
        unassigned=nobodys,
        mine=mine,
    )


def supervisors_figures(actor: Actor) -> list[dict[str, Any]]:
    """What waits in her whole unit, and what waits for her decision."""
    counts = UNITS(actor=actor, today=timezone.localdate())
    return [
        figure(counts["overdue"], _("Overdue"), "mine=all&due=overdue", alarm=True),
        figure(counts["today"], _("Due today"), "mine=all&due=today"),
        figure(counts["unassigned"], _("Without a handler"), "mine=unassigned"),
        figure(counts["unconfirmed"], _("To confirm"), "mine=all&needs=confirm"),
        figure(counts["expired"], _("Expired priorities"), "mine=all&needs=renew", alarm=True),
    ]


def count_units(actor: Actor, today: date) -> dict[str, int]:
    return counted(
        actor,
        overdue=late(today),
        today=Q(next_due=today),
        unassigned=Q(handler_id=None),
        expired=needing(Needs.RENEW, today),
        unconfirmed=needing(Needs.CONFIRM),
    )


def inbox_and_lists(actor: Actor, supervisor: bool) -> list[dict[str, Any]]:
    """What nobody has handled yet; for a supervisor the destruction lists to review, if any."""
    ((arrived, lists),) = ARRIVED.rows(actor=actor)
    found = [(arrived, _("In the inbox"), "inbox")]
    if supervisor and lists:
        found.append((lists, _("Destruction lists to review"), "destructions"))
    return [
        {"value": value, "label": label, "url": reverse(name), "alarm": False}
        for value, label, name in found
    ]


def arrived(actor: Actor) -> QuerySet[Any]:
    return Unit.objects.filter(pk=actor.unit_id).values_list(
        how_many(inbox.waiting(actor)), how_many(proposals.to_review(actor))
    )


def how_many(found: QuerySet[Any]) -> Subquery:
    return Subquery(found.order_by().annotate(n=Func("pk", function="COUNT")).values("n"))


def counted(actor: Actor, **what: Q) -> dict[str, int]:
    """Open cases of the unit, counted in one go."""
    return open_cases(actor).aggregate(
        **{name: Count("id", filter=which) for name, which in what.items()}
    )


def figure(value: int, label: str, query: str, *, alarm: bool = False) -> dict[str, Any]:
    """A number as a link to what it counts; `alarm` marks it when it isn't 0."""
    url = f"{reverse('queue')}?{query}"
    return {"value": value, "label": label, "url": url, "alarm": alarm and value > 0}


def waiting(actor: Actor) -> list[Case]:
    """What waits for a supervisor: priorities to confirm, and those that have expired."""
    return TO_DECIDE(actor=actor, today=timezone.localdate())


def late_reviews(actor: Actor) -> list[log_review.Month]:
    """Months whose log nobody has reviewed in time, for the head and the auditor to see."""
    return [row for row in log_review.months(actor) if row.late]


def soon(actor: Actor) -> list[Case]:
    """Her own cases that are overdue or due within a week, first due first."""
    last = timezone.localdate() + queue.SOON
    return DUE_SOON(actor=actor, own=sorted(actor.own_and_absent), last=last)


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
    return RUNNING(actor=actor, own=sorted(actor.own_and_absent))


def last_opened(actor: Actor) -> QuerySet[Case]:
    """The cases that she opened last, by her own lines in the trail, if she still sees them."""
    hers = Reading.objects.filter(
        actor_id=actor.user_id, kind=Reading.Kind.OPENED, about_id__isnull=False
    ).order_by("-at")
    when = hers.filter(about_id=OuterRef("pk")).values("at")[:1]
    cases = queue.unit_cases(actor).filter(pk__in=hers.values("about_id")[:OPENED])
    return queue.with_rows(cases).annotate(opened=Subquery(when)).order_by("-opened")[:SHOWN]


# --- asked each time the page opens --------------------------------------------------------------

OWN = Tally(
    count_own, ("overdue", "today", "unassigned", "mine"), actor=Actor, own=list, today=date
)
UNITS = Tally(
    count_units, ("overdue", "today", "unassigned", "expired", "unconfirmed"),
    actor=Actor, today=date,
)  # fmt: skip
ARRIVED = Compiled[Unit](arrived, actor=Actor)
TO_DECIDE = Compiled[Case](
    lambda actor, today: queue.with_rows(
        open_cases(actor).filter(needing(Needs.CONFIRM) | needing(Needs.RENEW, today))
    ).order_by(*queue.ORDER)[:SHOWN],
    actor=Actor,
    today=date,
)
DUE_SOON = Compiled[Case](
    lambda actor, own, last: queue.with_rows(
        open_cases(actor).filter(any_of("handler_id", own), next_due__lte=last)
    ).order_by(*queue.ORDER)[:SHOWN],
    actor=Actor,
    own=list,
    last=date,
)
RUNNING = Compiled[Intervention](
    lambda actor, own: (
        visible_to(Intervention.objects.all(), actor)
        .filter(any_of("handler_id", own), state__in=intervention.OPEN)
        .select_related("case")
        .order_by("planned_until", "id")[:SHOWN]
    ),
    actor=Actor,
    own=list,
)

LAST_OPENED = Compiled[Case](last_opened, actor=Actor)
