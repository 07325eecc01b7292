"""Destruction: two people, one run, nothing left, and the trail still whole."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, transaction

import tests
from access.actor import Actor
from access.models import Unit
from access.session import acting_as
from casework.destruction import destroying
from casework.destruction.proposals import due_cases
from casework.models import Case, Certificate, Destruction, DestructionItem, Observation, Person
from casework.workflow import moment
from casework.workflow.destruction import State
from casework.workflow.steps import NotNow, Refused, perform
from tests import make
from tests.audit.test_superuser import sealed, verified
from tests.destruction import aged, approved, dump, in_unit, proposed, run

Everybody = Callable[[str], Actor]
MARK = "ZEBRAFINK"


@pytest.fixture(autouse=True)
def _destroyer(own_db: str, settings: Any) -> None:
    settings.DATABASE_DESTROYER_URL = tests.CLUSTER.url("fortur_destroyer", own_db)


@pytest.fixture
def chief(actor: Everybody) -> Actor:
    return actor("polischef")


@pytest.fixture
def second(actor: Everybody, chief: Actor) -> Actor:
    """The authority's data protection officer, at work in the unit as its second reviewer."""
    return in_unit(actor("dataskydd.polis"), chief)


@pytest.fixture
def over(
    actor: Everybody, chief: Actor, superuser: psycopg.Connection, monkeypatch: Any
) -> list[Case]:
    """Two closed cases full of marked text, whose year has passed."""
    by, made = actor("utredare"), []
    for _ in range(2):
        case = make.in_progress(by=by, text=f"{MARK} torget", family_name=MARK.title())
        part = make.intervention(case, by, title=f"{MARK} plan", goal=f"{MARK} mål")
        part = make.step(
            part, "agree", by, consent_by="both", consent_on=moment.today(), consent_note=MARK
        )
        make.step(part, "add_note", by, text=f"{MARK} anteckning")
        make.step(part, "cancel", by, f"{MARK} avbruten", ended_on=moment.today())
        made.append(make.step(case, "close", chief, f"{MARK} klart", outcome="no_further_need"))
    aged(superuser, *made)
    return made


def test_what_is_approved_is_gone_and_the_trail_is_whole(
    over: list[Case], chief: Actor, second: Actor, superuser: psycopg.Connection
) -> None:
    sealed()
    assert MARK in dump(superuser)
    found = approved(chief, second)
    assert run(chief, found)
    assert MARK.casefold() not in dump(superuser).casefold()
    with make.acting(chief):
        assert not Case.objects.filter(pk__in=[case.pk for case in over]).exists()
        assert not Person.objects.filter(pk=over[0].person_id).exists()
        assert not Observation.objects.filter(case_id=over[0].pk).exists()
        paper = Certificate.objects.get(destruction=found)
        items = list(DestructionItem.objects.filter(destruction=found))
        assert paper.digest == destroying.digest_of(items)
        assert Destruction.objects.get(pk=found.pk).state == State.DONE
    assert paper.cases == 2
    assert paper.left == 0
    assert paper.rows["casework_case"] == 2
    assert paper.rows["casework_interventionnote"] == 2
    assert (paper.first_reviewer, paper.second_reviewer) == (chief.name, second.name)
    sealed()
    verdict = verified()
    assert verdict.breach is None
    assert verdict.destroyed > 0
    kept = superuser.execute(
        "SELECT count(*), count(salt) FROM audit_step WHERE about_id = %s", [over[0].pk]
    ).fetchone()
    assert kept is not None
    assert kept[0] > 5
    assert kept[1] == 0


def test_an_open_case_is_never_proposed(over: list[Case], chief: Actor, actor: Everybody) -> None:
    make.in_progress(by=actor("utredare"))
    with make.acting(chief):
        assert {one["case_id"] for one in due_cases(chief.unit_id)} == {case.pk for case in over}


def test_nothing_due_is_said(own_db: str, chief: Actor) -> None:
    with pytest.raises(NotNow):
        proposed(chief)


def test_a_case_is_on_one_list_at_a_time(over: list[Case], chief: Actor) -> None:
    proposed(chief)
    with pytest.raises(NotNow):
        proposed(chief)


@pytest.mark.parametrize("login", ["utredare", "ledare", "omradespolis"])
def test_others_do_not_propose(over: list[Case], actor: Everybody, login: str) -> None:
    with pytest.raises(Refused):
        proposed(actor(login))


def test_the_same_person_does_not_review_twice(
    over: list[Case], chief: Actor, superuser: psycopg.Connection
) -> None:
    found = make.step(proposed(chief), "review", chief)
    with pytest.raises(Refused):
        make.step(found, "approve", chief)
    with make.acting(chief), pytest.raises(DatabaseError), transaction.atomic():
        Destruction._base_manager.filter(pk=found.pk).update(approved_by=chief.user_id)
    with pytest.raises(psycopg.errors.CheckViolation):
        superuser.execute("UPDATE casework_destruction SET approved_by_id = reviewed_by_id")


def test_a_struck_case_stays(over: list[Case], chief: Actor, second: Actor) -> None:
    found = proposed(chief)
    with make.acting(chief):
        item = DestructionItem.objects.get(case_id=over[0].pk)
    found = make.step(found, "strike", chief, item=item.pk, why="still_needed")
    found = make.step(found, "review", chief)
    with make.acting(chief), pytest.raises(DatabaseError), transaction.atomic():
        DestructionItem._base_manager.filter(case_id=over[1].pk).update(struck="unsure")
    found = make.step(found, "approve", second)
    run(chief, found)
    with make.acting(chief):
        assert list(Case.objects.filter(pk__in=[case.pk for case in over])) == [over[0]]


def test_a_rejected_proposal_is_not_run(over: list[Case], chief: Actor, second: Actor) -> None:
    found = make.step(approved(chief, second), "reject", second, "Fel tid i listan.")
    assert destroying.run_waiting() == 0
    assert found.state == State.REJECTED
    with make.acting(chief):
        assert Case.objects.filter(pk=over[0].pk).exists()


def test_a_hold_after_the_approval_stops_it(over: list[Case], chief: Actor, second: Actor) -> None:
    found = approved(chief, second)
    make.step(over[0], "hold", chief, "En begäran om utdrag kom in.", until=None)
    run(chief, found)
    with make.acting(chief):
        assert list(Case.objects.filter(pk__in=[case.pk for case in over])) == [over[0]]
        assert DestructionItem.objects.get(case_id=over[0].pk).left_why == "changed"
        assert Certificate.objects.get(destruction=found).left == 1


def test_a_run_that_was_cut_off_goes_on(over: list[Case], chief: Actor, second: Actor) -> None:
    found = approved(chief, second)

    def cut(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        destroying.run(Unit.objects.get(pk=chief.unit_id), found.pk, cut)
    with make.acting(chief):
        assert Case.objects.filter(pk__in=[case.pk for case in over]).count() == 1
        assert Destruction.objects.get(pk=found.pk).state == State.RUNNING
    assert destroying.run_waiting() == 1
    assert destroying.run_waiting() == 0
    with make.acting(chief):
        assert Case.objects.filter(pk__in=[case.pk for case in over]).count() == 0
        assert Certificate.objects.filter(destruction=found).count() == 1


HOSTILE = (
    "DELETE FROM casework_observation",
    "DELETE FROM casework_case",
    "DELETE FROM casework_person",
    "DELETE FROM casework_interventionnote",
    "DELETE FROM casework_hold",
    "UPDATE access_grant SET reason = 'x'",
    "UPDATE audit_step SET reason = '', facts = '{}', salt = NULL,"
    " destroyed_by = gen_random_uuid()",
    "UPDATE audit_change SET changes = '{}', salt = NULL, destroyed_by = gen_random_uuid()",
    "UPDATE casework_destructionitem SET left_why = 'changed'",
)
DENIED = (
    "DELETE FROM audit_step",
    "UPDATE audit_step SET actor = 'nobody'",
    "UPDATE audit_step SET at = now()",
    "UPDATE casework_destruction SET state = 'running'",
    "UPDATE casework_destructionitem SET case_id = gen_random_uuid()",
    "INSERT INTO casework_destructionitem DEFAULT VALUES",
    "SELECT reason FROM audit_step",
    "SELECT text FROM casework_observation",
    "SELECT family_name FROM casework_person",
    "UPDATE casework_case SET is_open = false",
    "TRUNCATE casework_case",
    "CREATE TABLE mine (x int)",
)


@pytest.mark.parametrize("state", ["proposed", "reviewed", "approved"])
def test_the_destroyer_finds_nothing_to_destroy_before_the_run(
    over: list[Case], chief: Actor, second: Actor, superuser: psycopg.Connection, state: str,
    own_db: str,
) -> None:  # fmt: skip
    found = proposed(chief)
    if state != "proposed":
        found = make.step(found, "review", chief)
    if state == "approved":
        make.step(found, "approve", second)
    before = dump(superuser)
    with psycopg.connect(tests.CLUSTER.url("fortur_destroyer", own_db), autocommit=True) as raw:
        settings = ("unit_id", chief.unit_id), ("user_id", chief.user_id)
        for acts in (False, True):
            for name, value in settings:
                raw.execute(
                    "SELECT set_config(%s, %s, false)", [f"fortur.{name}", str(value) * acts]
                )
            for statement in HOSTILE:
                assert raw.execute(statement.encode()).rowcount == 0, statement
            for statement in DENIED:
                with pytest.raises(psycopg.Error):
                    raw.execute(statement.encode())
    assert dump(superuser) == before


def test_a_line_is_emptied_whole_or_not_at_all(
    over: list[Case], chief: Actor, second: Actor, own_db: str
) -> None:
    found = approved(chief, second)
    with make.acting(chief):
        by = replace(chief, role="service")
        with acting_as(by):
            perform(found, "run", by)
    with psycopg.connect(tests.CLUSTER.url("fortur_destroyer", own_db), autocommit=True) as raw:
        for half in (
            "reason = 'omskrivet'",
            "reason = ''",
            "reason = '', facts = '{}', salt = NULL, destroyed_by = gen_random_uuid()",
        ):
            assert raw.execute(f"UPDATE audit_step SET {half}".encode()).rowcount == 0  # noqa: S608
            raw.execute("BEGIN; UPDATE casework_destructionitem SET lawful_tx = 1")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                raw.execute(f"UPDATE audit_step SET {half}".encode())  # noqa: S608
            raw.rollback()


def test_the_worker_proposes_by_the_month(over: list[Case], chief: Actor) -> None:
    assert destroying.propose_all() == 1
    assert destroying.propose_all() == 0
    with make.acting(chief):
        assert Destruction.objects.get().state == State.PROPOSED
