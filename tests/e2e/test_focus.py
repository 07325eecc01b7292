"""Where the focus stands after a form came back: on what says why. With scripts and without."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from access.actor import Actor
from tests import make
from tests.e2e import hands
from tests.e2e.conftest import Visit

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("javascript", [True, False])


@pytest.fixture
def case(own_db: str, actor: Callable[[str], Actor]) -> str:
    return f"/cases/{make.in_progress(actor('utredare'), number=make.number()).pk}/"


def has_the_focus(page: Page, selector: str) -> None:
    expect(page.locator(f"main {selector}")).to_be_focused()
    expect(page.locator(f"main {selector}")).to_be_in_viewport()


@BOTH
@pytest.mark.parametrize("address", ["steps/hand_over/", "steps/begin_follow_up/",
                                     "steps/add_observation/", "interventions/new/"])  # fmt: skip
def test_what_must_be_corrected(visit: Visit, case: str, address: str, javascript: bool) -> None:
    page = visit("utredare", javascript=javascript)
    page.goto(f"{case}{address}")
    page.locator("main form.panel button[type=submit]").click()
    has_the_focus(page, ".alert.error")
    link = page.locator(".alert.error a").first
    link.click()
    name = page.locator(":focus").get_attribute("name")
    assert name in ("handler", "next_look", "place", "title")


@BOTH
def test_a_flag_that_must_be_corrected(visit: Visit, case: str, javascript: bool) -> None:
    page = visit("utredare", javascript=javascript)
    page.goto("/cases/new/")
    page.locator("main form:has([name=seen_at]) button[type=submit]").click()
    has_the_focus(page, ".alert.error")
    page.goto("/import/")
    page.locator("main form:has([name=file]) button[type=submit]").click()
    has_the_focus(page, ".alert.error")


@BOTH
def test_somebody_was_first(visit: Visit, case: str, javascript: bool) -> None:
    first, second = hands.people(visit, "polischef", "utredare", javascript=javascript)
    second.goto(f"{case}steps/hand_over/")
    hands.fill(second, reason="Min egen text.")
    second.locator("[name=handler]").select_option(index=1)
    hands.take(first, case, "add_observation", place="Sjölanda torg", kind="use", source="own",
               seen_at="2026-11-01T12:00", suspicion="no")  # fmt: skip
    hands.send(second, "version")
    has_the_focus(second, ".alert.conflict")
    assert second.locator("[name=reason]").input_value() == "Min egen text."
    hands.send(second, "version")
    assert second.url.endswith(case)


@BOTH
def test_a_step_that_is_closed_now(visit: Visit, case: str, javascript: bool) -> None:
    page = visit("polischef", javascript=javascript)
    page.goto(f"{case}steps/reopen/")
    has_the_focus(page, "[data-focus]")


def test_a_number_that_was_asked_for(visit: Visit, case: str) -> None:
    page = visit("utredare")
    page.goto(case)
    page.click("form[action$='/reveal/'] button")
    has_the_focus(page, "#number [data-focus]")
