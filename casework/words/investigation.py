"""What the trail's lines about investigations are called, and what their steps came to."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit import words
from casework.words.saying import Facts, day, small
from casework.workflow import police, social

MACHINES: dict[str, Any] = {
    "police_investigation": police.State,
    "social_investigation": social.State,
}
MODELS = ("policeinvestigation", "socialinvestigation")
WHAT: dict[tuple[str, str], Promise] = {
    ("police_investigation", "report"): _("Report registered"),
    ("police_investigation", "open"): _("Preliminary investigation opened"),
    ("police_investigation", "suspect"): _("Reasonably suspected"),
    ("police_investigation", "serve"): _("Suspicion served"),
    ("police_investigation", "hand_over"): _("Handed to the prosecutor"),
    ("police_investigation", "decide"): _("Charge decided"),
    ("police_investigation", "begin_inquiry"): _("Inquiry begun"),
    ("police_investigation", "prepare_protocol"): _("Protocol laid ready"),
    ("police_investigation", "send_protocol"): _("Protocol sent"),
    ("police_investigation", "notify_guardian"): _("Guardian notified"),
    ("police_investigation", "postpone_guardian"): _("Guardian’s notification postponed"),
    ("police_investigation", "request_statement"): _("Statement asked for"),
    ("police_investigation", "statement_received"): _("Statement came"),
    ("police_investigation", "discontinue"): _("Investigation discontinued"),
    ("police_investigation", "close"): _("Investigation ended"),
    ("social_investigation", "receive"): _("Report registered"),
    ("social_investigation", "assess_protection"): _("Need of protection assessed"),
    ("social_investigation", "begin_assessment"): _("Preliminary assessment begun"),
    ("social_investigation", "open"): _("Investigation opened"),
    ("social_investigation", "not_open"): _("No investigation opened"),
    ("social_investigation", "join"): _("Joined to a running investigation"),
    ("social_investigation", "decide"): _("Investigation decided"),
    ("social_investigation", "close_without_support"): _("Closed without support"),
    ("social_investigation", "follow_up"): _("Follow-up without consent begun"),
    ("social_investigation", "note_lvu"): _("LVU track noted"),
    ("social_investigation", "close"): _("Investigation ended"),
}


def on(name: str) -> Callable[[Facts], str]:
    """The day that the fact of that name holds."""
    return lambda facts: day(facts.get(name))


def coded(name: str, choices: Any) -> Callable[[Facts], str]:
    """The fact's code in words, inside a sentence."""
    return lambda facts: small(choices, facts.get(name))


def wanted(facts: Facts) -> str:
    return gettext("wanted by %(day)s") % {"day": day(facts.get("statement_due"))}


def protection(facts: Facts) -> str:
    return gettext("needed now") if facts.get("needs_protection") else gettext("not needed now")


HOW: dict[tuple[str, str], Callable[[Facts], str]] = {
    ("police_investigation", "report"): coded("offence", police.Offence),
    ("police_investigation", "open"): on("opened_on"),
    ("police_investigation", "suspect"): on("suspected_on"),
    ("police_investigation", "serve"): on("served_on"),
    ("police_investigation", "hand_over"): on("handed_on"),
    ("police_investigation", "decide"): coded("charge", police.Charge),
    ("police_investigation", "begin_inquiry"): coded("inquiry_ground", police.WhyInquiry),
    ("police_investigation", "send_protocol"): on("protocol_on"),
    ("police_investigation", "notify_guardian"): on("guardian_on"),
    ("police_investigation", "request_statement"): wanted,
    ("police_investigation", "statement_received"): on("statement_on"),
    ("police_investigation", "discontinue"): coded("discontinued_why", police.WhyDiscontinued),
    ("social_investigation", "assess_protection"): protection,
    ("social_investigation", "open"): on("opened_on"),
    ("social_investigation", "not_open"): on("not_opened_on"),
    ("social_investigation", "decide"): coded("decision", social.Decision),
    ("social_investigation", "close_without_support"): on("decided_on"),
    ("social_investigation", "note_lvu"): coded("lvu", social.Lvu),
}
# Facts of steps, and fields of rows: the days are called the same in both.
DAYS: dict[str, Promise] = {
    "deed_from": _("Day of the deed"),
    "deed_until": _("Last day of the deed"),
    "opened_on": _("Opened on"),
    "begun_on": _("Begun on"),
    "suspected_on": _("Reasonably suspected since"),
    "served_on": _("Served on"),
    "handed_on": _("Handed to the prosecutor"),
    "decided_on": _("Decided on"),
    "protocol_on": _("Protocol sent"),
    "guardian_on": _("Guardian notified"),
    "statement_due": _("Statement wanted by"),
    "statement_on": _("Statement came"),
    "assessed_on": _("Protection assessed"),
    "not_opened_on": _("Decided not to open"),
    "needs_protection": _("Immediate protection"),
    "offence": _("Suspected offence"),
    "decision": _("Decision"),
    "discontinued_why": _("Discontinued"),
    "report": _("What came in"),
    "wants_feedback": _("Asks what comes of it"),
    "joined_to": _("Joined to"),
}
FACTS: dict[str, Promise] = {
    **DAYS,
    "investigation": _("Kind of investigation"),
    "charge": _("Prosecutor’s decision"),
    "inquiry_ground": _("Ground"),
    "received_on": _("Came in"),
    "lvu": _("LVU track"),
    "lvu_on": _("Decided on"),
}
FIELDS: dict[str, Promise] = {
    **DAYS,
    "kind": _("Kind of investigation"),
    "number": _("K-number"),
    "ground": _("Ground"),
    "exceptional": _("Exceptional reasons"),
    "guardian_how": _("How a guardian was notified"),
    "guardian_why_later": _("Guardian’s notification postponed"),
    "received_at": _("Came in"),
    "reporter": _("From"),
    "protection_note": _("What the assessment is built on"),
    "lvu_decided_on": _("LVU: custody decided"),
    "lvu_executed_on": _("LVU: custody carried out"),
}
CODES: dict[str, Any] = {
    "investigation": police.Kind,
    "offence": police.Offence,
    "charge": police.Charge,
    "inquiry_ground": police.WhyInquiry,
    "discontinued_why": police.WhyDiscontinued,
    "report": social.Report,
    "decision": social.Decision,
    "lvu": social.Lvu,
}


def teach() -> None:
    """Tell the trail's own pages what these codes are called."""
    for machine, states in MACHINES.items():
        said = {step: text for (whose, step), text in WHAT.items() if whose == machine}
        words.teach(f"{machine}.step", said)
        words.teach(f"{machine}.state", dict(states.choices))
    for model in MODELS:
        words.teach(f"casework.{model}.field", FIELDS)
    for name, codes in CODES.items():
        words.teach(f"fact.{name}", dict(codes.choices))
