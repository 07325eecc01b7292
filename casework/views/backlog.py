"""The backlog, for supervisors: every figure is a sentence, a drawing and a table."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from access import rules
from access.actor import Actor
from access.guards import for_actor
from access.request import Request
from casework import backlog as figures
from casework.backlog import AGES, Flow, Stock, Untouched
from casework.charts import pairs
from casework.destruction import proposals
from casework.forms.queue import NOT_PRIORITISED
from casework.workflow.case import OPEN, Level


@require_safe
@for_actor(rules.supervisor)
def backlog(request: Request) -> HttpResponse:
    """Her unit's stock, its age, what is late, what waits for her, and who carries what."""
    actor = cast(Actor, request.actor)
    held = figures.stock(actor)
    opened = figures.open_by_day(actor)
    waiting, expired, unconfirmed = figures.untouched(actor)
    context = {
        "total": held.total,
        "figures": headline(held, waiting, expired, unconfirmed) + too_late(actor),
        "states": states(held, waiting),
        "levels": levels(held, unconfirmed),
        "ages": ages(figures.ages(opened)),
        "flow": flow_chart(figures.flow(actor, opened)),
        "loads": figures.loads(actor, held),
        "nobodys": (held.handlers[None], held.late[None]),
        "most": max(held.handlers.values(), default=0),
        "queue_url": reverse("queue"),
        "lists": lists(actor, expired, unconfirmed, waiting),
    }
    return render(request, "casework/backlog.html", context)


def link(query: str) -> str:
    return f"{reverse('queue')}?mine=all&{query}"


def headline(
    held: Stock, waiting: Untouched, expired: int, unconfirmed: int
) -> list[dict[str, Any]]:
    late = held.late.total()
    return [
        {"value": held.total, "label": _("Open cases"), "url": f"{reverse('queue')}?mine=all"},
        {"value": late, "label": _("Overdue"), "url": link("due=overdue"), "alarm": late > 0},
        {
            "value": held.handlers[None],
            "label": _("Without a handler"),
            "url": f"{reverse('queue')}?mine=unassigned",
        },
        {"value": waiting.cases, "label": _("Prioritised, not started"),
         "url": link("state=prioritised")},
        {"value": unconfirmed, "label": _("To confirm"), "url": link("needs=confirm")},
        {"value": expired, "label": _("Expired priorities"), "url": link("needs=renew"),
         "alarm": expired > 0},
    ]  # fmt: skip


def too_late(actor: Actor) -> list[dict[str, Any]]:
    """Closed cases that should be destroyed already: shown where there are any."""
    late = sum(one.overdue for one in proposals.figures(actor))
    label, url = _("should be destroyed already"), reverse("destructions")
    return [{"value": late, "label": label, "url": url, "alarm": True}] if late else []


def states(held: Stock, waiting: Untouched) -> dict[str, Any]:
    drawn = bars((str(state.label), held.states[state], link(f"state={state}")) for state in OPEN)
    return drawn | {"sentence": waiting_words(waiting)}


def levels(held: Stock, unconfirmed: int) -> dict[str, Any]:
    rows = [(str(label), held.levels[level], link(f"level={level}")) for level, label in
            Level.choices]  # fmt: skip
    none = (_("Not prioritised"), held.levels[""], link(f"level={NOT_PRIORITISED}"))
    urgent = held.levels[Level.A] + held.levels[Level.B]
    words = ngettext(
        "%(urgent)d open case has level A or B. To confirm: %(unconfirmed)d.",
        "%(urgent)d open cases have level A or B. To confirm: %(unconfirmed)d.",
        urgent,
    )
    facts = {"urgent": urgent, "unconfirmed": unconfirmed}
    return bars([*rows, none]) | {"sentence": words % facts}


def ages(counts: Sequence[int]) -> dict[str, Any]:
    """How long the open cases have been open."""
    drawn = bars((age_words(*span), count, "") for span, count in zip(AGES, counts, strict=True))
    old = counts[-1]
    words = ngettext(
        "%(old)d of %(all)d open cases has been open for more than 90 days.",
        "%(old)d of %(all)d open cases have been open for more than 90 days.",
        old,
    )
    return drawn | {"sentence": words % {"old": old, "all": sum(counts)}}


def age_words(first: int, last: int | None) -> str:
    if last is None:
        return _("More than %(days)d days") % {"days": first - 1}
    return _("%(first)d–%(last)d days") % {"first": first, "last": last}


def bars(rows: Any) -> dict[str, Any]:
    """What components/bars.html draws."""
    drawn = [{"label": label, "value": value, "url": url} for label, value, url in rows]
    return {"bars": drawn, "most": max(bar["value"] for bar in drawn)}


def waiting_words(waiting: Untouched) -> str:
    """How long prioritised cases have waited for somebody to start."""
    if not waiting.cases:
        return _("Every prioritised case has been started.")
    words = ngettext(
        "%(cases)d case is prioritised and not started. It has waited for %(longest)d days.",
        "%(cases)d cases are prioritised and not started. Half of them have waited for"
        " %(half)d days or more, the longest for %(longest)d days.",
        waiting.cases,
    )
    return words % {"cases": waiting.cases, "half": waiting.half, "longest": waiting.longest}


def flow_chart(weeks: Sequence[Flow]) -> dict[str, Any]:
    """In and out, week by week."""
    came, left = sum(week.opened for week in weeks), sum(week.closed for week in weeks)
    words = _("In the last %(weeks)d weeks %(came)d cases were opened and %(left)d were closed.")
    facts: Mapping[str, int] = {"weeks": len(weeks), "came": came, "left": left}
    labels = [str(week.week) for week in weeks]
    return {
        "sentence": words % facts,
        "weeks": weeks,
        "chart": pairs(labels, [one.opened for one in weeks], [one.closed for one in weeks]),
    }


def lists(actor: Actor, expired: int, unconfirmed: int, waiting: Untouched) -> list[dict[str, Any]]:
    """What waits for a decision, and the oldest: the first of each, and where the rest is."""
    rows = figures.lists(actor)
    return [
        {
            "id": "untouched",
            "heading": _("Prioritised and untouched the longest"),
            "text": _("Nobody has taken them on since they were prioritised."),
            "rows": rows["untouched"],
            "url": link("state=prioritised"),
            "empty": _("Every prioritised case has been started."),
            "total": waiting.cases,
            "waits": True,
        },
        {
            "id": "unconfirmed",
            "heading": _("To confirm"),
            "text": _("Level A or B is confirmed by a supervisor within three working days."),
            "rows": rows["unconfirmed"],
            "url": link("needs=confirm"),
            "empty": _("No priority waits to be confirmed."),
            "total": unconfirmed,
        },
        {
            "id": "expired",
            "heading": _("Expired priorities"),
            "text": _("The day has passed. Somebody has to renew or lower each of them."),
            "rows": rows["expired"],
            "url": link("needs=renew"),
            "empty": _("No priority has expired."),
            "total": expired,
        },
        {
            "id": "oldest",
            "heading": _("The oldest open cases"),
            "text": "",
            "rows": rows["oldest"],
            "url": "",
            "empty": _("There is no open case."),
            "total": 0,
        },
    ]
