"""What an attacker tried, kept as tests: each failed once, or must never begin to."""

import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from psycopg import sql

from access.checks import WITHOUT_POLICY
from access.models import User
from casework import flags
from casework.identity import check_digit
from casework.models import Case, Observation, Person
from tests import make
from tests.pages import Find, Login, readings

FLAG = "/cases/new/"


def flagged(**given: str) -> dict[str, str]:
    return {
        "given_name": "Alva", "family_name": "Påhitt", "place": str(make.place().pk),
        "seen_at": "2026-11-01 14.30", "kind": "use", "source": "own", "suspicion": "no", **given,
    }  # fmt: skip


def at_once(clients: list[Client], send: Callable[[Client, int], Any]) -> list[int]:
    """Each client's request at the same moment; their answers."""
    together, answers = threading.Barrier(len(clients)), []

    def run(number: int) -> None:
        clients[number].raise_request_exception = False
        try:
            together.wait()
            answers.append(send(clients[number], number).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


# --- who is meant -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_chosen_person_keeps_her_number(as_: Login, actor: Find) -> None:
    chosen = make.case(actor("utredare"), number=make.number(make.FIRST_BIRTH))
    nine = f"{make.FIRST_BIRTH:%y%m%d}239"
    other = f"{make.FIRST_BIRTH:%Y%m%d}239{check_digit(nine)}"
    sent = flagged(person=str(chosen.person_id), personal_number=other, confirmed="yes")
    assert as_("utredare").post(FLAG, sent).status_code == 422
    with make.acting(actor("utredare")):
        assert Observation.objects.count() == 1


def test_the_same_new_number_at_once_is_one_person(own_db: str, as_: Login, actor: Find) -> None:
    sent = flagged(personal_number=make.number(), person="new", confirmed="yes")
    answers = at_once(
        [as_("utredare") for _ in range(3)],
        lambda client, at: client.post(FLAG, {**sent, "seen_at": f"2026-11-01 14.3{at}"}),
    )
    assert answers == [302, 302, 302]
    with make.acting(actor("utredare")):
        assert (Person.objects.count(), Case.objects.count()) == (1, 1)
        assert Observation.objects.count() == 3


def test_the_same_observation_at_once_is_saved_once(own_db: str, as_: Login, actor: Find) -> None:
    case, sent = make.case(actor("utredare")), flagged()
    clients = [as_("utredare"), as_("utredare2"), as_("omradespolis")]
    answers = at_once(
        clients, lambda client, _: client.post(f"/cases/{case.pk}/steps/add_observation/", sent)
    )
    assert sorted(answers) == [302, 422, 422]


# --- readings that left no line, or one that names nobody ----------------------------------------


@pytest.mark.django_db
def test_a_form_that_shows_the_file_leaves_its_line(as_: Login, actor: Find) -> None:
    case = make.prioritised(actor("utredare"))
    as_("utredare2").get(f"/cases/{case.pk}/steps/prioritise/")
    (line,) = readings(actor("utredare"), about_id=case.pk)
    assert (line.kind, line.detail) == ("opened", {"part": "step"})

    started = make.in_progress(actor("utredare"))
    part = make.intervention(started, actor("utredare"))
    as_("polischef").get(f"/cases/{started.pk}/interventions/{part.pk}/steps/replan/")
    (line,) = readings(actor("utredare"), about_id=started.pk)
    assert (line.kind, line.purpose) == ("opened", "outside")


@pytest.mark.django_db
def test_whoever_was_shown_is_in_the_line(as_: Login, actor: Find) -> None:
    case = make.case(actor("utredare"), given_name="Alva")
    client = as_("utredare2")
    client.post(FLAG, {"q": "alva"})
    client.get(FLAG, {"person": str(case.person_id)})
    lines = readings(actor("utredare"), kind="searched")
    assert [line.about_id for line in lines] == [case.pk, case.pk]
    assert [line.detail["found"] for line in lines] == [[case.reference], [case.reference]]


# --- what the database says of a row -------------------------------------------------------------


@pytest.mark.django_db
def test_the_databases_errors_quote_no_guarded_row(actor: Find) -> None:
    by = actor("utredare")
    with make.acting(by), pytest.raises(IntegrityError) as caught, transaction.atomic():
        Person.objects.create(
            unit_id=by.unit_id, given_name="Hemligsson", birth_date=make.FIRST_BIRTH,
            number_cipher=b"x",
        )  # fmt: skip
    assert "Hemligsson" not in str(caught.value)
    make.case(by, number=(twelve := make.number()))
    with make.acting(by), pytest.raises(IntegrityError) as caught, transaction.atomic():
        flags.new_person(by, make.youth(number=twelve))
    assert "DETAIL" not in str(caught.value)


FILE = (
    "personnummer;fornamn;efternamn;plats;tidpunkt;typ;kalla;misstanke\n"
    "{number};Hemligalva;Hemligsson;{number};2026-11-01 10:00;eget bruk;tips;nej\n"
)


def test_a_number_lies_nowhere_in_clear(
    own_db: str, as_: Login, superuser: psycopg.Connection
) -> None:
    twelve = make.number()
    number, client = f"{twelve[:8]}-{twelve[8:]}", as_("utredare")
    for path in (client.post(FLAG, flagged(personal_number=number))["Location"], "/cases/"):
        client.get(path)
        client.post(f"{path}reveal/")
        client.post(path, {"q": number})
        client.get(path, {"q": number})
    client.post(FLAG, {"q": number})
    for who in ("polischef", "dataskydd.polis"):
        assert as_(who).get("/audit/", {"case": number}).status_code == 422
        assert as_(who).post("/audit/export/", {"case": twelve}).status_code == 422
    Client().post("/accounts/login/", {"login": number, "password": number})
    file = SimpleUploadedFile(f"{number}.csv", FILE.format(number=number).encode())
    preview = client.post("/import/", {"file": file})["Location"]
    assert number not in client.get(preview).content.decode()

    tables = superuser.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    for (table,) in tables.fetchall():
        rows = sql.SQL("SELECT count(*) FROM {} AS row WHERE row::text ~ %s")
        found = superuser.execute(
            rows.format(sql.Identifier(table)), [f"{twelve[2:8]}-?{twelve[8:]}"]
        )
        assert found.fetchone() == (0,), table


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["{} Alva", "Alva {}", "{}.", "nr {}?", "({})"])
def test_no_number_among_other_words_comes_into_an_address(as_: Login, text: str) -> None:
    for number in (make.number(), f"{make.number()[2:8]}-2380", "20110314 2380"):
        answer = as_("utredare").post("/cases/", {"q": text.format(number)})
        assert answer.status_code in (200, 422)
        assert number not in answer.headers.get("Location", "")


# --- rows of others ------------------------------------------------------------------------------


@pytest.fixture
def two(actor: Find) -> dict[str, Any]:
    """A case of ours with an intervention, another one of ours, and the neighbours' case."""
    by = actor("utredare")
    ours = make.in_progress(by)
    return {
        "ours": ours,
        "part": make.intervention(ours, by),
        "other": make.in_progress(by),
        "theirs": make.in_progress(actor("utredare.granne")),
    }


@pytest.mark.django_db
def test_a_part_is_found_under_its_own_case_only(as_: Login, two: dict[str, Any]) -> None:
    client = as_("utredare")
    for case in (two["other"], two["theirs"]):
        for step in ("", "steps/agree/"):
            path = f"/cases/{case.pk}/interventions/{two['part'].pk}/{step}"
            assert client.get(path).status_code == 404, path


@pytest.mark.django_db
def test_people_of_other_units_are_no_choice(as_: Login, actor: Find, two: dict[str, Any]) -> None:
    path, stranger = f"/cases/{two['ours'].pk}/", str(actor("utredare.granne").user_id)
    client, chief = as_("utredare"), as_("polischef")
    given = {"handler": stranger, "reason": "x", "title": "x", "goal": "x", "confirmed": "yes"}
    assert client.post(f"{path}steps/hand_over/", given).status_code == 422
    assert client.post(f"{path}interventions/new/", given).status_code == 422
    given["case"] = str(two["ours"].pk)
    assert chief.post("/cases/assign/", given).status_code == 422
    assert chief.get("/audit/", {"person": stranger}).status_code == 422
    assert client.get("/cases/", {"handler": stranger}).status_code == 422


@pytest.mark.django_db
def test_one_foreign_case_among_many_stops_the_whole_act(
    as_: Login, actor: Find, two: dict[str, Any]
) -> None:
    given = {
        "case": [str(two["ours"].pk), str(two["theirs"].pk)], "reason": "x", "confirmed": "yes",
        "handler": str(actor("utredare2").user_id),
    }  # fmt: skip
    assert as_("polischef").post("/cases/assign/", given).status_code == 404
    with make.acting(actor("utredare")):
        assert Case.objects.get(pk=two["ours"].pk).handler_id == actor("utredare").user_id


@pytest.mark.django_db
def test_a_person_of_another_unit_is_nobody(as_: Login, two: dict[str, Any]) -> None:
    client, stranger = as_("utredare"), str(two["theirs"].person_id)
    assert client.get(FLAG, {"person": stranger}).status_code == 404
    assert client.post(FLAG, flagged(person=stranger)).status_code == 404


@pytest.mark.django_db
def test_nobody_acts_in_a_unit_that_she_isn_t_in(as_: Login, actor: Find) -> None:
    client = as_("utredare")
    there = {"unit": str(actor("utredare.granne").unit_id)}
    assert client.post("/profile/unit/", there).status_code == 422


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "access/user/?password__startswith=md5", "access/authority/?users__password__startswith=m",
        "access/membership/?user__password__startswith=m", "access/grant/", "casework/case/",
        "audit/change/", "mfa/authenticator/", "account/emailaddress/", "auth/group/",
        "procrastinate/procrastinatejob/",
        "autocomplete/?app_label=casework&model_name=case&field_name=person&term=a",
    ],
)  # fmt: skip
def test_the_administration_shows_accounts_only(as_: Login, path: str) -> None:
    assert as_("admin").get(f"/admin/{path}").status_code in (400, 403, 404)


@pytest.mark.django_db
def test_an_authority_is_told_who_changed_its_accounts(as_: Login) -> None:
    victim, admin = User.objects.get(username="utredare"), User.objects.get(username="admin")
    word = {"password1": "en helt ny fras 77", "password2": "en helt ny fras 77"}
    given = {**word, "usable_password": "true"}
    assert as_("admin").post(f"/admin/access/user/{victim.pk}/password/", given).status_code == 302
    again = {"action": "remove_second_factor", "_selected_action": [str(victim.pk)]}
    as_("admin").post("/admin/access/user/", again)

    page = as_("dataskydd.polis").get("/audit/", {"kind": "change"}).content.decode()
    assert page.count(admin.name) == 2
    assert page.count("utredare") >= 2
    others = as_("dataskydd.social").get("/audit/", {"kind": "change"}).content.decode()
    assert admin.name not in others


# --- one's own hands in the database -------------------------------------------------------------

FORGED = (
    "INSERT INTO audit_reading (kind, actor_id, actor, role, unit, authority_id, authority, about,"
    " purpose, detail) VALUES ('logged_in', %s, %s, '', '', %s, 'social', '', '', '{}')"
)


def test_a_login_of_somebody_else_can_t_be_made_up(
    own_db: str, actor: Find, as_app: Callable[..., psycopg.Connection]
) -> None:
    me, other = actor("utredare"), actor("socialchef")
    raw = as_app(unit=me.unit_id, user=me.user_id, authority=me.authority_id)
    for who in ((other.user_id, other.name), (None, other.name)):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), raw.transaction():
            raw.execute(FORGED, (*who, other.authority_id))


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE trap (a int)",
        "CREATE TEMP TABLE casework_case (a int)",
        "SET ROLE fortur_owner",
        "SET ROLE fortur_clock",
        "SET SESSION AUTHORIZATION fortur_owner",
        "SELECT make_stateful('casework_person', 'x')",
        "SELECT pg_read_file('/etc/hostname')",
        "COPY (SELECT 1) TO PROGRAM 'true'",
    ],
)
def test_the_services_role_can_t_climb(
    own_db: str, as_app: Callable[..., psycopg.Connection], statement: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_app().execute(statement)


def test_statistics_tell_nothing_of_guarded_tables(
    own_db: str,
    actor: Find,
    superuser: psycopg.Connection,
    as_app: Callable[..., psycopg.Connection],
) -> None:
    make.case(actor("utredare"))
    superuser.execute("ANALYZE")
    found = as_app().execute(
        "SELECT DISTINCT tablename FROM pg_stats WHERE schemaname = 'public'"
        " AND split_part(tablename, '_', 1) IN ('casework', 'audit')"
    )
    assert {name for (name,) in found.fetchall()} <= set(WITHOUT_POLICY)
