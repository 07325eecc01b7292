"""The life of a disclosure: what one unit decides to tell another, word for word, and why."""

from hashlib import sha256
from typing import Any, ClassVar
from uuid import UUID

import django_fsm as fsm
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from access import rules
from access.grounds import Initiative
from access.models import LegalGround, Unit
from casework.workflow import who
from casework.workflow.steps import UNBORN, Act, Stale, Stateful, condition, step


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent")
    REFUSED = "refused", _("Not disclosed")


class Channel(models.TextChoices):
    SERVICE = "service", _("Through this service")
    PHONE = "phone", _("Told by phone, written down afterwards")


class Informed(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")


S = State


@condition(_("This ground can’t carry the disclosure today. Change the draft."))
def carried(disclosure: "DisclosureSteps") -> bool:
    return disclosure.is_carried()


@condition(_("The ground’s questions are not all answered. Change the draft."))
def answered(disclosure: "DisclosureSteps") -> bool:
    return not disclosure.unanswered()


@condition(_("An answer, an age or a day that has passed stops the ground now. Change the draft."))
def stands(disclosure: "DisclosureSteps") -> bool:
    return not disclosure.fallen()


@condition(_("Nothing is chosen to be sent. Change the draft."))
def holds_something(disclosure: "DisclosureSteps") -> bool:
    return bool(disclosure.fields or disclosure.text)


class DisclosureSteps(Stateful):
    """What the steps of a disclosure move, and the steps. Once it has left draft, nothing moves."""

    MACHINE = "disclosure"
    STATES = State
    unit_id: int
    drafted_by_id: UUID | None
    decided_by_id: UUID | None
    case: Any
    audit_secret: ClassVar[set[str]] = {
        "answers", "text", "informed_why", "receiver", "request_ref", "refused_why",
        "content",
    }  # fmt: skip

    state = fsm.FSMField(choices=State.choices, default=UNBORN, protected=True, editable=False)
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    receiver = models.CharField(max_length=120, blank=True)  # a function or a name over there
    subject = models.CharField(max_length=24)  # the kind of fact (access.secrecy.SUBJECTS)
    initiative = models.CharField(max_length=8, choices=Initiative.choices)
    request_ref = models.CharField(max_length=60, blank=True)
    ground = models.ForeignKey(LegalGround, models.PROTECT, related_name="+", db_index=False)
    answers = models.JSONField(default=dict, blank=True)  # question code → what she answered
    fields = models.JSONField(default=list, blank=True)  # codes of casework.letter.FIELDS
    text = models.TextField(max_length=4000, blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.SERVICE)
    informed = models.CharField(max_length=3, choices=Informed.choices, blank=True)
    informed_why = models.CharField(max_length=500, blank=True)
    part_id = models.UUIDField(null=True, blank=True)  # the investigation it came from
    reply_to = models.UUIDField(null=True, blank=True)  # the delivery that it answers
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    drafted_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        db_index=False,
    )  # fmt: skip
    decided_at = models.DateTimeField(null=True, blank=True)
    refused_why = models.TextField(max_length=2000, blank=True)
    content = models.BinaryField(null=True, editable=False)  # what was sent, encrypted
    content_hash = models.CharField(max_length=64, blank=True)  # sha256 of it, hexadecimal

    class Meta:
        abstract = True

    # --- the life -----------------------------------------------------------------------------

    @step([UNBORN], S.DRAFT, _("Draft a disclosure"), may=rules.case_staff | rules.service)
    def draft(self, act: Act, **what: Any) -> dict[str, Any]:
        self.drafted_by_id, self.drafted_at = act.by.user_id, act.at
        return self.fill(**what)

    @step([S.DRAFT], None, _("Change the draft"), may=rules.case_staff, form="RedraftForm")
    def redraft(self, act: Act, **what: Any) -> dict[str, Any]:
        self.drafted_by_id, self.drafted_at = act.by.user_id, act.at
        return self.fill(**what)

    @step([S.DRAFT], S.SENT, _("Send"), may=who.decides,
          when=[holds_something, carried, answered, stands], form="SendForm",
          final=True)  # fmt: skip
    def send(
        self, act: Act, shown: str, informed: str = "", informed_why: str = ""
    ) -> dict[str, Any]:
        """`shown` is the hash of what she saw. Made anew it must be the same, or it is Stale."""
        if informed:
            self.informed, self.informed_why = informed, informed_why
        content = self.compose()
        self.content_hash = digest(content)
        if self.content_hash != shown:
            raise Stale(self, self.version)
        self.keep(content)
        self.decide(act)
        return self.told() | {"hash": self.content_hash, "channel": self.channel}

    @step([S.DRAFT], S.REFUSED, _("Decide not to disclose"), may=who.decides, reason=True,
          final=True)  # fmt: skip
    def refuse(self, act: Act) -> dict[str, Any]:
        self.refused_why = act.reason
        self.decide(act)
        return self.told()

    # --- what the steps share -------------------------------------------------------------------

    def fill(self, **what: Any) -> dict[str, Any]:
        for name, value in what.items():
            if name not in DRAFTED:
                raise TypeError(f"a draft has no {name}")
            setattr(self, name, value)
        self.must_fit()
        return self.told()

    def decide(self, act: Act) -> None:
        self.decided_by_id, self.decided_at = act.by.user_id, act.at

    def told(self) -> dict[str, Any]:
        """What the trail keeps: codes, never what is sent."""
        return {
            "subject": self.subject,
            "ground": self.ground.code,
            "to": self.to_unit.name,
            "fields": list(self.fields),
        }

    def must_fit(self) -> None:
        """Raise NotNow where no ground carries this from here to there, or a field isn't open."""
        raise NotImplementedError

    def is_carried(self) -> bool:
        raise NotImplementedError

    def unanswered(self) -> list[str]:
        raise NotImplementedError

    def fallen(self) -> list[str]:
        raise NotImplementedError

    def compose(self) -> str:
        raise NotImplementedError

    def keep(self, content: str) -> None:
        raise NotImplementedError


DRAFTED = frozenset({
    "to_unit", "receiver", "subject", "initiative", "request_ref", "ground", "answers", "fields",
    "text", "channel", "informed", "informed_why", "part_id", "reply_to",
})  # fmt: skip


def digest(content: str) -> str:
    """What both sides show to see that they hold the same bytes."""
    return sha256(content.encode()).hexdigest()
