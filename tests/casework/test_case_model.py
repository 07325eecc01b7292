"""The case machine against a model of it, written down again in the plainest way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from access.actor import SERVICE, Actor
from audit.models import Step
from casework.clocks import NO_DUE
from casework.models import Case
from casework.workflow import moment
from casework.workflow.steps import NotNow, Refused, offered
from tests import make

SIDES = {
    "police": ("omradespolis", "utredare", "utredare2", "ledare", "polischef"),
    "social": (
        "faltassistent",
        "socialsekreterare",
        "socialsekreterare2",
        "socialchef",
    ),
}
STEPS = (
    "add_observation", "prioritise", "confirm", "lower", "set_aside", "start", "hand_over",
    "begin_follow_up", "look_again", "resume", "close", "reopen", "coordinate",
    "leave_coordination", "add_deadline", "meet_deadline", "extend_deadline",
)  # fmt: skip


@dataclass
class Model:
    """What the case should be."""

    state: str = "flagged"
    set_by: str = ""
    handler: str = ""
    confirmed: bool = False
    running: bool = False  # an intervention is still open
    clocks: dict[UUID, date] = field(default_factory=dict)  # open statutory deadlines
    taken: int = 1


def may(model: Model, step: str, actor: Actor) -> bool:
    """Who may, one sentence a step."""
    chief = actor.role == "supervisor"
    worker = actor.role in ("investigator", "social_worker")
    minds = chief or model.handler == actor.username or actor.role == "investigation_leader"
    deciding = actor.role == "investigator" or (actor.role == "social_worker" and actor.qualified)
    return {
        "add_observation": worker
        or chief
        or actor.role in ("community_officer", "outreach_worker"),
        "prioritise": deciding,
        "confirm": chief and model.set_by != actor.username,
        "lower": chief or model.set_by == actor.username,
        "set_aside": chief,
        "start": worker or chief,
        "hand_over": chief or model.handler == actor.username,
        "begin_follow_up": model.handler == actor.username,
        "look_again": model.handler == actor.username,
        "resume": chief or model.handler == actor.username,
        "close": chief and model.handler != actor.username,
        "reopen": chief,
        "coordinate": actor.role == SERVICE,
        "leave_coordination": actor.role == SERVICE,
        "add_deadline": minds,
        "meet_deadline": minds,
        "extend_deadline": minds,
    }[step]


def reached(model: Model, step: str) -> str | None:
    """The state the step leads to from where the case is, or None."""
    open_states = ("flagged", "prioritised", "in_progress", "coordinated", "follow_up")
    worked_on = ("in_progress", "coordinated", "follow_up")
    stays = model.state if model.state in open_states else None
    return {
        "add_observation": stays,
        "prioritise": "prioritised" if model.state in ("flagged", "prioritised") else None,
        "confirm": "prioritised" if model.state == "prioritised" and not model.confirmed else None,
        "lower": "flagged" if model.state == "prioritised" else None,
        "set_aside": "set_aside" if model.state in ("flagged", "prioritised") else None,
        "start": "in_progress" if model.state == "prioritised" else None,
        "hand_over": model.state if model.state in worked_on else None,
        "begin_follow_up": "follow_up"
        if model.state == "in_progress" and not model.running
        else None,
        "look_again": "follow_up" if model.state == "follow_up" else None,
        "resume": "in_progress" if model.state == "follow_up" else None,
        "close": "closed"
        if model.state in ("in_progress", "follow_up") and not model.running
        else None,
        "reopen": "flagged" if model.state in ("closed", "set_aside") else None,
        "coordinate": "coordinated" if model.state == "in_progress" else None,
        "leave_coordination": "in_progress" if model.state == "coordinated" else None,
        "add_deadline": stays,
        "meet_deadline": stays if model.clocks else None,
        "extend_deadline": stays if model.clocks else None,
    }[step]


class Life(RuleBasedStateMachine):
    """One case, tried by everybody of one side; the side's subclass names them."""

    people: ClassVar[list[Actor]]

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.worker, self.chief = self.people[1], self.people[-1]
        self.case = make.case(by=self.worker)
        self.support: Any = None

    @rule(step=st.sampled_from(STEPS), who=st.integers(0, 9), whom=st.integers(0, 9))
    def attempt(self, step: str, who: int, whom: int) -> None:
        by, other = (self.people[number % len(self.people)] for number in (who, whom))
        want = reached(self.model, step)
        facts = facts_of(step, other) | self.clock_facts(step)
        if step == "extend_deadline" and by.role == "investigation_leader" and want:
            with pytest.raises(Refused):  # the rule of a statement names others
                make.step(self.case, step, by, "Skäl.", **facts)
        elif not may(self.model, step, by):
            with pytest.raises(Refused):
                make.step(self.case, step, by, "Skäl.", **facts)
        elif want is None:
            with pytest.raises(NotNow):
                make.step(self.case, step, by, "Skäl.", **facts)
        else:
            self.case = make.step(self.case, step, by, "Skäl.", **facts)
            self.note(step, by, other, want)
            self.note_clock(step, facts)

    def clock_facts(self, step: str) -> dict[str, Any]:
        """What the steps of the first deadline are given, or of one that isn't there."""
        first, due = next(iter(self.model.clocks.items()), (uuid4(), moment.today()))
        later, count = moment.today() + timedelta(days=5), next(make.COUNT)
        due += timedelta(days=count % 9 + 1)
        return {
            "add_deadline": {"code": "LUL11", "starts_on": moment.today(), "due": later},
            "meet_deadline": {
                "deadline": first, "met": count % 2 == 0, "on": moment.today(), "how": "Klart.",
            },
            "extend_deadline": {
                "deadline": first, "ground": "requester", "due": due,
                "decided_by": "Åklagaren",
            },
        }.get(step, {})  # fmt: skip

    def note_clock(self, step: str, facts: dict[str, Any]) -> None:
        if step == "add_deadline":
            with make.acting(self.worker):
                (new,) = {one.pk for one in self.case.open_clocks()} - set(self.model.clocks)
            self.model.clocks[new] = facts["due"]
        if step == "meet_deadline":
            del self.model.clocks[facts["deadline"]]
        if step == "extend_deadline":
            self.model.clocks[facts["deadline"]] = facts["due"]

    def note(self, step: str, by: Actor, other: Actor, want: str) -> None:
        self.model.state = want
        self.model.taken += 1
        if step == "prioritise":
            self.model.set_by, self.model.confirmed = by.username, False
        if step == "confirm":
            self.model.confirmed = True
        if step in ("start", "hand_over"):
            self.model.handler = other.username
        if step in ("lower", "reopen"):
            self.model.set_by, self.model.confirmed = "", False
        if step == "reopen":
            self.model.handler = ""

    @rule(step=st.sampled_from(("coordinate", "leave_coordination")))
    def let_the_service(self, step: str) -> None:
        want = reached(self.model, step)
        if want is None:
            with pytest.raises(NotNow):
                make.step(self.case, step, self.worker.service())
        else:
            self.case = make.step(self.case, step, self.worker.service())
            self.note(step, self.worker, self.worker, want)

    @rule()
    def run_support(self) -> None:
        if self.model.state in ("in_progress", "coordinated") and not self.model.running:
            self.support = make.intervention(self.case, self.worker)
            self.model.running = True

    @rule()
    def end_support(self) -> None:
        if self.model.running:
            self.support = make.step(self.support, "decline", self.chief, "Familjen tackade nej.")
            self.model.running = False

    @invariant()
    def is_what_it_should_be(self) -> None:
        with make.acting(self.worker):
            stored = Case.objects.get(pk=self.case.pk)
        assert (stored.state, stored.version) == (self.model.state, self.model.taken - 1)
        nearest = min(self.model.clocks.values(), default=NO_DUE)
        assert (stored.law_due, stored.law_code != "") == (nearest, bool(self.model.clocks))
        assert stored.next_due <= nearest

    @invariant()
    def every_step_left_its_line(self) -> None:
        with make.acting(self.worker):
            lines = Step.objects.filter(thing_id=self.case.pk).order_by("seq")
            states = [line.to_state for line in lines]
        assert len(states) == self.model.taken
        assert states[-1] == self.model.state

    @invariant()
    def what_is_offered_can_be_done(self) -> None:
        for person in self.people:
            with make.acting(person):
                for offer in offered(self.case, person):
                    able = may(self.model, offer.name, person)
                    ready = reached(self.model, offer.name) is not None
                    assert offer.open == (able and ready), (offer.name, person.username)


def facts_of(step: str, other: Actor) -> dict[str, Any]:
    seen = make.seen(text=f"Sågs igen {next(make.COUNT)}")
    facts: dict[str, dict[str, Any]] = {
        "add_observation": {
            "place": seen.place, "seen_at": seen.seen_at, "kind": "use", "source": "own",
            "suspicion": False, "text": seen.text, "fingerprint": seen.text.encode(),
        },
        "prioritise": {
            "level": "B", "criteria": make.CRITERIA,
            "valid_until": moment.today() + timedelta(days=20),
        },
        "set_aside": {"why": "no_ground"},
        "start": {"handler": other},
        "hand_over": {"handler": other},
        "look_again": {"next_look": moment.today() + timedelta(days=60)},
        "begin_follow_up": {"next_look": moment.today() + timedelta(days=30)},
        "close": {"outcome": "no_further_need"},
    }  # fmt: skip
    return facts.get(step, {})


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.django_db
def test_the_case_lives_as_the_model_says(actor: Callable[[str], Actor], side: str) -> None:
    run_state_machine_as_test(
        type(side, (Life,), {"people": [actor(name) for name in SIDES[side]]}),
        settings=settings(
            max_examples=8,
            stateful_step_count=18,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
