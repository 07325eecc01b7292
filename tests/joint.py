"""Two files about one young person, and a coordination over them. All through the engine.

two = joint.pair(actor)                    a police case and a social case, in progress, linked
joint.propose(two); joint.accepted(two); joint.active(two)
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from access.actor import Actor
from access.models import Unit
from access.secrecy import in_force
from casework.coordinations import links
from casework.models import Case, Coordination, Delivery
from casework.workflow import moment
from casework.workflow.coordination import OPEN
from casework.workflow.steps import begin, perform
from tests import letters, make


@dataclass
class Two:
    """The two sides: police and social services, each with its handler, its chief and its case."""

    police: Actor
    social: Actor
    police_chief: Actor
    social_chief: Actor
    police_case: Case
    social_case: Case

    def case_of(self, by: Actor) -> Case:
        return self.police_case if by.authority == "police" else self.social_case

    def other(self, by: Actor) -> Actor:
        return self.social if by.authority == "police" else self.police

    def row(self, by: Actor) -> Coordination:
        """The open coordination as her side holds it, or one that is over."""
        with make.acting(by):
            rows = Coordination.objects.select_related("case__person", "unit", "other_unit")
            every = list(rows.filter(case=self.case_of(by)))
            return next((one for one in every if one.state in OPEN), every[0])

    def take(self, by: Actor, name: str, reason: str = "", **facts: Any) -> Coordination:
        return make.step(self.row(by), name, by, reason, **facts)


def pair(
    actor: Callable[[str], Actor], police: Any = make.in_progress, social: Any = make.in_progress
) -> Two:
    """What social services sent has been taken into the police's own case."""
    officer, worker, chief = actor("utredare"), actor("socialsekreterare"), actor("socialchef")
    ours, theirs = police(officer), social(worker)
    link(theirs, ours, worker, officer, chief)
    return Two(officer, worker, actor("polischef"), chief, ours, theirs)


def link(sender: Case, receiver: Case, by: Actor, to: Actor, decider: Actor | None = None) -> None:
    sent = letters.sent(sender, by, decider)
    with make.acting(to):
        delivery = Delivery.objects.get(disclosure_id=sent.pk)
        perform(delivery, "accept", to, case=receiver)


def propose(two: Two, by: Actor | None = None, **given: Any) -> Coordination:
    by = by or two.police
    with make.acting(by):
        (found,) = links(two.case_of(by))
        unit = Unit.objects.select_related("authority").get(pk=by.unit_id)
        return begin(
            Coordination,
            "propose",
            by,
            part_of={"case": two.case_of(by), "unit": unit, "other_unit": found.unit,
                     "link_id": found.id},
            **{"purpose": "Gemensam plan för stöd.", **given},
        )  # fmt: skip


def accepted(two: Two, by: Actor | None = None) -> Coordination:
    by = by or two.police
    propose(two, by)
    return two.take(two.other(by), "accept")


def consent(**given: Any) -> dict[str, Any]:
    today = moment.today()
    return {
        "consent_by": "both",
        "consent_from": today,
        "consent_until": today + timedelta(days=90),
        "consent_scope": "Att båda ser planerade insatser.",
        "consent_parties": "Polisen och socialtjänsten",
        "ends_on": today + timedelta(days=60),
        **given,
    }


GROUNDS = {"police": "INFO_FLODE", "social": "UNGA21"}
ANSWERS = {
    "police": {
        "needed_for": "För att hindra att den unge dras in i försäljning.",
        "balance": "Stödet är frivilligt; tystnad skadar mer.",
        "legal_review": "Polisens jurist, i dag, skriftligt.",
        "harm_to_investigation": "none",
    },
    "social": {
        "under_21": "yes",
        "circumstances": "Har setts vakta ett gömställe två kvällar.",
        "risk": "Försäljning.",
        "why_not_unsuitable": "Familjen känner till det.",
        "legal_review": "Kommunens jurist, i dag, skriftligt.",
    },
}


def ground(side: str, **given: Any) -> dict[str, Any]:
    """What a side records where there is no consent: its own ground."""
    day = moment.today()
    return {
        "ground": in_force(GROUNDS[side], day),
        "answers": ANSWERS[side],
        "until": day + timedelta(days=60),
        **given,
    }


def on_grounds(two: Two) -> Coordination:
    """Active without consent: each side's supervisor has recorded a ground."""
    accepted(two)
    two.take(two.social_chief, "record_ground", **ground("social"))
    two.take(two.police_chief, "record_ground", **ground("police"))
    return two.take(two.police, "activate")


def active(two: Two, **basis: Any) -> Coordination:
    accepted(two)
    two.take(two.social, "record_basis", **consent(**basis))
    return two.take(two.police, "activate")
