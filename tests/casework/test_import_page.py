"""The import as a person meets it: choose, look, confirm, follow, take the rejected rows."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from access.actor import Actor
from access.models import User
from access.session import acting_as
from audit.models import Reading, Step
from casework.importing import importrun, imports, spreadsheet
from casework.importing.flagrow import is_column
from casework.models import Case, FlagFile, Observation, Person
from casework.tasks import jobs_of
from tests import make
from tests.casework import flagfiles
from tests.casework.flagfiles import made, row

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
Find = Callable[[str], Actor]


def choose(browser: Client, content: bytes, name: str = "flaggor.csv") -> Any:
    return browser.post("/import/", {"file": SimpleUploadedFile(name, content)})


def seen(actor: Actor, file_id: str = "") -> FlagFile:
    """The newest file of the actor's unit, or that one."""
    with make.acting(actor):
        files = FlagFile.objects.order_by("-uploaded_at")
        return files.get(pk=file_id) if file_id else files[0]


def counts(actor: Actor) -> tuple[int, int, int]:
    with make.acting(actor):
        return Case.objects.count(), Observation.objects.count(), Person.objects.count()


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def speak(language: str, *users: User) -> None:
    with transaction.atomic(), acting_as(None):
        for user in users:
            user.language = language
            user.save(update_fields=["language"])


def work(actor: Actor) -> None:
    """What the worker does."""
    importrun.run(importrun.Job.of(seen(actor)))


@pytest.fixture(autouse=True)
def _english(cast: dict[str, User]) -> None:
    speak("en-gb", *cast.values())


def test_the_whole_way(as_: As, actor: Find) -> None:
    me, browser = actor("omradespolis"), as_("omradespolis")
    assert browser.get("/import/").status_code == 200
    before = counts(me)

    answer = choose(browser, made(flagfiles.sample()))
    assert answer.status_code == 302
    page = browser.get(answer["Location"])
    assert "240 rows. Nothing is saved yet" in text(page)
    assert "212 rows can be saved" in text(page)
    assert "23 rows have a fault" in text(page)
    assert "5 rows repeat an earlier one" in text(page)
    assert "0 rows are already in your files" in text(page)
    assert "It is the same as row 2." in text(page)
    assert "is not a kind of observation that we know" in text(page)
    assert counts(me) == before

    answer = browser.post(f"{answer['Location']}confirm/")
    assert answer.status_code == 302
    page = browser.get(answer["Location"])
    assert "waits for its turn" in text(page)
    assert "is not running now" in text(page)
    assert 'hx-trigger="every 2s"' in page.content.decode()

    work(me)
    polled = browser.get(answer["Location"], headers={"HX-Request": "true"})
    assert polled["HX-Redirect"] == answer["Location"]
    page = browser.get(answer["Location"])
    assert "212 flags were saved" in text(page)
    assert "105 new cases were opened" in text(page)
    assert "107 observations were added" in text(page)
    assert "28 rows were not taken" in text(page)
    cases, observations, persons = counts(me)
    assert (cases - before[0], observations - before[1], persons - before[2]) == (105, 212, 105)

    file = seen(me)
    assert file.content is None
    assert (file.status, file.done_rows, file.faults) == ("done", 240, 28)
    with make.acting(me):
        lines = Step.objects.filter(request_id=file.pk)
        assert lines.count() == 212
        assert {line.actor_id for line in lines} == {me.user_id}


def test_imported_twice_it_adds_nothing(as_: As, actor: Find) -> None:
    me, browser = actor("utredare"), as_("utredare")
    content = made([row(), row(typ="innehav"), row(personnummer="", fodelsedatum="2011-01-02")])
    for _turn in range(2):
        where = choose(browser, content)["Location"]
        page = browser.get(where)
        browser.post(f"{where}confirm/")
        work(me)
    assert "Importing it adds nothing" in text(page)
    assert "3 rows are already in your files" in text(page)
    page = browser.get(where)
    assert "Everything was there already" in text(page)
    assert "3 rows were already in your files; nothing was added" in text(page)
    assert counts(me)[1] == 3


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7", b"PK\x03\x04" + bytes(99), "a;b".encode("utf-16"), b"x" * 5000,
     bytes(5000), b"personnummer;plats\n1;2", made([])],
)  # fmt: skip
def test_what_is_no_table_is_answered_in_words(as_: As, actor: Find, content: bytes) -> None:
    page = choose(as_("utredare"), content)
    assert page.status_code == 422
    assert "Something must be corrected" in text(page)
    with make.acting(actor("utredare")):
        assert not FlagFile.objects.exists()


def test_no_file_and_too_large_a_file_are_answered_in_words(as_: As) -> None:
    browser = as_("utredare")
    assert browser.post("/import/").status_code == 422
    assert browser.post("/import/", {"file": "not a file"}).status_code == 422
    page = choose(browser, b"x" * 10_000_001)
    assert page.status_code == 422
    assert "10 MB" in text(page)
    page = choose(browser, b"x" * 13_000_000)  # more than the server reads at all
    assert page.status_code == 422
    assert "10 MB" in text(page)


def test_html_in_the_file_stays_text(as_: As) -> None:
    browser = as_("utredare")
    where = choose(browser, made([row(plats="<script>alert(1)</script>", typ="<b>x</b>")]),
                   name="<img>.csv")["Location"]  # fmt: skip
    page = browser.get(where).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<b>x" not in page


def test_a_preview_shows_no_personal_number(as_: As) -> None:
    browser = as_("utredare")
    rows = [row(), row(personnummer="20100512-2380", plats="x")]
    where = choose(browser, made(rows), name="20100512-2385.csv")["Location"]
    page = browser.get(where).content.decode()
    assert "238" not in re.sub(r'[0-9a-f-]{36}|value="[^"]*"', "", page)


def test_what_is_kept_is_encrypted(as_: As, actor: Find) -> None:
    choose(as_("utredare"), made([row(), row(typ="")]))
    file = seen(actor("utredare"))
    for kept in (file.content, file.rejected):
        assert b"Busstorget" not in bytes(kept or b"")
    assert imports.content_of(file) == made([row(), row(typ="")])


def test_rejected_rows_as_a_file_that_can_be_imported_again(as_: As, actor: Find) -> None:
    browser = as_("utredare")
    rows = [row(), row(typ="=1+1", fritext="=HYPERLINK(1)"), row(plats="", typ="innehav")]
    where = choose(browser, made(rows, separator=","))["Location"]
    answer = browser.get(f"{where}rejected/")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="[a-z-]+-\d{4}-\d\d-\d\d\.csv"',
                        answer["Content-Disposition"])  # fmt: skip
    assert answer.content.startswith(b"\xef\xbb\xbf")
    table = spreadsheet.read(answer.content, is_column)
    assert table.separator == ","
    assert table.headers == [*flagfiles.HEADERS, "row", "fault"]
    assert [cells[-2] for _number, cells in table.rows] == ["3", "4"]
    assert table.rows[0][1][7] == "'=1+1"
    assert table.rows[0][1][10] == "'=HYPERLINK(1)"
    with make.acting(actor("utredare")):
        assert Reading.objects.filter(kind=Reading.Kind.EXPORTED).count() == 1
    mended = answer.content.decode().replace("'=1+1", "annat").replace(",,2025", ",Busstorget,2025")
    page = browser.get(choose(browser, mended.encode())["Location"])
    assert "2 rows can be saved" in text(page)


def test_a_file_without_a_good_row_can_not_be_confirmed(as_: As, actor: Find) -> None:
    browser = as_("utredare")
    where = choose(browser, made([row(typ="")]))["Location"]
    assert "There is no row that can be saved" in text(browser.get(where))
    assert browser.post(f"{where}confirm/").status_code == 422
    assert seen(actor("utredare")).status == "previewed"


def test_long_lists_of_faults_have_pages(as_: As) -> None:
    browser = as_("utredare")
    where = choose(browser, made([row(typ="")] * 120))["Location"]
    first, third = browser.get(where), browser.get(f"{where}?page=3")
    assert "Later rows" in text(first)
    assert "Earlier rows" in text(third)
    for page in ("0", "-1", "x", "9" * 40):
        assert browser.get(where, {"page": page}).status_code == 200


def test_namesakes_are_shown_before_anything_is_saved(as_: As, actor: Find) -> None:
    me = actor("utredare")
    known = make.youth(number=flagfiles.row()["personnummer"], given_name="Alva", family_name="Löv")
    make.case(by=me, number=known.number.twelve if known.number else "", given_name="Alva",
              family_name="Löv")  # fmt: skip
    other = flagfiles.number(known.birth_date, 239)
    rows = [row(personnummer=other), row(personnummer="", fodelsedatum="2010-05-12", typ="annat")]
    page = as_("utredare").get(choose(as_("utredare"), made(rows))["Location"])
    assert "Your files have somebody else with this name and birth date" in text(page)
    assert "Row 2 has the same name and birth date" in text(page)


def test_unused_columns_are_told(as_: As) -> None:
    browser = as_("utredare")
    extra = made([row() | {"skostorlek": "38"}], headers=(*flagfiles.HEADERS, "skostorlek"))
    page = browser.get(choose(browser, extra)["Location"])
    assert "These columns are not used: skostorlek." in text(page)


def test_one_import_at_a_time(as_: As, actor: Find) -> None:
    browser = as_("utredare")
    first = choose(browser, made([row()]))["Location"]
    browser.post(f"{first}confirm/")
    second = choose(browser, made([row(typ="annat")]))["Location"]
    page = browser.post(f"{second}confirm/")
    assert page.status_code == 422
    assert "Another import of yours is not finished" in text(page)
    assert seen(actor("utredare"), second.split("/")[2]).status == "previewed"
    assert first in browser.get("/import/").content.decode()


def test_a_confirmation_sent_twice_queues_once(as_: As, actor: Find) -> None:
    browser = as_("utredare")
    where = choose(browser, made([row()]))["Location"]
    for _turn in range(2):
        assert browser.post(f"{where}confirm/")["Location"] == where
    assert jobs_of(seen(actor("utredare"))).count() == 1


def test_choosing_another_file_erases_the_first(as_: As, actor: Find) -> None:
    browser = as_("utredare")
    first = choose(browser, made([row()]))["Location"]
    choose(browser, made([row(typ="annat")]))
    assert seen(actor("utredare"), first.split("/")[2]).content is None
    page = browser.get(first)
    assert "Choose it again" in text(page)
    assert browser.post(f"{first}confirm/").status_code == 302
    assert browser.get(f"{first}rejected/").status_code == 302


def test_progress_is_told_at_the_quarters(as_: As, actor: Find) -> None:
    me, browser = actor("utredare"), as_("utredare")
    where = choose(browser, made([row(tidpunkt=f"2025-08-{day:02} 20:50") for day in range(1, 9)]))[
        "Location"
    ]
    browser.post(f"{where}confirm/")
    with make.acting(me):
        FlagFile.objects.update(status="running", done_rows=4)
    polled = browser.get(f"{where}?told=1", headers={"HX-Request": "true"})
    assert "<html" not in polled.content.decode()
    assert "50 per cent of the rows are done" in text(polled)
    again = browser.get(f"{where}?told=2", headers={"HX-Request": "true"})
    assert "per cent" not in text(again)
    assert 'value="4"' in again.content.decode()


@pytest.mark.parametrize(
    "login", ["ledare", "polischef", "socialchef", "dataskydd.polis", "samordnare", "admin"]
)
def test_who_may_not_flag_may_not_import(as_: As, login: str) -> None:
    browser = as_(login)
    assert browser.get("/import/").status_code == 403
    assert choose(browser, made([row()])).status_code == 403


def test_a_colleague_sees_the_file_but_the_other_may_confirm_it(as_: As, actor: Find) -> None:
    where = choose(as_("utredare"), made([row()]))["Location"]
    colleague = as_("utredare2")
    assert "can import it" in text(colleague.get(where))
    assert colleague.post(f"{where}confirm/").status_code == 403
    assert seen(actor("utredare")).status == "previewed"


@pytest.mark.parametrize("login", ["socialsekreterare", "utredare.granne"])
def test_another_units_file_is_not_there(as_: As, login: str) -> None:
    where = choose(as_("utredare"), made([row()]))["Location"]
    stranger = as_(login)
    assert stranger.get(where).status_code == 404
    assert stranger.post(f"{where}confirm/").status_code == 404
    assert stranger.get(f"{where}rejected/").status_code == 404


def test_nobody_is_sent_to_log_in(client: Client) -> None:
    assert client.get("/import/")["Location"].startswith("/accounts/login/")


def test_methods(as_: As) -> None:
    browser = as_("utredare")
    where = choose(browser, made([row()]))["Location"]
    assert browser.get(f"{where}confirm/").status_code == 405
    assert browser.post(where).status_code == 405
    assert browser.post(f"{where}rejected/").status_code == 405


def test_in_swedish_too(as_: As, cast: dict[str, User]) -> None:
    speak("sv", cast["utredare"])
    browser = as_("utredare")
    assert browser.get(choose(browser, made([row(typ="")]))["Location"]).status_code == 200
