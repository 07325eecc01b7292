"""The joint plan: what an owner shows is seen at the other side while something lets it."""

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import connection

from access.actor import Actor
from access.visible import visible_to
from casework import daily
from casework.coordinations import sharing
from casework.models import Coordination, Intervention, Notice, PlanItem
from casework.workflow import moment
from casework.workflow.steps import Closed, NotNow, perform
from tests import joint, make
from tests.pages import Find, Login

AsApp = Callable[..., psycopg.Connection]
MARKERS = ("MARKÖR-MÅL", "MARKÖR-ANTECKNING", "MARKÖR-SAMTYCKE", "MARKÖR-SKÄL", "MARKÖR-LAPP")


def shown(two: joint.Two, title: str = "Samtal varje vecka") -> Intervention:
    """An intervention of social services, shown on the joint plan."""
    with make.acting(two.social):
        case = Coordination.objects.get(case=two.social_case, state="active").case
    part = make.intervention(case, two.social, title=title, goal="MARKÖR-MÅL",
                             planned_from=moment.today())  # fmt: skip
    return make.step(part, "show", two.social)


def titles(two: joint.Two, by: Actor) -> list[str]:
    with make.acting(by):
        by_policy = list(PlanItem.objects.exclude(title="").values_list("title", flat=True))
        by_query = visible_to(PlanItem.objects.exclude(title=""), by)
        assert sorted(by_query.values_list("title", flat=True)) == sorted(by_policy)
    return by_policy


def page(two: joint.Two, by: Actor) -> str:
    return f"/coordinations/{two.row(by).pk}/"


@pytest.mark.django_db
def test_the_owner_shows_it_changes_it_and_takes_it_off(actor: Find, as_: Login) -> None:
    two = joint.pair(actor)
    joint.active(two)
    part = shown(two)
    assert titles(two, two.police) == ["Samtal varje vecka"]
    assert titles(two, two.social) == []  # her own is no copy
    for client, by in (("utredare", two.police), ("socialsekreterare", two.social)):
        assert "Samtal varje vecka" in as_(client).get(page(two, by)).text
    plan: dict[str, Any] = {
        "handler": two.social, "title": "Samtal varannan vecka", "goal": "MARKÖR-MÅL",
        "planned_from": None, "planned_until": None,
    }  # fmt: skip
    part = make.step(part, "replan", two.social, **plan)
    part = make.step(part, "agree", two.social, consent_by="both", consent_on=moment.today(),
                     consent_note="")  # fmt: skip
    with make.acting(two.police):
        item = PlanItem.objects.get()
    assert (item.title, item.status, item.planned_from) == ("Samtal varannan vecka", "agreed", None)
    part = make.step(part, "hide", two.social)
    assert titles(two, two.police) == []
    make.step(part, "start", two.social, started_on=moment.today())
    assert titles(two, two.police) == []
    with make.acting(two.police):
        assert PlanItem.objects.get().status == ""  # nothing of it is left there


@pytest.mark.django_db
def test_none_is_shown_without_a_coordination_in_force(actor: Find, as_: Login) -> None:
    two = joint.pair(actor)
    part = make.intervention(two.social_case, two.social)
    address = f"/cases/{part.case_id}/interventions/{part.pk}/"
    assert "/steps/show/" not in as_("socialsekreterare").get(address).text
    joint.accepted(two)
    with pytest.raises(NotNow):
        make.step(part, "show", two.social)
    two.take(two.social, "record_basis", **joint.consent())
    two.take(two.police, "activate")
    assert "/steps/show/" in as_("socialsekreterare").get(address).text
    assert as_("faltassistent").get(f"{address}steps/show/").status_code == 403
    assert as_("socialsekreterare").post(f"{address}steps/show/").status_code == 302
    with pytest.raises(NotNow):
        make.step(part, "show", two.social)


def test_a_withdrawn_consent_closes_the_door_at_once(
    own_db: str, actor: Find, as_: Login, as_app: AsApp
) -> None:
    two = joint.pair(actor)
    joint.active(two)
    part = shown(two)
    officer, client = two.police, as_("utredare")
    address = page(two, officer)
    assert "Samtal varje vecka" in client.get(address).text
    assert raw(as_app, officer) == 1
    two.take(two.social, "withdraw", withdrawn_on=moment.today(), withdrawn_by="young_person")
    assert "Samtal varje vecka" not in client.get(address).text
    assert raw(as_app, officer) == 0
    assert titles(two, officer) == []
    part = make.step(part, "decline", two.social, "Familjen tackade nej.")
    assert raw(as_app, officer) == 0
    joint.propose(two)  # a new one begins empty: nothing is shown there until somebody shows it
    two.take(two.social, "accept")
    two.take(two.social, "record_basis", **joint.consent())
    two.take(officer, "activate")
    assert raw(as_app, officer) == 0


def raw(as_app: AsApp, by: Actor) -> int:
    """What plain SQL sees as the service's own role, acting as her."""
    as_her = as_app(unit=by.unit_id, user=by.user_id)
    row = as_her.execute(b"SELECT count(*) FROM casework_planitem WHERE title <> ''").fetchone()
    as_her.rollback()
    return int(row[0]) if row else 0


LAPSES = {
    "the end has passed": "ends_on = current_date - 2, consent_until = current_date - 2",
    "the consent has ended": "consent_until = current_date - 2",
    "the consent has not begun": "consent_from = current_date + 2",
    "the consent was withdrawn": "consent_withdrawn_on = current_date",
    "it is not active": "state = 'accepted'",
}


@pytest.mark.parametrize("lapse", LAPSES)
def test_the_day_closes_the_door_without_anybodys_doing_anything(
    own_db: str, actor: Find, as_: Login, as_app: AsApp, superuser: psycopg.Connection, lapse: str
) -> None:
    two = joint.pair(actor)
    joint.active(two)
    shown(two)
    assert raw(as_app, two.police) == 1
    change(superuser, LAPSES[lapse])
    assert raw(as_app, two.police) == 0
    assert titles(two, two.police) == []
    assert not sharing(two.row(two.police), moment.today())
    assert "Samtal varje vecka" not in as_("utredare").get(page(two, two.police)).text


@pytest.mark.parametrize(
    "values",
    [
        "basis = ''",
        "basis = 'ground'",
        "basis = 'ground', ground_id = 1, ground_until = ends_on",
        "ends_on = NULL",
    ],
)
def test_the_database_keeps_none_active_that_rests_on_nothing(
    own_db: str, actor: Find, superuser: psycopg.Connection, values: str
) -> None:
    joint.active(joint.pair(actor))
    with pytest.raises(psycopg.errors.CheckViolation):
        change(superuser, values)


def change(superuser: psycopg.Connection, values: str) -> None:
    """Play time: what no role of the service can."""
    superuser.execute(b"SET session_replication_role = replica")
    superuser.execute(b"SET lock_timeout = '5s'")
    superuser.execute(f"UPDATE casework_coordination SET {values}".encode())  # noqa: S608


def test_when_it_is_renewed_the_plan_is_as_the_owners_want_it_now(
    own_db: str, actor: Find, as_app: AsApp, superuser: psycopg.Connection
) -> None:
    two = joint.pair(actor)
    joint.active(two)
    first, second = shown(two, "Samtal varje vecka"), shown(two, "Fotboll på torsdagar")
    change(superuser, "consent_until = current_date - 1")
    make.step(first, "hide", two.social)  # while nothing crosses
    make.step(second, "agree", two.social, consent_by="both", consent_on=moment.today(),
              consent_note="")  # fmt: skip
    assert raw(as_app, two.police) == 0
    two.take(two.police, "renew", **joint.consent())
    with make.acting(two.police):
        item = PlanItem.objects.exclude(title="").get()
    assert (item.title, item.status) == ("Fotboll på torsdagar", "agreed")
    with make.acting(two.social):
        assert not PlanItem.objects.exists()


def test_nothing_of_the_file_crosses_but_what_the_owner_shows(
    own_db: str, actor: Find, as_: Login, superuser: psycopg.Connection
) -> None:
    two = joint.pair(actor)
    joint.active(two)
    part = shown(two)
    make.step(part, "agree", two.social, consent_by="both", consent_on=moment.today(),
              consent_note="MARKÖR-SAMTYCKE")  # fmt: skip
    make.step(part, "start", two.social, started_on=moment.today())
    make.step(part, "add_note", two.social, text="MARKÖR-ANTECKNING")
    make.step(part, "complete", two.social, "MARKÖR-SKÄL", result="partly",
              ended_on=moment.today())  # fmt: skip
    two.take(two.social, "end", "MARKÖR-LAPP", end_why="goal_reached")
    mine = everything(superuser, two.social)
    assert all(marker in mine for marker in MARKERS)  # they are there to be found
    theirs = everything(superuser, two.police)
    assert [marker for marker in MARKERS if marker in theirs] == []
    client = as_("utredare")
    for address in (page(two, two.police), "/coordinations/", f"/cases/{two.police_case.pk}/",
                    f"/cases/{two.police_case.pk}/log/"):  # fmt: skip
        found = [marker for marker in MARKERS if marker in client.get(address).text]
        assert found == [], address


def everything(superuser: psycopg.Connection, by: Actor) -> str:
    """Every row of every table that belongs to her unit, as text."""
    tables = superuser.execute(
        b"SELECT table_name FROM information_schema.columns WHERE column_name = 'unit_id'"
        b" AND table_name ~ '^(audit|access|casework)_' ORDER BY 1"
    )
    rows: list[Any] = []
    for (table,) in tables.fetchall():
        query = f"SELECT to_jsonb(t) FROM {table} t WHERE unit_id = %s"  # noqa: S608
        rows += superuser.execute(query.encode(), [by.unit_id]).fetchall()
    return json.dumps([row[0] for row in rows], ensure_ascii=False, default=str)


def test_two_at_once_from_both_sides_one_wins_and_none_waits_for_ever(
    own_db: str, actor: Find
) -> None:
    two = joint.pair(actor)
    joint.active(two)
    won: list[str] = []
    told: list[Closed] = []
    line = threading.Barrier(4)

    def end(by: Actor, name: str, **facts: Any) -> None:
        row = two.row(by)
        line.wait()
        try:
            with make.acting(by):
                perform(row, name, by, "Skäl.", version=row.version, **facts)
            won.append(name)
        except Closed as closed:
            told.append(closed)
        finally:
            connection.close()

    acts: list[tuple[Actor, str, dict[str, Any]]] = [
        (two.police, "end", {"end_why": "goal_reached"}),
        (two.social, "withdraw", {"withdrawn_on": moment.today(), "withdrawn_by": "both"}),
        (two.police_chief, "end", {"end_why": "other_way"}),
        (two.social_chief, "plan_meeting", {"next_meeting": None, "meeting_place": ""}),
    ]
    threads = [
        threading.Thread(target=end, args=(by, name), kwargs=facts) for by, name, facts in acts
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - began < 20
    assert len(won) in (1, 2)  # a meeting may have been planned before it ended
    assert len(won) + len(told) == 4
    ours, theirs = two.row(two.police), two.row(two.social)
    assert ours.state == theirs.state
    assert ours.end_why == theirs.end_why


def test_a_case_and_its_coordination_at_once_wait_in_one_line(own_db: str, actor: Find) -> None:
    """The case's step and the coordination's step want each other's rows."""
    two = joint.pair(actor)
    joint.active(two)
    faults: list[Exception] = []
    line = threading.Barrier(2)

    def hand_over() -> None:
        case = two.row(two.police).case
        line.wait()
        attempt(lambda: perform(case, "hand_over", two.police_chief, "Byte.",
                                handler=actor("utredare2")), two.police_chief)  # fmt: skip

    def end() -> None:
        row = two.row(two.social)
        line.wait()
        attempt(lambda: perform(row, "end", two.social, "Klart.", end_why="goal_reached"),
                two.social)  # fmt: skip

    def attempt(act: Callable[[], Any], by: Actor) -> None:
        try:
            with make.acting(by):
                act()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for one in (hand_over, end)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert two.row(two.social).state == "ended"


def test_two_proposals_towards_each_other_leave_one(own_db: str, actor: Find) -> None:
    two = joint.pair(actor)
    won: list[Actor] = []
    line = threading.Barrier(2)

    def propose(by: Actor) -> None:
        line.wait()
        try:
            joint.propose(two, by)
            won.append(by)
        except NotNow:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=propose, args=(by,)) for by in (two.police, two.social)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    for by in (two.police, two.social):
        with make.acting(by):
            assert Coordination.objects.get().proposed_here == (by in won)


@pytest.mark.django_db
def test_on_the_last_day_both_sides_are_asked(actor: Find, as_: Login) -> None:
    two = joint.pair(actor)
    joint.active(two, ends_on=moment.today())
    daily.run()
    for person in (two.police, two.police_chief, two.social, two.social_chief):
        with make.acting(person):
            assert Notice.objects.filter(kind="coordination_runs_out").count() == 1
    with make.acting(actor("utredare2")):
        assert not Notice.objects.filter(kind="coordination_runs_out").exists()
    assert page(two, two.police) in as_("utredare").get("/").text
