"""After a destruction a dump of the whole database holds nothing of the case: no word, no cipher.

What crossed to the other authority is the other's own, and stays there.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client

import tests
from access import exceptions, log_review
from access.actor import Actor
from access.binaries import binaries
from access.models import Exclusion, Grant, Unit, User
from access.review_models import Decision
from audit.models import Reading
from audit.review_models import ReviewItem, Verdict
from casework.destruction.destroying import TABLES
from casework.importing import imports
from casework.models import Case, Delivery
from casework.workflow import moment
from tests import letters, make
from tests.casework import flagfiles
from tests.destruction import aged, approved, in_unit, run

Everybody = Callable[[str], Actor]
MARK = "ZEBRAFINK"
SENT = "KATTUGGLA"  # what the police sent: the other side's own afterwards
MARKED = ("casework_observation", "casework_interventionnote", "access_grant", "access_exclusion",
          "access_judgement", "access_decision", "audit_verdict")  # fmt: skip
AFTERWARDS = "SPARV"  # what is about somebody else


def whole_dump() -> str:
    """pg_dump of everything: every schema, every table, the packages' too."""
    account = tests.CLUSTER.account
    done = account.run(
        binaries(account) / "pg_dump",
        tests.CLUSTER.url("postgres", connection.settings_dict["NAME"]),
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.fixture
def people(actor: Everybody, own_db: str, settings: Any) -> dict[str, Actor]:
    settings.DATABASE_DESTROYER_URL = tests.CLUSTER.url("fortur_destroyer", own_db)
    logins = ("utredare", "utredare2", "omradespolis", "ledare", "polischef", "dataskydd.polis",
              "socialsekreterare", "socialchef")  # fmt: skip
    return {login: actor(login) for login in logins}


@pytest.fixture
def full(people: dict[str, Actor], as_: Callable[[str], Client]) -> Case:
    """A police case with something marked wherever somebody can write something."""
    by, chief, officer = people["utredare"], people["polischef"], people["dataskydd.polis"]
    case = make.in_progress(
        by, given_name=MARK.title(), family_name=f"{MARK.title()}son", text=f"{MARK} såg",
        reference=f"{MARK}-1", criteria=[{"code": "repeated", "fact": f"{MARK} kriterium"}],
    )  # fmt: skip
    part = make.intervention(case, by, title=f"{MARK} plan", goal=f"{MARK} mål")
    part = make.step(
        part, "agree", by, consent_by="both", consent_on=moment.today(), consent_note=MARK
    )
    make.step(part, "add_note", by, text=f"{MARK} anteckning")
    make.step(part, "cancel", by, f"{MARK} avbruten", ended_on=moment.today())
    inquiry = make.police_investigation(case, by)
    make.step(
        inquiry, "discontinue", people["ledare"], f"{MARK} nedlagd", discontinued_why="no_offence"
    )
    letters.sent(case, by, fields=["case_reference"], text=f"{SENT} berättar",
                 informed_why=f"{MARK} varför")  # fmt: skip
    draft = letters.disclosure(case, by, fields=["case_reference"], text=f"{MARK} utkast")
    make.step(draft, "refuse", by, f"{MARK} nej")
    letter = letters.arrived(
        people["socialsekreterare"], by, sender=people["socialchef"], text="ANDRAS ord"
    )
    letter = make.step(letter, "accept", by, case=case)
    case = make.deadline(case, by, "LUL11")
    case = make.step(
        case, "shut_out", chief, f"{MARK} jäv", person=people["omradespolis"], until=None
    )
    case = make.restricted(case, chief, by, chief, ground="relative_of_staff")
    broken(case, letter, people)
    looked_at(case, people, as_)
    case = make.step(case, "unrestrict", chief, f"{MARK} öppnas")
    case = make.step(case, "let_in", chief, f"{MARK} släpps in", person=people["omradespolis"])
    case = make.step(case, "close", chief, f"{MARK} klart", outcome="no_further_need")
    case = make.step(case, "hold", chief, f"{MARK} begäran", until=None)
    case = make.step(case, "lift_hold", chief, f"{MARK} lämnad")
    imported(people["utredare2"])
    reviewed(case, officer, people)
    return case


def broken(case: Case, letter: Delivery, people: dict[str, Actor]) -> None:
    """Emergency openings of the case and of what arrived in it, judged; access was reviewed."""
    chief, other = people["polischef"], people["utredare2"]
    with make.acting(chief):
        for thing in (case, letter):
            glass = make.grant(
                thing, User.objects.get(pk=other.user_id), chief, f"{MARK} i fara",
                moment.now() + timedelta(hours=2), kind=Grant.Kind.BREAK_GLASS,
                stake="child_at_risk", about=case.reference,
            )  # fmt: skip
            exceptions.judge(glass, chief, "justified", f"{MARK} befogat")
            said(chief, other, "grant", glass.pk)
        said(chief, people["omradespolis"], "exclusion",
             Exclusion.objects.filter(about_id=case.pk)[0].pk)  # fmt: skip


def said(chief: Actor, whom: Actor, of: str, key: object) -> None:
    half = moment.today().replace(month=1, day=1)
    Decision.objects.create(
        unit_id=chief.unit_id, authority_id=chief.authority_id, half=half,
        by_id=chief.user_id, by=chief.name, of=of, key=str(key), user_id=whom.user_id,
        answer="remove", reason=f"{MARK} behövs inte",
    )  # fmt: skip


def looked_at(case: Case, people: dict[str, Actor], as_: Callable[[str], Client]) -> None:
    """In the browser: opened, searched for by name and number, revealed, printed."""
    browser = as_("utredare")
    number = case.person.number()
    assert browser.get(f"/cases/{case.pk}/").status_code == 200
    for text in (f"{MARK.title()}son", number, case.reference):
        assert browser.get("/cases/", {"q": text, "state": "closed"}).status_code == 200
        assert browser.get("/cases/new/", {"q": text}).status_code == 200
    assert browser.post(f"/cases/{case.pk}/reveal/").status_code == 200
    assert browser.post(f"/cases/{case.pk}/print/").status_code == 200
    assert browser.get("/cases/new/", {"q": f"{MARK} i fritext"}).status_code in (200, 422)


def imported(by: Actor) -> None:
    """A file that names somebody else: kept until its own days are over."""
    with make.acting(by):
        file = imports.receive(by, f"{AFTERWARDS}.csv", flagfiles.made([flagfiles.row()]))
    assert file.pk


def reviewed(case: Case, officer: Actor, people: dict[str, Actor]) -> None:
    """The month's log review: a note to the line about the case, and to one about another."""
    chief = people["polischef"]
    with make.acting(people["utredare"]):
        unit = Unit.objects.get(pk=chief.unit_id)
        made = log_review.make(unit, moment.today().replace(day=1))
    with make.acting(chief):
        line = Reading.objects.filter(about_id=case.pk, actor_id=people["utredare"].user_id)[0]
        whose = {"unit_id": chief.unit_id, "authority_id": chief.authority_id, "review": made}
        item = made.items.filter(reading_id=line.pk).first() or ReviewItem.objects.create(
            **whose, reading_id=line.pk, actor_id=people["utredare"].user_id, why=["sample"]
        )
        Verdict.objects.create(
            **whose, by_id=chief.user_id, by=chief.name, role=chief.role, item=item,
            finding="explained", note=f"{MARK} förklarat",
        )  # fmt: skip


def held(superuser: psycopg.Connection, case: Case) -> Iterator[str]:
    """Every cipher, blind index and salt of the case, as a dump writes them."""
    given = {"case": case.pk, "person": case.person_id}
    for table, which in TABLES:
        which = re.sub(r" AND NOT EXISTS.*", "", which)
        columns = superuser.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass"
            " AND atttypid = 'bytea'::regtype AND attnum > 0",
            [table],
        ).fetchall()
        for (column,) in columns:
            asked = f"SELECT encode(\"{column}\", 'hex') FROM {table} WHERE {which}"  # noqa: S608
            found = superuser.execute(asked.encode(), given)
            yield from (value for (value,) in found.fetchall() if value)
    for table in ("audit_step", "audit_change", "audit_reading"):
        found = superuser.execute(
            f"SELECT encode(convert_to(salt::text, 'UTF8'), 'escape') FROM {table}"  # noqa: S608
            " WHERE (about_id IN (%(case)s, %(person)s) OR about_id IN"
            " (SELECT id FROM casework_delivery WHERE case_id = %(case)s)) AND unit_id ="
            " (SELECT unit_id FROM casework_case WHERE id = %(case)s)".encode(),
            given,
        )
        yield from (value for (value,) in found.fetchall() if value)


def test_a_dump_holds_nothing_of_it(
    full: Case, people: dict[str, Actor], superuser: psycopg.Connection
) -> None:
    aged(superuser, full)
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(
        "UPDATE casework_policeinvestigation SET ended_on = ended_on - 3650, decided_on = NULL"
        " WHERE case_id = %s", [full.pk]
    )  # fmt: skip
    superuser.execute("SET session_replication_role = DEFAULT")
    secrets = set(held(superuser, full))
    assert len(secrets) > 40
    before = whole_dump()
    assert all(secret in before for secret in secrets)
    assert before.count(MARK) > 25
    for table in MARKED:
        rows = superuser.execute(f'SELECT t::text FROM "{table}" t'.encode()).fetchall()  # noqa: S608
        assert any(MARK in text for (text,) in rows), table
    found = approved(people["polischef"], in_unit(people["dataskydd.polis"], people["polischef"]))
    assert run(people["polischef"], found)
    after = whole_dump()
    found_lines = [line for line in after.splitlines() if MARK.casefold() in line.casefold()]
    assert found_lines == []
    assert [secret for secret in secrets if secret in after] == []
    gone = superuser.execute("SELECT count(*) FROM casework_case WHERE id = %s", [full.pk])
    assert gone.fetchone() == (0,)
    kept = superuser.execute("SELECT count(*) FROM audit_verdict WHERE note = '–' AND by <> ''")
    assert kept.fetchone() == (1,)
