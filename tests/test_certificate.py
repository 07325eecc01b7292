"""The certificate of destruction on paper: what it says, how it is checked, who took it out."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import psycopg
import pytest
from django.test import Client

import tests
from access.actor import Actor
from audit import pdf
from casework.destruction import certificate, destroying
from casework.models import Case, Certificate, Destruction
from tests import make, papers
from tests.destruction import aged, approved, in_unit, proposed, run
from tests.pages import readings

Everybody = Callable[[str], Actor]
As = Callable[[str], Client]


@pytest.fixture
def chief(actor: Everybody) -> Actor:
    return actor("polischef")


@pytest.fixture
def over(own_db: str, chief: Actor, actor: Everybody, superuser: psycopg.Connection) -> list[Case]:
    """Two cases whose time has run out, with something in each."""
    by, made = actor("utredare"), []
    for _ in range(2):
        case = make.in_progress(by=by)
        part = make.intervention(case, by)
        make.step(part, "decline", by, "Nej tack.")
        made.append(make.step(case, "close", chief, "Klart.", outcome="no_further_need"))
    aged(superuser, *made)
    return made


@pytest.fixture
def done(
    over: list[Case], chief: Actor, actor: Everybody, settings: Any, own_db: str
) -> Destruction:
    """The list of both, destroyed."""
    settings.DATABASE_DESTROYER_URL = tests.CLUSTER.url("fortur_destroyer", own_db)
    found = approved(chief, in_unit(actor("dataskydd.polis"), chief))
    assert run(chief, found)
    return found


def take(client: Client, found: Destruction, form: str) -> Any:
    return client.post(f"/destruction/{found.pk}/certificate/", {"as": form})


def paper_of(chief: Actor, found: Destruction) -> Certificate:
    with make.acting(chief):
        return Certificate.objects.get(destruction=found)


@pytest.mark.skipif(not pdf.POSSIBLE, reason="typst has no wheel here")
@pytest.mark.parametrize(("login", "language"), [("polischef", "sv"), ("dataskydd.polis", "sv")])
def test_the_paper_says_what_by_which_rule_and_who(
    done: Destruction, as_: As, chief: Actor, login: str, language: str
) -> None:
    answer = take(as_(login), done, "pdf")
    assert answer.status_code == 200
    assert papers.is_tagged(answer.content, language)
    said, paper = papers.text_of(answer.content), paper_of(chief, done)
    for words in (
        "Gallringsintyg", done.reference, chief.name, paper.second_reviewer, "Ärenden 2",
        "Unga personer 2", "PBDL (2018:1693) 4 kap. 2 §", "Insatser 2",
    ):  # fmt: skip
        assert papers.says(said, words), words
    assert papers.says(said, paper.digest)
    assert "casework" not in said
    assert "audit" not in said


def test_the_page_to_print_says_the_same(done: Destruction, as_: As, chief: Actor) -> None:
    page = take(as_("polischef"), done, "page").content.decode()
    assert paper_of(chief, done).digest in page
    assert "Unga personer" in page
    assert "casework_" not in page


def test_the_ids_give_the_checksum(done: Destruction, as_: As, chief: Actor) -> None:
    file = take(as_("polischef"), done, "ids").content
    assert sha256(file).hexdigest() == paper_of(chief, done).digest
    paper = paper_of(chief, done)
    gone = sum(paper.rows[kind] for kind in certificate.GONE if kind in paper.rows)
    assert file.decode().count("\n") == gone > 0


@pytest.mark.parametrize(
    ("form", "kind", "what"),
    [
        ("page", "printed", "certificate"),
        ("pdf", "exported", "certificate"),
        ("ids", "exported", "destroyed rows"),
    ],
)
def test_taking_it_out_is_one_line_in_the_units_log(
    done: Destruction, as_: As, chief: Actor, form: str, kind: str, what: str
) -> None:
    if form == "pdf" and not pdf.POSSIBLE:
        pytest.skip("typst has no wheel here")
    take(as_("dataskydd.polis"), done, form)
    (line,) = readings(chief, kind=kind)
    assert (line.about_id, line.about) == (done.pk, done.reference)
    assert line.detail == {"what": what}
    assert "gallrin" in as_("polischef").get("/audit/").content.decode().lower()


@pytest.mark.parametrize("form", ["", "exe", "pdf "])
def test_an_unknown_form_is_refused_in_words(done: Destruction, as_: As, form: str) -> None:
    assert take(as_("polischef"), done, form).status_code == 400


def test_there_is_none_before_the_end(over: list[Case], chief: Actor, as_: As) -> None:
    assert take(as_("polischef"), proposed(chief), "page").status_code == 404


@pytest.mark.parametrize("login", ["socialchef", "dataskydd.social", "utredare"])
def test_others_get_none(done: Destruction, as_: As, login: str) -> None:
    assert take(as_(login), done, "page").status_code in (403, 404)


def test_every_kind_of_row_has_words() -> None:
    kinds = {table for table, _ in destroying.TABLES}
    assert kinds <= set(certificate.GONE)
    assert {f"{table} emptied" for table, _ in destroying.LINES} == set(certificate.EMPTIED)
