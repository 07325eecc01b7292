"""The life of a case: one unit's file about one young person, from flag to close."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import django_fsm as fsm
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access import rules
from access.actor import Actor
from casework import clocks
from casework.workflow import who
from casework.workflow.restriction import not_coordinating
from casework.workflow.states import OPEN as OPEN
from casework.workflow.states import State as State
from casework.workflow.steps import UNBORN, Act, Stateful, condition, step


class Level(models.TextChoices):
    A = "A", _("A – acute")
    B = "B", _("B – high")
    C = "C", _("C – normal")
    D = "D", _("D – watch")


class Outcome(models.TextChoices):
    SUPPORT_GIVEN = "support_given", _("Support was given and is completed")
    HANDED_TO_OTHER = "handed_to_other", _("Somebody else has taken over")
    NO_FURTHER_NEED = "no_further_need", _("No further need")
    NO_CONTACT = "no_contact", _("No contact could be made")
    CRIME_HANDLED = "crime_handled", _("The suspicion of crime has been dealt with")
    NOTHING_FOUND = "nothing_found", _("The information was not confirmed")


class WhyAside(models.TextChoices):
    OUT_OF_SCOPE = "out_of_scope", _("Outside what this work is about")
    NO_GROUND = "no_ground", _("Not enough ground")
    DUPLICATE = "duplicate", _("The same as another case")
    OTHER_UNIT = "other_unit", _("Belongs to another unit")


S = State
WORKED_ON = (S.IN_PROGRESS, S.COORDINATED)
RANK = {Level.A: 1, Level.B: 2, Level.C: 3, Level.D: 4}
NO_RANK = 5


@condition(_("An intervention is still proposed, agreed or ongoing. Finish it first."))
def nothing_running(case: "CaseSteps") -> bool:
    return not case.has_open_interventions()


@condition(_("An investigation is still running. End it first."))
def nothing_investigated(case: "CaseSteps") -> bool:
    return not case.has_open_investigations()


@condition(_("There is another open case about the same young person."))
def the_only_open(case: "CaseSteps") -> bool:
    return not case.has_open_twin()


@condition(_("The priority has been confirmed already."))
def not_confirmed(case: "CaseSteps") -> bool:
    return case.confirmed_at is None


@condition(_("No statutory deadline is open in the case."))
def clock_running(case: "CaseSteps") -> bool:
    return bool(case.law_code)


class CaseSteps(Stateful):
    """What the steps of a case move, and the steps."""

    MACHINE = "case"
    STATES = State
    prioritised_by_id: UUID | None
    handler_id: UUID | None
    observations: ClassVar[Any]
    priorities: ClassVar[Any]

    state = fsm.FSMField(choices=State.choices, default=UNBORN, protected=True, editable=False)
    level = models.CharField(max_length=1, choices=Level.choices, blank=True)
    rank = models.SmallIntegerField(default=NO_RANK)
    prioritised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        db_index=False,
    )  # fmt: skip
    prioritised_at = models.DateTimeField(null=True, blank=True)
    # The first day of the unbroken priority (renewing it moves `prioritised_at` only), and the day
    # when somebody took the case on: what lies between, it was prioritised and untouched.
    prioritised_since = models.DateField(null=True, blank=True)
    begun_on = models.DateField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        db_index=False,
    )  # fmt: skip
    next_look = models.DateField(null=True, blank=True)
    # The nearest statutory deadline that is open, and the code of its rule ("" for none).
    law_due = models.DateField(default=clocks.NO_DUE, db_default=clocks.NO_DUE)
    law_code = models.CharField(max_length=12, blank=True, default="", db_default="")
    next_due = models.DateField(default=clocks.NO_DUE)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    # --- the life -----------------------------------------------------------------------------

    @step([UNBORN], S.FLAGGED, _("Flag"), may=rules.flagger, form="FlagForm")
    def flag(self, act: Act, person: Any, **observed: Any) -> dict[str, Any]:
        self.opened_at = act.at
        self.open_about(person)
        self.born_confined(act.by)
        return self.observe(act, **observed)

    @step(OPEN, None, _("Add observation"), may=rules.flagger | rules.supervisor,
          form="ObservationForm")  # fmt: skip
    def add_observation(self, act: Act, **observed: Any) -> dict[str, Any]:
        return self.observe(act, **observed)

    @step([S.FLAGGED, S.PRIORITISED], S.PRIORITISED, _("Prioritise"),
          may=rules.investigator | rules.qualified_social_worker, reason=True,
          form="PriorityForm")  # fmt: skip
    def prioritise(
        self, act: Act, level: str, criteria: list[dict[str, str]], valid_until: date
    ) -> dict[str, Any]:
        before = self.level
        self.level, self.rank = level, RANK[Level(level)]
        self.prioritised_by_id, self.prioritised_at = act.by.user_id, act.at
        self.confirmed_at, self.valid_until = None, valid_until
        self.prioritised_since = self.prioritised_since or timezone.localdate(act.at)
        self.priorities.create(
            unit_id=self.unit_id, level=level, criteria=criteria, reason=act.reason,
            valid_until=valid_until, set_by_id=act.by.user_id, set_at=act.at,
        )  # fmt: skip
        codes = [met["code"] for met in criteria]
        until = valid_until.isoformat()
        return {"level": level, "before": before, "criteria": codes, "until": until}

    @step([S.PRIORITISED], None, _("Confirm the priority"),
          may=rules.supervisor & ~who.prioritiser, when=[not_confirmed])  # fmt: skip
    def confirm(self, act: Act) -> dict[str, Any]:
        self.confirmed_at = act.at
        return {"level": self.level}

    @step([S.PRIORITISED], S.FLAGGED, _("Lower the priority"),
          may=rules.supervisor | who.prioritiser, reason=True)  # fmt: skip
    def lower(self, act: Act) -> dict[str, Any]:
        before = self.level
        self.forget_priority()
        return {"before": before}

    @step([S.FLAGGED, S.PRIORITISED], S.SET_ASIDE, _("Set the case aside"),
          may=rules.supervisor, when=[not_coordinating, nothing_investigated], reason=True,
          form="SetAsideForm", final=True)  # fmt: skip
    def set_aside(self, act: Act, why: str) -> dict[str, Any]:
        self.closed_at = act.at
        return {"why": why}

    @step([S.PRIORITISED], S.IN_PROGRESS, _("Start the case"),
          may=who.case_worker | rules.supervisor, form="StartForm")  # fmt: skip
    def start(self, act: Act, handler: Actor) -> dict[str, Any]:
        self.handler_id = handler.user_id
        self.begun_on = timezone.localdate(act.at)
        return {"handler": str(handler.user_id), "handler_name": handler.name}

    @step([*WORKED_ON, S.FOLLOW_UP], None, _("Hand over"), may=rules.handler | rules.supervisor,
          reason=True, form="HandOverForm")  # fmt: skip
    def hand_over(self, act: Act, handler: Actor) -> dict[str, Any]:
        before, self.handler_id = self.handler_id, handler.user_id
        return {
            "before": str(before),
            "handler": str(handler.user_id),
            "handler_name": handler.name,
        }

    @step([S.IN_PROGRESS], S.COORDINATED, _("Coordinate"), may=rules.service)
    def coordinate(self, act: Act) -> dict[str, Any]:
        return {}

    @step([S.COORDINATED], S.IN_PROGRESS, _("Leave the coordination"), may=rules.service)
    def leave_coordination(self, act: Act) -> dict[str, Any]:
        return {}

    @step(WORKED_ON, S.FOLLOW_UP, _("Begin follow-up"), may=rules.handler,
          when=[not_coordinating, nothing_running, nothing_investigated],
          form="FollowUpForm")  # fmt: skip
    def begin_follow_up(self, act: Act, next_look: date) -> dict[str, Any]:
        self.next_look = next_look
        return {"next_look": next_look.isoformat()}

    @step([S.FOLLOW_UP], None, _("Write down the look"), may=rules.handler, reason=True,
          form="FollowUpForm")  # fmt: skip
    def look_again(self, act: Act, next_look: date) -> dict[str, Any]:
        self.next_look = next_look
        return {"next_look": next_look.isoformat()}

    @step([S.FOLLOW_UP], S.IN_PROGRESS, _("Take up the work again"),
          may=rules.handler | rules.supervisor, reason=True)  # fmt: skip
    def resume(self, act: Act) -> dict[str, Any]:
        self.next_look = None
        return {}

    @step([S.IN_PROGRESS, S.FOLLOW_UP], S.CLOSED, _("Close the case"),
          may=rules.supervisor & ~rules.handler,
          when=[not_coordinating, nothing_running, nothing_investigated],
          reason=True, form="CloseForm", final=True)  # fmt: skip
    def close(self, act: Act, outcome: str) -> dict[str, Any]:
        self.outcome, self.closed_at = outcome, act.at
        return {"outcome": outcome}

    @step([S.SET_ASIDE, S.CLOSED], S.FLAGGED, _("Reopen"), may=rules.supervisor,
          when=[the_only_open], reason=True)  # fmt: skip
    def reopen(self, act: Act) -> dict[str, Any]:
        self.forget_priority()
        self.handler_id = self.next_look = self.closed_at = self.begun_on = None
        self.outcome = ""
        return {}

    # --- statutory deadlines that no other step starts, meets or extends --------------------------

    @step(OPEN, None, _("Add a statutory deadline"), may=who.minds_clocks, form="AddDeadlineForm")
    def add_deadline(
        self, act: Act, code: str, starts_on: date, due: date | None = None
    ) -> dict[str, Any]:
        made = self.start_clock(code, starts_on, due=due)
        return {
            "deadline": str(made.pk), "code": code, "from": starts_on.isoformat(),
            "due": made.due.isoformat(),
        }  # fmt: skip

    @step(OPEN, None, _("Note that a deadline is met"), may=who.minds_clocks,
          when=[clock_running], form="MeetDeadlineForm")  # fmt: skip
    def meet_deadline(
        self, act: Act, deadline: UUID, met: bool, on: date, how: str
    ) -> dict[str, Any]:
        clock = self.clock(deadline)
        if met:
            clock.met(on, how)
        else:
            clock.dropped(on, how)
        self.nearest_clock()
        return {"deadline": str(deadline), "code": clock.code, "met": met, "on": on.isoformat()}

    @step(OPEN, None, _("Extend a deadline"), may=who.minds_clocks, when=[clock_running],
          reason=True, form="ExtendDeadlineForm")  # fmt: skip
    def extend_deadline(
        self, act: Act, deadline: UUID, ground: str, due: date, decided_by: str
    ) -> dict[str, Any]:
        clock = self.clock(deadline)
        before = clock.due
        clock.extended(
            due, by_id=act.by.user_id, at=act.at, ground=ground, reason=act.reason,
            decided_by=decided_by,
        )  # fmt: skip
        self.nearest_clock()
        return {
            "deadline": str(deadline), "code": clock.code, "ground": ground,
            "before": before.isoformat(), "due": due.isoformat(),
        }  # fmt: skip

    # --- what the steps share -------------------------------------------------------------------

    opened_at: datetime
    unit_id: int

    def observe(self, act: Act, **observed: Any) -> dict[str, Any]:
        seen = self.observations.create(
            unit_id=self.unit_id,
            recorded_by_id=act.by.user_id,
            recorded_at=act.at,
            **observed,
        )
        return {"observation": str(seen.pk), "kind": seen.kind, "suspicion": seen.suspicion}

    def forget_priority(self) -> None:
        self.level, self.rank = "", NO_RANK
        self.prioritised_by_id = None
        self.prioritised_at = self.prioritised_since = self.confirmed_at = self.valid_until = None

    def deadlines(self) -> list[clocks.Deadline]:
        """What is due in this case, earliest first; of the statutory ones the nearest."""
        due = clocks.deadlines(
            state=self.state,
            level=self.level,
            prioritised_on=self.prioritised_at and timezone.localdate(self.prioritised_at),
            confirmed=self.confirmed_at is not None,
            valid_until=self.valid_until,
            next_look=self.next_look,
        )
        if self.law_code:
            due.append(clocks.Deadline(self.law_due, self.law_code))
        return sorted(due)

    def settle(self) -> None:
        due = self.deadlines()
        self.next_due = due[0].due if due else clocks.NO_DUE

    def open_about(self, person: Any) -> None:
        raise NotImplementedError

    def start_clock(self, code: str, on: date, *, due: date | None = None) -> Any:
        raise NotImplementedError

    def clock(self, pk: UUID) -> Any:
        raise NotImplementedError

    def nearest_clock(self) -> None:
        raise NotImplementedError

    def has_open_interventions(self) -> bool:
        raise NotImplementedError

    def has_open_investigations(self) -> bool:
        raise NotImplementedError

    def has_open_coordination(self) -> bool:
        raise NotImplementedError

    def has_open_twin(self) -> bool:
        raise NotImplementedError

    def born_confined(self, by: Actor) -> None:
        raise NotImplementedError
