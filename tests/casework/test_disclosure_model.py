"""The machines of disclosures and deliveries against a model of them, in the plainest words."""

from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from access.actor import Actor
from access.models import LegalGround, Unit
from audit.models import Step
from casework.models import Case, Delivery, Disclosure, SocialInvestigation
from casework.workflow.disclosure import digest
from casework.workflow.steps import NotNow, Refused, Stale, perform
from tests import letters, make
from tests.pages import Find

POLICE = ("omradespolis", "utredare", "ledare", "polischef")
SOCIAL = ("faltassistent", "socialsekreterare", "socialchef")
FIELDS = ("name", "birth_date", "case_reference", "place", "observation")
TAKES = {"social_worker", "supervisor"}  # a report of concern starts an investigation


@dataclass
class Letter:
    """What one disclosure should be, and the delivery that came of it."""

    made: Disclosure
    state: str = "draft"
    fields: set[str] = field(default_factory=set)
    text: str = ""
    version: int = 0
    sent: str = ""  # the text at the moment it was sent
    there: str = ""  # the delivery's state
    back: bool = False


class Post(RuleBasedStateMachine):
    """Reports of concern from one police case to social services, tried by everybody."""

    police: ClassVar[list[Actor]]
    social: ClassVar[list[Actor]]

    def __init__(self) -> None:
        super().__init__()
        self.case = make.case(self.police[1])
        self.target: Case = make.case(self.social[1])
        self.letters: list[Letter] = []

    def one(self, number: int) -> Letter | None:
        return self.letters[number % len(self.letters)] if self.letters else None

    @rule(who=st.integers(0, 9), fields=st.sets(st.sampled_from(FIELDS)), text=st.booleans())
    def draft(self, who: int, fields: set[str], text: bool) -> None:
        by = self.police[who % len(self.police)]
        words = "Sågs ensam." if text else ""
        made = letters.disclosure(self.case, by, fields=list(fields), text=words)
        self.letters.append(Letter(made, fields=fields, text=words))

    @rule(who=st.integers(0, 9))
    def draft_from_over_there(self, who: int) -> None:
        by = self.social[who % len(self.social)]
        with make.acting(by):
            assert not Disclosure.objects.filter(case_id=self.case.pk).exists()

    @rule(which=st.integers(0, 9), fields=st.sets(st.sampled_from(FIELDS)))
    def redraft(self, which: int, fields: set[str]) -> None:
        one = self.one(which)
        if one is None:
            return
        with make.acting(self.police[0]):
            known = {
                "to_unit": Unit.objects.get(pk=one.made.to_unit_id),
                "ground": LegalGround.objects.get(pk=one.made.ground_id),
                "subject": "worry", "initiative": "own", "answers": one.made.answers,
            }  # fmt: skip
        if one.state != "draft":
            with pytest.raises(NotNow):
                make.step(one.made, "redraft", self.police[0], fields=list(fields), **known)
            return
        make.step(one.made, "redraft", self.police[0], fields=list(fields), **known)
        one.fields, one.version = fields, one.version + 1

    @rule()
    def something_is_seen(self) -> None:
        make.step(
            self.case, "add_observation", self.police[1], place=make.place("Busstorget"),
            seen_at=make.yesterday(), kind="sale", source="own", suspicion=True, text="",
            fingerprint=uuid4().bytes,
        )  # fmt: skip

    @rule(which=st.integers(0, 9), who=st.integers(0, 9), old=st.booleans())
    def send(self, which: int, who: int, old: bool) -> None:
        one, by = self.one(which), self.police[who % len(self.police)]
        if one is None:
            return
        with make.acting(by):
            text = Disclosure.objects.get(pk=one.made.pk).compose()
        shown = "0" * 64 if old else digest(text)
        if one.state != "draft" or not (one.fields or one.text):
            with pytest.raises(NotNow):
                make.step(one.made, "send", by, shown=shown)
        elif old:
            with pytest.raises(Stale):
                make.step(one.made, "send", by, shown=shown)
        else:
            make.step(one.made, "send", by, shown=shown)
            one.state, one.sent, one.there = "sent", text, "received"
            one.version += 1

    @rule(which=st.integers(0, 9), who=st.integers(0, 9))
    def refuse(self, which: int, who: int) -> None:
        one, by = self.one(which), self.police[who % len(self.police)]
        if one is None:
            return
        if one.state != "draft":
            with pytest.raises(NotNow):
                make.step(one.made, "refuse", by, "Behövs inte.")
        else:
            make.step(one.made, "refuse", by, "Behövs inte.")
            one.state, one.version = "refused", one.version + 1

    @rule(which=st.integers(0, 9), who=st.integers(0, 9), back=st.booleans())
    def handle(self, which: int, who: int, back: bool) -> None:
        one, by = self.one(which), self.social[who % len(self.social)]
        if one is None or not one.there:
            return
        with make.acting(by):
            letter = Delivery.objects.get(disclosure_id=one.made.pk)
        step = "give_back" if back else "accept"
        facts: dict[str, Any] = {} if back else {"case": self.target}
        if not back and by.role not in TAKES:
            with pytest.raises(Refused):
                make.step(letter, step, by, "Skäl.", **facts)
        elif one.there != "received":
            with pytest.raises(NotNow):
                make.step(letter, step, by, "Skäl.", **facts)
        else:
            make.step(letter, step, by, "Skäl.", **facts)
            one.there, one.back = ("returned", True) if back else ("accepted", False)

    @rule(which=st.integers(0, 9))
    def the_sender_handles_what_lies_over_there(self, which: int) -> None:
        one, by = self.one(which), self.police[3]
        if one is None or not one.there:
            return
        with make.acting(self.social[2]):
            letter = Delivery.objects.get(disclosure_id=one.made.pk)
        with make.acting(by), pytest.raises(Delivery.DoesNotExist):
            perform(letter, "accept", by, case=self.case)

    @invariant()
    def both_sides_are_what_they_should_be(self) -> None:
        with make.acting(self.police[1]):
            mine = {row.pk: row for row in Disclosure.objects.all()}
            back = Delivery.objects.filter(subject="returned").count()
            lines = list(Step.objects.filter(machine="disclosure").order_by("seq"))
        with make.acting(self.social[1]):
            theirs = {row.disclosure_id: row for row in Delivery.objects.all()}
            begun = SocialInvestigation.objects.filter(case=self.target).count()
        for one in self.letters:
            row = mine[one.made.pk]
            own = [line for line in lines if line.thing_id == row.pk]
            assert (row.state, row.version) == (one.state, one.version)
            assert [line.seq for line in own] == list(range(one.version + 1))
            assert row.sent_text == one.sent
            assert (row.pk in theirs) == bool(one.there)
            if one.there:
                copy = theirs[row.pk]
                assert (copy.state, copy.text, copy.content_hash) == (
                    one.there, one.sent, row.content_hash,
                )  # fmt: skip
        assert back == sum(one.back for one in self.letters)
        assert begun == sum(one.there == "accepted" for one in self.letters)


@pytest.mark.django_db
def test_what_is_sent_lives_as_the_model_says(actor: Find) -> None:
    run_state_machine_as_test(
        type(
            "Both",
            (Post,),
            {
                "police": [actor(name) for name in POLICE],
                "social": [actor(name) for name in SOCIAL],
            },
        ),
        settings=settings(
            max_examples=6,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
