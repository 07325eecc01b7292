"""Subject access in the browser: from the number to the file; both pages without a fault."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from access.actor import Actor
from casework.models import Case
from casework.subject_access import PARTS
from tests import letters, make
from tests.e2e.conftest import DESKTOP, PHONE, Visit
from tests.e2e.test_accessible import faults, looks_whole


@pytest.fixture
def case(own_db: str, actor: Callable[[str], Actor]) -> Case:
    by = actor("utredare")
    made = make.in_progress(by, text="Sågs vid bänkarna två kvällar i rad.")
    make.intervention(made, by)
    make.police_investigation(made, by)
    letters.sent(made, by, text="Sågs ensam sent.")
    return made


def ask(page: Page, reference: str) -> None:
    page.goto("/subject-access/")
    page.get_by_label("Hela personnumret eller ärendenumret").fill(reference)
    page.get_by_label("Vem som begär det").select_option("guardian")
    page.get_by_label("Begärans diarienummer").fill("2026/118")
    page.get_by_label("Hur identiteten kontrollerades").select_option("id_document")
    page.get_by_role("button", name="Visa vad som finns").click()
    page.get_by_role("heading", name="Vad lämnas ut?").wait_for()


@pytest.mark.browser
def test_a_supervisor_makes_the_file_without_javascript(visit: Visit, case: Case) -> None:
    page = visit("polischef", javascript=False)
    ask(page, case.reference)
    page.get_by_role("button", name="Gör filen").click()
    assert page.locator(".alert.error").count() == 1
    for code in PARTS:
        page.locator(f"#id_{code}").select_option("hand_out")
    page.locator("#id_observations").select_option("third_person")
    page.locator("#id_format").select_option("json")
    with page.expect_download() as download:
        page.get_by_role("button", name="Gör filen").click()
    assert download.value.suggested_filename.startswith("fortur-registerutdrag-")
    text = Path(download.value.path()).read_text()
    assert "Sågs vid bänkarna" not in text
    assert [part["code"] for part in json.loads(text)["parts"]] == list(PARTS)


@pytest.mark.browser
def test_both_pages_are_whole(visit: Visit, case: Case) -> None:
    found = []
    for size in (PHONE, DESKTOP):
        for scheme in ("light", "dark"):
            page = visit("polischef", viewport=size, color_scheme=scheme)
            page.goto("/subject-access/")
            found += faults(page) + looks_whole(page)
            ask(page, case.reference)
            for summary in page.locator("main details > summary").all():
                summary.click()
            found += faults(page) + looks_whole(page)
            page.get_by_role("button", name="Gör filen").click()
            found += faults(page) + looks_whole(page)
    assert found == []
