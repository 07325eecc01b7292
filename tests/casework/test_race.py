"""Two at once: one wins, the other is told."""

import threading
from collections.abc import Callable
from datetime import timedelta

from django.db import connection

from access.actor import Actor
from audit.models import Step
from casework import flags
from casework.models import Case, Observation, Person
from casework.workflow import moment
from casework.workflow.steps import Closed, Stale, perform
from tests import make

Everybody = Callable[[str], Actor]
MANY = 6


def at_once(count: int, act: Callable[[int], None]) -> None:
    """Start `act` in that many threads at the same moment and wait for all."""
    line = threading.Barrier(count)

    def run(number: int) -> None:
        line.wait()
        try:
            act(number)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_the_same_step_from_the_same_page_is_taken_once(own_db: str, actor: Everybody) -> None:
    case = make.case(by=actor("utredare"))
    people = [actor("utredare"), actor("utredare2")]
    won: list[int] = []
    told: list[Closed] = []

    def prioritise(number: int) -> None:
        by = people[number % 2]
        try:
            with make.acting(by):
                perform(
                    case, "prioritise", by, "Skäl.", version=case.version, level="A",
                    criteria=make.CRITERIA, valid_until=moment.today() + timedelta(days=9),
                )  # fmt: skip
            won.append(number)
        except Closed as closed:
            told.append(closed)

    at_once(MANY, prioritise)
    with make.acting(actor("utredare")):
        now = Case.objects.get(pk=case.pk)
        lines = Step.objects.filter(thing_id=case.pk).count()
        decisions = now.priorities.count()
    assert len(won) == 1
    assert [type(closed) for closed in told] == [Stale] * (MANY - 1)
    assert (now.version, lines, decisions) == (1, 2, 1)


def test_two_steps_that_exclude_each_other_leave_one(own_db: str, actor: Everybody) -> None:
    chief = actor("polischef")
    case = make.in_progress(by=actor("utredare"))
    won: list[str] = []

    def end(number: int) -> None:
        by, name, facts = (
            (chief, "close", {"outcome": "no_further_need"})
            if number % 2
            else (actor("utredare"), "begin_follow_up", {"next_look": moment.today()})
        )
        try:
            with make.acting(by):
                perform(case, name, by, "Skäl.", version=case.version, **facts)
            won.append(name)
        except Closed:
            return

    at_once(2, end)
    assert len(won) == 1


def test_many_flags_about_one_young_person_at_once_make_one_case(
    own_db: str, actor: Everybody
) -> None:
    by = actor("utredare")
    twelve = make.number()
    make.place()

    def flag(number: int) -> None:
        with make.acting(by):
            flags.flag(by, make.youth(number=twelve), make.seen(text=f"Sågs {number}"))

    at_once(MANY, flag)
    with make.acting(by):
        assert Person.objects.count() == 1
        assert Case.objects.count() == 1
        assert Observation.objects.count() == MANY
        assert Step.objects.count() == MANY
