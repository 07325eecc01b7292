"""The intervention machine against a model of it, written down again in the plainest way."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from access.actor import Actor
from audit.models import Step
from casework.models import Intervention
from casework.workflow import moment
from casework.workflow.steps import NotNow, Refused, Stale, offered, perform
from tests import make

SIDES = {
    "police": ("omradespolis", "utredare", "utredare2", "ledare", "polischef"),
    "social": ("faltassistent", "socialsekreterare", "socialsekreterare2", "socialchef"),
}
PROPOSERS = {"investigator", "social_worker", "outreach_worker", "supervisor"}
# step: the states it leaves, and the one it reaches ("" stays)
STEPS = {
    "replan": (("proposed", "agreed", "ongoing"), ""),
    "agree": (("proposed",), "agreed"),
    "decline": (("proposed",), "declined"),
    "start": (("agreed",), "ongoing"),
    "add_note": (("agreed", "ongoing"), ""),
    "complete": (("ongoing",), "completed"),
    "cancel": (("agreed", "ongoing"), "cancelled"),
}
RUNNING = ("proposed", "agreed", "ongoing")


@dataclass
class Model:
    """What one intervention should be."""

    state: str
    responsible: str
    notes: int = 0
    version: int = 0


class Support(RuleBasedStateMachine):
    """One case's interventions, tried by everybody of one side; the side's subclass names them."""

    people: ClassVar[list[Actor]]

    def __init__(self) -> None:
        super().__init__()
        self.worker, self.chief = self.people[1], self.people[-1]
        self.case = make.in_progress(self.worker)
        self.case_state, self.handler = "in_progress", self.worker.username
        self.parts: list[tuple[Intervention, Model]] = []

    def person(self, number: int) -> Actor:
        return self.people[number % len(self.people)]

    @rule(who=st.integers(0, 9), whom=st.integers(0, 9))
    def propose(self, who: int, whom: int) -> None:
        by, other = self.person(who), self.person(whom)
        if by.role not in PROPOSERS:
            with pytest.raises(Refused):
                make.intervention(self.case, by, other)
        elif self.case_state != "in_progress":
            with pytest.raises(NotNow):
                make.intervention(self.case, by, other)
        else:
            part = make.intervention(self.case, by, other)
            self.parts.append((part, Model("proposed", other.username)))

    @rule(which=st.integers(0, 3), step=st.sampled_from(list(STEPS)), who=st.integers(0, 9))
    def attempt(self, which: int, step: str, who: int) -> None:
        if not self.parts:
            return
        part, model = self.parts[which % len(self.parts)]
        by = self.person(who)
        facts = facts_of(step, self.worker)
        if not self.may(model, by):
            with pytest.raises(Refused):
                make.step(part, step, by, "Skäl.", **facts)
        elif model.state not in STEPS[step][0]:
            with pytest.raises(NotNow):
                make.step(part, step, by, "Skäl.", **facts)
        else:
            make.step(part, step, by, "Skäl.", version=model.version, **facts)
            model.version += 1
            model.state = STEPS[step][1] or model.state
            model.notes += step == "add_note"
            if step == "replan":
                model.responsible = self.worker.username

    @rule(which=st.integers(0, 3), step=st.sampled_from(list(STEPS)))
    def attempt_on_a_stale_page(self, which: int, step: str) -> None:
        if self.parts:
            part, model = self.parts[which % len(self.parts)]
            with pytest.raises(Stale):
                make.step(
                    part, step, self.chief, version=model.version - 1,
                    **facts_of(step, self.worker),
                )  # fmt: skip

    @rule(whom=st.integers(0, 9))
    def hand_the_case_over(self, whom: int) -> None:
        other = self.person(whom)
        if self.case_state in ("in_progress", "follow_up"):
            self.case = make.step(self.case, "hand_over", self.chief, "Semester.", handler=other)
            self.handler = other.username

    @rule()
    def follow_the_case_up(self) -> None:
        handler = next(one for one in self.people if one.username == self.handler)
        facts: dict[str, Any] = {"next_look": moment.today() + timedelta(days=30)}
        if self.case_state != "in_progress" or self.running():
            with pytest.raises(NotNow):
                make.step(self.case, "begin_follow_up", handler, **facts)
        else:
            self.case = make.step(self.case, "begin_follow_up", handler, **facts)
            self.case_state = "follow_up"

    def may(self, model: Model, actor: Actor) -> bool:
        """Whoever is responsible, the case's handler, a supervisor."""
        return actor.role == "supervisor" or actor.username in (model.responsible, self.handler)

    def running(self) -> bool:
        return any(model.state in RUNNING for _, model in self.parts)

    @invariant()
    def each_is_what_it_should_be(self) -> None:
        for part, model in self.parts:
            with make.acting(self.worker):
                stored = Intervention.objects.get(pk=part.pk)
                lines = Step.objects.filter(thing_id=part.pk).order_by("seq")
                states = [line.to_state for line in lines]
                notes = stored.notes.count()
            assert (stored.state, stored.version) == (model.state, model.version)
            assert (states[-1], len(states) - 1) == (model.state, model.version)
            assert notes == model.notes
            assert {line.about_id for line in lines} == {self.case.pk}

    @invariant()
    def what_is_offered_can_be_done(self) -> None:
        for part, model in self.parts:
            for person in self.people:
                with make.acting(person):
                    stored = Intervention.objects.select_related("case").get(pk=part.pk)
                    offers = {offer.name: offer.open for offer in offered(stored, person)}
                # Without a coordination there is no joint plan (tests/test_coordinations.py).
                assert not offers.pop("show", False)
                assert not offers.pop("hide", False)
                ready = {step for step, (leaves, _) in STEPS.items() if model.state in leaves}
                assert offers == dict.fromkeys(ready, self.may(model, person))


def facts_of(step: str, responsible: Actor) -> dict[str, Any]:
    today = moment.today()
    facts: dict[str, dict[str, Any]] = {
        "replan": {
            "handler": responsible, "title": "Samtal", "goal": "Inga nya tillfällen.",
            "planned_from": today, "planned_until": None,
        },
        "agree": {"consent_by": "young_person", "consent_on": today, "consent_note": ""},
        "start": {"started_on": today},
        "add_note": {"text": "Första samtalet."},
        "complete": {"result": "partly", "ended_on": today},
        "cancel": {"ended_on": today},
    }  # fmt: skip
    return facts.get(step, {})


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.django_db
def test_interventions_live_as_the_model_says(actor: Callable[[str], Actor], side: str) -> None:
    run_state_machine_as_test(
        type(side, (Support,), {"people": [actor(name) for name in SIDES[side]]}),
        settings=settings(
            max_examples=5,
            stateful_step_count=15,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_case_that_moves_on_meanwhile_gets_no_new_intervention(
    own_db: str, actor: Callable[[str], Actor], as_: Callable[[str], Client]
) -> None:
    by, client, answers = actor("utredare"), as_("utredare"), []
    case = make.in_progress(by)
    plan = {"title": "Samtal", "goal": "Mål.", "handler": str(by.user_id)}

    def propose() -> None:
        answers.append(client.post(f"/cases/{case.pk}/interventions/new/", plan).status_code)
        connection.close()

    other = threading.Thread(target=propose)
    with make.acting(by):
        perform(case, "begin_follow_up", by, next_look=moment.today() + timedelta(days=30))
        other.start()
        while other.is_alive() and not is_waited_for():
            time.sleep(0.01)
    other.join()
    with make.acting(by):
        assert (answers, Intervention.objects.count()) == ([409], 0)


def is_waited_for() -> bool:
    """Another connection waits for what this transaction holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"
                       " AND transactionid = pg_current_xact_id()::xid")  # fmt: skip
        return bool(cursor.fetchone()[0])
