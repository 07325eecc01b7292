"""Destruction in the browser: from what is due to the certificate, by two people, with and without
JavaScript; each page on the way without a fault."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, expect

import tests
from access.actor import Actor
from casework.destruction import destroying
from casework.models import Case, Destruction, DestructionItem
from casework.workflow.steps import perform
from tests import make
from tests.destruction import aged
from tests.e2e.conftest import DESKTOP, PHONE, Visit
from tests.e2e.test_accessible import faults, looks_whole

pytestmark = pytest.mark.browser
Check = Callable[[Page], None]


@pytest.fixture
def chief(actor: Callable[[str], Actor], settings: Any, own_db: str) -> Actor:
    settings.DATABASE_DESTROYER_URL = tests.CLUSTER.url("fortur_destroyer", own_db)
    return actor("polischef")


@pytest.fixture
def over(
    own_db: str, chief: Actor, actor: Callable[[str], Actor], superuser: psycopg.Connection
) -> list[Case]:
    cases = [make.closed(actor("utredare"), chief) for _ in range(4)]
    aged(superuser, *cases)
    return cases


def look(found: list[str], page: Page) -> None:
    found += faults(page) + looks_whole(page)


def unseen(page: Page) -> None:
    """axe is a script."""


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def begun(chief: Actor, url: str) -> None:
    """As the worker does before the first case."""
    service = replace(chief, role="service")
    with make.acting(service):
        perform(Destruction.objects.get(pk=url.rstrip("/").rpartition("/")[2]), "run", service)


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_two_people_destroy_what_is_due(
    visit: Visit, over: list[Case], chief: Actor, javascript: bool, size: Any, scheme: str
) -> None:
    found: list[str] = []
    how = {"javascript": javascript, "viewport": size, "color_scheme": scheme}
    check: Check = partial(look, found) if javascript else unseen
    page = visit("polischef", **how)
    page.goto("/destruction/")
    check(page)
    press(page, "Sök det som får gallras nu")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Gallring G-")
    url = page.url
    for case in over:
        expect(page.get_by_role("link", name=case.reference)).to_be_visible()
    check(page)
    struck(page, over[0].reference, check)
    page.get_by_role("link", name="Skriv under första granskningen").click()
    expect(page.locator("main")).to_contain_text("Ärenden: 3")
    check(page)
    press(page, "Skriv under första granskningen")
    expect(page.locator("main")).to_contain_text("Listan väntar på sin andra granskare")
    page.goto(f"{url}steps/approve/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()  # refused: not both
    expect(page.get_by_role("button", name="Fortsätt")).to_have_count(0)

    officer = visit("dataskydd.polis", **how)
    officer.goto("/destruction/")
    check(officer)
    officer.locator("main a.ref").first.click()
    check(officer)
    approved(officer, check)
    expect(officer.locator("progress")).to_have_attribute("value", "0")
    check(officer)
    begun(chief, url)
    if javascript:
        expect(officer.get_by_role("status")).to_contain_text("Gallringen har börjat.")
    destroying.run_waiting()
    if not javascript:
        officer.get_by_role("link", name="Ladda om för att se hur långt den har kommit").click()
    expect(officer.get_by_role("heading", name="Gallringsintyg")).to_be_visible()
    check(officer)
    expect(officer.locator("main")).to_contain_text(over[0].reference)
    with officer.expect_download() as got:
        press(officer, "Id:n bakom kontrollsumman")
    assert got.value.suggested_filename.startswith("gallrade-rader-G-")
    press(officer, "Intyget som sida att skriva ut")
    expect(officer.get_by_role("heading", level=1)).to_have_text("Gallringsintyg")
    check(officer)
    with make.acting(chief):
        left = Case.objects.filter(pk__in=[case.pk for case in over])
        assert [case.pk for case in left] == [over[0].pk]
    assert found == []


def struck(page: Page, reference: str, check: Check) -> None:
    page.get_by_role("link", name="Stryk ett ärende").click()
    check(page)
    press(page, "Stryk ett ärende")
    expect(page.locator(".alert.error")).to_contain_text("Det här måste fyllas i")
    check(page)
    page.get_by_label("Ärende").select_option(label=reference)
    page.get_by_label("Det måste utredas först").check()
    press(page, "Stryk ett ärende")
    expect(page.locator("main")).to_contain_text("Struket")


def approved(page: Page, check: Check) -> None:
    page.get_by_role("link", name="Godkänn gallringen").click()
    expect(page.locator("main")).to_contain_text("Första granskare: Mikael Rosander")
    check(page)
    press(page, "Fortsätt")
    expect(page.locator("main")).to_contain_text("går inte att ångra")
    check(page)
    press(page, "Ja, gallra ärendena")


def test_a_stale_page_and_a_rejection(visit: Visit, over: list[Case], chief: Actor) -> None:
    found: list[str] = []
    page = visit("polischef")
    page.goto("/destruction/")
    press(page, "Sök det som får gallras nu")
    url = page.url
    page.goto(f"{url}steps/strike/")
    page.get_by_label("Ärende").select_option(label=over[1].reference)
    page.get_by_label("Det behövs fortfarande").check()
    with make.acting(chief):
        listed = Destruction.objects.get()
        item = DestructionItem.objects.get(case_id=over[1].pk)
        perform(listed, "strike", chief, item=item.pk, why="unsure")
    press(page, "Stryk ett ärende")
    expect(page.locator(".alert.conflict")).to_be_focused()
    expect(page.locator(".alert.conflict")).to_contain_text("Någon har ändrat listan under tiden")
    expect(page.get_by_label("Det behövs fortfarande")).to_be_checked()
    look(found, page)
    page.goto(f"{url}steps/reject/")
    look(found, page)
    page.get_by_label("Skäl").or_(page.get_by_label("Motivering")).fill("Fel månad.")
    press(page, "Fortsätt")
    look(found, page)
    press(page, "Ja, avvisa listan")
    expect(page.locator("main")).to_contain_text("Listan är avvisad och inget gallrades.")
    look(found, page)
    assert found == []


def test_on_paper_only_what_belongs_there(visit: Visit, over: list[Case], chief: Actor) -> None:
    page = visit("polischef")
    page.goto("/destruction/")
    press(page, "Sök det som får gallras nu")
    page.emulate_media(media="print")
    expect(page.locator(".site-header")).to_be_hidden()
    expect(page.get_by_role("link", name="Stryk ett ärende")).to_be_hidden()
    expect(page.locator("main")).to_contain_text(over[0].reference)
