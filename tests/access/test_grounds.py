"""Legal grounds: versions that are added and never changed, read by the day."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from access import secrecy
from access.actor import Actor
from access.grounds import Code
from access.models import Authority, Decider, LegalGround, Unit
from access.offences import passes
from access.questions import QUESTIONS
from access.secrecy_words import MEANS
from tests import make

TODAY = date(2026, 11, 23)
AsApp = Callable[..., psycopg.Connection]
Find = Callable[[str], Actor]


@pytest.fixture(autouse=True)
def by_an_administrator(request: pytest.FixtureRequest) -> Iterator[None]:
    """New versions leave lines in the trail: somebody must act."""
    if "own_db" in request.fixturenames:
        yield
        return
    request.getfixturevalue("db")
    with make.acting(request.getfixturevalue("actor")("admin")):
        yield


def newer(code: str, **changed: object) -> LegalGround:
    """A new version of the ground, from today."""
    ground = secrecy.in_force(code, TODAY)
    assert ground is not None
    ground.pk, ground.valid_from = None, TODAY
    for name, value in changed.items():
        setattr(ground, name, value)
    ground.full_clean()
    ground.save(force_insert=True)
    return ground


def test_every_ground_has_a_row_words_and_known_questions() -> None:
    rows = {row.code: row for row in secrecy.all_in_force(TODAY)}
    assert list(rows) == Code.values
    assert set(MEANS) == set(Code.values)
    for row in rows.values():
        row.full_clean()
        assert row.source
        assert row.source_url
        assert set(row.questions) <= set(QUESTIONS)
        assert {way["subject"] for way in row.ways} <= set(secrecy.SUBJECTS)
    assert {code for row in rows.values() for code in row.questions} == set(QUESTIONS)


def test_the_newest_version_that_has_begun_counts() -> None:
    before = secrecy.in_force("UNGA21", TODAY - timedelta(days=1))
    after = newer("UNGA21", decides=["social_worker"])
    assert secrecy.in_force("UNGA21", TODAY) == after
    assert secrecy.in_force("UNGA21", TODAY - timedelta(days=1)) == before
    assert secrecy.in_force("UNGA21", date(2025, 3, 31)) is None
    (first, *_) = secrecy.offered("social", "police", "future_crime", "own", TODAY)
    assert (first.ground, first.decides) == (after, ("social_worker",))


def test_a_version_without_ways_ends_the_ground() -> None:
    newer("UNGA21", ways=[], needs_review=False)
    offered = secrecy.offered("social", "police", "future_crime", "own", TODAY)
    assert [one.code for one in offered] == ["SAMTYCKE", "INFO_FLODE"]


def test_there_is_one_version_a_day() -> None:
    newer("LUL6")
    ground = secrecy.in_force("LUL6", TODAY)
    assert ground is not None
    ground.pk = None
    with pytest.raises(ValidationError):
        ground.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        ground.save(force_insert=True)


@pytest.mark.parametrize("table", ["access_legalground", "access_decider"])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET valid_from = '2000-01-01'", "DELETE FROM {}", "TRUNCATE {} CASCADE"],
)
def test_no_version_is_changed_or_removed(
    own_db: str, as_app: AsApp, superuser: psycopg.Connection, table: str, statement: str
) -> None:
    for connection in (as_app(), superuser):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.format(table).encode())


def test_an_authoritys_delegation_goes_before_the_grounds_deciders(actor: Find) -> None:
    chief = actor("socialchef")
    own = Authority.objects.get(pk=chief.authority_id)
    rows = [("2026-01-01", ["social_worker"], False), ("2026-12-01", ["outreach_worker"], True)]
    for since, roles, drafter in rows:
        Decider.objects.create(
            authority=own, ground_code="BROTT_6M", decides=roles, drafter_may_decide=drafter,
            valid_from=since,
        )  # fmt: skip

    def deciders(day: date, authority_id: int | None) -> tuple[tuple[str, ...], bool]:
        (first, *_) = secrecy.offered(
            "social", "police", "crime_sale_gross", "own", day, authority_id
        )
        return first.decides, first.drafter_may_decide

    assert deciders(TODAY, own.pk) == (("social_worker",), False)
    assert deciders(date(2026, 12, 1), own.pk) == (("outreach_worker",), True)
    other = actor("socialsekreterare.granne").authority_id
    assert deciders(TODAY, other) == deciders(TODAY, None) == (("supervisor",), False)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"decides": []}, "decides"),
        ({"decides": ["auditor"]}, "decides"),
        ({"decides": "supervisor"}, "decides"),
        ({"ways": [{"from": "police"}]}, "ways"),
        ({"ways": {}}, "ways"),
        ({"ways": [{"from": "x", "to": "social", "subject": "s", "initiative": "own"}]}, "ways"),
        ({"needs_review": False}, "needs_review"),
    ],
    ids=str,
)
def test_a_version_that_means_nothing_is_refused(wrong: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        newer("UNGA21", **wrong)
    assert list(refused.value.message_dict) == [field]


def test_a_delegation_names_roles_of_its_authority(actor: Find) -> None:
    police = Authority.objects.get(pk=actor("utredare").authority_id)
    row = Decider(authority=police, ground_code="LUL6", decides=["social_worker"], valid_from=TODAY)
    with pytest.raises(ValidationError):
        row.full_clean()
    row.decides = ["supervisor"]
    row.full_clean()


def test_a_usual_receiver_is_in_another_authority(actor: Find) -> None:
    mine = Unit.objects.get(pk=actor("utredare").unit_id)
    assert mine.counterpart_id == actor("socialsekreterare").unit_id
    mine.counterpart = Unit.objects.get(pk=actor("utredare.granne").unit_id)
    with pytest.raises(ValidationError):
        mine.full_clean()


@pytest.mark.parametrize(
    ("offence", "attempt", "verdict"),
    [
        ("NSL_FORSALJNING", False, True),
        ("NSL_FORSALJNING", True, False),
        ("NSL_GROVT", False, True),
        ("NSL_GROVT", True, True),
        ("NSL_SYNN_GROVT", False, True),
        ("NSL_SYNN_GROVT", True, True),
        ("NSL_NORMAL", False, False),
        ("NSL_NORMAL", True, False),
        ("NSL_RINGA", False, False),
        ("NSL_RINGA", True, False),
        ("nonsense", False, False),
    ],
)
def test_which_offences_pass(offence: str, attempt: bool, verdict: bool) -> None:
    assert passes(offence, attempt) is verdict
