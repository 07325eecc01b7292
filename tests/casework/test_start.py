"""The start page: every figure leads to exactly what it counts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from access.actor import Actor
from casework.workflow import moment
from tests import make

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
Who = Callable[[str], Actor]


def some_work(actor: Who) -> None:
    one, two = actor("utredare"), actor("utredare2")
    with moment.at(moment.now() - timedelta(days=20)):
        until = moment.today() + timedelta(days=10)
        make.prioritised(by=one, level="B", valid_until=until)
        make.in_progress(by=two, level="C")
        make.in_progress(by=one, level="C")
    make.prioritised(by=two, level="A")
    make.case(by=one)


@pytest.mark.parametrize("name", ["utredare", "utredare2", "omradespolis", "ledare", "polischef"])
def test_a_figure_counts_what_its_link_shows(as_: As, actor: Who, name: str) -> None:
    some_work(actor)
    client = as_(name)
    figures = client.get("/").context["figures"]
    assert any(figure["value"] for figure in figures)
    for figure in figures:
        if figure["url"].startswith("/cases/"):
            page = client.get(figure["url"]).context["page"]
            assert page.total == figure["value"] == len(page.cases), figure["label"]


def test_a_supervisor_sees_what_waits_for_her(as_: As, actor: Who) -> None:
    some_work(actor)
    figures = {one["url"]: one["value"] for one in as_("polischef").get("/").context["figures"]}
    assert figures["/cases/?mine=all&needs=renew"] == 1
    assert figures["/cases/?mine=all&needs=confirm"] == 2


def test_own_deadlines_and_interventions_are_there(as_: As, actor: Who) -> None:
    one = actor("utredare")
    case = make.in_progress(by=one)
    plan = make.intervention(case, by=one)
    with moment.at(moment.now() - timedelta(days=58)):
        looked = make.follow_up(by=one)
    page = as_("utredare").get("/")
    assert [row.case.pk for row in page.context["soon"]] == [looked.pk]
    assert [found.pk for found in page.context["interventions"]] == [plan.pk]
    assert plan.title in page.content.decode()


def test_the_cases_opened_last_come_back_newest_first(as_: As, actor: Who) -> None:
    one, two = make.case(by=actor("utredare")), make.case(by=actor("utredare"))
    client = as_("utredare")
    for case in (one, two, one):
        assert client.get(f"/cases/{case.pk}/").status_code == 200
    opened = client.get("/").context["opened"]
    assert [row.case.pk for row in opened] == [one.pk, two.pk]
    assert as_("utredare2").get("/").context["opened"] == []


@pytest.mark.parametrize(
    ("name", "address"), [("dataskydd.polis", "/audit/"), ("admin", "/admin/"), ("samordnare", "")]
)
def test_the_others_are_told_where_their_work_is(as_: As, name: str, address: str) -> None:
    page = as_(name).get("/")
    assert page.status_code == 200
    assert "figures" not in page.context
    assert f'class="button" href="{address}' in page.content.decode() or not address


def test_whoever_has_not_logged_in_is_led_to_the_login(client: Client) -> None:
    assert client.get("/").headers["Location"].startswith("/accounts/login/")
