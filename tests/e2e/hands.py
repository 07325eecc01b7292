"""What a person's hands do on a page: fill in by field name, send, find the way by address."""

import re
from typing import Any

from playwright.sync_api import Page

from tests.e2e.conftest import Visit

CASE = re.compile(r"/cases/[0-9a-f-]{36}/$")


def fill(page: Page, **values: str) -> None:
    """Each field by its name, as its kind is filled in."""
    for name, value in values.items():
        field = page.locator(f"main [name={name}]:not([type=hidden])")
        kind = field.first.evaluate("one => one.type")
        if kind == "radio":
            page.check(f"main [name={name}][value={value}]")
        elif kind == "checkbox":
            field.check()
        elif kind.startswith("select"):
            field.select_option(value)
        else:
            field.fill(value)


def send(page: Page, field: str) -> None:
    """The button of the form that has this field."""
    page.locator(f"main form:has([name={field}]) button[type=submit]").first.click()
    page.wait_for_load_state()


def take(page: Page, case: str, step: str, **values: str) -> None:
    """The link on the case's page, the form, the confirm page where there is one."""
    page.goto(case)
    page.click(f"main a[href$='/steps/{step}/']")
    fill(page, **values)
    send(page, "version")
    if page.locator("main [name=confirmed]").count():
        send(page, "confirmed")
    assert page.url.endswith(case), f"{step}: {page.locator('main').inner_text()}"


def path(page: Page) -> str:
    return "/" + page.url.split("/", 3)[3]


def flag(page: Page, **values: str) -> str:
    """Flags somebody; the address of the case."""
    page.goto("/cases/new/")
    fill(page, **values)
    send(page, "seen_at")
    page.wait_for_url(CASE)
    return path(page)


def people(visit: Visit, *logins: str, **how: Any) -> list[Page]:
    return [visit(login, **how) for login in logins]
