"""The invented town: told by real steps, in the past, in order, each side by itself."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

import tests
from access import log_review
from access.actor import Actor, actor_of
from access.models import User
from access.session import acting_as
from audit.models import Step
from audit.review_models import Verdict, Why
from audit.verification import verify
from casework import clocks, environment, identity
from casework.demo import town
from casework.destruction import destroying
from casework.destruction.proposals import due_cases
from casework.models import Case, Certificate, Hold, Intervention, Person, Priority
from casework.workflow.case import State
from casework.workflow.destruction import State as Destroying
from casework.workflow.intervention import State as InterventionState
from tests import database

LOGIN = ("NAME", "USER", "PASSWORD")


@pytest.fixture(scope="module")
def told(
    _template: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """Half of the town, told once for this file, as the role that may set the clock."""
    usual = {key: connection.settings_dict[key] for key in LOGIN}
    name = database.copy(_template)
    demo = environment.database(tests.CLUSTER.url("fortur_demo", name))
    destroyer = tests.CLUSTER.url("fortur_destroyer", name)
    with (
        django_db_blocker.unblock(),
        override_settings(DEMO=True, DATABASE_DESTROYER_URL=destroyer),
    ):
        connection.close()
        connection.settings_dict.update({key: demo[key] for key in LOGIN})
        town.play(lambda days_left: None, scale=0.5)
        assert destroying.run_waiting() == 2
        yield name
        connection.close()
        connection.settings_dict.update(usual)
    database.drop(name)


@pytest.fixture
def seen_by(told: str) -> Iterator[dict[str, Actor]]:
    """Everybody of the cast as an actor, in one transaction."""
    with transaction.atomic():
        yield {user.username: actor for user in User.objects.all() if (actor := actor_of(user))}


def test_every_state_is_there(seen_by: dict[str, Actor]) -> None:
    cases, interventions = set(), set()
    for who in ("utredare", "socialsekreterare"):
        with acting_as(seen_by[who]):
            cases |= set(Case.objects.values_list("state", flat=True))
            interventions |= set(Intervention.objects.values_list("state", flat=True))
    assert cases == set(State)
    assert interventions == set(InterventionState)


def test_everybody_who_works_with_cases_finds_something_to_do(seen_by: dict[str, Actor]) -> None:
    for who in ("utredare", "utredare2", "socialsekreterare", "socialsekreterare2"):
        with acting_as(seen_by[who]):
            mine = Case.objects.filter(handler_id=seen_by[who].user_id, is_open=True)
            assert mine.filter(state=State.IN_PROGRESS).exists()
    for who in ("polischef", "socialchef"):
        with acting_as(seen_by[who]):
            open_cases = Case.objects.filter(is_open=True)
            assert open_cases.filter(level__in="AB", confirmed_at=None).exists()
            assert open_cases.filter(state=State.FOLLOW_UP).exists()
            assert open_cases.filter(next_due__lt=timezone.localdate()).exists()
    with acting_as(seen_by["faltassistent"]):
        assert Intervention.objects.filter(handler_id=seen_by["faltassistent"].user_id).exists()


def test_no_side_sees_the_other(seen_by: dict[str, Actor]) -> None:
    seen: dict[str, set[str]] = {}
    for who in ("utredare", "socialsekreterare", "utredare.granne", "socialsekreterare.granne"):
        with acting_as(seen_by[who]):
            seen[who] = set(Case.objects.values_list("reference", flat=True))
            assert set(Case.objects.values_list("unit_id", flat=True)) == {seen_by[who].unit_id}
    assert all(seen.values())
    assert sum(map(len, seen.values())) == len(set().union(*seen.values()))
    for who in ("samordnare", "admin", "dataskydd.polis", "dataskydd.social"):
        with acting_as(seen_by[who]):
            assert not Case.objects.exists()


def test_the_trail_verifies_and_lies_in_the_past_in_order(told: str) -> None:
    verdict = verify(lambda: tests.CLUSTER.connect(told), {})
    assert verdict.breach is None
    assert verdict.lines > 200
    assert verdict.destroyed > 40
    with tests.CLUSTER.connect(told) as superuser:
        times = [at for (at,) in superuser.execute("SELECT at FROM audit_step ORDER BY id")]
    assert times == sorted(times)
    assert times[-1] <= timezone.now()
    assert times[0] < timezone.now() - timedelta(days=90)


def test_facts_hang_together(seen_by: dict[str, Actor]) -> None:
    for who in ("utredare", "socialsekreterare"):
        with acting_as(seen_by[who]):
            for priority in Priority.objects.all():
                set_on = timezone.localdate(priority.set_at)
                assert set_on <= priority.valid_until <= set_on + clocks.LONGEST_PRIORITY
            for case in Case.objects.all():
                first = Step.objects.get(thing_id=case.pk, seq=0)
                assert first.at == case.opened_at
            started = Intervention.objects.exclude(started_on=None)
            for consented, began in started.values_list("consent_on", "started_on"):
                assert consented
                assert began
                assert consented <= began


@pytest.mark.parametrize("login", ["polischef", "socialchef"])
def test_one_list_is_destroyed_another_waits(seen_by: dict[str, Actor], login: str) -> None:
    with acting_as(seen_by[login]):
        paper = Certificate.objects.select_related("destruction").get()
        assert paper.destruction.state == Destroying.DONE
        assert (paper.cases, paper.left) == (2, 1)
        assert paper.first_reviewer != paper.second_reviewer
        assert paper.rows["casework_case"] == 2
        held = Hold.objects.get(lifted_at=None).case
        kept = paper.destruction.items.exclude(done_at__isnull=False)
        assert {one.left_why or one.struck for one in kept} == {"changed", "unsure"}
        assert held.pk in {one.case_id for one in kept}
        due = due_cases(seen_by[login].unit_id)
        assert len(due) >= 3
        assert held.pk not in {one["case_id"] for one in due}


def test_personal_numbers_are_never_real(seen_by: dict[str, Actor]) -> None:
    with acting_as(seen_by["socialsekreterare"]):
        numbers = [person.number() for person in Person.objects.exclude(number_cipher=None)]
    assert numbers
    for number in numbers:
        assert number[8:11] in town.TEST_NUMBERS
        assert identity.personal_number(number, timezone.localdate()).twelve == number


def test_it_is_refused_where_there_are_cases(told: str) -> None:
    with pytest.raises(CommandError, match="cases here already"):
        call_command("load_demo")


def test_it_is_refused_outside_the_demo(told: str) -> None:
    with override_settings(DEMO=False), pytest.raises(CommandError, match="FORTUR_DEMO"):
        call_command("load_demo")


def test_the_newest_review_holds_what_the_rules_pick(seen_by: dict[str, Actor]) -> None:
    for login in ("polischef", "socialchef"):
        with acting_as(seen_by[login]):
            newest = log_review.months(seen_by[login])[0]
            why = {code for item in newest.review.items.all() for code in item.why}
            assert {Why.SAMPLE, Why.NIGHT, Why.OUTSIDE_CASELOAD} <= why, login


def test_accounts_know_their_last_login(seen_by: dict[str, Actor]) -> None:
    for login in ("utredare", "polischef", "socialsekreterare", "dataskydd.polis"):
        assert User.objects.get(username=login).last_login


def test_past_months_are_reviewed_and_the_newest_is_under_way(seen_by: dict[str, Actor]) -> None:
    for login in ("polischef", "socialchef"):
        with transaction.atomic(), acting_as(seen_by[login]):
            months = log_review.months(seen_by[login])
            newest, *earlier = months
            assert not newest.done
            assert 0 < newest.review.judged < newest.review.lines
            assert len(earlier) >= 2
            assert all(month.done for month in earlier)
            assert not Verdict.objects.filter(by_id=F("item__actor_id")).exists()
