"""Investigations: the police's about a suspected offence, social services' about a report."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.models import Unit
from audit.querysets import AuditedManager
from casework.models import duties
from casework.models.case import Case
from casework.workflow.duties import DutifulSteps
from casework.workflow.police import Kind, PoliceSteps
from casework.workflow.police import State as PoliceState
from casework.workflow.social import SocialSteps
from casework.workflow.social import State as SocialState
from casework.workflow.steps import UNBORN, Act

K_NUMBER = r"^\d{4}-K\d{1,8}-\d{2}$"


class Investigation(DutifulSteps):
    """What both kinds are: a part of one case, with clocks and drafts kept beside it."""

    restricted_by = "case"
    case: Any

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"investigation {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("investigation", args=[self.case_id, self.pk])

    def about(self) -> tuple[UUID, str]:
        return self.case_id, self.case.reference

    def queue_up(self, name: str) -> None:
        """A new one waits for whoever is closing its case."""
        if self.state == UNBORN:
            locked = Case.objects.select_for_update(of=("self",)).select_related("person")
            self.case = locked.get(pk=self.case_id)

    def start_clocks(self, codes: tuple[str, ...], on: date, due: date | None = None) -> None:
        duties.start(self, codes, on, due)

    def meet_clock(self, act: Act, code: str, on: date) -> None:
        duties.meet(self, act, code, on)

    def drop_clocks(self, act: Act) -> None:
        duties.drop(self, act)

    def has_open_clocks(self) -> bool:
        return any(one.code not in self.ENDS_WITH_IT for one in duties.of(self))

    def draft(self, act: Act, subject: str, ground_code: str) -> None:
        duties.draft(self, act, subject, ground_code)

    def draft_waits(self, ground_code: str) -> bool:
        return ground_code in duties.waiting(self)

    def was_sent(self, ground_code: str) -> bool:
        return duties.was_sent(self, ground_code)


class PoliceInvestigation(Investigation, PoliceSteps):
    """Of one suspected offence. Its steps are in casework/workflow/police.py."""

    audit_secret: ClassVar[set[str]] = {
        "number", "exceptional", "guardian_how", "guardian_why_later",
    }  # fmt: skip

    case = models.ForeignKey(
        Case, models.PROTECT, related_name="police_investigations", db_index=False
    )

    objects = AuditedManager["PoliceInvestigation"]()

    class Meta:
        verbose_name = gettext_lazy("police investigation")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(number__regex=K_NUMBER), name="k_number_as_written"
            ),
            models.CheckConstraint(
                condition=models.Q(deed_from__lte=models.F("deed_until")), name="deed_has_days"
            ),
            models.UniqueConstraint(
                fields=("case", "number", "offence", "deed_from"),
                condition=~models.Q(state=PoliceState.DISCONTINUED),
                name="offence_reported_once",
            ),
        )
        indexes = (models.Index(fields=("case", "state"), name="police_of_case"),)

    @property
    def title(self) -> str:
        """What pages call it: its kind and its number."""
        return f"{Kind(self.kind).label} {self.number}"


class SocialInvestigation(Investigation, SocialSteps):
    """Of one report. Its steps are in casework/workflow/social.py."""

    audit_secret: ClassVar[set[str]] = {"reporter", "protection_note"}

    case = models.ForeignKey(
        Case, models.PROTECT, related_name="social_investigations", db_index=False
    )
    joined_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="joined", db_index=False
    )

    objects = AuditedManager["SocialInvestigation"]()

    class Meta:
        verbose_name = gettext_lazy("social investigation")
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "delivery_id"),
                condition=models.Q(delivery_id__isnull=False),
                name="delivery_received_once",
            ),
        )
        indexes = (models.Index(fields=("case", "state"), name="social_of_case"),)

    @property
    def title(self) -> str:
        """What pages call it: what came, and the day."""
        return _("%(report)s of %(day)s") % {
            "report": self.get_report_display(),
            "day": self.received_on.isoformat(),
        }

    def others_opened(self) -> "models.QuerySet[SocialInvestigation]":
        """The unit's opened investigations about the same young person."""
        return SocialInvestigation.objects.filter(
            unit_id=self.unit_id,
            case__person_id=self.case.person_id,
            state=SocialState.OPENED,
        ).exclude(pk=self.pk)

    def has_another_opened(self) -> bool:
        return self.others_opened().exists()
