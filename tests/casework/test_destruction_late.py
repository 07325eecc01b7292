"""What is late is seen by whoever must see to it, also where the cases themselves are not."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

import tests
from access.actor import Actor
from casework.destruction import destroying, keeping, proposals
from casework.models import Case, DestructionItem, RetentionRule
from casework.models.retention import rules_on
from casework.retention import years_on
from casework.workflow import moment
from tests import make
from tests.destruction import aged, approved, in_unit, run

Everybody = Callable[[str], Actor]


@pytest.fixture
def chief(actor: Everybody, own_db: str, settings: Any) -> Actor:
    settings.DATABASE_DESTROYER_URL = tests.CLUSTER.url("fortur_destroyer", own_db)
    return actor("polischef")


@pytest.fixture
def officer(actor: Everybody, chief: Actor) -> Actor:
    return actor("dataskydd.polis")


def counted(actor: Actor) -> list[tuple[int, int, int]]:
    with make.acting(actor):
        return [(one.hidden, one.overdue, one.kept_back) for one in proposals.figures(actor)]


def test_nothing_late_is_nothing_said(chief: Actor, officer: Actor, actor: Everybody) -> None:
    make.closed(actor("utredare"), chief)
    assert counted(chief) == []
    assert counted(officer) == []


def test_restricted_cases_that_are_due_are_a_number(
    chief: Actor, officer: Actor, actor: Everybody, superuser: psycopg.Connection
) -> None:
    by = actor("utredare")
    case = make.restricted(make.in_progress(by), chief, by, chief)
    case = make.step(case, "close", chief, "Klart.", outcome="no_further_need")
    superuser.execute(
        "UPDATE access_grant SET closed_at = now() WHERE user_id = %s AND closed_at IS NULL",
        [chief.user_id],
    )
    aged(superuser, case, days=345)
    assert counted(chief) == [(1, 0, 0)]
    assert counted(officer) == [(1, 0, 0)]
    assert counted(by) == []  # she is named
    assert destroying.propose_all() == 0
    aged(superuser, case, days=30)
    assert counted(chief) == [(1, 1, 0)]
    with make.acting(chief):
        assert proposals.overdue(chief) == []  # not hers to see
    assert counted(actor("socialchef")) == []
    assert counted(actor("dataskydd.social")) == []


def test_a_case_past_its_last_day_is_overdue_until_it_is_held(
    chief: Actor, officer: Actor, actor: Everybody, superuser: psycopg.Connection
) -> None:
    case = make.closed(actor("utredare"), chief)
    aged(superuser, case, days=368)
    assert counted(chief) == [(0, 1, 0)]
    assert counted(officer) == [(0, 1, 0)]
    with make.acting(chief):
        ((late, day),) = proposals.overdue(chief)
    assert late == case
    assert day < moment.today()
    make.step(case, "hold", chief, "En begäran om utdrag väntar.", until=None)
    assert counted(chief) == []


def test_it_is_a_figure_of_the_backlog_that_leads_to_destruction(
    chief: Actor, actor: Everybody, as_: Callable[[str], Client], superuser: psycopg.Connection
) -> None:
    client = as_("polischef")
    over = [make.closed(actor("utredare"), chief) for _ in range(2)]

    def told() -> list[int]:
        figures = client.get("/backlog/").context["figures"]
        return [one["value"] for one in figures if one["url"] == "/destruction/"]

    assert told() == []
    aged(superuser, *over)
    assert told() == [2]
    make.step(over[0], "hold", chief, "Ett utdrag väntar.", until=None)
    assert told() == [1]
    assert "skulle redan ha gallrats" in client.get("/backlog/").content.decode()


def test_a_case_that_the_run_left_is_seen_until_it_is_proposed_anew(
    chief: Actor, officer: Actor, actor: Everybody, superuser: psycopg.Connection
) -> None:
    case = make.closed(actor("utredare"), chief)
    aged(superuser, case, days=345)
    found = approved(chief, in_unit(officer, chief))
    assert counted(chief) == []
    case = make.step(case, "hold", chief, "En begäran om utdrag väntar.", until=None)
    assert run(chief, found)
    assert counted(chief) == [(0, 0, 1)]
    assert counted(officer) == [(0, 0, 1)]
    for reader in (chief, officer):
        with make.acting(reader):
            (left,) = proposals.kept_back(reader)
            assert (left.case_id, left.left_why) == (case.pk, "changed")
    make.step(case, "lift_hold", chief, "Utdraget är lämnat.")
    again = approved(chief, in_unit(officer, chief))
    assert counted(chief) == []
    assert run(chief, again)
    assert counted(chief) == []
    with make.acting(chief):
        assert not proposals.kept_back(chief)
        assert not Case.objects.filter(pk=case.pk).exists()


# --- the database's own reading of the law --------------------------------------------------------


def test_the_database_counts_the_years_as_we_do(db: None, superuser: psycopg.Connection) -> None:
    days = [date(2023, 12, 31) + timedelta(days=count) for count in range(1462)]
    for years in (1, 5, 30):
        found = superuser.execute(
            "SELECT retention_years_on(day, %s) FROM unnest(%s::date[]) day", [years, days]
        ).fetchall()
        assert [day for (day,) in found] == [years_on(day, years) for day in days]


@pytest.mark.parametrize("on", [date(2020, 5, 5), date(2025, 8, 1), date(2026, 11, 22)])
def test_the_database_reads_the_same_versions(
    db: None, superuser: psycopg.Connection, on: date
) -> None:
    found = superuser.execute("SELECT id FROM retention_rules_on(%s)", [on]).fetchall()
    assert {pk for (pk,) in found} == {rule.pk for rule in rules_on(on).values()}


def test_the_database_gives_each_case_the_same_time(
    chief: Actor, actor: Everybody, superuser: psycopg.Connection
) -> None:
    """Police and social, open and closed, with parts and without, born on a leap day."""
    by, worker, head = actor("utredare"), actor("socialsekreterare"), actor("socialchef")
    leader = actor("ledare")
    make.in_progress(by=by)
    make.closed(by, chief)
    for decided in (None, moment.today() - timedelta(days=200)):
        case = make.in_progress(by=by)
        part = make.police_investigation(case, by)
        make.step(part, "discontinue", leader, "Inget brott.", discontinued_why="no_offence")
        make.step(case, "close", chief, "Klart.", outcome="no_further_need")
        superuser.execute("SET session_replication_role = replica")
        superuser.execute(
            "UPDATE casework_policeinvestigation SET decided_on = %s, decision = %s WHERE id = %s",
            [decided, "prosecution" if decided else "", part.pk],
        )
        superuser.execute("SET session_replication_role = DEFAULT")
    make.closed(worker, head, birth_date=date(2008, 2, 29))
    for state, opened in (("not_opened", None), ("closed", date(2026, 2, 28)), ("joined", None)):
        case = make.in_progress(by=worker, birth_date=date(2008, 2, 29))
        part_of = make.social_investigation(case, worker)
        superuser.execute("SET session_replication_role = replica")
        superuser.execute(
            "UPDATE casework_socialinvestigation SET state = %s, opened_on = %s WHERE id = %s",
            [state, opened, part_of.pk],
        )
        superuser.execute(
            "UPDATE casework_case SET state = 'closed', closed_at = now() WHERE id = %s", [case.pk]
        )
        superuser.execute("SET session_replication_role = DEFAULT")
    for who, side in ((chief, "police"), (head, "social")):
        with make.acting(who):
            cases = list(Case.objects.select_related("person"))
            ours = {
                pk: (found.earliest, found.latest) if found else (None, None)
                for pk, found in keeping.windows_of(cases, side, moment.today()).items()
            }
        theirs = superuser.execute(
            "SELECT case_id, earliest, latest FROM retention_windows(%s)", [who.unit_id]
        ).fetchall()
        assert {pk: (earliest, latest) for pk, earliest, latest in theirs} == ours
        assert len(ours) >= 4


@pytest.mark.parametrize(
    "statement",
    ["SELECT * FROM retention_windows(1)", "SELECT law_lets_go(gen_random_uuid())",
     "SELECT * FROM retention_due(1)"],
)  # fmt: skip
def test_the_service_itself_may_not_ask_about_what_it_does_not_see(
    chief: Actor, statement: str
) -> None:
    with make.acting(chief), pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(statement)


def test_a_list_that_lies_about_the_day_destroys_nothing(
    chief: Actor, officer: Actor, actor: Everybody
) -> None:
    """Also where somebody wrote rows past the rules: the run asks the law once more."""
    case = make.closed(actor("utredare"), chief)  # closed today: a year is left
    item = {
        "case_id": case.pk, "person_id": case.person_id, "case_version": case.version,
        "reference": case.reference, "rule": RetentionRule.objects.all()[0], "lawful_tx": 1,
        "earliest": moment.today(), "latest": moment.today(),
    }  # fmt: skip
    with patch.object(proposals, "due_cases", lambda unit_id: [item]):
        found = approved(chief, in_unit(officer, chief))
    assert run(chief, found)
    with make.acting(chief):
        assert Case.objects.filter(pk=case.pk).exists()
        assert DestructionItem.objects.get(destruction=found).left_why == "changed"


def test_a_social_file_stays_while_a_new_one_is_about_the_same_person(
    actor: Everybody, chief: Actor, superuser: psycopg.Connection
) -> None:
    worker, head = actor("socialsekreterare"), actor("socialchef")
    number = make.number()
    case = make.closed(worker, head, number=number)
    aged(superuser, case, days=9 * 365)
    superuser.execute("SET session_replication_role = replica")
    superuser.execute("UPDATE audit_step SET at = at - interval '9 years'")
    superuser.execute("SET session_replication_role = DEFAULT")
    found = approved(head, in_unit(actor("dataskydd.social"), head))
    make.case(by=worker, number=number)
    assert run(head, found)
    with make.acting(head):
        assert Case.objects.filter(pk=case.pk).exists()
        assert Case.objects.filter(person_id=case.person_id).count() == 2
