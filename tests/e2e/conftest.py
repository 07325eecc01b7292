"""A server on a database of the test's own, and a browser that watches its own console."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connection
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from pytest_django import Settings

from casework.demo.people import PASSWORD

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # sync Playwright keeps a loop in this thread
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


def chromium() -> str:
    """Where the browser is. `make test` installs Debian's where there is none."""
    for name in (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"):
        if name and (path := shutil.which(name)):
            return path
    pytest.fail("No browser found: install chromium, or name one in CHROMIUM")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def site(own_db: str, settings: Settings) -> Iterator[str]:
    """The address of a server on own_db."""
    settings.ALLOWED_HOSTS = ["localhost"]
    thread = LiveServerThread("localhost", StaticFilesHandler, connections_override={})
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://localhost:{thread.port}"
    thread.terminate()
    connection.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    """visit("utredare", javascript=False, …): her browser, logged in, on the start page.

    Afterwards: no policy message, no script error, no failed file in any console.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        policy = "Content Security Policy" in message.text or "Refused to" in message.text
        if policy or (message.type == "error" and "status of 4" not in message.text):
            complaints.append(message.text)

    def go(login: str = "", javascript: bool = True, **how: Any) -> Page:
        given = {"viewport": DESKTOP, "locale": "sv-SE", "base_url": site, **how}
        context = browser.new_context(java_script_enabled=javascript, **given)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/")
        if login:
            page.fill("[name=login]", login)
            page.fill("[name=password]", PASSWORD)
            page.locator("main form button[type=submit]").first.click()
            page.wait_for_url("**/")
        return page

    yield go
    for context in contexts:
        context.close()
    assert complaints == []
