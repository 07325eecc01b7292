"""What one unit holds about one young person, part by part, in the words of the reader's language.

A part's rows are read only when the part is handed out: what is withheld doesn't leave the
database.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.actor import Actor
from access.models import User
from access.visible import visible_to
from audit import words
from audit.models import Reading, Step
from audit.readers import KIND
from audit.review import LOOKS
from casework.models import (
    Case,
    Coordination,
    Deadline,
    Delivery,
    Disclosure,
    Intervention,
    Observation,
    Person,
    PlanItem,
    PoliceInvestigation,
    Priority,
    SocialInvestigation,
)
from casework.words.clocks import task_of
from casework.workflow.delivery import State as DeliveryState

MOST = 5_000  # times that somebody met a case, in one file
LABELS: dict[str, Promise] = {
    "given_name": gettext_lazy("Given name"),
    "family_name": gettext_lazy("Family name"),
    "birth_date": gettext_lazy("Birth date"),
    "number": gettext_lazy("Personal number"),
    "opened_at": gettext_lazy("Opened"),
    "closed_at": gettext_lazy("Closed"),
    "seen_at": gettext_lazy("When"),
    "place": gettext_lazy("Place"),
    "source": gettext_lazy("Source"),
    "suspicion": gettext_lazy("Suspicion"),
    "recorded_at": gettext_lazy("Written down"),
    "reference": gettext_lazy("Reference"),
    "set_at": gettext_lazy("Decided"),
    "reason": gettext_lazy("Reason"),
    "handler": gettext_lazy("Handler"),
    "starts_on": gettext_lazy("From"),
    "valid_until": gettext_lazy("Valid until"),
    "ended_on": gettext_lazy("Ended on"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is held: a stable code, and label and value in words."""

    code: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Record:
    """One row that is held."""

    title: str
    facts: list[Fact] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose data, as seen by whom; `withheld`: the parts that aren't handed out."""

    actor: Actor
    person: Person
    cases: list[Case]
    withheld: frozenset[str] = frozenset()

    def of(self, rows: QuerySet[Any], *order: str) -> QuerySet[Any]:
        """Those about her cases that the actor sees."""
        return visible_to(rows.filter(case__in=self.cases), self.actor).order_by(*order, "id")

    def name(self, row: Any) -> str:
        """The case's reference, where there is more than one case to tell apart."""
        return row.case.reference if len(self.cases) > 1 and row.case else ""


Make = Callable[[Asked], Iterator[Record]]


def in_words(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return str(date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT"))
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def facts(row: Any, names: str) -> Iterator[Fact]:
    """The fields that hold something; staff by name only where the authority decided so."""
    label = row._meta.label_lower
    for name in names.split():
        value = getattr(row, name)
        if value in (None, "", [], {}):
            continue
        if isinstance(value, User):
            value = value.name if settings.EXTRACT_NAMES else _("somebody of the unit’s staff")
        shown = getattr(row, f"get_{name}_display", None)
        said = str(LABELS.get(name) or words.field(label, name))
        yield Fact(name, said, in_words(shown() if shown else value))


def fact(code: str, label: str, value: Any) -> list[Fact]:
    return [Fact(code, label, in_words(value))] if value not in (None, "") else []


def titled(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


# --- the parts -----------------------------------------------------------------------------------


def person(asked: Asked) -> Iterator[Record]:
    who = asked.person
    twelve = who.number()
    number = f"{twelve[:8]}-{twelve[8:]}" if twelve else ""
    known = facts(who, "given_name family_name birth_date protected")
    yield Record(_("The person"), [*known, *fact("number", str(LABELS["number"]), number)])


def cases(asked: Asked) -> Iterator[Record]:
    for case in asked.cases:
        state = fact("state", _("Status"), case.state_label)
        told = facts(case, "opened_at handler next_look closed_at outcome restricted")
        yield Record(case.reference, [*state, *told])


def observations(asked: Asked) -> Iterator[Record]:
    found = asked.of(Observation.objects.select_related("place", "case"), "seen_at")
    for row in found:
        title = titled(asked.name(row), row.get_kind_display())
        yield Record(
            title, [*facts(row, "seen_at place source suspicion text reference recorded_at")]
        )


def priorities(asked: Asked) -> Iterator[Record]:
    for row in asked.of(Priority.objects.select_related("case"), "set_at"):
        met = [Fact("criterion", criterion, given) for criterion, given in row.met()]
        rest = facts(row, "reason valid_until set_at")
        yield Record(titled(asked.name(row), row.get_level_display()), [*met, *rest])


def interventions(asked: Asked) -> Iterator[Record]:
    rows = Intervention.objects.select_related("case", "handler").prefetch_related("notes")
    names = (
        "goal handler planned_from planned_until consent_by consent_on consent_note started_on "
        "ended_on result"
    )
    for row in asked.of(rows, "case"):
        notes = [
            Fact("note", _("Note of %(day)s") % {"day": in_words(note.written_at)}, note.text)
            for note in row.notes.all()
        ]
        state = fact("state", _("Status"), row.state_label)
        yield Record(titled(asked.name(row), row.title), [*state, *facts(row, names), *notes])


POLICE = (
    "offence deed_from deed_until opened_on suspected_on served_on handed_on decision decided_on "
    "begun_on ground exceptional protocol_on guardian_on guardian_how guardian_why_later "
    "statement_due statement_on discontinued_why ended_on"
)
SOCIAL = (
    "received_at report wants_feedback assessed_on needs_protection protection_note opened_on "
    "not_opened_on decision decided_on lvu_decided_on lvu_executed_on ended_on"
)


def investigations(asked: Asked) -> Iterator[Record]:
    """With the deadlines: they tell what is investigated."""
    for model, names in ((PoliceInvestigation, POLICE), (SocialInvestigation, SOCIAL)):
        for row in asked.of(model._default_manager.select_related("case"), "case"):
            state = fact("state", _("Status"), row.state_label)
            yield Record(titled(asked.name(row), row.title), [*state, *facts(row, names)])
    names = "starts_on due met_on met_how dropped_on extended_at extended_ground extended_reason"
    for row in asked.of(Deadline.objects.select_related("case"), "due"):
        title = titled(asked.name(row), str(capfirst(task_of(row.code))))
        yield Record(title, [*facts(row, names)])


def sources(asked: Asked) -> Iterator[Record]:
    """Who reported, by name or office, where it was written down."""
    found = asked.of(SocialInvestigation.objects.select_related("case"), "received_at")
    for row in found.exclude(reporter=""):
        yield Record(titled(asked.name(row), row.title), [*facts(row, "reporter")])


def recipients(asked: Asked) -> Iterator[Record]:
    """What was sent, to whom, on which ground, word for word; and what was only meant to be."""
    rows = Disclosure.objects.select_related("case", "to_unit__authority", "ground")
    for row in asked.of(rows, "drafted_at"):
        ground = f"{row.ground.name} ({row.ground.source})"
        yield Record(
            titled(asked.name(row), row.title),
            [
                *fact("state", _("Status"), row.state_label),
                *fact("authority", _("Authority"), row.to_unit.authority.name),
                *facts(row, "receiver"),
                *fact("ground", _("Legal ground"), ground),
                *facts(row, "decided_at refused_why"),
                *fact("text", _("What was sent"), row.sent_text),
                *([] if row.content else facts(row, "text")),
                *facts(row, "content_hash"),
            ],
        )


def received(asked: Asked) -> Iterator[Record]:
    """What other authorities sent, word for word."""
    rows = Delivery.objects.select_related("case").filter(state=DeliveryState.ACCEPTED)
    for row in asked.of(rows, "arrived_at"):
        text = row.text if row.is_whole() else _("Can’t be read: it isn’t as it arrived.")
        yield Record(
            titled(asked.name(row), row.title),
            [
                *facts(row, "from_authority ground_source sent_at arrived_at"),
                *fact("text", _("What arrived"), text),
                *facts(row, "content_hash"),
            ],
        )


def coordination(asked: Asked) -> Iterator[Record]:
    rows = Coordination.objects.select_related("case", "other_unit__authority", "ground")
    names = (
        "other_reference purpose basis consent_by consent_scope consent_parties consent_from "
        "consent_until consent_withdrawn_on ground ground_until other_ground other_ground_until "
        "ends_on next_meeting meeting_place end_why"
    )
    plan_items = Prefetch("plan_items", visible_to(PlanItem.objects.all(), asked.actor))
    for row in asked.of(rows.prefetch_related(plan_items), "case"):
        plan = [
            Fact("plan", _("On the joint plan, from %(owner)s") % {"owner": item.owner}, item.title)
            for item in row.plan_items.all()
            if item.title
        ]
        state = fact("state", _("Status"), row.state_label)
        title = titled(asked.name(row), str(row.other_unit.name))
        yield Record(title, [*state, *facts(row, names), *plan])


# Which part a step belongs to, by its machine or, on a case, by its name.
PART_OF = {
    "intervention": "interventions",
    "police_investigation": "investigations",
    "social_investigation": "investigations",
    "disclosure": "recipients",
    "delivery": "received",
    "coordination": "coordination",
}
PART_OF_STEP = {
    "flag": "observations",
    "add_observation": "observations",
    "prioritise": "priorities",
    "confirm": "priorities",
    "lower": "priorities",
    "coordinate": "coordination",
    "leave_coordination": "coordination",
    "add_deadline": "investigations",
    "meet_deadline": "investigations",
    "extend_deadline": "investigations",
}
# About colleagues, not about her.
ABOUT_STAFF = ("name", "unname", "shut_out", "let_in")


def part_of(machine: str, name: str) -> str:
    return PART_OF.get(machine) or PART_OF_STEP.get(name, "cases")


def history(asked: Asked) -> Iterator[Record]:
    """The steps and their reasons; none of a part that is withheld."""
    lines = visible_to(Step.objects.filter(about_things(asked)), asked.actor).order_by("at", "id")
    for line in lines.exclude(machine="case", step__in=ABOUT_STAFF):
        if part_of(line.machine, line.step) in asked.withheld:
            continue
        said = words.say(f"{line.machine}.step", line.step)
        yield Record(
            titled(in_words(line.at), said),
            [
                *fact("by", _("Who"), who(line.actor, line.role, line.unit)),
                *fact("reason", _("Reason"), line.reason),
            ],
        )


def about_things(asked: Asked) -> Q:
    arrived = asked.of(Delivery.objects.filter(state=DeliveryState.ACCEPTED))
    ids: list[UUID] = [case.pk for case in asked.cases]
    return Q(about_id__in=[*ids, *arrived.values_list("pk", flat=True)])


def who(name: str, role: str, unit: str) -> str:
    """A member of staff as she was then."""
    parts = (name if settings.EXTRACT_NAMES else "", words.say("role", role) if role else "", unit)
    return ", ".join(part for part in parts if part)


def opened_by(asked: Asked) -> Iterator[Record]:
    """Each time that somebody opened, searched out or took out the data, the newest first."""
    about = about_things(asked) & Q(kind__in=LOOKS)
    read = Reading.objects.filter(about).annotate(what=KIND)
    lines = visible_to(read, asked.actor).order_by("-at", "-id")
    columns = ("at", "kind", "what", "purpose", "actor", "role", "unit")
    found = list(lines.values(*columns)[: MOST + 1])
    if len(found) > MOST:
        yield Record(_("Only the newest %(most)d are here. Ask for the rest.") % {"most": MOST})
    for line in found[:MOST]:
        said = words.reading(line["kind"], line["what"])
        purpose = words.say("purpose", line["purpose"]) if line["purpose"] else ""
        by = fact("by", _("Who"), who(line["actor"], line["role"], line["unit"]))
        why = fact("purpose", _("Note"), purpose)
        yield Record(titled(in_words(line["at"]), said), [*by, *why])
