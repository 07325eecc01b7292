"""Both machines of investigations against models of them, written again in the plainest way."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from access.actor import Actor
from audit.models import Step
from casework.models import PoliceInvestigation, SocialInvestigation
from casework.workflow import moment
from casework.workflow.steps import NotNow, Refused, Stale, offered
from tests import make

TODAY = moment.today()
DAYS = {"opened_on", "suspected_on", "served_on", "handed_on", "decided_on", "protocol_on",
        "guardian_on", "statement_due", "statement_on", "begun_on", "assessed_on",
        "not_opened_on", "lvu_on"}  # fmt: skip
Table = dict[str, tuple[tuple[str, ...], str, str, tuple[str, ...]]]
# step: the states it leaves, the one it reaches ("" stays), who, what it is given
SUSPECT = ("suspected", "served", "handed_over", "decided")
POLICE: Table = {
    "open": (("reported",), "opened", "leader", ("opened_on",)),
    "suspect": (("opened",), "suspected", "leader", ("suspected_on",)),
    "serve": (("suspected",), "served", "leader", ("served_on",)),
    "hand_over": (("served",), "handed_over", "either", ("handed_on",)),
    "decide": (("handed_over",), "decided", "either", ("decided_on", "decision=waiver")),
    "begin_inquiry": (
        ("reported",), "inquiry", "leader", ("begun_on", "ground=goods", "exceptional="),
    ),
    "prepare_protocol": (("inquiry",), "", "either", ()),
    "send_protocol": (("inquiry",), "protocol_sent", "leader", ("protocol_on",)),
    "notify_guardian": (
        (*SUSPECT, "inquiry", "protocol_sent"), "", "either", ("guardian_on", "guardian_how=Ja."),
    ),
    "postpone_guardian": ((*SUSPECT, "inquiry", "protocol_sent"), "", "leader", ()),
    "request_statement": (("suspected", "served"), "", "leader", ("statement_due",)),
    "statement_received": (SUSPECT, "", "either", ("statement_on",)),
    "discontinue": (
        ("reported", "opened", "suspected", "served", "inquiry"), "discontinued", "leader",
        ("discontinued_why=no_ground",),
    ),
    "close": (("protocol_sent", "decided"), "closed", "either", ()),
}  # fmt: skip
EARLY = ("received", "protection_assessed", "assessing")
SOCIAL: Table = {
    "assess_protection": (
        ("received",), "protection_assessed", "graduate",
        ("assessed_on", "needs_protection=", "protection_note=Nej."),
    ),
    "begin_assessment": (("protection_assessed",), "assessing", "graduate", ()),
    "open": (("assessing",), "opened", "graduate", ("opened_on",)),
    "not_open": (("assessing",), "not_opened", "graduate", ("not_opened_on",)),
    "join": (EARLY, "joined", "graduate", ("joined_to",)),
    "decide": (("opened",), "decided", "graduate", ("decided_on", "decision=support")),
    "close_without_support": (("opened",), "closed_without_support", "graduate", ("decided_on",)),
    "follow_up": (("closed_without_support",), "follow_up", "graduate", ()),
    "note_lvu": (
        (*EARLY, "opened", "decided", "closed_without_support", "follow_up"), "", "worker",
        ("lvu=LVU7", "lvu_on"),
    ),
    "close": (("decided", "closed_without_support", "follow_up"), "closed", "graduate", ()),
}  # fmt: skip
LUL_OPEN = {"LUL5", "LUL6", "LUL4", "LUL11", "LUL18", "LUL32", "LUL33", "LUL34", "LUL37"}


@dataclass
class Model:
    """What one investigation should be."""

    state: str
    kind: str = ""
    version: int = 0
    clocks: set[str] = field(default_factory=set)
    told: bool = False
    statement: int = 0  # 1 asked for, 2 come
    protocol: bool = False  # a draft waits
    lvu: bool = False


class Investigated(RuleBasedStateMachine):
    """One case's investigations, tried by everybody of one side."""

    people: ClassVar[list[Actor]]
    table: ClassVar[Table]

    def __init__(self) -> None:
        super().__init__()
        self.worker = self.people[1]
        self.case = make.in_progress(self.worker)
        self.parts: list[tuple[Any, Model]] = []

    def person(self, number: int) -> Actor:
        return self.people[number % len(self.people)]

    @rule(which=st.integers(0, 3), who=st.integers(0, 9), data=st.data())
    def attempt(self, which: int, who: int, data: st.DataObject) -> None:
        if not self.parts:
            return
        part, model = self.parts[which % len(self.parts)]
        ready = [step for step in self.table if model.state in self.table[step][0]]
        step = data.draw(st.sampled_from(ready or list(self.table)) | st.sampled_from(
            list(self.table)))  # fmt: skip
        by = self.person(who)
        facts = self.facts_of(step, part)
        if not self.may(step, by):
            with pytest.raises(Refused):
                make.step(part, step, by, "Skäl.", **facts)
        elif model.state not in self.table[step][0] or self.closed(step, model):
            with pytest.raises(NotNow):
                make.step(part, step, by, "Skäl.", **facts)
        else:
            make.step(part, step, by, "Skäl.", version=model.version, **facts)
            model.version += 1
            model.state = self.table[step][1] or model.state
            self.follow(step, model)

    @rule(which=st.integers(0, 3), step=st.integers(0, 30))
    def attempt_on_a_stale_page(self, which: int, step: int) -> None:
        if self.parts:
            part, model = self.parts[which % len(self.parts)]
            name = list(self.table)[step % len(self.table)]
            by = next(one for one in self.people if self.may(name, one))
            with pytest.raises(Stale):
                make.step(part, name, by, version=model.version - 1, **self.facts_of(name, part))

    @rule()
    def follow_the_case_up(self) -> None:
        if any(model.state not in self.ended for _, model in self.parts):
            with pytest.raises(NotNow):
                make.step(
                    self.case, "begin_follow_up", self.worker,
                    next_look=TODAY + timedelta(days=30),
                )  # fmt: skip

    ended: ClassVar[tuple[str, ...]]

    def may(self, step: str, by: Actor) -> bool:
        raise NotImplementedError

    def closed(self, step: str, model: Model) -> bool:
        raise NotImplementedError

    def follow(self, step: str, model: Model) -> None:
        raise NotImplementedError

    def facts_of(self, step: str, part: Any) -> dict[str, Any]:
        facts: dict[str, Any] = {}
        for given in self.table[step][3]:
            name, _, value = given.partition("=")
            facts[name] = TODAY if name in DAYS else value
        if "needs_protection" in facts:
            facts["needs_protection"] = False
        if "joined_to" in facts:
            facts["joined_to"] = part
        return facts

    @invariant()
    def each_is_what_it_should_be(self) -> None:
        for part, model in self.parts:
            with make.acting(self.worker):
                stored = type(part).objects.get(pk=part.pk)
                states = list(
                    Step.objects.filter(thing_id=part.pk)
                    .order_by("seq")
                    .values_list("to_state", flat=True)
                )
                open_now = stored.case.clocks.filter(met_on=None, dropped_on=None, part_id=part.pk)
                codes = set(open_now.values_list("code", flat=True))
            assert (stored.state, stored.version) == (model.state, model.version)
            assert (states[-1], len(states) - 1) == (model.state, model.version)
            assert codes == model.clocks

    @invariant()
    def what_is_offered_can_be_done(self) -> None:
        for part, model in self.parts:
            for person in self.people:
                with make.acting(person):
                    stored = type(part).objects.select_related("case").get(pk=part.pk)
                    offers = {offer.name: offer.open for offer in offered(stored, person)}
                assert offers == {
                    step: self.may(step, person) and not self.closed(step, model)
                    for step, (leaves, *_) in self.table.items()
                    if model.state in leaves
                }


class Police(Investigated):
    table = POLICE
    ended = ("closed", "discontinued")

    @rule(who=st.integers(0, 9), kind=st.sampled_from(["preliminary", "inquiry"]))
    def report(self, who: int, kind: str) -> None:
        by = self.person(who)
        if by.role not in ("investigator", "investigation_leader"):
            with pytest.raises(Refused):
                make.police_investigation(self.case, by, kind=kind)
        elif len(self.parts) < 3:
            part = make.police_investigation(self.case, by, kind=kind)
            self.parts.append((part, Model("reported", kind)))

    def may(self, step: str, by: Actor) -> bool:
        if by.role == "investigation_leader":
            return True
        return by.role == "investigator" and self.table[step][2] == "either"

    def closed(self, step: str, model: Model) -> bool:
        return {
            "open": model.kind == "inquiry",
            "begin_inquiry": model.kind == "preliminary",
            "notify_guardian": model.told,
            "postpone_guardian": model.told,
            "request_statement": model.statement > 0,
            "statement_received": model.statement != 1,
            "prepare_protocol": model.protocol,
            "send_protocol": True,  # sending is the disclosure's own step
            "close": bool(model.clocks),
        }.get(step, False)

    def follow(self, step: str, model: Model) -> None:
        model.clocks |= {
            "suspect": {"LUL5", "LUL6"},
            "serve": {"LUL4"},
            "begin_inquiry": {"LUL32", "LUL33", "LUL34"},
            "prepare_protocol": {"LUL37"},
            "request_statement": {"LUL11"},
        }.get(step, set())
        model.clocks -= {
            "decide": {"LUL4"},
            "notify_guardian": {"LUL5", "LUL33"},
            "statement_received": {"LUL11"},
            "discontinue": LUL_OPEN,
        }.get(step, set())
        model.told |= step == "notify_guardian"
        model.protocol |= step == "prepare_protocol"
        model.statement += step in ("request_statement", "statement_received")


class Social(Investigated):
    table = SOCIAL
    ended = ("closed", "not_opened", "joined")

    @rule(who=st.integers(0, 9))
    def receive(self, who: int) -> None:
        by = self.person(who)
        if by.role not in ("social_worker", "supervisor"):
            with pytest.raises(Refused):
                make.social_investigation(self.case, by)
        elif len(self.parts) < 3:
            part = make.social_investigation(self.case, by)
            self.parts.append((part, Model("received", clocks={"SOL20_1", "SOL20_2"})))

    def may(self, step: str, by: Actor) -> bool:
        if by.role not in ("social_worker", "supervisor"):
            return False
        return by.qualified or self.table[step][2] == "worker"

    def closed(self, step: str, model: Model) -> bool:
        others = [one for _, one in self.parts if one is not model and one.state == "opened"]
        return {
            "join": not others,
            "close": bool(model.clocks - {"SOL23_5"}),
        }.get(step, False)

    def follow(self, step: str, model: Model) -> None:
        model.clocks |= {
            "open": {"SOL20_3"},
            "follow_up": {"SOL23_5"},
            "note_lvu": set() if model.lvu else {"LVU7"},
        }.get(step, set())
        model.lvu |= step == "note_lvu"
        model.clocks -= {
            "assess_protection": {"SOL20_1"},
            "open": {"SOL20_2"},
            "not_open": {"SOL20_2"},
            "join": {"SOL20_2"},
            "decide": {"SOL20_3"},
            "close_without_support": {"SOL20_3"},
            "close": {"SOL23_5"},
        }.get(step, set())

    def facts_of(self, step: str, part: Any) -> dict[str, Any]:
        facts = super().facts_of(step, part)
        if step == "join":
            opened = [one for one, model in self.parts if model.state == "opened" and one != part]
            facts["joined_to"] = opened[0] if opened else part
        return facts


def lived(machine: type[Investigated], people: list[Actor]) -> None:
    run_state_machine_as_test(
        type(machine.__name__, (machine,), {"people": people}),
        settings=settings(
            max_examples=6,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_police_investigations_live_as_the_model_says(actor: Callable[[str], Actor]) -> None:
    names = ("omradespolis", "utredare", "utredare2", "ledare", "polischef")
    lived(Police, [actor(name) for name in names])


@pytest.mark.django_db
def test_social_investigations_live_as_the_model_says(actor: Callable[[str], Actor]) -> None:
    names = ("faltassistent", "socialsekreterare", "socialsekreterare2", "socialchef")
    without = replace(actor("socialsekreterare2"), qualified=False)
    lived(Social, [*(actor(name) for name in names), without])


def test_the_models_name_every_step() -> None:
    for model, table in ((PoliceInvestigation, POLICE), (SocialInvestigation, SOCIAL)):
        declared = {
            name
            for name in dir(model)
            if (found := getattr(getattr(model, name, None), "declared", None)) and not found.birth
        }
        assert declared == set(table)
