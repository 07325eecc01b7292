"""The main job in a browser: with scripts, without them, and once with the keyboard only."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import FilePayload, Page, expect

from access.actor import Actor
from casework.importing import importrun
from casework.models import FlagFile
from casework.workflow import moment
from tests import make
from tests.casework import flagfiles
from tests.e2e import hands
from tests.e2e.conftest import Visit

pytestmark = pytest.mark.browser
TODAY = moment.today()
PRIORITY = {
    "level": "A", "criterion_repeated": "on", "fact_repeated": "Tre tillfällen i november.",
    "criterion_exposed_place": "on", "fact_exposed_place": "Sjölanda torg, den 20 november.",
    "reason": "Två kriterier är uppfyllda.", "valid_until": str(TODAY + timedelta(days=14)),
}  # fmt: skip


def seen(number: str) -> dict[str, str]:
    return {
        "personal_number": number, "given_name": "Alva", "family_name": "Påhitt",
        "place": "Sjölanda torg", "seen_at": f"{TODAY - timedelta(days=1)}T20:15", "kind": "use",
        "source": "own", "suspicion": "no", "text": "Sågs vid bänkarna.",
    }  # fmt: skip


@pytest.fixture
def _town(own_db: str, actor: Callable[[str], Actor]) -> None:
    with make.acting(actor("utredare")):
        make.place()


@pytest.mark.usefixtures("_town")
@pytest.mark.parametrize("javascript", [True, False])
def test_the_main_job(visit: Visit, javascript: bool) -> None:
    officer, worker, chief, social = hands.people(
        visit, "omradespolis", "utredare", "polischef", "socialsekreterare", javascript=javascript
    )
    twelve = make.number()
    case = hands.flag(officer, **seen(twelve))
    hands.take(worker, case, "prioritise", **PRIORITY)
    hands.take(chief, case, "confirm")
    hands.take(worker, case, "start")
    expect(worker.locator("main")).to_contain_text("Tre tillfällen i november.")
    social.goto(case)
    expect(social.locator("main")).not_to_contain_text("Alva")

    shows_the_number(worker, twelve)
    intervene(worker, case)
    day = str(TODAY + timedelta(days=30))
    hands.take(worker, case, "begin_follow_up", next_look=day)
    hands.take(chief, case, "close", outcome="support_given", reason="Stödet är avslutat.")
    assert chief.locator("main a[href$='/steps/reopen/']").count() == 1
    assert chief.locator("main a[href$='/steps/close/']").count() == 0

    auditor = visit("dataskydd.polis", javascript=javascript)
    auditor.goto("/audit/?kind=step")
    assert auditor.locator("main tbody tr").count() == 10


def shows_the_number(page: Page, twelve: str) -> None:
    expect(page.locator("#number")).not_to_contain_text(twelve[8:])
    page.click("form[action$='/reveal/'] button")
    expect(page.locator("#number")).to_contain_text(twelve[8:])


def intervene(page: Page, case: str) -> None:
    page.goto(case)
    page.click("main a[href$='/interventions/new/']")
    hands.fill(page, title="Samtal varje vecka", goal="Inga nya tillfällen.")
    hands.send(page, "goal")
    part = hands.path(page)
    hands.take(page, part, "agree", consent_by="young_person", consent_on=str(TODAY))
    hands.take(page, part, "start")
    hands.take(page, part, "complete", result="goal_reached", reason="Målet är nått.")


def tab_to(page: Page, selector: str) -> None:
    """Tab until the focus stands there; what has it can be seen."""
    for _turn in range(90):
        page.keyboard.press("Tab")
        focus = page.locator(":focus")
        if focus.count() and focus.evaluate("(one, what) => one.matches(what)", selector):
            assert focus.is_visible(), selector
            return
    pytest.fail(f"The keyboard doesn't reach {selector}")


def test_the_keyboard_is_enough(visit: Visit, own_db: str, actor: Callable[[str], Actor]) -> None:
    case = f"/cases/{make.case(actor('utredare')).pk}/"
    page = visit("utredare")
    keys = page.keyboard
    tab_to(page, ".skip")
    keys.press("Enter")
    page.goto("/cases/")
    tab_to(page, f"a[href='{case}']")
    keys.press("Enter")
    tab_to(page, "a[href$='/steps/prioritise/']")
    keys.press("Enter")
    tab_to(page, "[name=level]")
    keys.press("Space")
    for name in ("repeated", "exposed_place"):
        tab_to(page, f"[name=criterion_{name}]")
        keys.press("Space")
        tab_to(page, f"[name=fact_{name}]")
        keys.type("Tre tillfällen.")
    tab_to(page, "[name=reason]")
    keys.type("Två kriterier.")
    tab_to(page, "main form button[type=submit]")
    keys.press("Enter")
    page.wait_for_url(f"**{case}")
    tab_to(page, "a[href$='/steps/start/']")
    keys.press("Enter")
    tab_to(page, "main form button[type=submit]")
    keys.press("Enter")
    page.wait_for_url(f"**{case}")
    assert page.locator("a[href$='/steps/begin_follow_up/']").count() == 1


def test_a_form_sent_twice_in_a_hurry_counts_once(
    visit: Visit, own_db: str, actor: Callable[[str], Actor]
) -> None:
    by = actor("utredare")
    case = make.case(by)
    page = visit("utredare")
    page.goto(f"/cases/{case.pk}/steps/prioritise/")
    hands.fill(page, **PRIORITY)
    page.locator("main form:has([name=version]) button[type=submit]").dblclick()
    page.wait_for_url(hands.CASE)
    with make.acting(by):
        case.refresh_from_db(fields=["version"])
    assert case.version == 1


@pytest.mark.parametrize("javascript", [True, False])
def test_an_import_tells_how_far_it_has_come(
    visit: Visit, own_db: str, actor: Callable[[str], Actor], javascript: bool
) -> None:
    by, page = actor("utredare"), visit("utredare", javascript=javascript)
    page.goto("/import/")
    content = flagfiles.made(flagfiles.sample())
    file: FilePayload = {"name": "flaggor.csv", "mimeType": "text/csv", "buffer": content}
    page.locator("[name=file]").set_input_files(file)
    hands.send(page, "file")
    page.click("form[action$='/confirm/'] button[type=submit]")
    expect(page.locator("#progress-bar")).to_have_attribute("value", "0")
    told: list[str] = []

    def tell(done: int, rows: int) -> None:
        if not javascript:
            page.reload()
        if done < rows:
            expect(page.locator("#progress-bar")).to_have_attribute("value", str(done))
            told.append(page.locator("#status").inner_text())

    with make.acting(by):
        job = importrun.Job.of(FlagFile.objects.get())
    importrun.run(job, tell)
    if not javascript:
        page.reload()
    expect(page.locator("#progress-bar")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("212")
    assert any("25" in words for words in told) == javascript
