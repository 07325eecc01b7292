"""The life of a coordination: the thin cover over two files about one young person.

Each side has a row of its own and takes its own steps on it. Every step has a twin, which the
service takes on the other side's row in the same transaction, so that both always say the same.
"""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

import django_fsm as fsm
from django.db import models
from django.utils.translation import gettext_lazy as _

from access import rules
from access.models import LegalGround, Unit
from casework.workflow import moment, who
from casework.workflow.case import State as CaseState
from casework.workflow.intervention import ConsentBy
from casework.workflow.steps import UNBORN, Act, Stateful, condition, step


class State(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    ACCEPTED = "accepted", _("Accepted")
    ACTIVE = "active", _("Active")
    ENDED = "ended", _("Ended")
    DECLINED = "declined", _("Declined")


class Basis(models.TextChoices):
    CONSENT = "consent", _("Consent")
    GROUND = "ground", _("Another legal ground")


class WhyEnded(models.TextChoices):
    """All that the other side learns of why it ended."""

    GOAL_REACHED = "goal_reached", _("What it was for has been reached")
    NO_LONGER_NEEDED = "no_longer_needed", _("It is no longer needed")
    OTHER_WAY = "other_way", _("Something else fits better")
    TAKEN_BACK = "taken_back", _("The proposal was taken back")
    CONSENT_WITHDRAWN = "consent_withdrawn", _("The consent was withdrawn")
    GROUND_FELL = "ground_fell", _("The legal ground no longer holds")


S = State
OPEN = (S.PROPOSED, S.ACCEPTED, S.ACTIVE)
PREPARED = (S.ACCEPTED, S.ACTIVE)
GOES_FIRST = (CaseState.PRIORITISED, CaseState.IN_PROGRESS)
# What both rows hold alike.
SHARED = (
    "purpose", "basis", "consent_by", "consent_scope", "consent_parties", "consent_from",
    "consent_until", "consent_withdrawn_on", "ends_on", "next_meeting", "meeting_place",
    "end_why",
)  # fmt: skip
# What one side is told of the other's case: never what is in it. And on which ground of its own
# the other side gives, until when: never the answers.
TOLD = (
    "other_reference", "other_contact", "other_prioritised_on", "other_begun_on", "other_ground",
    "other_ground_until",
)  # fmt: skip
TWINS = {
    "accept": "heard_accepted",
    "decline": "heard_declined",
    "take_back": "heard_taken_back",
    "record_basis": "heard_basis",
    "record_ground": "heard_ground",
    "activate": "heard_activated",
    "renew": "heard_renewed",
    "plan_meeting": "heard_meeting",
    "withdraw": "heard_withdrawn",
    "end": "heard_ended",
}
runs_it = who.case_handler | rules.supervisor


@condition(_("A coordination is proposed from a case that is prioritised or in progress."))
def goes_first(coordination: "CoordinationSteps") -> bool:
    return coordination.case.state in GOES_FIRST


@condition(_("A secrecy marked case isn’t coordinated through the service."))
def not_restricted(coordination: "CoordinationSteps") -> bool:
    return not coordination.case.restricted


@condition(_("The case is in a coordination already."))
def the_only_one(coordination: "CoordinationSteps") -> bool:
    return not coordination.case.has_open_coordination()


@condition(_("The other side has no case that can be coordinated now."))
def can_be_asked(coordination: "CoordinationSteps") -> bool:
    case = coordination.case
    open_to_it = case.state in (CaseState.FLAGGED, *GOES_FIRST) and not case.restricted
    return open_to_it and not case.has_open_coordination()


@condition(_("The proposal is your own: the other side answers it."))
def asked_here(coordination: "CoordinationSteps") -> bool:
    return not coordination.proposed_here


@condition(_("The proposal is the other side’s: accept it or decline it."))
def we_proposed(coordination: "CoordinationSteps") -> bool:
    return coordination.proposed_here


@condition(_("Your own case must be prioritised and in progress."))
def own_case_under_way(coordination: "CoordinationSteps") -> bool:
    return bool(coordination.case.state == CaseState.IN_PROGRESS)


@condition(_("The other side’s case must be prioritised and in progress."))
def other_case_under_way(coordination: "CoordinationSteps") -> bool:
    return bool(coordination.other_prioritised_on and coordination.other_begun_on)


@condition(_("There is no consent in force, nor a legal ground recorded by each of the sides."))
def has_a_basis(coordination: "CoordinationSteps") -> bool:
    return coordination.rests_on_something(moment.today())


@condition(_("The coordination’s end date has passed. Record a new one."))
def end_lies_ahead(coordination: "CoordinationSteps") -> bool:
    return coordination.ends_on is not None and coordination.ends_on >= moment.today()


@condition(_("The coordination doesn’t rest on consent."))
def rests_on_consent(coordination: "CoordinationSteps") -> bool:
    return coordination.basis == Basis.CONSENT


@condition(_("Between you only a consent carries a coordination."))
def a_ground_carries(coordination: "CoordinationSteps") -> bool:
    return coordination.own_ground() is not None


@condition(_("It rests on consent. End it first if it is to rest on another ground."))
def not_active_on_consent(coordination: "CoordinationSteps") -> bool:
    return coordination.state != S.ACTIVE or not rests_on_consent(coordination)


class CoordinationSteps(Stateful):
    """What the steps of a coordination move, and the steps. `case` is this side's own."""

    MACHINE = "coordination"
    STATES = State
    case: Any
    unit_id: int
    ground_id: int | None
    audit_secret: ClassVar[set[str]] = {
        "purpose", "consent_scope", "consent_parties", "ground_answers", "meeting_place",
    }  # fmt: skip

    state = fsm.FSMField(choices=State.choices, default=UNBORN, protected=True, editable=False)
    shared_id = models.UUIDField(editable=False)  # the same on both sides
    link_id = models.UUIDField(editable=False)  # the disclosure by which the sides know of it
    proposed_here = models.BooleanField(default=False, editable=False)
    other_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    other_reference = models.CharField(max_length=20, blank=True)
    other_contact = models.CharField(max_length=100, blank=True)
    other_prioritised_on = models.DateField(null=True, blank=True)
    other_begun_on = models.DateField(null=True, blank=True)
    purpose = models.TextField(max_length=500)
    basis = models.CharField(max_length=8, choices=Basis.choices, blank=True)
    consent_by = models.CharField(max_length=12, choices=ConsentBy.choices, blank=True)
    consent_scope = models.TextField(max_length=1000, blank=True)
    consent_parties = models.CharField(max_length=300, blank=True)
    consent_from = models.DateField(null=True, blank=True)
    consent_until = models.DateField(null=True, blank=True)
    consent_withdrawn_on = models.DateField(null=True, blank=True)
    ground = models.ForeignKey(
        LegalGround, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    ground_answers = models.JSONField(default=dict, blank=True)  # of this side's own ground
    ground_until = models.DateField(null=True, blank=True)
    other_ground = models.CharField(max_length=200, blank=True)  # its source; the other side's own
    other_ground_until = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    next_meeting = models.DateTimeField(null=True, blank=True)
    meeting_place = models.CharField(max_length=120, blank=True)
    end_why = models.CharField(max_length=20, choices=WhyEnded.choices, blank=True)

    class Meta:
        abstract = True

    # --- the life: this side's own steps --------------------------------------------------------

    @step([UNBORN], S.PROPOSED, _("Propose a coordination"), may=runs_it,
          when=[goes_first, not_restricted, the_only_one], form="ProposeForm")  # fmt: skip
    def propose(self, act: Act, purpose: str) -> dict[str, Any]:
        self.shared_id, self.proposed_here, self.purpose = uuid4(), True, purpose
        return {"unit": self.other_unit.name}

    @step([S.PROPOSED], S.ACCEPTED, _("Accept the proposal"), may=runs_it, when=[asked_here],
          form="AcceptProposalForm")  # fmt: skip
    def accept(self, act: Act) -> dict[str, Any]:
        return {}

    @step([S.PROPOSED], S.DECLINED, _("Decline the proposal"), may=runs_it, when=[asked_here],
          reason=True, final=True)  # fmt: skip
    def decline(self, act: Act) -> dict[str, Any]:
        return {}

    @step([S.PROPOSED], S.ENDED, _("Take the proposal back"), may=runs_it, when=[we_proposed],
          reason=True, final=True)  # fmt: skip
    def take_back(self, act: Act) -> dict[str, Any]:
        self.end_why = WhyEnded.TAKEN_BACK
        return {}

    @step([S.ACCEPTED], None, _("Record consent"), may=runs_it, form="BasisForm")
    def record_basis(self, act: Act, **consent: Any) -> dict[str, Any]:
        return self.rest_on_consent(**consent)

    @step(PREPARED, None, _("Record our own legal ground"), may=who.decides_to_coordinate,
          when=[a_ground_carries, not_active_on_consent], form="GroundForm")  # fmt: skip
    def record_ground(
        self, act: Act, ground: LegalGround, answers: dict[str, str], until: date
    ) -> dict[str, Any]:
        return self.rest_on_ground(ground, answers, until)

    @step([S.ACCEPTED], S.ACTIVE, _("Begin the coordination"), may=runs_it,
          when=[own_case_under_way, other_case_under_way, has_a_basis, end_lies_ahead])  # fmt: skip
    def activate(self, act: Act) -> dict[str, Any]:
        return {"until": self.ends_on and self.ends_on.isoformat()}

    @step([S.ACTIVE], None, _("Renew the consent"), may=runs_it, when=[rests_on_consent],
          form="BasisForm")  # fmt: skip
    def renew(self, act: Act, **consent: Any) -> dict[str, Any]:
        return self.rest_on_consent(**consent)

    @step(PREPARED, None, _("Plan the next meeting"), may=runs_it, form="MeetingForm")
    def plan_meeting(
        self, act: Act, next_meeting: datetime | None, meeting_place: str
    ) -> dict[str, Any]:
        self.next_meeting, self.meeting_place = next_meeting, meeting_place
        return {"meeting": next_meeting and next_meeting.isoformat()}

    @step(PREPARED, S.ENDED, _("Record that the consent is withdrawn"), may=runs_it,
          when=[rests_on_consent], form="WithdrawForm", final=True)  # fmt: skip
    def withdraw(self, act: Act, withdrawn_on: date, withdrawn_by: str) -> dict[str, Any]:
        self.consent_withdrawn_on = withdrawn_on
        self.end_why = WhyEnded.CONSENT_WITHDRAWN
        return {"withdrawn_on": withdrawn_on.isoformat(), "withdrawn_by": withdrawn_by}

    @step(PREPARED, S.ENDED, _("End the coordination"), may=runs_it, reason=True,
          form="EndCoordinationForm", final=True)  # fmt: skip
    def end(self, act: Act, end_why: str) -> dict[str, Any]:
        self.end_why = end_why
        return {"end_why": end_why}

    # --- their twins: the same, heard from the other side ---------------------------------------

    @step([UNBORN], S.PROPOSED, _("Proposed by the other side"), may=rules.service,
          when=[can_be_asked])  # fmt: skip
    def heard_proposed(self, act: Act, shared_id: UUID, **news: Any) -> dict[str, Any]:
        self.shared_id = shared_id
        return self.hear(**news)

    @step([S.PROPOSED], S.ACCEPTED, _("Accepted by the other side"), may=rules.service)
    def heard_accepted(self, act: Act, **news: Any) -> dict[str, Any]:
        return self.hear(**news)

    @step([S.PROPOSED], S.DECLINED, _("Declined by the other side"), may=rules.service)
    def heard_declined(self, act: Act, **news: Any) -> dict[str, Any]:
        return self.hear(**news)

    @step([S.PROPOSED], S.ENDED, _("Taken back by the other side"), may=rules.service)
    def heard_taken_back(self, act: Act, **news: Any) -> dict[str, Any]:
        return self.hear(**news)

    @step([S.ACCEPTED], None, _("Basis recorded by the other side"), may=rules.service)
    def heard_basis(self, act: Act, **news: Any) -> dict[str, Any]:
        return self.hear(**news)

    @step(PREPARED, None, _("Ground recorded by the other side"), may=rules.service)
    def heard_ground(self, act: Act, **news: Any) -> dict[str, Any]:
        return self.hear(**news)

    @step([S.ACCEPTED], S.ACTIVE, _("Begun by the other side"), may=rules.service)
    def heard_activated(self, act: Act, **news: Any) -> dict[str, Any]:
        return self.hear(**news)

    @step([S.ACTIVE], None, _("Renewed by the other side"), may=rules.service)
    def heard_renewed(self, act: Act, **news: Any) -> dict[str, Any]:
        return self.hear(**news)

    @step(PREPARED, None, _("Meeting planned by the other side"), may=rules.service)
    def heard_meeting(self, act: Act, **news: Any) -> dict[str, Any]:
        return self.hear(**news)

    @step(PREPARED, S.ENDED, _("Consent withdrawn at the other side"), may=rules.service)
    def heard_withdrawn(self, act: Act, **news: Any) -> dict[str, Any]:
        return self.hear(**news)

    @step(PREPARED, S.ENDED, _("Ended by the other side"), may=rules.service)
    def heard_ended(self, act: Act, **news: Any) -> dict[str, Any]:
        return self.hear(**news)

    @step(OPEN, None, _("News of the other side’s case"), may=rules.service)
    def heard_news(self, act: Act, **news: Any) -> dict[str, Any]:
        return self.hear(**news)

    # --- what the steps share -------------------------------------------------------------------

    def rest_on_consent(
        self, ends_on: date, consent_by: str, consent_scope: str, consent_parties: str,
        consent_from: date, consent_until: date,
    ) -> dict[str, Any]:  # fmt: skip
        """What it rests on from now on; what it rested on before is in the trail."""
        self.basis, self.ends_on = Basis.CONSENT, ends_on
        self.consent_by, self.consent_scope = consent_by, consent_scope
        self.consent_parties, self.consent_from = consent_parties, consent_from
        self.consent_until, self.consent_withdrawn_on = consent_until, None
        self.let_grounds_go()
        return {
            "basis": Basis.CONSENT,
            "consent_by": consent_by,
            "consent_until": consent_until.isoformat(),
            "until": ends_on.isoformat(),
        }

    def rest_on_ground(
        self, ground: LegalGround, answers: dict[str, str], until: date
    ) -> dict[str, Any]:
        """Each side gives on a ground of its own; the earlier of their last days ends it."""
        self.basis, self.consent_by, self.consent_scope = Basis.GROUND, "", ""
        self.consent_parties, self.consent_from, self.consent_until = "", None, None
        self.ground, self.ground_answers, self.ground_until = ground, answers, until
        self.ends_on = min(until, self.other_ground_until or until)
        return {"basis": Basis.GROUND, "ground": ground.code, "until": until.isoformat()}

    def let_grounds_go(self) -> None:
        self.ground, self.ground_answers, self.ground_until = None, {}, None
        self.other_ground, self.other_ground_until = "", None

    def rests_on_something(self, on: date) -> bool:
        """A consent that holds on that day, or a ground of each side's own."""
        if self.basis == Basis.CONSENT:
            first, last = self.consent_from, self.consent_until
            held = first is not None and last is not None and first <= on <= last
            return held and self.consent_withdrawn_on is None
        return self.basis == Basis.GROUND and self.ground_id is not None and self.other_ground != ""

    def shares(self, on: date) -> bool:
        """Whether anything crosses on that day. The database's policy on PlanItem is its twin."""
        ahead = self.ends_on is not None and self.ends_on >= on
        return self.state == S.ACTIVE and ahead and self.rests_on_something(on)

    def hear(
        self, told: dict[str, Any], shared: dict[str, Any], noted: dict[str, Any]
    ) -> dict[str, Any]:
        for name in TOLD:
            setattr(self, name, told[name])
        for name, value in shared.items():
            if name not in SHARED:
                raise TypeError(f"{name} doesn't cross")
            setattr(self, name, value)
        if self.basis == Basis.CONSENT:
            self.let_grounds_go()
        return noted

    def own_ground(self) -> Any:
        raise NotImplementedError
