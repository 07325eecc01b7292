"""A certificate of destruction by raw SQL, as the service's own role: taken with its list's end."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection

from access.actor import Actor
from casework.destruction import destroying
from casework.models import Certificate, Destruction
from casework.workflow.steps import perform
from tests import make

Everybody = Callable[[str], Actor]
NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # sha256 of no byte
INSERT = """
    INSERT INTO casework_certificate (id, unit_id, authority_id, destruction_id, cases, "left",
        rows, rules, first_reviewer, second_reviewer, started_at, finished_at, digest)
    SELECT gen_random_uuid(), d.unit_id, d.authority_id, d.id, {cases}, {left}, '{rows}', '[]',
        {first}, two.name, d.started_at, now(), '{digest}'
    FROM casework_destruction d LEFT JOIN access_user one ON one.id = d.reviewed_by_id
    LEFT JOIN access_user two ON two.id = d.approved_by_id WHERE d.id = %s
"""
TRUE = {"cases": 0, "left": 0, "rows": "{}", "first": "one.name", "digest": NOTHING}


@pytest.fixture
def by(own_db: str, actor: Everybody) -> Actor:
    make.closed(actor("utredare"), actor("polischef"))
    return actor("polischef")


def wrote(found: Destruction, by: Actor, ends: bool = True, **lies: object) -> None:
    """Write it and end the list, in one transaction."""
    by = by.service()
    with make.acting(by):
        with connection.cursor() as cursor:
            cursor.execute(INSERT.format(**TRUE | lies), [found.pk])
        if ends:
            perform(found, "finish", by, cases=0, left=0, digest=NOTHING)


def papers(found: Destruction, by: Actor) -> int:
    with make.acting(by):
        return Certificate.objects.filter(destruction=found).count()


def test_it_is_taken_with_the_end_of_its_list(by: Actor) -> None:
    found = make.running(by)
    wrote(found, by)
    assert papers(found, by) == 1


@pytest.mark.parametrize(
    "lie",
    [
        {"cases": 1},
        {"left": 1},
        {"rows": '{"casework_case": 1}'},
        {"digest": "0" * 64},
        {"first": "'Somebody'"},
        {"ends": False},
    ],
    ids=lambda lie: next(iter(lie)),
)
def test_another_is_refused(by: Actor, lie: dict[str, Any]) -> None:
    found = make.running(by)
    with pytest.raises(DatabaseError) as refused:
        wrote(found, by, **lie)
    assert isinstance(refused.value.__cause__, psycopg.errors.IntegrityError)
    assert papers(found, by) == 0


def test_a_list_that_does_not_run_has_none(by: Actor) -> None:
    for found in (make.listed(by), make.approved(by)):
        with pytest.raises(DatabaseError):
            wrote(found, by, ends=False, first="'x'")
        assert papers(found, by) == 0


def test_a_list_does_not_end_without_one(by: Actor) -> None:
    found, service = make.running(by), by.service()
    with pytest.raises(DatabaseError), make.acting(service):
        perform(found, "finish", service, cases=0, left=0, digest=NOTHING)
    with make.acting(service):
        assert Destruction.objects.get(pk=found.pk).state == "running"
        destroying.certify(found, service)
    assert papers(found, by) == 1
