"""A case from flag to close in a browser: with and without JavaScript, on a phone."""

from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from casework.workflow import moment
from tests import make
from tests.e2e.conftest import PHONE, Visit
from tests.e2e.test_accessible import faults, looks_whole
from tests.pages import Find

pytestmark = pytest.mark.browser


def day(ahead: int) -> str:
    return str(date.today() + timedelta(days=ahead))  # noqa: DTZ011 - the browser's own day


def send(page: Page) -> None:
    page.locator("main form button[type=submit]").last.click()


def checked(page: Page) -> None:
    """What axe and the eye ask of every page, also of those that only a POST shows."""
    assert faults(page) + looks_whole(page) == []


def flag(page: Page, twelve: str) -> None:
    page.goto("/cases/new/")
    page.fill("[name=personal_number]", twelve)
    page.select_option("[name=place]", index=1)
    page.fill("[name=seen_at]", f"{day(-2)}T14:30")
    page.check("[name=kind][value=use]")
    page.select_option("[name=source]", "own")
    page.check("[name=suspicion][value=no]")


def prioritise(page: Page) -> None:
    page.locator(".panel.next a").first.click()
    page.check("[name=level][value=B]")
    page.check("[name=criterion_repeated]")
    page.fill("[name=fact_repeated]", "Tre tillfällen")
    page.fill("[name=reason]", "Det blir fler.")
    send(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_from_flag_to_close(visit: Visit, actor: Find, javascript: bool) -> None:
    how: dict[str, Any] = {"javascript": javascript, "viewport": PHONE}
    page, twelve = visit("utredare", **how), make.number()
    flag(page, twelve)
    send(page)
    expect(page.locator(".alert.success")).to_be_visible()
    case = page.url
    prioritise(page)
    page.locator(".panel.next a").first.click()
    send(page)
    page.goto(f"{case}interventions/new/")
    page.fill("[name=title]", "Samtal varje vecka")
    page.fill("[name=goal]", "Inga nya tillfällen.")
    send(page)
    page.locator('a[href$="steps/decline/"]').click()
    page.fill("[name=reason]", "Vill inte.")
    send(page)
    send(page)
    chief = visit("polischef", **how)
    chief.goto(f"{case}steps/close/")
    chief.check("[name=outcome][value=no_contact]")
    chief.fill("[name=reason]", "Ingen kontakt.")
    send(chief)
    checked(chief) if javascript else None
    send(chief)
    expect(chief.locator(".stepper [aria-current]")).to_have_count(1)
    assert chief.url == case


def test_a_known_number_asks_back_and_a_fault_gets_the_focus(visit: Visit, actor: Find) -> None:
    twelve = make.number()
    make.case(actor("utredare"), number=twelve)
    page = visit("utredare")
    flag(page, twelve[:-1])
    send(page)
    expect(page.locator(".alert.error")).to_be_focused()
    checked(page)
    flag(page, twelve)
    send(page)
    checked(page)
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator(".alert.success")).to_be_visible()


def test_a_conflict_gets_the_focus_and_keeps_the_text(visit: Visit, actor: Find) -> None:
    case = make.prioritised(actor("utredare"))
    page = visit("utredare")
    page.goto(f"/cases/{case.pk}/steps/lower/")
    page.fill("[name=reason]", "Min egen text.")
    make.step(case, "confirm", actor("polischef"))
    send(page)
    expect(page.locator(".alert.conflict")).to_be_focused()
    expect(page.locator("[name=reason]")).to_have_value("Min egen text.")
    checked(page)
    send(page)
    expect(page.locator(".alert.success")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_number_is_shown_on_request(visit: Visit, actor: Find, javascript: bool) -> None:
    twelve = make.number()
    case = make.case(actor("utredare"), number=twelve)
    page = visit("utredare", javascript=javascript)
    page.goto(f"/cases/{case.pk}/")
    page.locator("#number button").click()
    expect(page.locator("#number")).to_contain_text(f"{twelve[:8]}-{twelve[8:]}")
    assert twelve[8:] not in page.url
    if javascript:
        assert page.url.endswith(f"/cases/{case.pk}/")
        checked(page)


def test_long_words_stay_inside_the_narrowest_phone(visit: Visit, actor: Find) -> None:
    long = "x" * 300
    case = make.prioritised(
        actor("utredare"), text=long, criteria=[{"code": "repeated", "fact": long}],
        family_name="y" * 80, seen_at=moment.now(),
    )  # fmt: skip
    page = visit("utredare", viewport={"width": 320, "height": 640})
    page.goto(f"/cases/{case.pk}/")
    assert looks_whole(page) == []
