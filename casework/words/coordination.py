"""What the trail's lines about coordinations say, in words (see casework.events)."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from access.grounds import Code
from casework.workflow.coordination import Basis, WhyEnded
from casework.workflow.intervention import ConsentBy

Facts = Mapping[str, Any]
WHAT: dict[tuple[str, str], Promise] = {
    ("coordination", "propose"): _("Coordination proposed"),
    ("coordination", "accept"): _("Coordination accepted"),
    ("coordination", "decline"): _("Coordination declined"),
    ("coordination", "take_back"): _("Proposal of a coordination taken back"),
    ("coordination", "record_basis"): _("Consent to the coordination recorded"),
    ("coordination", "record_ground"): _("Our legal ground for the coordination recorded"),
    ("coordination", "activate"): _("Coordination begun"),
    ("coordination", "renew"): _("Coordination renewed"),
    ("coordination", "plan_meeting"): _("Meeting planned"),
    ("coordination", "withdraw"): _("Consent to the coordination withdrawn"),
    ("coordination", "end"): _("Coordination ended"),
    ("coordination", "heard_proposed"): _("Coordination proposed by the other side"),
    ("coordination", "heard_accepted"): _("Coordination accepted by the other side"),
    ("coordination", "heard_declined"): _("Coordination declined by the other side"),
    ("coordination", "heard_taken_back"): _("The other side took its proposal back"),
    ("coordination", "heard_basis"): _("The other side recorded the consent"),
    ("coordination", "heard_ground"): _("The other side recorded its legal ground"),
    ("coordination", "heard_activated"): _("The other side began the coordination"),
    ("coordination", "heard_renewed"): _("The other side renewed the coordination"),
    ("coordination", "heard_meeting"): _("The other side planned a meeting"),
    ("coordination", "heard_withdrawn"): _("The consent was withdrawn at the other side"),
    ("coordination", "heard_ended"): _("The other side ended the coordination"),
    ("coordination", "heard_news"): _("News of the other side’s case"),
    ("intervention", "show"): _("Shown on the joint plan"),
    ("intervention", "hide"): _("Taken off the joint plan"),
}


def unit(facts: Facts) -> str:
    return str(facts.get("unit", ""))


def basis(facts: Facts) -> str:
    """What it rests on and until when."""
    words = dict(Basis.choices).get(facts.get("basis") or "", "")
    return gettext("%(basis)s, until %(until)s") % {"basis": words, "until": until(facts)}


def ground(facts: Facts) -> str:
    """Which ground, by its name, and until when."""
    words = dict(Code.choices).get(facts.get("ground") or "", "")
    return gettext("%(basis)s, until %(until)s") % {"basis": words, "until": until(facts)}


def until(facts: Facts) -> str:
    return day(facts.get("until"))


def no_later(facts: Facts) -> str:
    return gettext("until %(day)s") % {"day": until(facts)}


def day(text: Any) -> str:
    try:
        return str(date_format(date.fromisoformat(str(text)), "DATE_FORMAT"))
    except ValueError:
        return ""


def meeting(facts: Facts) -> str:
    try:
        at = datetime.fromisoformat(str(facts.get("meeting")))
    except ValueError:
        return gettext("no meeting is planned")
    return str(date_format(timezone.localtime(at), "DATETIME_FORMAT"))


def withdrawn(facts: Facts) -> str:
    words = str(dict(ConsentBy.choices).get(facts.get("withdrawn_by") or "", ""))
    return ", ".join(word for word in (words, day(facts.get("withdrawn_on"))) if word)


def why(facts: Facts) -> str:
    return str(dict(WhyEnded.choices).get(facts.get("end_why") or "", ""))


_SAID: dict[str, Callable[[Facts], str]] = {
    "propose": unit,
    "record_basis": basis,
    "record_ground": ground,
    "activate": no_later,
    "renew": basis,
    "plan_meeting": meeting,
    "withdraw": withdrawn,
    "end": why,
    "heard_proposed": unit,
    "heard_basis": basis,
    "heard_ground": ground,
    "heard_activated": no_later,
    "heard_renewed": basis,
    "heard_meeting": meeting,
    "heard_withdrawn": withdrawn,
    "heard_ended": why,
}
HOW: dict[tuple[str, str], Callable[[Facts], str]] = {
    ("coordination", step): said for step, said in _SAID.items()
}
FACTS: dict[str, Promise] = {
    "unit": _("Unit"),
    "basis": _("What it rests on"),
    "consent_until": _("The consent holds until"),
    "meeting": _("Next meeting"),
    "withdrawn_on": _("Withdrawn on"),
    "withdrawn_by": _("Withdrawn by"),
    "end_why": _("Why it ended"),
}
FIELDS: dict[str, Promise] = {
    "other_unit": _("The other side"),
    "other_reference": _("Their reference"),
    "other_contact": _("Their contact"),
    "other_prioritised_on": _("Prioritised there since"),
    "other_begun_on": _("Begun there on"),
    "purpose": _("What it is for"),
    "basis": _("What it rests on"),
    "consent_by": _("Consent by"),
    "consent_scope": _("Consent to what"),
    "consent_parties": _("Consent between whom"),
    "consent_from": _("Consent given on"),
    "consent_until": _("The consent holds until"),
    "consent_withdrawn_on": _("Withdrawn on"),
    "ground": _("Our legal ground"),
    "ground_answers": _("How its conditions are met"),
    "ground_until": _("Our ground holds until"),
    "other_ground": _("Their ground"),
    "other_ground_until": _("Their ground holds until"),
    "ends_on": _("Ends on"),
    "next_meeting": _("Next meeting"),
    "meeting_place": _("Where"),
    "end_why": _("Why it ended"),
    "shown": _("On the joint plan"),
    "title": _("What is to be done"),
    "planned_from": _("Planned from"),
    "planned_until": _("Planned until"),
    "status": _("Status"),
}
CODES: dict[str, dict[str, Any]] = {
    "basis": dict(Basis.choices),
    "withdrawn_by": dict(ConsentBy.choices),
    "end_why": dict(WhyEnded.choices),
}
