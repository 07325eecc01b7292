"""The coordination's machine against a model of it; both sides act, both must say the same."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from access.actor import Actor
from audit.models import Step
from casework.models import Case, Coordination, PlanItem
from casework.workflow import moment
from casework.workflow.coordination import SHARED, TWINS
from casework.workflow.steps import NotNow, Refused, offered
from tests import joint, make

# step: the states it leaves, and the one it reaches ("" stays)
STEPS = {
    "accept": (("proposed",), "accepted"),
    "decline": (("proposed",), "declined"),
    "take_back": (("proposed",), "ended"),
    "record_basis": (("accepted",), ""),
    "record_ground": (("accepted", "active"), ""),
    "activate": (("accepted",), "active"),
    "renew": (("active",), ""),
    "plan_meeting": (("accepted", "active"), ""),
    "withdraw": (("accepted", "active"), "ended"),
    "end": (("accepted", "active"), "ended"),
}
# Acts that end one come seldom: else none lives long.
DRAWN = [
    *STEPS, "accept", "record_basis", "record_ground", "record_ground", "activate", "activate",
    "renew", "plan_meeting",
]  # fmt: skip


OTHERS = ("utredare2", "omradespolis", "socialsekreterare2", "faltassistent")
PEOPLE = ("utredare", "socialsekreterare", "polischef", "socialchef", *OTHERS)


@dataclass
class Model:
    """What it should be, on both sides."""

    state: str = ""
    proposer: str = ""  # the authority
    basis: str = ""
    grounds: frozenset[str] = frozenset()  # the authorities that have recorded their own
    steps: int = 0
    shown: bool = False


class Joint(RuleBasedStateMachine):
    """Two cases, tried by everybody of both sides."""

    find: ClassVar[dict[str, Actor]]

    def __init__(self) -> None:
        super().__init__()
        self.two = joint.pair(self.find.__getitem__)
        self.people = [
            self.two.police, self.two.social, self.two.police_chief, self.two.social_chief,
            *(self.find[name] for name in OTHERS),
        ]  # fmt: skip
        self.able = {person.username for person in self.people[:4]}
        self.model = Model()
        self.part = make.intervention(self.two.social_case, self.two.social)

    @property
    def open(self) -> bool:
        return self.model.state in ("proposed", "accepted", "active")

    @rule(who=st.integers(0, 7))
    def propose(self, who: int) -> None:
        by = self.people[who]
        if by.username not in self.able:
            with pytest.raises(Refused):
                joint.propose(self.two, by)
        elif self.open:
            with pytest.raises(NotNow):
                joint.propose(self.two, by)
        else:
            joint.propose(self.two, by)
            self.model = Model(state="proposed", proposer=by.authority, steps=1)

    @rule(step=st.sampled_from(DRAWN), who=st.integers(0, 7))
    def attempt(self, step: str, who: int) -> None:
        if not self.open:
            return
        by = self.people[who]
        facts = facts_of(step, by.authority)
        if not self.may(step, by):
            with pytest.raises(Refused):
                self.two.take(by, step, "Skäl.", **facts)
        elif not self.ready(step, by):
            with pytest.raises(NotNow):
                self.two.take(by, step, "Skäl.", **facts)
        else:
            self.two.take(by, step, "Skäl.", **facts)
            self.model.state = STEPS[step][1] or self.model.state
            self.model.steps += 1
            if step in ("record_basis", "renew"):
                self.model.basis, self.model.grounds = "consent", frozenset()
            elif step == "record_ground":
                self.model.basis = "ground"
                self.model.grounds |= {by.authority}
            self.model.shown = self.model.shown and self.model.state == "active"

    def may(self, step: str, by: Actor) -> bool:
        """On both grounds a supervisor decides; everything else is the handler's, too."""
        return by.username in self.able and (step != "record_ground" or by.role == "supervisor")

    def ready(self, step: str, by: Actor) -> bool:
        if self.model.state not in STEPS[step][0]:
            return False
        return {
            "accept": by.authority != self.model.proposer,
            "decline": by.authority != self.model.proposer,
            "take_back": by.authority == self.model.proposer,
            "activate": self.model.basis == "consent" or len(self.model.grounds) == 2,
            "withdraw": self.model.basis == "consent",
            "renew": self.model.basis == "consent",
            "record_ground": self.model.state != "active" or self.model.basis == "ground",
        }.get(step, True)

    @rule(show=st.booleans())
    def choose_for_the_plan(self, show: bool) -> None:
        name = "show" if show else "hide"
        if self.model.state == "active" and self.model.shown != show:
            self.part = make.step(self.part, name, self.two.social)
            self.model.shown = show
        else:
            with pytest.raises(NotNow):
                make.step(self.part, name, self.two.social)

    @invariant()
    def both_sides_say_the_same(self) -> None:
        if not self.model.state:
            return
        ours, theirs = self.two.row(self.two.police), self.two.row(self.two.social)
        if self.open:
            assert ours.state == theirs.state == self.model.state
            assert ours.version == theirs.version == self.model.steps - 1
        assert ours.state == theirs.state or not self.open
        assert ours.shared_id == theirs.shared_id or not self.open
        if self.open:
            assert [getattr(ours, name) for name in SHARED] == [
                getattr(theirs, name) for name in SHARED
            ]
        for by, row in ((self.two.police, ours), (self.two.social, theirs)):
            with make.acting(by):
                lines = list(Step.objects.filter(thing_id=row.pk).order_by("seq"))
            assert len(lines) - 1 == row.version
            assert {line.unit_id for line in lines} == {by.unit_id}
            assert (lines[0].step == "propose") == row.proposed_here

    @invariant()
    def the_cases_are_coordinated_while_it_is_active(self) -> None:
        want = "coordinated" if self.model.state == "active" else "in_progress"
        for by in (self.two.police, self.two.social):
            with make.acting(by):
                assert Case.objects.get(pk=self.two.case_of(by).pk).state == want

    @invariant()
    def the_plan_shows_what_is_shown(self) -> None:
        with make.acting(self.two.police):
            seen = PlanItem.objects.exclude(title="").count()
        assert seen == int(self.model.state == "active" and self.model.shown)

    @invariant()
    def what_is_offered_can_be_done(self) -> None:
        if not self.open:
            return
        for person in self.people:
            row = self.two.row(person)
            with make.acting(person):
                offers = {offer.name: offer.open for offer in offered(row, person)}
            assert not set(offers) & {*TWINS.values(), "heard_news", "heard_proposed"}
            for name, is_open in offers.items():
                able = self.may(name, person)
                assert is_open == (able and self.ready(name, person)), (name, person.username)


def facts_of(step: str, side: str) -> dict[str, Any]:
    today = moment.today()
    facts: dict[str, dict[str, Any]] = {
        "record_basis": joint.consent(),
        "record_ground": joint.ground(side),
        "renew": joint.consent(ends_on=today + timedelta(days=30)),
        "plan_meeting": {
            "next_meeting": moment.now() + timedelta(days=3), "meeting_place": "Stadshuset",
        },
        "withdraw": {"withdrawn_on": today, "withdrawn_by": "both"},
        "end": {"end_why": "goal_reached"},
    }  # fmt: skip
    return facts.get(step, {})


@pytest.mark.django_db
def test_coordinations_live_as_the_model_says(actor: Callable[[str], Actor]) -> None:
    run_state_machine_as_test(
        type("Sides", (Joint,), {"find": {name: actor(name) for name in PEOPLE}}),
        settings=settings(
            max_examples=5,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_every_own_step_has_its_twin() -> None:
    assert set(TWINS) == set(STEPS)
    assert all(hasattr(Coordination, twin) for twin in TWINS.values())
