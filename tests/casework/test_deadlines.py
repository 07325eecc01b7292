"""Statutory deadlines: rows by rule versions, the nearest one on the case, and what is refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from access.actor import Actor
from audit.models import Change
from casework.clocks import NO_DUE
from casework.models import Case, Deadline, Rule, deadlines
from casework.models.rule import in_force
from casework.workflow import moment
from casework.workflow.steps import Act, NotNow, Refused
from tests import make
from tests.pages import Find

pytestmark = pytest.mark.django_db
TODAY = moment.today()


@contextmanager
def acting(by: Actor) -> Iterator[Act]:
    """Inside a step of some part of the case."""
    with make.acting(by):
        yield Act(by=by, reason="", at=moment.now())


def again(case: Case, by: Actor) -> Case:
    with make.acting(by):
        found: Case = Case.objects.get(pk=case.pk)
    return found


def test_a_start_makes_a_row_and_is_the_cases_nearest(actor: Find) -> None:
    by = actor("utredare")
    case, part = make.in_progress(by), uuid4()
    with acting(by) as act:
        made = deadlines.start(case, "LUL4", TODAY, act, part_id=part)
    assert (made.due, made.first_due) == (TODAY + timedelta(days=42), TODAY + timedelta(days=42))
    assert (made.rule.code, made.part_id) == ("LUL4", part)
    stored = again(case, by)
    assert (stored.law_due, stored.law_code, stored.next_due) == (made.due, "LUL4", made.due)
    assert (case.law_due, case.law_code, case.next_due) == (made.due, "LUL4", made.due)
    assert stored.version == case.version


def test_the_nearest_of_several_leads_and_the_house_times_still_count(actor: Find) -> None:
    by = actor("utredare")
    case = make.prioritised(by, level="A")  # to be started today
    with acting(by) as act:
        deadlines.start(case, "LUL4", TODAY, act)
        deadlines.start(case, "LUL6", TODAY + timedelta(days=3), act)
    stored = again(case, by)
    assert (stored.law_due, stored.law_code) == (TODAY + timedelta(days=3), "LUL6")
    assert stored.next_due == TODAY
    assert [one.kind for one in stored.deadlines()][0] == "start"
    assert "LUL6" in [one.kind for one in stored.deadlines()]


def test_meeting_meets_those_of_the_code_and_the_part(actor: Find) -> None:
    by = actor("utredare")
    case, one, other = make.in_progress(by), uuid4(), uuid4()
    with acting(by) as act:
        deadlines.start(case, "LUL6", TODAY, act, part_id=one)
        deadlines.start(case, "LUL6", TODAY, act, part_id=other)
        deadlines.start(case, "LUL4", TODAY, act, part_id=one)
        deadlines.meet(case, "LUL6", TODAY, act, part_id=one)
        assert [row.code for row in deadlines.open_deadlines(case)] == ["LUL6", "LUL4"]
        deadlines.meet(case, "LUL6", TODAY, act)
        assert [row.code for row in deadlines.open_deadlines(case)] == ["LUL4"]
        deadlines.meet(case, "SOL20_1", TODAY, act)  # none is fine
    assert again(case, by).law_code == "LUL4"


def test_dropping_ends_the_parts_and_leaves_the_others(actor: Find) -> None:
    by = actor("utredare")
    case, part = make.in_progress(by), uuid4()
    with acting(by) as act:
        deadlines.start(case, "LUL4", TODAY, act, part_id=part)
        deadlines.start(case, "LUL32", TODAY, act)
        deadlines.drop(case, act, part_id=part)
        (left,) = deadlines.open_deadlines(case)
        gone = Deadline.objects.get(code="LUL4")
    assert (left.code, gone.dropped_on, gone.met_on) == ("LUL32", TODAY, None)
    with acting(by) as act:
        deadlines.meet(case, "LUL32", TODAY, act)
    stored = again(case, by)
    assert (stored.law_due, stored.law_code, stored.next_due) == (NO_DUE, "", NO_DUE)


def test_a_change_of_a_deadline_leaves_one_line_without_its_words(actor: Find) -> None:
    by = actor("utredare")
    case = make.deadline(make.in_progress(by), by)
    make.step(
        case, "extend_deadline", by, "Åklagaren behöver mer tid.", deadline=only(case, by).pk,
        ground="requester", due=TODAY + timedelta(days=20), decided_by="Åklagare Alm",
    )  # fmt: skip
    with make.acting(by):
        (line,) = Change.objects.filter(model="casework.deadline")
    assert line.about_id == case.pk
    assert line.changes["due"] == [
        (TODAY + timedelta(days=10)).isoformat(), (TODAY + timedelta(days=20)).isoformat()
    ]  # fmt: skip
    assert "Alm" not in str(line.changes)
    assert "mer tid" not in str(line.changes)


def only(case: Case, by: Actor) -> Deadline:
    with make.acting(by):
        (found,) = again(case, by).open_clocks()
    return found


def test_a_version_counts_from_its_day_and_a_deadline_keeps_its_own(actor: Find) -> None:
    by = actor("utredare")
    case = make.in_progress(by)
    with acting(by) as act:
        before = deadlines.start(case, "LUL4", TODAY, act)
    old = in_force("LUL4", TODAY)
    values = {
        field.attname: getattr(old, field.attname)
        for field in Rule._meta.concrete_fields
        if field.attname != "id"
    }
    later = TODAY + timedelta(days=30)
    with make.acting(actor("admin")):
        Rule.objects.create(**values | {"valid_from": later, "length": 28})
    assert in_force("LUL4", later - timedelta(days=1)).length == 42
    assert in_force("LUL4", later).length == 28
    assert in_force("LUL4", date(1900, 1, 1)) == old  # before what is known, the first known
    with acting(by) as act:
        after = deadlines.start(case, "LUL4", later, act)
        before.refresh_from_db()
    assert after.due == later + timedelta(days=28)
    assert (before.rule_id, before.due) == (old.pk, TODAY + timedelta(days=42))


@pytest.mark.parametrize(
    ("code", "name", "may"),
    [
        ("LUL4", "ledare", True),
        ("LUL4", "utredare", False),
        ("LUL4", "polischef", False),
        ("LUL6", "ledare", False),
        ("LUL6", "polischef", False),
        ("LUL11", "utredare", True),
        ("LUL11", "polischef", True),
        ("LUL11", "ledare", False),
    ],
)
def test_only_whom_the_rule_names_extends(actor: Find, code: str, name: str, may: bool) -> None:
    by = actor("utredare")
    case = make.in_progress(by)
    due = TODAY if code == "LUL11" else None
    with acting(by) as act:
        clock = deadlines.start(case, code, TODAY, act, due=due)
    facts: dict[str, Any] = {
        "deadline": clock.pk, "ground": "requester" if code == "LUL11" else "special",
        "due": clock.due + timedelta(days=7), "decided_by": "Förundersökningsledaren",
    }  # fmt: skip
    if not may:
        with pytest.raises(Refused):
            make.step(case, "extend_deadline", actor(name), "Skäl.", **facts)
        return
    done = make.step(case, "extend_deadline", actor(name), "Skäl.", **facts)
    assert done.law_due == clock.due + timedelta(days=7)


def test_what_was_met_is_met_no_more(actor: Find) -> None:
    by = actor("utredare")
    case = make.deadline(make.deadline(make.in_progress(by), by), by, "LUL18")
    with make.acting(by):
        first = case.open_clocks()[0]
    facts: dict[str, Any] = {"deadline": first.pk, "met": True, "on": TODAY, "how": "Klart."}
    case = make.step(case, "meet_deadline", by, **facts)
    with pytest.raises(NotNow):
        make.step(case, "meet_deadline", by, **facts)


def refused(by: Actor, statement: str) -> None:
    """PostgreSQL takes none of it, also where the Python is wrong."""
    with make.acting(by), connection.cursor() as cursor:
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(statement)
        cursor.execute("SELECT 1")


@pytest.mark.parametrize(
    "change",
    [
        "due = due + 1",
        "due = due + 1, extended_at = now(), extended_ground = 'requester',"
        " extended_reason = 'x', extended_decided_by = 'x'",
        "due = due + 1, extended_by_id = acting_user(), extended_at = now(),"
        " extended_ground = 'court', extended_reason = 'x', extended_decided_by = 'x'",
        "due = due + 1, extended_by_id = acting_user(), extended_at = now(),"
        " extended_ground = 'requester', extended_reason = '', extended_decided_by = 'x'",
        "due = due - 1, extended_by_id = acting_user(), extended_at = now(),"
        " extended_ground = 'requester', extended_reason = 'x', extended_decided_by = 'x'",
        "extended_ground = 'requester'",
        "met_on = current_date, dropped_on = current_date",
        "first_due = due + 1",
        "starts_on = starts_on + 1",
        "code = 'LUL4'",
        "part_id = id",
    ],
)
def test_the_database_moves_a_day_by_an_extension_only(actor: Find, change: str) -> None:
    by = actor("utredare")
    make.deadline(make.in_progress(by), by)
    refused(by, f"UPDATE casework_deadline SET {change}")  # noqa: S608


def test_the_database_takes_a_whole_extension_and_no_way_back(actor: Find) -> None:
    by = actor("utredare")
    make.deadline(make.in_progress(by), by)
    with make.acting(by), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE casework_deadline SET due = due + 1, extended_by_id = acting_user(),"
            " extended_at = now(), extended_ground = 'requester', extended_reason = 'x',"
            " extended_decided_by = 'x'"
        )
        cursor.execute("UPDATE casework_deadline SET met_on = current_date")
        assert cursor.rowcount == 1
    refused(by, "UPDATE casework_deadline SET met_on = NULL")
    refused(by, "UPDATE casework_deadline SET met_on = current_date - 1")
    refused(by, "DELETE FROM casework_deadline")


def test_rules_are_written_once_also_by_the_owner(
    actor: Find, superuser: psycopg.Connection
) -> None:
    refused(actor("admin"), "UPDATE casework_rule SET length = 1")
    refused(actor("admin"), "DELETE FROM casework_rule")
    for statement in (b"UPDATE casework_rule SET length = 1", b"DELETE FROM casework_rule"):
        with pytest.raises(psycopg.Error, match="written once"):
            superuser.execute(statement)
