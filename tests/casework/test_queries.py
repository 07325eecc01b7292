"""How many questions a page asks the database: as many for sixty cases as for one."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from access.actor import Actor
from casework.models import Case
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
