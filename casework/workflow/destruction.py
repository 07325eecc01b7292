"""The life of a proposal to destroy closed cases (gallring): two people review, the worker runs.

Who reviews and that there are two of them is a rule of the house and of the database; what may go
and when are the rows of retention.
"""

from typing import Any
from uuid import UUID

import django_fsm as fsm
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from access import rules
from access.rules import Word
from casework.workflow.steps import UNBORN, Act, Stateful, condition, step


class State(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    REVIEWED = "reviewed", _("Reviewed once")
    APPROVED = "approved", _("Approved")
    RUNNING = "running", _("Under way")
    DONE = "done", _("Done")
    REJECTED = "rejected", _("Rejected")


class WhyStruck(models.TextChoices):
    """Codes, not text: the list outlives the cases."""

    STILL_NEEDED = "still_needed", _("It is still needed")
    RESEARCH = "research", _("It is kept for research")
    OTHER_RULE = "other_rule", _("Another rule applies")
    UNSURE = "unsure", _("It must be looked into first")


S = State
first_reviewer = Word(
    _("whoever reviewed it first"),
    lambda actor, thing: thing is not None and thing.reviewed_by_id == actor.user_id,
)
reviewer = rules.supervisor | rules.auditor


@condition(_("No case is left on the list."))
def has_cases(destruction: "DestructionSteps") -> bool:
    return destruction.has_cases()


class DestructionSteps(Stateful):
    """What the steps move, and the steps."""

    MACHINE = "destruction"
    STATES = State

    state = fsm.FSMField(choices=State.choices, default=UNBORN, protected=True, editable=False)
    reference = models.CharField(max_length=20)
    proposed_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        db_index=False,
    )  # fmt: skip
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        db_index=False,
    )  # fmt: skip

    class Meta:
        abstract = True

    @step([UNBORN], S.PROPOSED, _("Propose destruction"), may=rules.supervisor | rules.service)
    def propose(self, act: Act, cases: list[dict[str, Any]]) -> dict[str, Any]:
        self.proposed_at, self.reference = act.at, self.new_reference()
        self.authority_id, self.listed = act.by.authority_id, cases
        return {"cases": len(cases)}

    @step([S.PROPOSED], None, _("Strike a case"), may=rules.supervisor, when=[has_cases],
          form="StrikeForm")  # fmt: skip
    def strike(self, act: Act, item: UUID, why: str) -> dict[str, Any]:
        return {"struck": self.strike_out(item, why), "why_struck": why}

    @step([S.PROPOSED], S.REVIEWED, _("Sign the first review"), may=rules.supervisor,
          when=[has_cases], form="ReviewForm")  # fmt: skip
    def review(self, act: Act) -> dict[str, Any]:
        self.reviewed_by_id = act.by.user_id
        return {}

    @step([S.REVIEWED], S.APPROVED, _("Approve the destruction"),
          may=reviewer & ~first_reviewer, form="ReviewForm", final=True)  # fmt: skip
    def approve(self, act: Act) -> dict[str, Any]:
        self.approved_by_id = act.by.user_id
        return {}

    @step([S.PROPOSED, S.REVIEWED, S.APPROVED], S.REJECTED, _("Reject the proposal"),
          may=reviewer, reason=True, final=True)  # fmt: skip
    def reject(self, act: Act) -> dict[str, Any]:
        return {}

    @step([S.APPROVED], S.RUNNING, _("Begin the destruction"), may=rules.service)
    def run(self, act: Act) -> dict[str, Any]:
        self.started_at = act.at
        return {}

    @step([S.RUNNING], S.DONE, _("End the destruction"), may=rules.service)
    def finish(self, act: Act, cases: int, left: int, digest: str) -> dict[str, Any]:
        return {"cases": cases, "left": left, "digest": digest}

    # --- what they do, where the rows are known -------------------------------------------------

    authority_id: int
    listed: list[dict[str, Any]]  # of a proposal that is being made: its cases

    def new_reference(self) -> str:
        raise NotImplementedError

    def has_cases(self) -> bool:
        raise NotImplementedError

    def strike_out(self, item: UUID, why: str) -> str:
        raise NotImplementedError
