"""How many questions a page asks the database: as many for sixty cases as for one."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from access.actor import Actor
from casework.models import Case
from casework.workflow import moment
from tests import make

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
Who = Callable[[str], Actor]
MANY = 60


def asked(client: Client, url: str, **post: object) -> int:
    """The statements of one request; savepoints are no questions."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        page = client.post(url, post) if post else client.get(url)
    assert page.status_code in (200, 302), page.status_code
    return sum("SAVEPOINT" not in query["sql"] for query in captured.captured_queries)


def fill(actor: Who) -> list[Case]:
    utredare = actor("utredare")
    makers = (make.case, make.prioritised, make.in_progress)
    return [makers[number % 3](by=utredare) for number in range(MANY - 1)]


@pytest.mark.parametrize(
    ("name", "url", "most"),
    [
        ("utredare", "/cases/", 12),
        ("polischef", "/cases/?mine=all&level=A&level=B&due=today&due=week&due=none", 12),
        ("utredare", "/cases/?q=p%C3%A5hitt", 12),
        ("utredare", "/cases/?q=1", 12),
        ("utredare", "/", 15),
        ("polischef", "/", 15),
        ("polischef", "/backlog/", 15),
    ],
)
def test_lists_ask_as_much_for_sixty_cases_as_for_one(
    as_: As, actor: Who, name: str, url: str, most: int
) -> None:
    make.prioritised(by=actor("utredare"))
    client = as_(name)
    client.get("/")  # the session's first request notes when it began
    one = asked(client, url)
    fill(actor)
    many = asked(client, url)
    assert many <= most
    # A full page asks nothing of the archive; an empty list of the backlog isn't asked for.
    assert many <= one or url == "/backlog/"


def test_a_case_page_asks_as_much_however_many_there_are(as_: As, actor: Who) -> None:
    case = make.in_progress(by=actor("utredare"))
    client = as_("utredare")
    client.get("/")
    one = asked(client, f"/cases/{case.pk}/")
    fill(actor)
    for _ in range(3):
        make.intervention(case, by=actor("utredare"))
    many = asked(client, f"/cases/{case.pk}/")
    assert many <= one <= 15  # a condition that one part closes asks for no other part


def test_a_step_asks_little(as_: As, actor: Who) -> None:
    case = make.prioritised(by=actor("utredare"))
    client = as_("polischef")
    client.get("/")
    url = f"/cases/{case.pk}/steps/confirm/"
    assert asked(client, url, version=case.version) <= 12


def test_a_step_that_starts_clocks_asks_for_them_at_once(as_: As, actor: Who) -> None:
    by, leader, client = actor("utredare"), actor("ledare"), as_("ledare")
    client.get("/")
    part = make.police_investigation(make.in_progress(by, birth_date=date(2010, 3, 1)), by)
    part = make.step(part, "open", leader, opened_on=moment.today())
    url = f"/cases/{part.case_id}/investigations/{part.pk}/steps"
    day = moment.today().isoformat()
    # Two clocks and a ready draft; one clock that isn't the nearest.
    assert asked(client, f"{url}/suspect/", version=part.version, suspected_on=day) <= 26
    assert asked(client, f"{url}/serve/", version=part.version + 1, served_on=day) <= 14
