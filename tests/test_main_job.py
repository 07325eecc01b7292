"""The main job as a script does it that knows only addresses and field names (design §7).

Everything else is read from the pages: links, hidden fields, what can be chosen.
"""

import logging
import re
from datetime import timedelta
from urllib.parse import urljoin

import pytest

from casework.workflow import moment
from tests import make
from tests.forms import Page, Walker

CASE = re.compile(r"/cases/[0-9a-f-]{36}/")
TWELVE = re.compile(r"(?<![0-9a-f-])(?:19|20)\d{6}-?\d{4}(?![0-9a-f-])")
TODAY = moment.today()
SEEN = {
    "place": "Sjölanda torg",
    "seen_at": f"{TODAY - timedelta(days=1)} 20.15",
    "kind": "use",
    "source": "Own observation",
    "suspicion": "no",
    "text": "Sågs vid bänkarna.",
}
PRIORITY = {
    "level": "A",
    "criterion_repeated": "on",
    "fact_repeated": "Tre tillfällen i november.",
    "criterion_exposed_place": "on",
    "fact_exposed_place": "Sjölanda torg, den 20 november.",
    "reason": "Två kriterier är uppfyllda.",
    "valid_until": str(TODAY + timedelta(days=14)),
}
STEPS = [
    ("Flagged", "Amir"),
    ("Prioritised", "Nadja"),
    ("Priority confirmed", "Mikael"),
    ("Started", "Nadja"),
    ("Intervention proposed", "Nadja"),
    ("Intervention agreed", "Nadja"),
    ("Intervention begun", "Nadja"),
    ("Note written on the intervention", "Nadja"),
    ("Intervention completed", "Nadja"),
    ("Follow-up begun", "Nadja"),
    ("Case closed", "Mikael"),
]  # as the auditor reads them, and who took them


def flag(who: Walker, **given: str) -> Page:
    page = who.go("/cases/new/")
    return who.send(page.form("seen_at", "personal_number"), **{**SEEN, **given})


def take(who: Walker, case: str, step: str, **values: str | None) -> Page:
    """The link on the case's page, the form, the confirm page where there is one."""
    page = who.go(who.go(case).link(f"/steps/{step}/"))
    page = who.send(page.form("version"), **values)
    if page.has_form("confirmed"):
        page = who.send(page.form("confirmed"))
    assert page.address == case
    return page


def log_rows(auditor: Walker, **asked: str) -> list[list[str]]:
    """The audit page's lines, oldest first: time, what, who with role and unit, case."""
    page = auditor.go("/audit/")
    page = auditor.send(page.form("person", "case"), **asked)
    rows = page.rows[1:]
    while older := [link for link in page.links if "before=" in link]:
        page = auditor.go(urljoin(page.address, older[0]))
        rows += page.rows[1:]
    return rows[::-1]


def intervene(who: Walker, case: str) -> None:
    """Propose, agree, begin, complete."""
    page = who.go(who.go(case).link("/interventions/new/"))
    plan = {"title": "Samtal varje vecka", "goal": "Inga nya tillfällen.", "handler": "Nadja"}
    part = who.send(page.form("title", "goal", "handler"), **plan).address
    assert part.startswith(f"{case}interventions/")
    take(who, part, "agree", consent_by="young_person", consent_on=str(TODAY))
    take(who, part, "start")
    take(who, part, "add_note", text="Första samtalet.")
    assert not who.go(case).has_link("/steps/begin_follow_up/")  # something is running
    page = take(who, part, "complete", result="goal_reached", reason="Målet är nått.")
    assert "Completed" in page.text


def is_shut_out(who: Walker, case: str, known: dict[str, str]) -> None:
    """404 everywhere about the case, and nothing found by anything that is known of it."""
    doors = ["", "log/", "interventions/new/", "steps/prioritise/", "steps/close/", "reveal/"]
    for door in doors[:-1]:
        page = who.go(f"{case}{door}", 404)
        assert not any(word in page.source for word in known.values())
    form = who.go("/cases/new/").form("q")
    for door in doors[3:]:
        form.action, form.names = f"{case}{door}", [*form.names, "version"]
        who.send(form, 404, version="0")
    for words in known.values():
        for search in ("/cases/new/", "/cases/"):
            page = who.send(who.go(search).form("q"), q=words)
            assert not any(CASE.match(link) for link in page.links)


@pytest.mark.usefixtures("own_db")  # as in service: each request commits, and is checked then
def test_the_main_job_from_flag_to_close(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    twelve = make.number()
    officer, worker, social = (
        Walker("omradespolis"),
        Walker("utredare"),
        Walker("socialsekreterare"),
    )
    chief, auditor, other = (
        Walker("polischef"),
        Walker("dataskydd.polis"),
        Walker("dataskydd.social"),
    )

    case = flag(officer, personal_number=twelve, given_name="Alva", family_name="Påhitt").address
    assert CASE.fullmatch(case)
    assert not officer.go(case).has_link("/steps/prioritise/")
    refused = officer.go(f"{case}steps/prioritise/", 403)
    assert "investigator" in refused.text  # says who may

    page = worker.go("/cases/")
    assert case in page.links
    found = re.search(r"P-\d{4}-\d{4}", worker.go(case).title)
    assert found
    reference = found[0]
    for search in ("/cases/new/", "/cases/"):
        for words in (twelve, f"{twelve[2:8]}-{twelve[8:]}", reference, "alva påhitt"):
            assert worker.send(worker.go(search).form("q"), q=words).has_link(case), words
    take(worker, case, "prioritise", **PRIORITY)
    take(chief, case, "confirm")
    page = take(worker, case, "start")
    assert "Nadja Ekström" in page.text
    assert "Tre tillfällen i november." in page.text

    is_shut_out(social, case, {"reference": reference, "number": twelve, "name": "Alva Påhitt"})

    intervene(worker, case)
    take(worker, case, "begin_follow_up", next_look=str(TODAY + timedelta(days=30)))
    assert not worker.go(case).has_link("/steps/close/")
    worker.go(f"{case}steps/close/", 403)  # the handler never closes
    page = take(chief, case, "close", outcome="support_given", reason="Stödet är avslutat.")
    assert "Closed" in page.text
    assert case not in worker.go("/cases/", mine="all").links

    read_by_the_auditors(auditor, other, case, reference)
    nowhere_a_number(
        [officer, worker, social, chief, auditor, other], auditor, reference, caplog.text
    )


def read_by_the_auditors(auditor: Walker, other: Walker, case: str, reference: str) -> None:
    lines = log_rows(auditor, case=reference)
    assert {row[3] for row in lines} == {reference}
    took = [(row[1].split(": ")[0], row[2].split(" ")[0]) for row in lines]
    assert [step for step in took if step in STEPS] == STEPS
    whats = [row[1] for row in lines]
    assert whats.count("Opened") > 10
    refused = [row[2] for row in lines if row[1] == "Refused"]
    assert [row.split(" ")[0] for row in refused] == ["Amir", "Nadja"]
    auditor.go(case, 403)  # who reads the log doesn't read the case

    hers = log_rows(other, kind="refused")
    assert len(hers) == 8
    assert {row[2].split(",")[0] for row in hers} == {"Lina Bergkvist Social worker"}
    assert not any("Lina" in row[2] for row in log_rows(auditor))
    assert not any(row[3] == reference for row in log_rows(other))


def nowhere_a_number(walkers: list[Walker], auditor: Walker, reference: str, logged: str) -> None:
    """No personal number in an address, a title, the operational log, the trail's pages or file."""
    page = auditor.send(auditor.go("/audit/").form("case"), case=reference)
    file = auditor.send(page.form("case", "csrfmiddlewaretoken"))
    assert file.source.startswith("\ufeff")
    assert reference in file.source
    for walker in walkers:
        told = [*walker.addresses, *(page.title for page in walker.pages)]
        told += [link for page in walker.pages for link in page.links]
        told += [page.source for page in walker.pages if page.address.startswith("/audit/")]
        assert not [text for text in told if TWELVE.search(text)]
    assert not TWELVE.search(file.source)
    assert not TWELVE.search(logged)


def case_of(who: Walker, **given: str) -> str:
    return flag(who, personal_number=make.number(), **given).address


@pytest.mark.django_db
def test_a_stale_page_tells_who_was_first_and_keeps_what_was_typed() -> None:
    first, second = Walker("utredare"), Walker("utredare2")
    case = case_of(first)
    stale = second.go(f"{case}steps/prioritise/").form("version")
    take(first, case, "prioritise", **PRIORITY)
    mine = PRIORITY | {"level": "C", "reason": "Min egen bedömning."}
    page = second.send(stale, 409, **mine)
    assert "Nadja Ekström" in page.text
    assert "Två kriterier är uppfyllda." in page.text
    assert "Min egen bedömning." in page.form("version").sent["reason"]
    page = second.send(page.form("version"))
    assert page.address == case
    assert "Min egen bedömning." in page.text


@pytest.mark.django_db
def test_a_form_sent_twice_counts_once() -> None:
    who = Walker("utredare")
    case = case_of(who)
    form = who.go(f"{case}steps/prioritise/").form("version")
    who.send(form, **PRIORITY)
    who.go(f"{case}steps/prioritise/")
    page = who.send(form, 409, **PRIORITY)
    assert "Nadja Ekström" in page.text
    page = who.go(f"{case}log/")
    assert [row[1] for row in page.rows if len(row) == 4].count(
        "Prioritised: Flagged → Prioritised"
    ) == 1


@pytest.mark.django_db
def test_a_flag_sent_twice_asks_and_then_adds_nothing() -> None:
    who = Walker("omradespolis")
    given = {**SEEN, "personal_number": make.number()}
    form = who.go("/cases/new/").form("seen_at")
    case = who.send(form, **given).address
    who.go("/cases/new/")
    page = who.send(form, **given)
    assert who.send(page.form("confirmed")).address == case
    page = who.go(f"{case}log/")
    assert [row[1] for row in page.rows if len(row) == 4].count("Flagged") == 1
    assert not [row for row in page.rows if row[1:2] == ["Observation added"]]


@pytest.mark.django_db
def test_set_aside_and_reopened() -> None:
    who, chief = Walker("utredare"), Walker("polischef")
    case = case_of(who)
    page = take(chief, case, "set_aside", why="no_ground", reason="Uppgiften höll inte.")
    assert "Uppgiften höll inte." in page.text
    assert not who.go(case).has_link("/steps/prioritise/")
    who.go(f"{case}steps/prioritise/", 409)
    take(chief, case, "reopen", reason="Nya uppgifter.")
    take(who, case, "prioritise", **PRIORITY)


@pytest.mark.django_db
def test_a_flag_about_a_known_person_becomes_an_observation() -> None:
    officer, worker = Walker("omradespolis"), Walker("utredare")
    twelve = make.number()
    case = flag(worker, personal_number=twelve).address
    page = flag(officer, personal_number=twelve, kind="sale", text="Något bytte ägare.")
    assert page.has_form("confirmed")
    page = officer.send(page.form("confirmed"))
    assert page.address == case
    assert "Något bytte ägare." in page.text
    assert [row[1] for row in worker.go(f"{case}log/").rows].count("Observation added") == 1


@pytest.mark.django_db
def test_the_number_is_masked_and_its_showing_is_in_the_log() -> None:
    who = Walker("utredare")
    twelve = make.number()
    case = flag(who, personal_number=twelve).address
    page = who.go(case)
    assert twelve[8:] not in page.text
    shown = who.send(next(form for form in page.forms if form.action.endswith("/reveal/")))
    assert f"{twelve[:8]}-{twelve[8:]}" in shown.text
    assert twelve[8:] not in who.go(case).text
    log = who.go(f"{case}log/")
    assert [row[1] for row in log.rows].count("Personal number shown") == 1
    assert not TWELVE.search(log.source)


@pytest.mark.django_db
def test_what_was_not_filled_in_is_said_and_nothing_is_taken() -> None:
    who = Walker("utredare")
    case = case_of(who)
    page = who.go(f"{case}steps/prioritise/")
    page = who.send(page.form("version"), 422, **PRIORITY | {"fact_repeated": ""})
    assert "Write the fact that meets the criterion." in page.text
    assert page.form("version").sent["fact_exposed_place"] == ["Sjölanda torg, den 20 november."]
    page = who.send(page.form("version"), fact_repeated="Tre tillfällen.")
    assert page.address == case
