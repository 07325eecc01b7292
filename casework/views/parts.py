"""Pieces of pages about a case: the bar on top, the way so far, the tables of facts."""

from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.actor import Actor
from access.request import Request
from casework import clocks
from casework.ages import meaning, years
from casework.models import Case, Observation
from casework.templatetags.ui import day
from casework.workflow.case import State
from casework.workflow.steps import Offer, Stateful, Step, offered

LIFE = (
    State.FLAGGED, State.PRIORITISED, State.IN_PROGRESS, State.COORDINATED, State.FOLLOW_UP,
    State.CLOSED,
)  # fmt: skip
DUE: dict[str, Promise] = {
    "start": gettext_lazy("Start the case"),
    "confirm": gettext_lazy("Confirm the priority"),
    "renew": gettext_lazy("Renew or lower the priority"),
    "look": gettext_lazy("Look again"),
}
Row = tuple[object, ...]
P = TypeVar("P", bound=Any)


def acting(request: Request) -> Actor:
    """Who acts, in a view whose guard has let somebody in."""
    if request.actor is None:
        raise PermissionDenied
    return request.actor


def within(case: Case, found: list[P]) -> list[P]:
    """What was asked for by the case's id, with the case itself."""
    for part in found:
        part.case = case
    return found


def bar(case: Case) -> dict[str, Any]:
    """What the identity bar shows: reference, level, deadline, state, handler; no name."""
    return {
        "case": {
            "reference": case.reference,
            "level": case.level,
            "deadline": None if case.next_due == clocks.NO_DUE else case.next_due,
            "get_state_display": case.state_label,
        },
        "handler": case.handler.name if case.handler else "",
        "place": case.place.name,
        "restricted": case.restricted,
        "glass_until": getattr(case, "glass_until", None),
        "stand_in": getattr(case, "stand_in", None),
        "stand_in_until": getattr(case, "stand_in_until", None),
    }


def stepper(case: Case) -> list[dict[str, object]]:
    """The life of the case as steps: done, now, coming. Set aside ends it where it was."""
    if case.state == State.SET_ASIDE:
        return [
            {"label": State.FLAGGED.label, "state": "done"},
            {"label": State.SET_ASIDE.label, "state": "now"},
        ]
    life = [state for state in LIFE if not skipped(case, state)]
    here = life.index(State(case.state))
    return [
        {
            "label": state.label,
            "state": "done" if place < here else "now" if place == here else "coming",
        }
        for place, state in enumerate(life)
    ]


def skipped(case: Case, state: State) -> bool:
    """A closed case that was never followed up shows no follow-up; coordination shows while it
    lasts."""
    if state == State.COORDINATED:
        return bool(case.state != State.COORDINATED)
    return state == State.FOLLOW_UP and case.state == State.CLOSED and not case.next_look


def steps_to_offer(case: Stateful, actor: Actor) -> list[Offer]:
    """What can be done next: the way forward first, then what changes no status, endings last."""
    offers = [
        replace(offer, step=worded(offer.step, case))
        for offer in offered(case, actor)
        if offer.open or (case.MACHINE, offer.name) not in SILENT
    ]
    return sorted(offers, key=lambda offer: urgency(case, offer))


def worded(step: Step, thing: Stateful) -> Step:
    """The step with the words that fit the thing's state: once prioritised, again is to renew."""
    if (thing.MACHINE, step.name, thing.state) == ("case", "prioritise", State.PRIORITISED):
        return replace(step, label=_("Renew or change the priority"))
    return step


# Said nothing of while they are closed: most cases are never coordinated.
SILENT = {("intervention", "show"), ("intervention", "hide")}
# What is done day by day while nothing moves: before what changes the file in other ways.
EVERYDAY = {"look_again", "add_note", "plan_meeting"}


def urgency(thing: Stateful, offer: Offer) -> int:
    order = list(thing.STATES)
    target = offer.step.edges[thing.state]
    if offer.name == "confirm" and isinstance(thing, Case) and asks_confirm(thing):
        return -1
    if offer.name == "send":
        return -1
    if offer.step.final:
        return 3
    if offer.name in EVERYDAY:
        return 0
    if target == thing.state:
        return 1
    return 0 if order.index(thing.STATES(target)) > order.index(thing.STATES(thing.state)) else 2


def asks_confirm(case: Case) -> bool:
    """Levels A and B wait for a supervisor's word as long as they are only prioritised."""
    waiting = case.state == State.PRIORITISED and case.confirmed_at is None
    return waiting and case.level in clocks.WORKING_DAYS_TO_START


def person_rows(case: Case, observations: list[Observation], whole: bool) -> list[Row]:
    """Who it is about: name, birth date, ages. `whole`: the first observation is among them."""
    person, today = case.person, timezone.localdate()
    now = person.age_on(today)
    rows: list[Row] = [
        (_("Name"), person.name),
        (_("Born"), day(person.birth_date, "DATE_FORMAT")),
        (_("Age now"), years(now), meaning(now)),
    ]
    if observations:
        last = age_at(case, timezone.localdate(observations[0].seen_at))
        first = age_at(case, timezone.localdate(observations[-1].seen_at))
        rows.append((_("Age at the latest observation"), years(last), meaning(last)))
        if whole and first != last:
            rows.append((_("Age at the first observation"), years(first), meaning(first)))
    return rows


def age_at(case: Case, when: date) -> int:
    return case.person.age_on(when)


def case_rows(case: Case) -> list[Row]:
    """The case itself: opened, follow-up, how it ended."""
    return [
        (_("Opened"), day(case.opened_at, "DATE_FORMAT")),
        (_("Next look"), day(case.next_look, "DATE_FORMAT")),
        (
            _("Set aside on") if case.state == State.SET_ASIDE else _("Closed on"),
            day(case.closed_at, "DATE_FORMAT"),
        ),
        (_("Outcome"), case.get_outcome_display() if case.outcome else ""),
    ]


def deadline_rows(case: Case) -> list[tuple[str, date]]:
    """What the house's own times ask, and when, in words. The law's are rows: clock_rows."""
    return [(str(DUE[one.kind]), one.due) for one in case.deadlines() if one.kind in DUE]
