"""What an investigation's page shows: its facts, what the ages mean, and the duties' links."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from access.actor import Actor
from casework import ages
from casework.models import Disclosure, PoliceInvestigation, SocialInvestigation, duties
from casework.templatetags.ui import day, moment
from casework.views.parts import Row
from casework.words import clocks as clocks_words
from casework.workflow import moment as now
from casework.workflow.steps import Offer, Words
from casework.workflow.who import minds_clocks

Investigation = PoliceInvestigation | SocialInvestigation


def rows_of(part: Investigation) -> list[Row]:
    """The facts, in the order of its life."""
    return police_rows(part) if isinstance(part, PoliceInvestigation) else social_rows(part)


def said_day(when: date | None) -> object:
    return day(when, "DATE_FORMAT")


def police_rows(part: PoliceInvestigation) -> list[Row]:
    deed: object = said_day(part.deed_from)
    if part.deed_until != part.deed_from:
        deed = format_html("{} – {}", deed, said_day(part.deed_until))
    return [
        (_("Suspected offence"), part.get_offence_display()),
        (_("Day of the deed"), deed),
        (_("Opened on"), said_day(part.opened_on)),
        (_("Begun on"), said_day(part.begun_on)),
        (_("Ground"), part.get_ground_display() if part.ground else ""),
        (_("Exceptional reasons"), part.exceptional),
        (_("Reasonably suspected since"), said_day(part.suspected_on)),
        (_("Guardian notified"), said_day(part.guardian_on), part.guardian_how),
        (_("Guardian’s notification postponed"), later(part)),
        (_("Served on"), said_day(part.served_on)),
        (_("Statement wanted by"), said_day(part.statement_due)),
        (_("Statement came"), said_day(part.statement_on)),
        (_("Protocol sent"), said_day(part.protocol_on)),
        (_("Handed to the prosecutor"), said_day(part.handed_on)),
        (
            _("Prosecutor’s decision"),
            part.get_decision_display() if part.decision else "",
            said_day(part.decided_on),
        ),
        (_("Discontinued"), part.get_discontinued_why_display() if part.discontinued_why else ""),
        (_("Ended on"), said_day(part.ended_on)),
    ]


def later(part: Investigation) -> str:
    """Why a guardian's notification waits, as long as it does."""
    if isinstance(part, SocialInvestigation) or part.guardian_on:
        return ""
    return part.guardian_why_later


def social_rows(part: SocialInvestigation) -> list[Row]:
    return [
        (_("What came in"), part.get_report_display()),
        (_("Came in"), moment(part.received_at, "DATETIME_FORMAT")),
        (_("From"), part.reporter),
        (_("Asks what comes of it"), _("Yes") if part.wants_feedback else ""),
        (_("Protection assessed"), said_day(part.assessed_on)),
        (_("Immediate protection"), protection(part), part.protection_note),
        (_("Opened on"), said_day(part.opened_on)),
        (_("Decided not to open"), said_day(part.not_opened_on)),
        (_("Joined to"), joined(part)),
        (_("Decision"), part.get_decision_display() if part.decision else ""),
        (_("Decided on"), said_day(part.decided_on)),
        (_("LVU: custody decided"), said_day(part.lvu_decided_on)),
        (_("LVU: custody carried out"), said_day(part.lvu_executed_on)),
        (_("Ended on"), said_day(part.ended_on)),
    ]


def protection(part: SocialInvestigation) -> str:
    if part.needs_protection is None:
        return ""
    return _("Needed") if part.needs_protection else _("Not needed")


def joined(part: SocialInvestigation) -> str:
    return part.joined_to.title if part.joined_to else ""


def age_rows(part: Investigation) -> list[Row]:
    """Age at the deed and age now, each with what follows for this investigation."""
    age = part.age_on(now.today())
    if isinstance(part, SocialInvestigation):
        return [(_("Age now"), ages.years(age), ages.social_consequence(age))]
    at_deed = part.ages
    return [
        (_("Age at the deed"), at_deed.in_words, ages.deed_consequence(at_deed)),
        (_("Age now"), ages.years(age), ages.police_consequence(age)),
    ]


@dataclass(frozen=True, slots=True)
class Way:
    """Where a duty is done: an address and what the link says; or who does it, if not she."""

    url: str = ""
    act: Words = ""
    who: Words = ""


@dataclass(frozen=True, slots=True)
class DutyRow:
    """What is to be done, until when, by which rule and where."""

    what: str
    due: date
    source: str
    note: str
    way: Way


# Which steps of the investigation lead to a rule's duty being met, in their order.
DOES: dict[str, tuple[str, ...]] = {
    "LUL4": ("hand_over", "decide"),
    "LUL5": ("notify_guardian",),
    "LUL33": ("notify_guardian",),
    "LUL11": ("statement_received",),
    "LUL32": ("prepare_protocol", "send_protocol"),
    "SOL20_1": ("assess_protection", "join"),
    "SOL20_2": ("assess_protection", "begin_assessment", "open"),
    "SOL20_3": ("decide",),
    "SOL23_5": ("close",),
}


# Which ground's disclosure does the duty of a rule.
SENDS = {"LUL6": "LUL6", "LUL34": "LUL34", "LUL37": "LUL37", "SOL19_6": "ATERKOPPLING"}


def duty_rows(part: Investigation, offers: Iterable[Offer], actor: Actor) -> list[DutyRow]:
    """Each open deadline of the investigation, with its link to the act that meets it."""
    by_name = {offer.name: offer for offer in offers}
    clocks = duties.of(part)
    drafts = duties.waiting(part) if clocks else {}
    return [
        DutyRow(
            what=clocks_words.duty_of(clock.code),
            due=clock.due,
            source=clock.rule.source,
            note=later(part) if clock.code in ("LUL5", "LUL33") else "",
            way=to_draft(drafts.get(SENDS.get(clock.code, "")))
            or to_step(part, clock.code, by_name)
            or to_note(part, actor),
        )
        for clock in clocks
    ]


def to_draft(draft: Disclosure | None) -> Way | None:
    """The draft that waits to be looked at and sent."""
    return Way(draft.get_absolute_url(), _("Look at it and send it")) if draft else None


def to_step(part: Investigation, code: str, offers: dict[str, Offer]) -> Way | None:
    """The step that leads there; or, where it is for others, for whom."""
    able = [offers[name] for name in DOES.get(code, ()) if name in offers]
    for offer in able:
        if offer.open:
            address = [part.case_id, part.pk, offer.name]
            return Way(reverse("investigation_step", args=address), offer.label)
    return next((Way(who=offer.why_not) for offer in able if offer.forbidden), None)


def to_note(part: Investigation, actor: Actor) -> Way:
    """The case's own step: done outside the service, or no longer due."""
    if not minds_clocks(actor, part.case):
        return Way()
    return Way(reverse("step", args=[part.case_id, "meet_deadline"]), _("Note that it is done"))
