"""What the trail's steps are called when they have happened, and what they came to, in words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from access.actor import role_words
from audit import words
from audit.models import Step
from casework.models import Observation
from casework.models.rule import Ground
from casework.priority import CRITERIA
from casework.words import coordination as coordination_words
from casework.words import disclosure as disclosure_words
from casework.words import investigation as investigation_words
from casework.words import keeping as keeping_words
from casework.words import restriction as restriction_words
from casework.words.clocks import task_of
from casework.words.saying import Facts, day, label, small
from casework.workflow import coordination, delivery, disclosure
from casework.workflow.case import Level, Outcome, State, WhyAside
from casework.workflow.intervention import ConsentBy, Result
from casework.workflow.intervention import State as InterventionState

WHAT: dict[tuple[str, str], Promise] = {
    ("case", "flag"): _("Flagged"),
    ("case", "add_observation"): _("Observation added"),
    ("case", "prioritise"): _("Prioritised"),
    ("case", "confirm"): _("Priority confirmed"),
    ("case", "lower"): _("Priority lowered"),
    ("case", "set_aside"): _("Set aside"),
    ("case", "start"): _("Started"),
    ("case", "hand_over"): _("Handed over"),
    ("case", "coordinate"): _("Coordinated"),
    ("case", "leave_coordination"): _("Out of the coordination"),
    ("case", "begin_follow_up"): _("Follow-up begun"),
    ("case", "look_again"): _("Looked in on the case"),
    ("case", "resume"): _("Work taken up again"),
    ("case", "close"): _("Case closed"),
    ("case", "reopen"): _("Reopened"),
    ("case", "add_deadline"): _("Deadline added"),
    ("case", "meet_deadline"): _("Deadline met or ended"),
    ("case", "extend_deadline"): _("Deadline extended"),
    ("intervention", "propose"): _("Intervention proposed"),
    ("intervention", "replan"): _("Intervention's plan changed"),
    ("intervention", "agree"): _("Intervention agreed"),
    ("intervention", "decline"): _("Intervention declined"),
    ("intervention", "start"): _("Intervention begun"),
    ("intervention", "add_note"): _("Note written on the intervention"),
    ("intervention", "complete"): _("Intervention completed"),
    ("intervention", "cancel"): _("Intervention cancelled"),
    **restriction_words.WHAT,
}
WHAT |= disclosure_words.WHAT
WHAT |= coordination_words.WHAT
WHAT |= investigation_words.WHAT
WHAT |= keeping_words.WHAT


@dataclass(frozen=True, slots=True)
class Event:
    """A taken step as the page tells it; names and roles as they were."""

    at: datetime
    title: str
    who: str
    text: str = ""
    kind: str = ""

    @property
    def what(self) -> str:
        return self.title


def seen(facts: Facts) -> str:
    what = small(Observation.Kind, facts.get("kind"))
    if facts.get("suspicion"):
        return what
    return gettext("%(what)s, not suspected") % {"what": what}


def prioritised(facts: Facts) -> str:
    words = {
        "level": label(Level, facts.get("level")),
        "before": facts.get("before"),
        "until": day(facts.get("until")),
    }
    if facts.get("before") in ("", None, facts.get("level")):
        return gettext("%(level)s, until %(until)s") % words
    return gettext("%(level)s (was %(before)s), until %(until)s") % words


def handled(facts: Facts) -> str:
    return gettext("handler %(name)s") % {"name": facts.get("handler_name", "")}


def responsible(facts: Facts) -> str:
    return gettext("responsible %(name)s") % {"name": facts.get("handler_name", "")}


def looked(facts: Facts) -> str:
    return gettext("next look %(day)s") % {"day": day(facts.get("next_look"))}


def clock(facts: Facts) -> str:
    """Which deadline, and until when or how it ended."""
    words = {"task": task_of(str(facts.get("code", ""))), "day": day(facts.get("due"))}
    if "met" not in facts:
        return gettext("%(task)s, due %(day)s") % words
    words["day"] = day(facts.get("on"))
    if facts["met"]:
        return gettext("%(task)s, met %(day)s") % words
    return gettext("%(task)s, no longer applies from %(day)s") % words


HOW: dict[tuple[str, str], Callable[[Facts], str]] = {
    ("case", "flag"): seen,
    ("case", "add_observation"): seen,
    ("case", "prioritise"): prioritised,
    ("case", "confirm"): lambda facts: label(Level, facts.get("level")),
    ("case", "lower"): lambda facts: gettext("was %(before)s") % {"before": facts.get("before")},
    ("case", "set_aside"): lambda facts: small(WhyAside, facts.get("why")),
    ("case", "start"): handled,
    ("case", "hand_over"): handled,
    ("case", "begin_follow_up"): looked,
    ("case", "look_again"): looked,
    ("case", "close"): lambda facts: small(Outcome, facts.get("outcome")),
    ("case", "add_deadline"): clock,
    ("case", "meet_deadline"): clock,
    ("case", "extend_deadline"): clock,
    ("intervention", "propose"): responsible,
    ("intervention", "replan"): responsible,
    ("intervention", "agree"): lambda facts: small(ConsentBy, facts.get("consent_by")),
    ("intervention", "start"): lambda facts: day(facts.get("started_on")),
    ("intervention", "complete"): lambda facts: small(Result, facts.get("result")),
    ("intervention", "cancel"): lambda facts: day(facts.get("ended_on")),
    **restriction_words.HOW,
    **investigation_words.HOW,
}


HOW |= disclosure_words.HOW
HOW |= coordination_words.HOW
HOW |= keeping_words.HOW


def what(machine: str, step: str) -> str:
    """The step's name once it has happened."""
    return str(WHAT.get((machine, step), step))


def title(line: Step, parts: Mapping[UUID, str]) -> str:
    """What happened and what it came to; `parts` names the interventions."""
    said = what(line.machine, line.step)
    how = HOW.get((line.machine, line.step))
    came_to = [parts.get(line.thing_id, ""), how(line.facts) if how else ""]
    if more := ", ".join(word for word in came_to if word):
        return gettext("%(what)s: %(more)s") % {"what": said, "more": more}
    return said


def who(line: Step) -> str:
    """Name and role as they were when it happened."""
    if not line.actor:
        return gettext("The system")
    role = role_words(line.role)
    return f"{line.actor}, {role[:1].lower()}{role[1:]}" if role else line.actor


def events(lines: Iterable[Step], parts: Mapping[UUID, str] | None = None) -> list[Event]:
    return [
        Event(
            at=line.at,
            title=title(line, parts or {}),
            who=who(line),
            text=line.reason,
            kind="" if line.from_state != line.to_state else "system",
        )
        for line in lines
    ]


FACTS: dict[str, Promise] = {
    "observation": _("Observation"),
    "kind": _("What was seen"),
    "suspicion": _("Suspicion"),
    "level": _("Level"),
    "before": _("Before"),
    "criteria": _("Criteria"),
    "from": _("From"),
    "until": _("Until"),
    "why": _("Why"),
    "handler": _("Handler’s id"),
    "handler_name": _("Handler"),
    "next_look": _("Next look"),
    "outcome": _("Outcome"),
    "consent_by": _("Consent by"),
    "consent_on": _("Consent given on"),
    "note": _("Note"),
    "started_on": _("Began on"),
    "ended_on": _("Ended on"),
    "result": _("Result"),
    "by": _("Searched by"),
    "found": _("Found"),
    "kept": _("Found, not seen by all"),
    "part": _("Page"),
    "step": _("Step"),
    "part_id": _("Part’s id"),
    "file": _("File"),
    "rows": _("Rows"),
    "deadline": _("Deadline’s id"),
    "code": _("Rule"),
    "due": _("Due"),
    "met": _("Met"),
    "on": _("On the day"),
    "ground": _("Ground"),
} | disclosure_words.FACTS
FACTS |= coordination_words.FACTS
FACTS |= investigation_words.FACTS
FIELDS: dict[str, Promise] = {
    "created_at": _("Created"),
    "state": _("Status"),
    "level": _("Level"),
    "valid_until": _("Valid until"),
    "confirmed_at": _("Confirmed"),
    "handler": _("Handler"),
    "next_look": _("Next look"),
    "outcome": _("Outcome"),
    "restricted": _("Secrecy marked"),
    "person": _("The young person"),
    "due": _("Due"),
    "met_on": _("Met on"),
    "met_how": _("How it was met"),
    "dropped_on": _("No longer applies from"),
    "extended_by": _("Extended by"),
    "extended_at": _("Extended at"),
    "extended_ground": _("Ground for extension"),
    "extended_reason": _("Reason for extension"),
    "extended_decided_by": _("Extension decided by"),
    "number_cipher": _("Personal number"),
    "number_index": _("Personal number, to search by"),
    "title": _("What is to be done"),
    "goal": _("Goal"),
    "planned_from": _("Planned from"),
    "planned_until": _("Planned until"),
    "consent_by": _("Consent by"),
    "consent_on": _("Consent given on"),
    "consent_note": _("Note"),
    "started_on": _("Began on"),
    "ended_on": _("Ended on"),
    "result": _("Result"),
}
CODES: dict[str, dict[str, Promise]] = {
    "part": {
        "log": _("Audit log"),
        "readers": _("Who has opened the case"),
        "intervention": _("Intervention"),
        "step": _("Step"),
        "disclosure": _("Disclosure"),
        "delivery": _("Delivery"),
        "coordination": _("Coordination"),
        "investigation": _("Investigation"),
    },
    "step": {"open_case": _("Open a new case")},
    "by": {
        "reference": _("Reference"),
        "number": _("Personal number"),
        "name": _("Name"),
        "name and birth date": _("Name and birth date"),
        "flag": _("The flag’s person"),
    },
}


def teach() -> None:
    """Tell the trail's own pages what the casework's codes are called."""
    for model in ("coordination", "planitem", "intervention"):
        words.teach(f"casework.{model}.field", coordination_words.FIELDS)
    for name, said in coordination_words.CODES.items():
        words.teach(f"fact.{name}", said)
    for machine in ("case", "intervention", "coordination", *disclosure_words.MACHINES):
        steps = {step: text for (whose, step), text in WHAT.items() if whose == machine}
        words.teach(f"{machine}.step", steps)
    words.teach("case.state", dict(State.choices))
    words.teach("intervention.state", dict(InterventionState.choices))
    words.teach("disclosure.state", dict(disclosure.State.choices))
    words.teach("delivery.state", dict(delivery.State.choices))
    words.teach("coordination.state", dict(coordination.State.choices))
    words.teach("fact", FACTS)
    words.teach("purpose", {"outside": _("Somebody else’s case")})
    for model in ("case", "person", "intervention", "deadline"):
        words.teach(f"casework.{model}.field", FIELDS)
    for model in disclosure_words.MACHINES:
        words.teach(f"casework.{model}.field", disclosure_words.FIELDS)
    for name, said in (CODES | disclosure_words.CODES).items():
        words.teach(f"fact.{name}", said)
    words.teach("taken_out", {"case": _("the case"), "rejected rows": _("rows not taken")})
    words.teach("fact.criteria", {one.code: one.label for one in CRITERIA})
    for name, codes in {
        "kind": Observation.Kind,
        "level": Level,
        "why": WhyAside,
        "outcome": Outcome,
        "consent_by": ConsentBy,
        "result": Result,
        "ground": Ground,
    }.items():
        words.teach(f"fact.{name}", dict(codes.choices))


teach()
restriction_words.teach()
investigation_words.teach()
keeping_words.teach()
