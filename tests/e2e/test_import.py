"""Importing in a browser: the page follows the run by itself; without JavaScript it is reloaded."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from access.actor import Actor
from casework.importing import importrun
from casework.models import FlagFile
from tests import make
from tests.casework.flagfiles import GOOD, made, row, sample
from tests.e2e.conftest import DESKTOP, PHONE, Visit
from tests.e2e.test_accessible import faults, looks_whole

pytestmark = pytest.mark.browser
Find = Callable[[str], Actor]
FILE: FilePayload = {"name": "flaggor.csv", "mimeType": "text/csv", "buffer": made(sample())}


def choose(page: Page, file: FilePayload) -> None:
    page.goto("/import/")
    page.set_input_files("[name=file]", file)
    page.locator("main form button[type=submit]").click()


def run(actor: Actor) -> None:
    with make.acting(actor):
        file = FlagFile.objects.get()
    importrun.run(importrun.Job.of(file))


def set_progress(actor: Actor, done: int) -> None:
    with make.acting(actor):
        FlagFile.objects.update(status="running", done_rows=done)


def look(page: Page, name: str) -> None:
    """Axe, one heading, no sideways scroll; and a picture for whoever wants to look."""
    assert faults(page) + looks_whole(page) == []
    if folder := os.environ.get("FORTUR_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_the_page_follows_the_import(visit: Visit, actor: Find, size: str) -> None:
    me = actor("utredare")
    page = visit("utredare", viewport=PHONE if size == "phone" else DESKTOP)
    choose(page, {"name": "x.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    expect(page.locator(".alert.error")).to_be_focused()
    look(page, f"import-refused-{size}")
    choose(page, FILE)
    expect(page.locator("tbody tr")).to_have_count(28)
    look(page, f"import-preview-{size}")
    page.locator("main form button[type=submit]").click()
    progress = page.locator("progress")
    expect(progress).to_have_attribute("value", "0")
    look(page, f"import-waiting-{size}")
    set_progress(me, 120)
    expect(progress).to_have_attribute("value", "120")
    expect(page.get_by_role("status")).to_contain_text("50")
    look(page, f"import-running-{size}")
    set_progress(me, 0)
    run(me)
    expect(page.locator(".alert.success")).to_be_focused()
    expect(page.locator(".alert.success")).to_contain_text(str(GOOD))
    look(page, f"import-result-{size}")
    with page.expect_download() as got:
        page.locator("#faults a.button").click()
    assert got.value.suggested_filename.endswith(".csv")
    page.goto("/import/")
    look(page, f"import-{size}")


def test_without_javascript(visit: Visit, actor: Find) -> None:
    me = actor("utredare")
    page = visit("utredare", javascript=False, viewport=PHONE)
    choose(page, {**FILE, "buffer": made([row(), row(typ="x")])})
    page.locator("main form button[type=submit]").click()
    expect(page.locator("progress")).to_have_attribute("value", "0")
    run(me)
    page.locator("#import-progress a").click()
    expect(page.locator(".alert.success")).to_contain_text("1")


def test_an_interrupted_import_is_continued_from_the_page(visit: Visit, actor: Find) -> None:
    me = actor("utredare")
    page = visit("utredare")
    choose(page, {**FILE, "buffer": made([row()])})
    page.locator("main form button[type=submit]").click()
    with make.acting(me):
        FlagFile.objects.update(status="failed")
    expect(page.locator(".alert.warning")).to_be_focused()
    look(page, "import-stopped")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("progress")).to_have_attribute("value", "0")
    run(me)
    expect(page.locator(".alert.success")).to_be_focused()
