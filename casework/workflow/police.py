"""The life of a police investigation: a preliminary investigation, or an inquiry under 15 at the
deed (LUL 31 §). Who may: RB 23 kap., LUL 2 and 32 §§; the leader leads, the investigator works."""

from datetime import date
from typing import Any

import django_fsm as fsm
from django.db import models
from django.utils.translation import gettext_lazy as _

from access import rules
from casework.ages import ADULT, AtTheDeed, at_the_deed
from casework.workflow.duties import DutifulSteps, case_open, nothing_due
from casework.workflow.steps import UNBORN, Act, condition, step


class State(models.TextChoices):
    REPORTED = "reported", _("Reported")
    OPENED = "opened", _("Preliminary investigation opened")
    SUSPECTED = "suspected", _("Reasonably suspected")
    SERVED = "served", _("Suspicion served")
    HANDED_OVER = "handed_over", _("Handed to the prosecutor")
    DECIDED = "decided", _("Charge decided")
    INQUIRY = "inquiry", _("Inquiry begun")
    PROTOCOL_SENT = "protocol_sent", _("Protocol sent")
    CLOSED = "closed", _("Ended")
    DISCONTINUED = "discontinued", _("Discontinued")


class Kind(models.TextChoices):
    PRELIMINARY = "preliminary", _("Preliminary investigation")
    INQUIRY = "inquiry", _("Inquiry, under 15 at the deed")


class Offence(models.TextChoices):
    """Narkotikastrafflagen (1968:64) 1–3 §§."""

    MINOR = "NSL_RINGA", _("Minor narcotics offence")
    NORMAL = "NSL_NORMAL", _("Narcotics offence")
    SALE = "NSL_FORSALJNING", _("Narcotics offence by sale")
    GROSS = "NSL_GROVT", _("Gross narcotics offence")
    EXCEPTIONAL = "NSL_SYNN_GROVT", _("Exceptionally gross narcotics offence")
    TO_MINOR = "NSL_OVERLAT_U18", _("Transfer of narcotics to somebody under 18")


class Charge(models.TextChoices):
    WARNING = "warning", _("Prosecutor’s warning")
    SUMMARY_SANCTION = "summary_sanction", _("Summary sanction order")
    PROSECUTION = "prosecution", _("Prosecution")
    WAIVER = "waiver", _("Waiver of prosecution")
    DISCONTINUED = "discontinued", _("Discontinued by the prosecutor")
    LIMITED = "limited", _("Investigation limited by the prosecutor")


class WhyInquiry(models.TextChoices):
    """LUL (1964:167) 31 §: when an inquiry about somebody under 15 may be made."""

    MIN_1_YEAR = "min_1_year", _("The least penalty is a year in prison")
    BOARD_REQUEST = "board_request", _("The social welfare board asks for it")
    OLDER_CO_OFFENDER = "older_co_offender", _("Somebody of 15 or older took part")
    GOODS = "goods", _("To find what the deed brought")
    INTEREST = "interest", _("A public or private interest of weight")


class WhyDiscontinued(models.TextChoices):
    NO_CRIME = "no_crime", _("The deed is no crime")
    NOT_PROVABLE = "not_provable", _("It can’t be proved")
    OTHER_PERSON = "other_person", _("It was not the young person")
    LIMITED = "limited", _("Limited investigation (RB 23:4 a)")
    WRONG_KIND = "wrong_kind", _("It is to be the other kind of investigation")
    NO_GROUND = "no_ground", _("No ground to go on")


S = State
ENDED = (S.CLOSED, S.DISCONTINUED)
WITH_SUSPECT = (S.SUSPECTED, S.SERVED, S.HANDED_OVER, S.DECIDED)
leader = rules.investigation_leader
either = rules.investigator | leader


@condition(_("This is an inquiry about somebody under 15 at the deed."))
def is_preliminary(part: "PoliceSteps") -> bool:
    return bool(part.kind == Kind.PRELIMINARY)


@condition(_("This is a preliminary investigation, no inquiry about somebody under 15."))
def is_inquiry(part: "PoliceSteps") -> bool:
    return bool(part.kind == Kind.INQUIRY)


@condition(_("No guardian is to be notified: the young person had turned 18."))
def guardian_due(part: "PoliceSteps") -> bool:
    day = part.begun_on or part.suspected_on
    return day is not None and part.age_on(day) < ADULT


@condition(_("It is written down already that a guardian is notified."))
def guardian_not_told(part: "PoliceSteps") -> bool:
    return part.guardian_on is None


@condition(_("A statement is asked for only about somebody under 18 (LUL 11 §)."))
def under_18(part: "PoliceSteps") -> bool:
    return part.suspected_on is not None and part.age_on(part.suspected_on) < ADULT


@condition(_("A statement has been asked for already."))
def no_statement_yet(part: "PoliceSteps") -> bool:
    return part.statement_due is None


@condition(_("No statement has been asked for, or it has come."))
def statement_awaited(part: "PoliceSteps") -> bool:
    return part.statement_due is not None and part.statement_on is None


@condition(_("A draft with the protocol already waits for whoever decides, or has been sent."))
def protocol_not_drafted(part: "PoliceSteps") -> bool:
    return not part.draft_waits("LUL37") and not part.was_sent("LUL37")


@condition(
    _("The protocol has not been sent to the social welfare board. Prepare it and send it first.")
)
def protocol_is_sent(part: "PoliceSteps") -> bool:
    return part.was_sent("LUL37")


class PoliceSteps(DutifulSteps):
    """What the steps of a police investigation move, and the steps."""

    MACHINE = "police_investigation"
    STATES = State
    ENDED = ENDED

    state = fsm.FSMField(choices=State.choices, default=UNBORN, protected=True, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    number = models.CharField(max_length=16)  # K-number: text, never read for logic
    offence = models.CharField(max_length=16, choices=Offence.choices)
    deed_from = models.DateField()
    deed_until = models.DateField()
    opened_on = models.DateField(null=True, blank=True)
    suspected_on = models.DateField(null=True, blank=True)
    served_on = models.DateField(null=True, blank=True)
    handed_on = models.DateField(null=True, blank=True)
    decision = models.CharField(max_length=16, choices=Charge.choices, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    begun_on = models.DateField(null=True, blank=True)
    ground = models.CharField(max_length=20, choices=WhyInquiry.choices, blank=True)
    exceptional = models.TextField(max_length=2000, blank=True)
    protocol_on = models.DateField(null=True, blank=True)
    guardian_on = models.DateField(null=True, blank=True)
    guardian_how = models.TextField(max_length=1000, blank=True)
    guardian_why_later = models.TextField(max_length=2000, blank=True)
    statement_due = models.DateField(null=True, blank=True)
    statement_on = models.DateField(null=True, blank=True)
    discontinued_why = models.CharField(max_length=16, choices=WhyDiscontinued.choices, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    # --- the life -----------------------------------------------------------------------------

    @step([UNBORN], S.REPORTED, _("Register a report"), may=either, when=[case_open],
          form="ReportForm", authorities=("police",))  # fmt: skip
    def report(
        self, act: Act, kind: str, number: str, offence: str, deed_from: date, deed_until: date
    ) -> dict[str, Any]:
        self.kind, self.number, self.offence = kind, number, offence
        self.deed_from, self.deed_until = deed_from, deed_until
        return {
            "investigation": kind,
            "offence": offence,
            "deed_from": deed_from.isoformat(),
            "deed_until": deed_until.isoformat(),
        }

    @step([S.REPORTED], S.OPENED, _("Open a preliminary investigation"), may=leader,
          when=[is_preliminary], form="OpenPoliceForm", authorities=("police",))  # fmt: skip
    def open(self, act: Act, opened_on: date) -> dict[str, Any]:
        self.opened_on = opened_on
        return {"opened_on": opened_on.isoformat()}

    @step([S.OPENED], S.SUSPECTED, _("Decide on reasonable suspicion"), may=leader,
          form="SuspectForm", authorities=("police",))  # fmt: skip
    def suspect(self, act: Act, suspected_on: date) -> dict[str, Any]:
        self.suspected_on = suspected_on
        return {"suspected_on": suspected_on.isoformat()}

    def after_suspect(self, act: Act) -> None:
        """LUL 5 and 6 §§: guardian and social welfare board at once."""
        if self.suspected_on and self.age_on(self.suspected_on) < ADULT:
            self.start_clocks(("LUL5", "LUL6"), self.suspected_on)
            self.draft(act, "suspicion_u18", "LUL6")

    @step([S.SUSPECTED], S.SERVED, _("Serve the suspicion"), may=leader, form="ServeForm",
          authorities=("police",))  # fmt: skip
    def serve(self, act: Act, served_on: date) -> dict[str, Any]:
        self.served_on = served_on
        return {"served_on": served_on.isoformat()}

    def after_serve(self, act: Act) -> None:
        """LUL 4 §: six weeks from the service to the decision on prosecution."""
        if self.served_on and self.age_on(self.served_on) < ADULT:
            self.start_clock(act, "LUL4", self.served_on)

    @step([S.SERVED], S.HANDED_OVER, _("Hand over to the prosecutor"), may=either,
          form="HandToProsecutorForm", authorities=("police",))  # fmt: skip
    def hand_over(self, act: Act, handed_on: date) -> dict[str, Any]:
        self.handed_on = handed_on
        return {"handed_on": handed_on.isoformat()}

    @step([S.HANDED_OVER], S.DECIDED, _("Write down the prosecutor’s decision"), may=either,
          form="ChargeForm", authorities=("police",))  # fmt: skip
    def decide(self, act: Act, decision: str, decided_on: date) -> dict[str, Any]:
        self.decision, self.decided_on = decision, decided_on
        return {"charge": decision, "decided_on": decided_on.isoformat()}

    def after_decide(self, act: Act) -> None:
        """LUL 4 § is met; LUL 18 §: a warning is given in person within two weeks."""
        if self.decided_on:
            self.meet_clock(act, "LUL4", self.decided_on)
            if self.decision == Charge.WARNING:
                self.start_clock(act, "LUL18", self.decided_on)

    @step([S.REPORTED], S.INQUIRY, _("Begin an inquiry"), may=leader, when=[is_inquiry],
          form="BeginInquiryForm", authorities=("police",))  # fmt: skip
    def begin_inquiry(
        self, act: Act, ground: str, exceptional: str, begun_on: date
    ) -> dict[str, Any]:
        self.ground, self.exceptional, self.begun_on = ground, exceptional, begun_on
        return {"inquiry_ground": ground, "begun_on": begun_on.isoformat()}

    def after_begin_inquiry(self, act: Act) -> None:
        """LUL 32 §: three months; 33 and 34 §§: guardian and social welfare board at once."""
        if self.begun_on:
            self.start_clocks(("LUL32", "LUL33", "LUL34"), self.begun_on)
            self.draft(act, "suspicion_u15", "LUL34")

    @step([S.INQUIRY], None, _("Prepare the protocol"), may=either, when=[protocol_not_drafted],
          form="PrepareProtocolForm", authorities=("police",))  # fmt: skip
    def prepare_protocol(self, act: Act) -> dict[str, Any]:
        return {}

    def after_prepare_protocol(self, act: Act) -> None:
        """LUL 37 §: the protocol goes to the social welfare board as soon as possible."""
        self.start_clock(act, "LUL37", self.today(act))
        self.draft(act, "inquiry_protocol", "LUL37")

    @step([S.INQUIRY], S.PROTOCOL_SENT, _("Write down that the protocol is sent"), may=leader,
          when=[protocol_is_sent], form="ProtocolForm", authorities=("police",))  # fmt: skip
    def send_protocol(self, act: Act, protocol_on: date) -> dict[str, Any]:
        self.protocol_on = protocol_on
        return {"protocol_on": protocol_on.isoformat()}

    def after_send_protocol(self, act: Act) -> None:
        if self.protocol_on:
            self.meet_clock(act, "LUL32", self.protocol_on)

    @step([*WITH_SUSPECT, S.INQUIRY, S.PROTOCOL_SENT], None,
          _("Write down that a guardian is notified"), may=either,
          when=[guardian_due, guardian_not_told], form="GuardianForm",
          authorities=("police",))  # fmt: skip
    def notify_guardian(self, act: Act, guardian_on: date, guardian_how: str) -> dict[str, Any]:
        self.guardian_on, self.guardian_how = guardian_on, guardian_how
        return {"guardian_on": guardian_on.isoformat()}

    def after_notify_guardian(self, act: Act) -> None:
        if self.guardian_on:
            self.meet_clock(act, "LUL33" if self.begun_on else "LUL5", self.guardian_on)

    @step([*WITH_SUSPECT, S.INQUIRY, S.PROTOCOL_SENT], None,
          _("Postpone the notification of a guardian"), may=leader,
          when=[guardian_due, guardian_not_told], reason=True, form="PostponeGuardianForm",
          authorities=("police",))  # fmt: skip
    def postpone_guardian(self, act: Act) -> dict[str, Any]:
        # The duty isn't done by being postponed: its clock goes on, and the page says why.
        self.guardian_why_later = act.reason
        return {}

    @step([S.SUSPECTED, S.SERVED], None, _("Ask social services for a statement"), may=leader,
          when=[under_18, no_statement_yet], form="StatementForm",
          authorities=("police",))  # fmt: skip
    def request_statement(self, act: Act, statement_due: date) -> dict[str, Any]:
        self.statement_due = statement_due
        return {"statement_due": statement_due.isoformat()}

    def after_request_statement(self, act: Act) -> None:
        """LUL 11 §: whoever asks sets the time."""
        self.start_clock(act, "LUL11", self.today(act), due=self.statement_due)

    @step([S.SUSPECTED, S.SERVED, S.HANDED_OVER, S.DECIDED], None,
          _("Write down that the statement came"), may=either, when=[statement_awaited],
          form="StatementReceivedForm", authorities=("police",))  # fmt: skip
    def statement_received(self, act: Act, statement_on: date) -> dict[str, Any]:
        self.statement_on = statement_on
        return {"statement_on": statement_on.isoformat()}

    def after_statement_received(self, act: Act) -> None:
        if self.statement_on:
            self.meet_clock(act, "LUL11", self.statement_on)

    @step([S.REPORTED, S.OPENED, S.SUSPECTED, S.SERVED, S.INQUIRY], S.DISCONTINUED,
          _("Discontinue the investigation"), may=leader, reason=True, form="DiscontinueForm",
          final=True, authorities=("police",))  # fmt: skip
    def discontinue(self, act: Act, discontinued_why: str) -> dict[str, Any]:
        self.discontinued_why, self.ended_on = discontinued_why, self.today(act)
        return {"discontinued_why": discontinued_why}

    def after_discontinue(self, act: Act) -> None:
        self.drop_clocks(act)

    @step([S.PROTOCOL_SENT, S.DECIDED], S.CLOSED, _("End the investigation"), may=either,
          when=[nothing_due], final=True, authorities=("police",))  # fmt: skip
    def close(self, act: Act) -> dict[str, Any]:
        self.ended_on = self.today(act)
        return {}

    # --- what the steps share -------------------------------------------------------------------

    @property
    def ages(self) -> AtTheDeed:
        """How old the young person was at the deed."""
        return at_the_deed(self.case.person.birth_date, self.deed_from, self.deed_until)
