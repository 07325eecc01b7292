"""The life of a social investigation: a report about a young person, assessed, and opened or not.

Socialtjänstlagen (2025:400) 20 kap. and 23 kap.; 25:1: who decides whether to open, investigates
or follows up has a degree in social work.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import django_fsm as fsm
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access import rules
from casework.ages import ADULT
from casework.workflow import moment
from casework.workflow.duties import DutifulSteps, case_open, nothing_due
from casework.workflow.steps import UNBORN, Act, condition, step


class State(models.TextChoices):
    RECEIVED = "received", _("Report received")
    PROTECTION_ASSESSED = "protection_assessed", _("Protection assessed")
    ASSESSING = "assessing", _("Preliminary assessment")
    OPENED = "opened", _("Investigation opened")
    DECIDED = "decided", _("Investigation decided")
    CLOSED_WITHOUT_SUPPORT = "closed_without_support", _("Closed without support")
    FOLLOW_UP = "follow_up", _("Followed up")
    NOT_OPENED = "not_opened", _("Not opened")
    JOINED = "joined", _("Joined to a running investigation")
    CLOSED = "closed", _("Ended")


class Report(models.TextChoices):
    WORRY = "worry", _("Report of concern")
    LUL_NOTICE = "lul_notice", _("Notification from the police (LUL)")
    APPLICATION = "application", _("Application")
    OWN_KNOWLEDGE = "own_knowledge", _("Own knowledge")
    OTHER = "other", _("Something else")


class Decision(models.TextChoices):
    SUPPORT = "support", _("Support is granted")
    SUPPORT_WITHOUT_ASSESSMENT = (
        "without_assessment",
        _("Support without an individual needs assessment"),
    )
    CARE = "care", _("Application for care under LVU")
    MOVED = "moved", _("Moved to another municipality")


class Lvu(models.TextChoices):
    """LVU (1990:52): what the clock runs from."""

    DECIDED = "LVU7", _("Immediate custody is decided (submitted to the court within a week)")
    EXECUTED = "LVU8", _("Immediate custody is carried out (application within four weeks)")


S = State
ENDED = (S.NOT_OPENED, S.JOINED, S.CLOSED)
worker = rules.social_worker | rules.supervisor
graduate = worker & rules.qualified


@condition(_("There is no opened investigation about the same young person to join."))
def another_runs(part: "SocialSteps") -> bool:
    return part.has_another_opened()


@condition(_("Both parts of an LVU track are noted already."))
def lvu_not_noted(part: "SocialSteps") -> bool:
    return part.lvu_decided_on is None or part.lvu_executed_on is None


@condition(_("Follow-up without consent is for children only (SoL 23 kap.): has turned 18."))
def is_child(part: "SocialSteps") -> bool:
    return part.age_on(moment.today()) < ADULT


class SocialSteps(DutifulSteps):
    """What the steps of a social investigation move, and the steps."""

    MACHINE = "social_investigation"
    STATES = State
    ENDED = ENDED
    ENDS_WITH_IT = ("SOL23_5",)

    state = fsm.FSMField(choices=State.choices, default=UNBORN, protected=True, editable=False)
    received_at = models.DateTimeField()
    report = models.CharField(max_length=16, choices=Report.choices)
    reporter = models.CharField(max_length=200, blank=True)  # where outside the service
    wants_feedback = models.BooleanField(default=False)
    delivery_id = models.UUIDField(null=True, blank=True)  # the delivery that it came by
    assessed_on = models.DateField(null=True, blank=True)
    needs_protection = models.BooleanField(null=True, blank=True)
    protection_note = models.TextField(max_length=4000, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    not_opened_on = models.DateField(null=True, blank=True)
    decision = models.CharField(max_length=20, choices=Decision.choices, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    lvu_decided_on = models.DateField(null=True, blank=True)
    lvu_executed_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    # --- the life -----------------------------------------------------------------------------

    @step([UNBORN], S.RECEIVED, _("Register a report"), may=worker, when=[case_open],
          form="ReceiveForm", authorities=("social",))  # fmt: skip
    def receive(
        self, act: Act, received_at: datetime, report: str, reporter: str = "",
        wants_feedback: bool = False, delivery_id: UUID | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        self.received_at, self.report, self.reporter = received_at, report, reporter
        self.wants_feedback, self.delivery_id = wants_feedback, delivery_id
        return {
            "report": report,
            "received_on": self.received_on.isoformat(),
            "wants_feedback": wants_feedback,
        }

    def after_receive(self, act: Act) -> None:
        """SoL 20:1: need of protection at once; 20:2: to open or not within fourteen days."""
        self.start_clocks(("SOL20_1", "SOL20_2"), self.received_on)

    @step([S.RECEIVED], S.PROTECTION_ASSESSED, _("Assess the need of protection"), may=graduate,
          form="ProtectionForm", authorities=("social",))  # fmt: skip
    def assess_protection(
        self, act: Act, assessed_on: date, needs_protection: bool, protection_note: str
    ) -> dict[str, Any]:
        return self.assess(assessed_on, needs_protection, protection_note)

    def after_assess_protection(self, act: Act) -> None:
        if self.assessed_on:
            self.meet_clock(act, "SOL20_1", self.assessed_on)

    @step([S.PROTECTION_ASSESSED], S.ASSESSING, _("Begin the preliminary assessment"),
          may=graduate, authorities=("social",))  # fmt: skip
    def begin_assessment(self, act: Act) -> dict[str, Any]:
        return {}

    @step([S.ASSESSING], S.OPENED, _("Open an investigation"), may=graduate,
          form="OpenSocialForm", authorities=("social",))  # fmt: skip
    def open(self, act: Act, opened_on: date) -> dict[str, Any]:
        self.opened_on = opened_on
        return {"opened_on": opened_on.isoformat()}

    def after_open(self, act: Act) -> None:
        """SoL 20:2 is met; 20:3: the investigation is done within four months."""
        if self.opened_on:
            self.meet_clock(act, "SOL20_2", self.opened_on)
            self.start_clock(act, "SOL20_3", self.opened_on)
            self.tell_reporter(act, self.opened_on)

    @step([S.ASSESSING], S.NOT_OPENED, _("Decide not to open an investigation"), may=graduate,
          reason=True, form="NotOpenForm", final=True, authorities=("social",))  # fmt: skip
    def not_open(self, act: Act, not_opened_on: date) -> dict[str, Any]:
        self.not_opened_on = self.ended_on = not_opened_on
        return {"not_opened_on": not_opened_on.isoformat()}

    def after_not_open(self, act: Act) -> None:
        if self.not_opened_on:
            self.meet_clock(act, "SOL20_2", self.not_opened_on)
            self.tell_reporter(act, self.not_opened_on)

    @step([S.RECEIVED, S.PROTECTION_ASSESSED, S.ASSESSING], S.JOINED,
          _("Join to a running investigation"), may=graduate, when=[another_runs],
          form="JoinForm", final=True, authorities=("social",))  # fmt: skip
    def join(self, act: Act, joined_to: Any, **protection: Any) -> dict[str, Any]:
        noted = self.assess(**protection) if protection else {}
        self.joined_to, self.ended_on = joined_to, self.today(act)
        return {**noted, "joined_to": str(joined_to.pk)}

    def after_join(self, act: Act) -> None:
        """SoL 20:2: no decision is needed where one runs; 19:6: then the reporter is told at
        once. The need of protection is assessed even so, before it joins (20:1)."""
        today = self.today(act)
        if self.assessed_on:
            self.meet_clock(act, "SOL20_1", self.assessed_on)
        self.meet_clock(act, "SOL20_2", today)
        self.tell_reporter(act, today, due=today)

    @step([S.OPENED], S.DECIDED, _("Decide the investigation"), may=graduate,
          form="DecisionForm", authorities=("social",))  # fmt: skip
    def decide(self, act: Act, decision: str, decided_on: date) -> dict[str, Any]:
        self.decision, self.decided_on = decision, decided_on
        return {"decision": decision, "decided_on": decided_on.isoformat()}

    def after_decide(self, act: Act) -> None:
        if self.decided_on:
            self.meet_clock(act, "SOL20_3", self.decided_on)

    @step([S.OPENED], S.CLOSED_WITHOUT_SUPPORT, _("Close without support"), may=graduate,
          reason=True, form="WithoutSupportForm", authorities=("social",))  # fmt: skip
    def close_without_support(self, act: Act, decided_on: date) -> dict[str, Any]:
        self.decided_on = decided_on
        return {"decided_on": decided_on.isoformat()}

    def after_close_without_support(self, act: Act) -> None:
        self.after_decide(act)

    @step([S.CLOSED_WITHOUT_SUPPORT], S.FOLLOW_UP, _("Follow up without consent"), may=graduate,
          when=[is_child], reason=True, form="SocialFollowUpForm",
          authorities=("social",))  # fmt: skip
    def follow_up(self, act: Act) -> dict[str, Any]:
        return {}

    def after_follow_up(self, act: Act) -> None:
        """SoL 23:5: it ends at the latest six months after the investigation was closed."""
        if self.decided_on:
            self.start_clock(act, "SOL23_5", self.decided_on)

    @step([S.RECEIVED, S.PROTECTION_ASSESSED, S.ASSESSING, S.OPENED, S.DECIDED,
           S.CLOSED_WITHOUT_SUPPORT, S.FOLLOW_UP], None, _("Note that an LVU track exists"),
          may=worker, when=[lvu_not_noted], form="LvuForm", authorities=("social",))  # fmt: skip
    def note_lvu(self, act: Act, lvu: str, lvu_on: date) -> dict[str, Any]:
        if lvu == Lvu.DECIDED:
            self.lvu_decided_on = lvu_on
        else:
            self.lvu_executed_on = lvu_on
        return {"lvu": lvu, "lvu_on": lvu_on.isoformat()}

    def after_note_lvu(self, act: Act) -> None:
        """LVU 7 § and 8 §: to the court within a week, an application within four weeks."""
        if self.lvu_decided_on:
            self.start_clock(act, Lvu.DECIDED, self.lvu_decided_on)
        if self.lvu_executed_on:
            self.start_clock(act, Lvu.EXECUTED, self.lvu_executed_on)

    @step([S.DECIDED, S.CLOSED_WITHOUT_SUPPORT, S.FOLLOW_UP], S.CLOSED,
          _("End the investigation"), may=graduate, when=[nothing_due], final=True,
          authorities=("social",))  # fmt: skip
    def close(self, act: Act) -> dict[str, Any]:
        self.ended_on = self.today(act)
        return {}

    def after_close(self, act: Act) -> None:
        self.meet_clock(act, "SOL23_5", self.today(act))

    # --- what the steps share -------------------------------------------------------------------

    @property
    def received_on(self) -> date:
        """The Swedish day of its arrival: the clocks count from it."""
        return timezone.localdate(self.received_at)

    @property
    def lvu(self) -> bool:
        """An LVU track exists; the court work stays in the social case system."""
        return bool(self.lvu_decided_on or self.lvu_executed_on)

    def assess(
        self, assessed_on: date, needs_protection: bool, protection_note: str
    ) -> dict[str, Any]:
        self.assessed_on, self.needs_protection = assessed_on, needs_protection
        self.protection_note = protection_note
        return {"assessed_on": assessed_on.isoformat(), "needs_protection": needs_protection}

    def tell_reporter(self, act: Act, on: date, due: date | None = None) -> None:
        """SoL 19:6: whoever reported and asks is told within a week: opened, not opened or
        already running, and nothing more."""
        if self.wants_feedback:
            self.start_clock(act, "SOL19_6", on, due=due)
            if self.delivery_id:
                self.draft(act, "feedback", "ATERKOPPLING")

    def has_another_opened(self) -> bool:
        raise NotImplementedError
