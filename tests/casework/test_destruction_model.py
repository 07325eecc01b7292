"""The destruction's machine against a model of what the law promises, whatever else is done.

Nothing that is held, changed, struck, open, not yet due or not reviewed by two is ever destroyed;
what is due and approved by two is; nobody reviews twice, and nobody reviews another unit's list.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar
from uuid import UUID

import psycopg
import pytest
from django.core.exceptions import ObjectDoesNotExist
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

import tests
from access.actor import Actor
from casework.destruction import destroying, proposals
from casework.models import Case, Certificate, Destruction, DestructionItem
from casework.workflow.steps import NotNow, Refused
from tests import make
from tests.audit.test_superuser import sealed, verified
from tests.destruction import aged, in_unit

IN_HAND = ("proposed", "reviewed", "approved")
WRONG = (Refused, NotNow, ObjectDoesNotExist)
# step: the state it leaves, the one it reaches, and who may
STEPS = {
    "review": (("proposed",), "reviewed", {"chief", "second"}),
    "approve": (("reviewed",), "approved", {"chief", "second", "officer"}),
    "reject": (IN_HAND, "rejected", {"chief", "second", "officer"}),
}
WHO = ("chief", "second", "officer", "chief as officer", "handler", "other unit", "other officer")
HAPPENED = ("destroyed", "left", "struck", "refused twice")
# What leads on comes often: else no list is ever run.
DRAWN = [*STEPS, *["next"] * 14]
NEXT = {"proposed": "review", "reviewed": "approve"}
ACTS = ["new_case", "new_case", "grow_old", *["hold"] * 5, *["lift"] * 3, "reopen", "reopen",
        "set_aside", *["strike"] * 5, "propose", "run", *DRAWN]  # fmt: skip
SOMEBODY = st.sampled_from([*WHO, *["chief", "second", "officer"] * 4])


@dataclass
class File:
    """What a case should be."""

    case: Case
    open: bool = False
    due: bool = False
    held: bool = False
    changes: int = 0  # steps since it was closed first
    gone: bool = False


@dataclass
class Listed:
    """What a list should be: its cases as they were when it was made."""

    made: Destruction
    state: str = "proposed"
    reviewer: UUID | None = None
    cases: dict[UUID, int] = field(default_factory=dict)
    struck: set[UUID] = field(default_factory=set)
    left: set[UUID] = field(default_factory=set)

    def going(self) -> set[UUID]:
        return set(self.cases) - self.struck


class Promises(RuleBasedStateMachine):
    """One unit's closed cases and its lists, tried by everybody."""

    people: ClassVar[dict[str, Actor]]
    handler: ClassVar[Actor]
    superuser: ClassVar[psycopg.Connection]
    seen: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[UUID, File] = {}
        self.lists: list[Listed] = []
        self.new_case(due=True)
        self.new_case(due=True)

    # One rule for all: Hypothesis leaves whole rules out, and a list needs every one of them.
    @rule(what=st.sampled_from(ACTS), which=st.integers(0, 5), who=SOMEBODY, item=st.integers(0, 5))
    def act(self, what: str, which: int, who: str, item: int) -> None:
        if what in ("grow_old", "hold", "lift", "reopen", "set_aside"):
            getattr(self, what)(which)
        elif what == "new_case":
            self.new_case(due=which > 0)
        elif what == "propose":
            self.propose(who)
        elif what == "strike":
            self.strike(which % 2, who, item)
        elif what == "run" or what == "next" and self.newest_is("approved") and item < 2:
            self.run()
        elif what == "next" and not self.newest_is(*NEXT, "approved"):
            self.propose("chief")
        else:
            self.sign(0 if what == "next" else which % 2, who, what)

    # --- cases --------------------------------------------------------------------------------

    def new_case(self, due: bool) -> None:
        if len(self.files) > 5:
            return
        case = make.closed(self.handler, self.people["chief"])
        self.files[case.pk] = File(case)
        if due:
            self.grow_old(len(self.files) - 1)

    def grow_old(self, which: int) -> None:
        if (found := self.pick(which)) and not found.open and not found.due:
            aged(self.superuser, found.case)
            found.due = True

    def hold(self, which: int) -> None:
        if (found := self.pick(which)) and not found.open and not found.held:
            self.step(found, "hold", until=None)
            found.held = True

    def lift(self, which: int) -> None:
        if (found := self.pick(which)) and not found.open and found.held:
            self.step(found, "lift_hold")
            found.held = False

    def reopen(self, which: int) -> None:
        if (found := self.pick(which)) and not found.open and not found.held:
            self.step(found, "reopen")
            found.open, found.due = True, False

    def set_aside(self, which: int) -> None:
        if (found := self.pick(which)) and found.open:
            self.step(found, "set_aside", why="no_ground")
            found.open = False

    def pick(self, which: int) -> File | None:
        every = list(self.files.values())
        found = every[which] if which < len(every) else None
        return None if found is None or found.gone else found

    def step(self, found: File, name: str, **facts: Any) -> None:
        found.case = make.step(found.case, name, self.people["chief"], "Skäl.", **facts)
        found.changes += 1

    # --- lists --------------------------------------------------------------------------------

    def propose(self, who: str) -> None:
        by, waiting = self.people[who], self.due()
        if who not in ("chief", "second"):
            with pytest.raises(WRONG), make.acting(by):
                proposals.propose(by)
            return
        if not waiting and not self.others_are_due():
            with pytest.raises(NotNow), make.acting(by):
                proposals.propose(by)
            return
        with make.acting(by):
            made = proposals.propose(by)
            listed = set(made.items.values_list("case_id", flat=True))
        assert listed & set(self.files) == waiting
        self.lists.append(Listed(made, cases={key: self.files[key].changes for key in waiting}))

    def newest_is(self, *states: str) -> bool:
        return bool(self.lists) and self.lists[-1].state in states

    def newest(self, back: int) -> Listed | None:
        return self.lists[-1 - back] if back < len(self.lists) else None

    def due(self) -> set[UUID]:
        in_hand = [one for one in self.lists if one.state in IN_HAND]
        listed = {key for one in in_hand for key in one.going()}
        return {
            key
            for key, one in self.files.items()
            if one.due and not one.open and not one.held and not one.gone and key not in listed
        }

    def others_are_due(self) -> bool:
        """Cases of an example before this one."""
        chief = self.people["chief"]
        with make.acting(chief):
            found = proposals.due_cases(chief.unit_id)
        return bool({one["case_id"] for one in found} - set(self.files))

    def strike(self, which: int, who: str, item: int) -> None:
        found, by = self.newest(which), self.people[who]
        if found is None or not found.going():
            return
        key = sorted(found.going())[item % len(found.going())]
        with make.acting(self.people["chief"]):
            line = DestructionItem.objects.get(destruction=found.made, case_id=key)
        if found.state == "proposed" and who in ("chief", "second"):
            make.step(found.made, "strike", by, item=line.pk, why="unsure")
            found.struck.add(key)
        else:
            with pytest.raises(WRONG):
                make.step(found.made, "strike", by, item=line.pk, why="unsure")

    def sign(self, which: int, who: str, name: str) -> None:
        found, by = self.newest(which), self.people[who]
        if found is None:
            return
        name = NEXT.get(found.state, "reject") if name == "next" else name
        leaves, reaches, may = STEPS[name]
        able = who in may or who == "chief as officer" and "officer" in may
        able = able and found.state in leaves
        if name == "approve":
            able = able and found.reviewer != by.user_id
        if name == "review":
            with make.acting(self.people["chief"]):
                able = able and found.made.going().exists()
        if not able:
            with pytest.raises(WRONG):
                make.step(found.made, name, by, "Skäl.")
            self.seen["refused twice"] += name == "approve" and found.reviewer == by.user_id
            return
        make.step(found.made, name, by, "Skäl.")
        found.state = reaches
        if name == "review":
            found.reviewer = by.user_id

    def run(self) -> None:
        destroying.run_waiting()
        for found in self.lists:
            if found.state != "approved":
                continue
            found.state = "done"
            for key in found.going():
                file = self.files[key]
                if not file.gone and not file.held and file.changes == found.cases[key]:
                    file.gone = True
                    self.seen["destroyed"] += 1
                else:
                    found.left.add(key)
                    self.seen["left"] += 1
            self.seen["struck"] += len(found.struck)

    # --- what always holds --------------------------------------------------------------------

    @invariant()
    def exactly_what_may_go_is_gone(self) -> None:
        with make.acting(self.people["chief"]):
            there = set(Case.objects.filter(pk__in=self.files).values_list("pk", flat=True))
        assert there == {key for key, one in self.files.items() if not one.gone}

    @invariant()
    def the_lists_say_what_happened(self) -> None:
        with make.acting(self.people["chief"]):
            for one in self.lists:
                row = Destruction.objects.get(pk=one.made.pk)
                assert row.state == one.state
                assert row.reviewed_by_id is None or row.reviewed_by_id != row.approved_by_id
                assert row.reviewed_by_id == one.reviewer
                items = {item.case_id: item for item in row.items.all()}
                for key in one.cases:
                    assert bool(items[key].struck) == (key in one.struck)
                    assert bool(items[key].left_why) == (key in one.left)
                    went = one.state == "done" and key in one.going() - one.left
                    assert bool(items[key].done_at) == went
                papers = Certificate.objects.filter(destruction=row).count()
                assert papers == (one.state == "done")

    def teardown(self) -> None:
        sealed(most=500)
        assert verified().breach is None


def test_destruction_keeps_what_the_law_promises(
    own_db: str, actor: Callable[[str], Actor], superuser: psycopg.Connection, settings: Any
) -> None:
    settings.DATABASE_DESTROYER_URL = tests.CLUSTER.url("fortur_destroyer", own_db)
    chief = actor("polischef")
    people = {
        "chief": chief,
        "second": replace(actor("utredare2"), role="supervisor"),
        "officer": in_unit(actor("dataskydd.polis"), chief),
        "chief as officer": replace(chief, role="auditor"),  # two memberships, one person
        "handler": actor("utredare"),
        "other unit": actor("socialchef"),
        "other officer": actor("dataskydd.social"),
    }
    seen: Counter[str] = Counter()
    facts = {"people": people, "handler": actor("utredare"), "superuser": superuser, "seen": seen}
    run_state_machine_as_test(type("Law", (Promises,), facts), settings=FEW)
    # The model was taken everywhere: else it promises nothing.
    assert min(seen[what] for what in HAPPENED) > 0, seen


FEW = settings(
    max_examples=15,
    stateful_step_count=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
