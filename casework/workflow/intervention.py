"""The life of an intervention: a planned piece of support in one unit's case."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

import django_fsm as fsm
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from access import rules
from access.actor import Actor
from casework.workflow import moment, who
from casework.workflow.case import WORKED_ON
from casework.workflow.case import State as CaseState
from casework.workflow.steps import UNBORN, Act, Stateful, condition, step


class State(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    AGREED = "agreed", _("Agreed")
    ONGOING = "ongoing", _("Ongoing")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")
    DECLINED = "declined", _("Declined")


class ConsentBy(models.TextChoices):
    YOUNG_PERSON = "young_person", _("The young person")
    GUARDIAN = "guardian", _("A guardian")
    BOTH = "both", _("The young person and a guardian")
    NOT_NEEDED = "not_needed", _("Consent is not needed")


class Result(models.TextChoices):
    GOAL_REACHED = "goal_reached", _("The goal was reached")
    PARTLY = "partly", _("The goal was partly reached")
    NOT_REACHED = "not_reached", _("The goal was not reached")


S = State
OPEN = (S.PROPOSED, S.AGREED, S.ONGOING)


@condition(_("Interventions are planned while the case is in progress. Start the case first."))
def case_in_progress(intervention: "InterventionSteps") -> bool:
    return intervention.case.state in WORKED_ON


@condition(_("The case is in no coordination that is in force now."))
def is_shared(intervention: "InterventionSteps") -> bool:
    coordination = coordination_of(intervention)
    return coordination is not None and coordination.shares(moment.today())


@condition(_("It is on the joint plan already."))
def not_shown(intervention: "InterventionSteps") -> bool:
    return not is_shown(intervention)


@condition(_("It isn’t on the joint plan."))
def is_shown(intervention: "InterventionSteps") -> bool:
    coordination = coordination_of(intervention)
    return (
        intervention.shown
        and coordination is not None
        and coordination.shared_id == intervention.shown_in
    )


def coordination_of(intervention: "InterventionSteps") -> Any:
    """The active coordination of its case, or None."""
    case = intervention.case
    return case.active_coordination() if case.state == CaseState.COORDINATED else None


class InterventionSteps(Stateful):
    """What the steps of an intervention move, and the steps. Its handler is who is responsible."""

    MACHINE = "intervention"
    STATES = State
    handler_id: UUID | None
    unit_id: int
    case: Any
    notes: ClassVar[Any]

    state = fsm.FSMField(choices=State.choices, default=UNBORN, protected=True, editable=False)
    title = models.CharField(max_length=120)
    goal = models.TextField(max_length=2000)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    planned_from = models.DateField(null=True, blank=True)
    planned_until = models.DateField(null=True, blank=True)
    consent_by = models.CharField(max_length=12, choices=ConsentBy.choices, blank=True)
    consent_on = models.DateField(null=True, blank=True)
    consent_note = models.TextField(max_length=2000, blank=True)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    result = models.CharField(max_length=12, choices=Result.choices, blank=True)
    # The coordination (by the id that both sides have) that it was last shown in; whether it is.
    shown_in = models.UUIDField(null=True, blank=True, editable=False)
    shown = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True

    # --- the life -----------------------------------------------------------------------------

    @step([UNBORN], S.PROPOSED, _("Propose an intervention"),
          may=who.case_worker | rules.outreach_worker | rules.supervisor,
          when=[case_in_progress], form="InterventionForm")  # fmt: skip
    def propose(self, act: Act, handler: Actor, **plan: Any) -> dict[str, Any]:
        return self.plan(handler, **plan)

    @step(OPEN, None, _("Change the plan"), may=who.runs_it, form="InterventionForm")
    def replan(self, act: Act, handler: Actor, **plan: Any) -> dict[str, Any]:
        return self.plan(handler, **plan)

    @step([S.PROPOSED], S.AGREED, _("Agree"), may=who.runs_it, form="AgreeForm")
    def agree(
        self, act: Act, consent_by: str, consent_on: date | None, consent_note: str
    ) -> dict[str, Any]:
        self.consent_by, self.consent_on, self.consent_note = consent_by, consent_on, consent_note
        return {"consent_by": consent_by, "consent_on": consent_on and consent_on.isoformat()}

    @step([S.PROPOSED], S.DECLINED, _("Decline"), may=who.runs_it, reason=True, final=True)
    def decline(self, act: Act) -> dict[str, Any]:
        return {}

    @step([S.AGREED], S.ONGOING, _("Begin"), may=who.runs_it, form="BeginForm")
    def start(self, act: Act, started_on: date) -> dict[str, Any]:
        self.started_on = started_on
        return {"started_on": started_on.isoformat()}

    @step([S.AGREED, S.ONGOING], None, _("Write a note"), may=who.runs_it, form="NoteForm")
    def add_note(self, act: Act, text: str) -> dict[str, Any]:
        note = self.notes.create(
            unit_id=self.unit_id, text=text, written_by_id=act.by.user_id, written_at=act.at
        )
        return {"note": str(note.pk)}

    @step([S.ONGOING], S.COMPLETED, _("Complete"), may=who.runs_it, reason=True,
          form="CompleteForm", final=True)  # fmt: skip
    def complete(self, act: Act, result: str, ended_on: date) -> dict[str, Any]:
        self.result, self.ended_on = result, ended_on
        return {"result": result, "ended_on": ended_on.isoformat()}

    @step([S.AGREED, S.ONGOING], S.CANCELLED, _("Cancel the intervention"),
          may=who.runs_it, reason=True, form="CancelForm", final=True)  # fmt: skip
    def cancel(self, act: Act, ended_on: date) -> dict[str, Any]:
        self.ended_on = ended_on
        return {"ended_on": ended_on.isoformat()}

    @step(OPEN, None, _("Show on the joint plan"), may=who.runs_it, when=[not_shown, is_shared])
    def show(self, act: Act) -> dict[str, Any]:
        self.shown, self.shown_in = True, coordination_of(self).shared_id
        return {}

    @step([*OPEN, S.COMPLETED, S.CANCELLED, S.DECLINED], None, _("Take off the joint plan"),
          may=who.runs_it, when=[is_shown])  # fmt: skip
    def hide(self, act: Act) -> dict[str, Any]:
        self.shown = False
        return {}

    def plan(
        self, handler: Actor, title: str, goal: str,
        planned_from: date | None, planned_until: date | None,
    ) -> dict[str, Any]:  # fmt: skip
        self.handler_id, self.title, self.goal = handler.user_id, title, goal
        self.planned_from, self.planned_until = planned_from, planned_until
        return {
            "handler": str(handler.user_id),
            "handler_name": handler.name,
            "from": planned_from and planned_from.isoformat(),
            "until": planned_until and planned_until.isoformat(),
        }
