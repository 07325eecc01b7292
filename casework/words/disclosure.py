"""What the trail's lines about disclosures and deliveries say, in words (see casework.events)."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from access.grounds import Code
from access.subjects import SUBJECTS
from casework.letter import FACTS as SENDABLE
from casework.workflow.disclosure import Channel

Facts = Mapping[str, Any]
MACHINES = ("disclosure", "delivery")
WHAT: dict[tuple[str, str], Promise] = {
    ("disclosure", "draft"): _("Disclosure drafted"),
    ("disclosure", "redraft"): _("Draft of a disclosure changed"),
    ("disclosure", "send"): _("Disclosure sent"),
    ("disclosure", "refuse"): _("Decided not to disclose"),
    ("delivery", "arrive"): _("Delivery arrived"),
    ("delivery", "accept"): _("Delivery taken into the case"),
    ("delivery", "open_case"): _("Case opened from a delivery"),
    ("delivery", "give_back"): _("Delivery sent back"),
    ("delivery", "name"): _("Somebody named for a delivery"),
}


def subject(code: Any) -> str:
    """The kind of fact, in words."""
    return str(SUBJECTS[code].label) if code in SUBJECTS else str(code or "")


def to_whom(facts: Facts) -> str:
    words = {"subject": subject(facts.get("subject")), "to": facts.get("to", "")}
    return gettext("%(subject)s, to %(to)s") % words


def from_whom(facts: Facts) -> str:
    words = {"subject": subject(facts.get("subject")), "sender": facts.get("sender", "")}
    return gettext("%(subject)s, from %(sender)s") % words


HOW: dict[tuple[str, str], Callable[[Facts], str]] = {
    key: to_whom if key[0] == "disclosure" else from_whom for key in WHAT
} | {("delivery", "name"): lambda facts: str(facts.get("people", ""))}
FACTS: dict[str, Promise] = {
    "subject": _("What it is about"),
    "to": _("To"),
    "sender": _("From"),
    "fields": _("Facts"),
    "hash": _("Checksum"),
    "channel": _("How it is sent"),
}
FIELDS: dict[str, Promise] = {
    "case": _("Case"),
    "to_unit": _("To"),
    "receiver": _("Receiver"),
    "subject": _("What it is about"),
    "initiative": _("Whose initiative"),
    "request_ref": _("Their reference"),
    "ground": _("Legal ground"),
    "answers": _("Answers to the ground’s questions"),
    "fields": _("Facts"),
    "text": _("In your own words"),
    "channel": _("How it is sent"),
    "informed": _("The person was told"),
    "informed_why": _("Why not"),
    "reply_to": _("Answers"),
    "drafted_at": _("Drafted"),
    "decided_at": _("Decided"),
    "refused_why": _("Why it is not disclosed"),
    "content": _("What was sent"),
    "content_hash": _("Checksum"),
    "from_unit": _("From"),
    "from_authority": _("Authority"),
    "decided_by": _("Decided by"),
    "ground_code": _("Legal ground"),
    "ground_source": _("Source"),
    "ground_from": _("Version of the ground from"),
    "answers_to": _("Answers"),
    "sent_at": _("Sent"),
    "arrived_at": _("Arrived"),
    "handled_at": _("Handled"),
    "returned_why": _("Why it was sent back"),
}
CODES: dict[str, dict[str, Any]] = {
    "subject": {code: one.label for code, one in SUBJECTS.items()},
    "ground": dict(Code.choices),
    "fields": {fact.code: fact.label for fact in SENDABLE},
    "channel": dict(Channel.choices),
}
