"""After both sides' destruction a dump of the whole database holds nothing of what they shared.

What social services had is gone with theirs; what crossed stays with the police until theirs goes.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.test import Client

import tests
from access.actor import Actor
from casework.destruction import forgetting
from casework.importing import expiry, importrun, imports
from casework.importing.importrun import Job
from casework.models import Case, Delivery, FlagFile, Intervention, SocialInvestigation
from casework.workflow import moment
from tests import joint, letters, make
from tests.casework import flagfiles
from tests.casework.test_destruction_marks import MARK, broken, held, reviewed, whole_dump
from tests.destruction import aged, approved, in_unit, run

Everybody = Callable[[str], Actor]
CROSSED = "KATTUGGLA"  # what crossed: the other side's own, too
BACK = "HORNUGGLA"  # what was sent back and came into no case
NUMBER = flagfiles.number(date(2011, 5, 12))
MARKED = ("casework_observation", "casework_interventionnote", "casework_intervention",
          "casework_socialinvestigation", "casework_coordination", "access_grant",
          "access_exclusion", "access_judgement", "access_decision", "audit_verdict",
          "audit_step")  # fmt: skip
# Who plays at social services what the police's people do in the parts that the tests share.
PARTS = {
    "utredare": "socialsekreterare", "utredare2": "socialsekreterare2", "polischef": "socialchef",
    "omradespolis": "faltassistent", "dataskydd.polis": "dataskydd.social",
}  # fmt: skip


@pytest.fixture
def cast(actor: Everybody, own_db: str, settings: Any) -> dict[str, Actor]:
    settings.DATABASE_DESTROYER_URL = tests.CLUSTER.url("fortur_destroyer", own_db)
    return {part: actor(login) for part, login in PARTS.items()}


@pytest.fixture
def two(actor: Everybody, cast: dict[str, Actor], as_: Callable[[str], Client]) -> joint.Two:
    """A social case with something marked wherever somebody can write something, closed; and the
    police's about the same young person."""
    worker, chief = cast["utredare"], cast["polischef"]
    two = joint.pair(actor, social=imported)
    part = make.social_investigation(two.social_case, worker, reporter=f"{MARK} anmälare")
    investigated(part, worker, opens=True)
    coordinated(two)
    exchanged(two)
    case = now(two.social_case, worker)
    case = make.step(case, "shut_out", chief, f"{MARK} jäv", person=cast["omradespolis"],
                     until=None)  # fmt: skip
    case = make.restricted(case, chief, worker, chief, ground="relative_of_staff")
    with make.acting(worker):
        letter = Delivery.objects.filter(case=case)[0]
    broken(case, letter, cast)
    looked_at(case, as_)
    case = make.step(case, "unrestrict", chief, f"{MARK} öppnas")
    case = make.step(case, "let_in", chief, f"{MARK} släpps in", person=cast["omradespolis"])
    case = make.step(case, "close", chief, f"{MARK} klart", outcome="no_further_need")
    case = make.step(case, "hold", chief, f"{MARK} begäran", until=None)
    two.social_case = make.step(case, "lift_hold", chief, f"{MARK} lämnad")
    ours = now(two.police_case, two.police)
    two.police_case = make.step(
        ours, "close", two.police_chief, f"{CROSSED} klart", outcome="no_further_need"
    )
    reviewed(two.social_case, cast["dataskydd.polis"], cast)
    return two


def imported(by: Actor) -> Case:
    """The flag came by a file, of which one row was not taken."""
    row = flagfiles.row(personnummer=NUMBER, fornamn=MARK.title(), efternamn=f"{MARK.title()}son",
                        er_referens=f"{MARK}-1", fritext=f"{MARK} såg")  # fmt: skip
    with make.acting(by):
        content = flagfiles.made([row, row | {"tidpunkt": f"{MARK} i går"}])
        file = imports.receive(by, f"{MARK}.csv", content)
        FlagFile.objects.filter(pk=file.pk).update(status=imports.Status.QUEUED)
    assert importrun.run(Job.of(file))
    with make.acting(by):
        case = Case.objects.get(observations__text__contains=MARK)
    case = make.step(
        case, "prioritise", by, f"{MARK} skäl", level="C", valid_until=moment.today(),
        criteria=[{"code": "repeated", "fact": f"{MARK} kriterium"}],
    )  # fmt: skip
    return make.step(case, "start", by, handler=by)


def now(case: Case, by: Actor) -> Case:
    with make.acting(by):
        return Case.objects.select_related("person").get(pk=case.pk)


def investigated(part: SocialInvestigation, by: Actor, opens: bool) -> None:
    """To its end: no support, or not opened."""
    today = moment.today()
    part = make.step(part, "assess_protection", by, assessed_on=today, needs_protection=False,
                     protection_note=f"{MARK} skydd")  # fmt: skip
    part = make.step(part, "begin_assessment", by)
    if not opens:
        make.step(part, "not_open", by, f"{MARK} räcker inte", not_opened_on=today)
        return
    part = make.step(part, "open", by, opened_on=today)
    part = make.step(part, "close_without_support", by, f"{MARK} nej", decided_on=today)
    make.step(part, "close", by)


def coordinated(two: joint.Two) -> None:
    """Once by a consent that was withdrawn, once on each side's own ground; both showed a plan."""
    joint.active(two, consent_scope=f"{CROSSED} omfattning", consent_parties=f"{CROSSED} parter")
    for by, word in ((two.social, MARK), (two.police, "POLISENS")):
        part = make.intervention(now(two.case_of(by), by), by, title=f"{CROSSED} plan",
                                 goal=f"{word} mål")  # fmt: skip
        part = make.step(part, "agree", by, consent_by="both", consent_on=moment.today(),
                         consent_note=f"{word} samtycke")  # fmt: skip
        part = make.step(part, "show", by)
        make.step(part, "add_note", by, text=f"{word} anteckning")
    two.take(two.social, "plan_meeting", next_meeting=moment.now() + timedelta(days=3),
             meeting_place=f"{CROSSED} plats")  # fmt: skip
    two.take(two.social, "withdraw", withdrawn_on=moment.today(), withdrawn_by=f"{CROSSED} vem")
    joint.propose(two, purpose=f"{CROSSED} syfte")
    two.take(two.social, "accept")
    said = joint.ANSWERS["social"] | {"circumstances": f"{MARK} omständigheter"}
    two.take(two.social_chief, "record_ground", **joint.ground("social", answers=said))
    two.take(two.police_chief, "record_ground", **joint.ground("police"))
    two.take(two.police, "activate")
    two.take(two.social, "end", f"{MARK} slut", end_why="done")
    for by in (two.social, two.police):
        with make.acting(by):
            parts = list(Intervention.objects.filter(case=two.case_of(by)))
        for part in parts:
            make.step(part, "cancel", by, f"{CROSSED} avbruten", ended_on=moment.today())


def exchanged(two: joint.Two) -> None:
    """One letter refused, one sent and sent back, one that came and went back, one taken in."""
    by, chief, case = two.social, two.social_chief, two.social_case
    draft = letters.disclosure(case, by, fields=["case_reference"], text=f"{MARK} utkast")
    make.step(draft, "refuse", chief, f"{MARK} nej")
    made = letters.sent(case, by, sender=chief, fields=["case_reference"],
                        text=f"{CROSSED} berättar", informed_why=f"{MARK} varför")  # fmt: skip
    with make.acting(two.police):
        there = Delivery.objects.get(disclosure_id=made.pk)
    make.step(there, "give_back", two.police, f"{BACK} fel enhet")
    with make.acting(by):
        back = Delivery.objects.get(subject="returned")
    make.step(back, "accept", by, case=now(case, by))
    came = letters.sent(two.police_case, two.police, fields=["case_reference"], text="ANDRAS ord")
    with make.acting(by):
        letter = Delivery.objects.get(disclosure_id=came.pk)
    make.step(letter, "give_back", by, f"{BACK} hör inte hit")
    came = letters.sent(two.police_case, two.police, fields=["case_reference"], text="ANDRAS ord")
    with make.acting(by):
        letter = Delivery.objects.get(disclosure_id=came.pk)
    make.step(letter, "accept", by, case=now(case, by))
    with make.acting(by):
        report = SocialInvestigation.objects.get(delivery_id=letter.pk)
    investigated(report, by, opens=False)


def looked_at(case: Case, as_: Callable[[str], Client]) -> None:
    browser = as_("socialsekreterare")
    for text in (f"{MARK.title()}son", NUMBER, case.reference):
        assert browser.get("/cases/", {"q": text, "state": "closed"}).status_code == 200
    assert browser.get(f"/cases/{case.pk}/").status_code == 200
    assert browser.post(f"/cases/{case.pk}/reveal/").status_code == 200
    assert browser.post(f"/cases/{case.pk}/print/").status_code == 200


def long_ago(superuser: psycopg.Connection, *cases: Case) -> None:
    """As if all of it had been twenty-five years earlier; a file that isn't emptied, too."""
    aged(superuser, *cases, days=25 * 365)
    superuser.execute("SET session_replication_role = replica")
    for column in (
        "audit_step.at", "casework_flagfile.uploaded_at", "casework_flagfile.finished_at",
        "casework_delivery.arrived_at", "casework_delivery.handled_at",
    ):  # fmt: skip
        table, name = column.split(".")
        superuser.execute(
            f"UPDATE {table} SET {name} = {name} - interval '25 years'".encode()  # noqa: S608
        )
    superuser.execute("UPDATE casework_person SET birth_date = birth_date - interval '25 years'")
    superuser.execute(
        "UPDATE casework_socialinvestigation SET opened_on = opened_on - interval '25 years',"
        " not_opened_on = not_opened_on - interval '25 years'"
    )
    superuser.execute("SET session_replication_role = DEFAULT")


def rows_with(superuser: psycopg.Connection, mark: str) -> list[tuple[str, str]]:
    """Table and row of ours that say it."""
    tables = superuser.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    ).fetchall()
    found = []
    for (table,) in tables:
        rows = superuser.execute(f'SELECT t::text FROM "{table}" t'.encode()).fetchall()  # noqa: S608
        found += [(table, text) for (text,) in rows if mark.casefold() in text.casefold()]
    return found


def said(superuser: psycopg.Connection, mark: str, unit: int) -> list[str]:
    """The tables in which a row of that unit says it."""
    tables = sorted({table for table, _text in rows_with(superuser, mark)})
    return [
        table for table in tables
        if superuser.execute(
            f"SELECT count(*) FROM \"{table}\" t WHERE unit_id = %s AND t::text ILIKE %s".encode(),  # noqa: S608
            [unit, f"%{mark}%"],
        ).fetchone() != (0,)
    ]  # fmt: skip


def test_a_dump_holds_nothing_of_what_two_sides_had(
    two: joint.Two, cast: dict[str, Actor], actor: Everybody, superuser: psycopg.Connection
) -> None:
    secrets = set(held(superuser, two.social_case))
    long_ago(superuser, two.social_case, two.police_case)
    assert len(secrets) > 40
    before = whole_dump()
    assert all(secret in before for secret in secrets)
    for table in MARKED:
        assert table in {name for name, _text in rows_with(superuser, MARK)}, table
    social, police = two.social.unit_id, two.police.unit_id
    crossed = {"casework_coordination", "casework_intervention", "casework_planitem"}
    assert crossed <= set(said(superuser, CROSSED, social))
    assert crossed <= set(said(superuser, CROSSED, police))
    assert said(superuser, BACK, social)

    # Thirty days against at least a year: a file is emptied long before its cases may go.
    assert expiry.forget_old() == 1
    found = approved(two.social_chief, in_unit(cast["dataskydd.polis"], two.social_chief))
    assert run(two.social_chief, found)
    assert forgetting.forget_letters() == 3  # sent back here and there, and the answer nobody took
    after = whole_dump()
    lines = [line for line in after.splitlines() if MARK.casefold() in line.casefold()]
    assert lines == []
    assert [secret for secret in secrets if secret in after] == []
    assert said(superuser, CROSSED, social) == []
    assert set(said(superuser, CROSSED, police)) >= crossed

    officer = in_unit(actor("dataskydd.polis"), two.police_chief)
    assert run(two.police_chief, approved(two.police_chief, officer))
    assert rows_with(superuser, CROSSED) == []
    # What was sent back is gone; why is said by the log's own lines, which stay with the log.
    assert {table for table, _text in rows_with(superuser, BACK)} == {"audit_step"}
