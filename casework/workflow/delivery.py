"""The life of a delivery: the receiving unit's own copy of what another unit disclosed to it."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import django_fsm as fsm
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from access import rules
from access.actor import Actor
from access.kinds import Kind
from casework.workflow import who
from casework.workflow.steps import UNBORN, Act, Stateful, condition, step


class State(models.TextChoices):
    RECEIVED = "received", _("Waiting")
    ACCEPTED = "accepted", _("Taken in")
    RETURNED = "returned", _("Sent back")


S = State
# The subjects with which a delivery comes back to whoever asked or sent: nothing to send back.
RETURNED = "returned"
ANSWERS = (RETURNED, "feedback", "answer", "statement")
# A report of concern or a LUL notice starts an investigation at social services.
STARTS = {"worry": "worry", "suspicion_u18": "lul_notice", "suspicion_u15": "lul_notice"}


@condition(_("It is an answer to what this unit sent, and can’t be sent back."))
def no_answer(delivery: "DeliverySteps") -> bool:
    return delivery.subject not in ANSWERS


@condition(_("It is an answer to what this unit sent. Take it into that case."))
def no_case_yet(delivery: "DeliverySteps") -> bool:
    return delivery.subject not in ANSWERS


@condition(_("It isn’t secrecy marked: everyone in the unit sees it."))
def marked(delivery: "DeliverySteps") -> bool:
    return delivery.restricted


@condition(_("It is hidden with a case: name people there."))
def by_itself(delivery: "DeliverySteps") -> bool:
    return delivery.kept_with() is None


@condition(_("What arrived is damaged: it doesn’t fit its checksum. Tell the administrator."))
def whole(delivery: "DeliverySteps") -> bool:
    return delivery.is_whole()


class DeliverySteps(Stateful):
    """What the steps of a delivery move, and the steps. What arrived never changes."""

    MACHINE = "delivery"
    STATES = State
    unit: Any
    unit_id: int
    case: Any
    handled_by_id: UUID | None
    audit_secret: ClassVar[set[str]] = {"content", "returned_why"}

    state = fsm.FSMField(choices=State.choices, default=UNBORN, protected=True, editable=False)
    # Who sent it, in their own words: the sender may be gone when somebody reads this.
    from_unit_id = models.BigIntegerField()
    from_unit = models.CharField(max_length=100)
    from_authority = models.CharField(max_length=100)
    from_kind = models.CharField(max_length=12)
    decided_by = models.CharField(max_length=200)
    receiver = models.CharField(max_length=120, blank=True)
    subject = models.CharField(max_length=24)
    initiative = models.CharField(max_length=8, blank=True)
    ground_code = models.CharField(max_length=20, blank=True)
    ground_source = models.CharField(max_length=200, blank=True)
    ground_from = models.DateField(null=True, blank=True)  # which version of it
    fields = models.JSONField(default=list, blank=True)  # codes, in the content's order
    content = models.BinaryField(editable=False)  # encrypted for this row
    content_hash = models.CharField(max_length=64)
    disclosure_id = models.UUIDField(null=True, blank=True)  # the sender's own record
    answers_to = models.UUIDField(null=True, blank=True)  # this unit's own disclosure
    sent_at = models.DateTimeField()
    arrived_at = models.DateTimeField()
    restricted = models.BooleanField(default=False)  # only people named by a grant see it
    brought_by = models.UUIDField(editable=False)  # who acted when it arrived, over there
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        db_index=False,
    )  # fmt: skip
    handled_at = models.DateTimeField(null=True, blank=True)
    returned_why = models.TextField(max_length=2000, blank=True)

    class Meta:
        abstract = True

    # --- the life -----------------------------------------------------------------------------

    @step([UNBORN], S.RECEIVED, _("Deliver"), may=rules.service)
    def arrive(self, act: Act, content: str, sent_at: datetime, **envelope: Any) -> dict[str, Any]:
        for name, value in envelope.items():
            if name not in ENVELOPE:
                raise TypeError(f"a delivery has no {name}")
            setattr(self, name, value)
        self.sent_at, self.arrived_at, self.brought_by = sent_at, act.at, act.by.user_id
        self.restricted = self.restricted or self.kept_with() is not None
        self.keep(content)
        return self.told() | {"hash": self.content_hash}

    @step([S.RECEIVED], S.ACCEPTED, _("Take into a case"), may=who.takes_in, when=[whole],
          form="AcceptForm")  # fmt: skip
    def accept(self, act: Act, case: Any) -> dict[str, Any]:
        return self.take_in(act, case)

    @step([S.RECEIVED], S.ACCEPTED, _("Open a new case"),
          may=rules.flagger & ~who.starting_outreach, when=[whole, no_case_yet],
          form="OpenCaseForm")  # fmt: skip
    def open_case(self, act: Act, case: Any) -> dict[str, Any]:
        return self.take_in(act, case)

    @step([S.RECEIVED], None, _("Name somebody for it"), may=rules.supervisor,
          when=[marked, by_itself], reason=True, form="NameForDeliveryForm")  # fmt: skip
    def name(self, act: Act, people: list[Actor], until: datetime) -> dict[str, Any]:
        return self.name_people(act, people, until)

    @step([S.RECEIVED], S.RETURNED, _("Send back"), may=rules.flagger | rules.supervisor,
          when=[no_answer], reason=True, form="GiveBackForm", final=True)  # fmt: skip
    def give_back(self, act: Act) -> dict[str, Any]:
        self.returned_why = act.reason
        self.handled_by_id, self.handled_at = act.by.user_id, act.at
        return self.told()

    # --- what the steps share -------------------------------------------------------------------

    def take_in(self, act: Act, case: Any) -> dict[str, Any]:
        self.case = case
        self.handled_by_id, self.handled_at = act.by.user_id, act.at
        return self.told()

    def told(self) -> dict[str, Any]:
        return {"subject": self.subject, "ground": self.ground_code, "sender": self.from_unit}

    @property
    def starts(self) -> str | None:
        """What is reported, where it starts an investigation at social services."""
        return STARTS.get(self.subject) if self.unit.authority.kind == Kind.SOCIAL else None

    def is_whole(self) -> bool:
        raise NotImplementedError

    def kept_with(self) -> UUID | None:
        raise NotImplementedError

    def name_people(self, act: Act, people: list[Actor], until: datetime) -> dict[str, Any]:
        raise NotImplementedError

    def keep(self, content: str) -> None:
        raise NotImplementedError


ENVELOPE = frozenset({
    "from_unit_id", "from_unit", "from_authority", "from_kind", "decided_by", "receiver", "subject",
    "initiative", "ground_code", "ground_source", "ground_from", "fields", "disclosure_id",
    "answers_to", "restricted",
})  # fmt: skip
