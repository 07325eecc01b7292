"""What a case's page and the start page show of disclosures and deliveries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from access.actor import Actor
from access.compiled import Compiled
from access.subjects import SUBJECTS
from access.visible import visible_to
from casework.models import Case, Delivery, Disclosure
from casework.workflow import disclosure
from casework.workflow.steps import steps_of

SHOWN = 30
TONE = {disclosure.State.DRAFT.value: "warn", disclosure.State.SENT.value: "ok"}


@dataclass(frozen=True, slots=True)
class Crossed:
    """Something that was sent or that came, as a line."""

    url: str
    title: str
    state: str
    tone: str
    when: datetime


def panel_of(case: Case, actor: Actor) -> dict[str, Any]:
    """Drafts, what was sent and what came, newest first; one query."""
    unborn = Disclosure(unit_id=case.unit_id, case=case)
    return {
        "disclosures": crossed(case, actor),
        "may_disclose": steps_of(Disclosure)["draft"].hindrance(unborn, actor) is None,
    }


def crossed(case: Case, actor: Actor) -> list[Crossed]:
    return [line(case, *row) for row in CROSSED.rows(actor=actor, case_id=case.pk)]


def both_ways(actor: Actor, case_id: UUID) -> QuerySet[Disclosure, Any]:
    names = ("out", "pk", "state", "subject", "whom", "when")
    sent = Disclosure.objects.filter(case_id=case_id).annotate(
        out=Value("out", CharField()),
        whom=F("to_unit__name"),
        when=Coalesce("decided_at", "drafted_at"),
    )
    came = visible_to(Delivery.objects.filter(case_id=case_id), actor).annotate(
        out=Value("in", CharField()), whom=F("from_unit"), when=F("arrived_at")
    )
    rows = sent.values_list(*names).union(came.values_list(*names), all=True)
    return rows.order_by("-when")[:SHOWN]


CROSSED = Compiled[Disclosure](both_ways, actor=Actor, case_id=UUID)


def line(
    case: Case, out: str, pk: UUID, state: str, subject: str, whom: str, when: datetime
) -> Crossed:
    about = str(SUBJECTS[subject].label)
    if out == "out":
        url, label = reverse("disclosure", args=[case.pk, pk]), str(disclosure.State(state).label)
        title = _("%(subject)s, to %(to)s") % {"subject": about, "to": whom}
    else:
        url, label = reverse("delivery", args=[pk]), _("Received")
        title = _("%(subject)s, from %(sender)s") % {"subject": about, "sender": whom}
    return Crossed(url, title, label, TONE.get(state, ""), when)
