"""Stories that two files tell: what crosses between police and social services, and how it ends.

Each side keeps its own case; the beats take turns between the people of both.
"""

from datetime import date, datetime, timedelta
from typing import Any

from access.models import Unit
from access.secrecy import in_force
from casework import flags
from casework.coordinations import links
from casework.demo.plots import begun
from casework.demo.story import Beat, Story
from casework.models import (
    Case,
    Coordination,
    Delivery,
    Disclosure,
    Intervention,
    PoliceInvestigation,
    SocialInvestigation,
)
from casework.workflow.disclosure import digest
from casework.workflow.steps import begin, perform

LEADER = "ledare"


class Joint:
    """One young person, two stories: the police's and social services'."""

    part: PoliceInvestigation
    inquiry: SocialInvestigation
    sent: Disclosure

    def __init__(self, police: Story, social: Story, number: int) -> None:
        self.police, self.social, self.number = police, social, number

    @property
    def latest(self) -> datetime:
        return max(self.police.latest, self.social.latest)

    @latest.setter
    def latest(self, moment: datetime) -> None:
        self.police.latest = self.social.latest = moment

    @property
    def worker(self) -> str:
        return self.social.worker

    # --- the police's investigation ---------------------------------------------------------------

    def suspected(self, days_ago: int, offence: str = "NSL_NORMAL") -> Beat:
        """Registered by the investigator, opened and decided by the leader: a draft is ready."""
        by = yield self.police.turn(self.police.worker, days_ago)
        deed = self.police.today() - timedelta(days=2)
        self.part = begin(
            PoliceInvestigation, "report", by, part_of={"case": self.police.case},
            kind="preliminary", number=f"5000-K9{self.number:05d}-26", offence=offence,
            deed_from=deed, deed_until=deed,
        )  # fmt: skip
        by = yield self.police.turn(LEADER, days_ago)
        today = self.police.today()
        self.part = perform(self.part, "open", by, opened_on=today)
        self.part = perform(self.part, "suspect", by, suspected_on=today)

    def guardian_told(self, days_ago: int) -> Beat:
        by = yield self.police.turn(self.police.worker, days_ago)
        self.part = perform(
            self.part, "notify_guardian", by, guardian_on=self.police.today(),
            guardian_how="Per telefon, båda vårdnadshavarna.",
        )  # fmt: skip

    def served(self, days_ago: int) -> Beat:
        by = yield self.police.turn(LEADER, days_ago)
        self.part = perform(self.part, "serve", by, served_on=self.police.today())

    def notified(self, days_ago: int) -> Beat:
        """LUL 6 §: the ready draft is filled in, looked at and sent."""
        by = yield self.police.turn(LEADER, days_ago)
        draft = Disclosure.objects.get(case_id=self.police.case.pk, state="draft")
        draft = perform(
            draft, "redraft", by, answers={"mediation": "later"}, informed="yes",
            fields=[*draft.fields, "place", "observation"],
        )  # fmt: skip
        self.sent = send(draft, by)

    def worried(self, days_ago: int) -> Beat:
        """SoL 19:1: a report of concern, assessed for this child."""
        by = yield self.police.turn(self.police.worker, days_ago)
        unit = Unit.objects.select_related("authority", "counterpart__authority").get(pk=by.unit_id)
        draft = begin(
            Disclosure, "draft", by, part_of={"case": self.police.case, "unit": unit},
            **worry(unit, self.police.today()),
        )  # fmt: skip
        self.sent = send(draft, by)

    # --- social services -------------------------------------------------------------------------

    def taken_in(self, days_ago: int) -> Beat:
        """What arrived becomes a case of its own there, with its clocks."""
        by = yield self.social.turn(self.social.worker, days_ago)
        delivery = Delivery.objects.get(disclosure_id=self.sent.pk)
        seen = flags.Seen(
            place=self.social.world.places[self.social.stage.municipality][0],
            seen_at=delivery.arrived_at - timedelta(hours=30), kind="use", source="report",
            suspicion=False, text="Se det som polisen lämnade.",
        )  # fmt: skip
        self.social.case = flags.flag(by, self.social.youth, seen).case
        perform(delivery, "open_case", by, case=self.social.case)
        self.social.case = Case.objects.get(pk=self.social.case.pk)
        self.social.times_seen = 1
        self.inquiry = SocialInvestigation.objects.get(case_id=self.social.case.pk)

    def protected(self, days_ago: int) -> Beat:
        by = yield self.social.turn(self.social.worker, days_ago)
        self.inquiry = perform(
            self.inquiry, "assess_protection", by, assessed_on=self.social.today(),
            needs_protection=False, protection_note="Inget behov av omedelbart skydd.",
        )  # fmt: skip
        self.inquiry = perform(self.inquiry, "begin_assessment", by)

    def opened(self, days_ago: int) -> Beat:
        by = yield self.social.turn(self.social.worker, days_ago)
        self.inquiry = perform(self.inquiry, "open", by, opened_on=self.social.today())

    # --- coordination ----------------------------------------------------------------------------

    def proposed(self, days_ago: int) -> Beat:
        by = yield self.police.turn(self.police.worker, days_ago)
        case = Case.objects.get(pk=self.police.case.pk)
        (link,) = links(case)
        unit = Unit.objects.select_related("authority").get(pk=by.unit_id)
        begin(
            Coordination, "propose", by, purpose="Samma plan från båda håll inför våren.",
            part_of={"case": case, "unit": unit, "other_unit": link.unit, "link_id": link.id},
        )  # fmt: skip

    def accepted(self, days_ago: int) -> Beat:
        by = yield self.social.turn(self.social.worker, days_ago)
        perform(side(self.social), "accept", by)

    def active(self, days_ago: int, ends: int) -> Beat:
        """Consent recorded by social services, begun by the police. `ends`: days from now."""
        by = yield self.social.turn(self.social.worker, days_ago)
        until = self.social.day(-ends)
        perform(
            side(self.social), "record_basis", by, consent_by="both",
            consent_from=self.social.today(), consent_until=until, ends_on=until,
            consent_scope="Att båda ser planerade insatser och möts en gång i månaden.",
            consent_parties="Polisen och socialtjänsten i Sjölanda",
        )  # fmt: skip
        by = yield self.police.turn(self.police.worker, days_ago - 1)
        perform(side(self.police), "activate", by)

    def met(self, days_ago: int, ahead: int) -> Beat:
        by = yield self.social.turn(self.social.worker, days_ago)
        when = datetime.combine(self.social.day(-ahead), self.social.latest.time())
        perform(
            side(self.social), "plan_meeting", by, meeting_place="Medborgarkontoret, rum 2",
            next_meeting=when.replace(hour=13, minute=30, second=0, microsecond=0,
                                      tzinfo=self.social.latest.tzinfo),
        )  # fmt: skip

    def shown(self, days_ago: int) -> Beat:
        """Its owner shows an intervention on the joint plan."""
        by = yield self.social.turn(self.social.worker, days_ago)
        running = Intervention.objects.filter(case_id=self.social.case.pk).first()
        if running:
            perform(running, "show", by)

    def withdrawn(self, days_ago: int) -> Beat:
        by = yield self.social.turn(self.social.worker, days_ago)
        perform(
            side(self.social), "withdraw", by, withdrawn_on=self.social.today(),
            withdrawn_by="guardian",
        )  # fmt: skip


def send(draft: Disclosure, by: Any) -> Disclosure:
    draft = Disclosure.objects.get(pk=draft.pk)
    return perform(draft, "send", by, shown=digest(draft.compose()))


def side(story: Story) -> Coordination:
    """The coordination as that side holds it; in a turn of its own people."""
    return Coordination.objects.get(case_id=story.case.pk)


def worry(unit: Unit, today: date) -> dict[str, Any]:
    """A report of concern to the unit's usual counterpart."""
    return {
        "to_unit": unit.counterpart,
        "subject": "worry",
        "initiative": "own",
        "ground": in_force("SOL19_1", today),
        "answers": {"child_assessment": "Sågs ensam sent två kvällar. Verkade rädd och påverkad."},
        "fields": ["name", "birth_date", "personal_number", "case_reference", "contact"],
        "text": "Oron gäller att hen ensam är ute sent på torget och verkar påverkad.",
        "informed": "yes",
    }


# --- what happens ---------------------------------------------------------------------------------


def unsent(joint: Joint) -> Beat:
    """Suspected two days ago, and the notification still lies there."""
    yield from begun(joint.police, 6, "B")
    yield from joint.suspected(2)


def on_its_way(joint: Joint) -> Beat:
    yield from begun(joint.police, 9, "A")
    yield from joint.suspected(1, "NSL_FORSALJNING")
    yield from joint.guardian_told(1)
    yield from joint.notified(0)


def worrying(joint: Joint) -> Beat:
    yield from joint.police.flagged(1)
    yield from joint.worried(0)


def late_to_decide(joint: Joint) -> Beat:
    """Seventeen days since it arrived, and not decided whether to open."""
    yield from crossed(joint, 17)


def crossed(joint: Joint, days_ago: int) -> Beat:
    """What every case that both sides work with has behind it."""
    yield from begun(joint.police, days_ago + 4, "B")
    yield from joint.suspected(days_ago)
    yield from joint.guardian_told(days_ago)
    yield from joint.notified(days_ago)
    yield from joint.taken_in(days_ago)
    yield from joint.protected(days_ago)


def both_at_work(joint: Joint, days_ago: int) -> Beat:
    yield from crossed(joint, days_ago)
    yield from joint.served(days_ago - 1)
    yield from joint.opened(days_ago - 9)
    yield from joint.social.prioritised(days_ago - 9, "B", until=50)
    yield from joint.social.confirmed(days_ago - 10)
    yield from joint.social.started(days_ago - 10)


def asked_to_coordinate(joint: Joint) -> Beat:
    yield from both_at_work(joint, 27)
    yield from joint.proposed(3)


def going_together(joint: Joint) -> Beat:
    yield from both_at_work(joint, 38)
    yield from joint.proposed(24)
    yield from joint.accepted(22)
    yield from joint.social.support(21, "ongoing", last=3, plan=0)
    yield from joint.active(19, ends=45)
    yield from joint.shown(14)
    yield from joint.met(2, ahead=6)


def taken_back(joint: Joint) -> Beat:
    """The consent is withdrawn: sharing ends, and each side goes on by itself."""
    yield from both_at_work(joint, 40)
    yield from joint.proposed(26)
    yield from joint.accepted(25)
    yield from joint.active(24, ends=60)
    yield from joint.withdrawn(4)


JOINT_PLOTS = (unsent, on_its_way, worrying, late_to_decide, asked_to_coordinate, going_together,
               taken_back)  # fmt: skip
