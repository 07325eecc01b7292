"""The story of two files about one young person, in a browser, from both sides; and its refusals.

A police flag becomes a suspicion; the notification crosses and starts social services' clocks; an
investigation is opened, consent recorded, the work coordinated, and each side closes its own.
"""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from casework.workflow import moment
from tests import make
from tests.e2e import hands
from tests.e2e.conftest import Visit
from tests.e2e.test_main_job import PRIORITY, seen
from tests.pages import Find

pytestmark = pytest.mark.browser
TODAY = str(moment.today())
LATER = str(moment.today() + timedelta(days=60))
YESTERDAY = str(moment.today() - timedelta(days=1))
SECRET = "Sågs vid bänkarna."  # noqa: S105 - what the police saw, and don't send


@pytest.fixture
def _places(own_db: str, actor: Find) -> None:
    with make.acting(actor("utredare")):
        make.place()


def started(flagger: Page, worker: Page, number: str) -> str:
    """A case flagged, prioritised and begun; its address."""
    case = hands.flag(flagger, **seen(number))
    hands.take(worker, case, "prioritise", **PRIORITY)
    hands.take(worker, case, "start")
    return case


def suspected(worker: Page, leader: Page, case: str) -> str:
    """The police investigation up to the suspicion; its address."""
    worker.goto(case)
    worker.click("main a[href$='/investigations/new/']")
    hands.fill(worker, kind="preliminary", number="5000-K123456-26", offence="NSL_RINGA",
               deed_from=YESTERDAY, deed_until=YESTERDAY)  # fmt: skip
    hands.send(worker, "number")
    part = hands.path(worker)
    hands.take(leader, part, "open", opened_on=TODAY)
    hands.take(leader, part, "suspect", suspected_on=TODAY)
    return part


def notified(leader: Page, part: str) -> str:
    """The ready draft is looked at and sent; what was shown, letter by letter."""
    leader.goto(part)
    leader.click("main a[href*='/disclosures/']")
    draft = hands.path(leader)
    hands.take(leader, draft, "redraft", mediation="no", informed="yes")
    leader.click("main a[href$='/steps/send/']")
    shown = leader.locator("main pre").inner_text()
    hands.send(leader, "version")
    if leader.locator("main [name=confirmed]").count():
        hands.send(leader, "confirmed")
    assert leader.url.endswith(draft), leader.locator("main").inner_text()
    return shown


def taken_in(social: Page, shown: str) -> str:
    """What arrived is the same letters; it becomes a case. The case's address."""
    social.goto("/inbox/")
    social.locator("main a[href^='/inbox/']:visible").first.click()
    assert "-****" in social.locator("main pre").inner_text()  # masked until she asks
    social.get_by_role("button", name="Visa hela texten").click()
    assert social.locator("main pre").inner_text() == shown
    assert SECRET not in social.content()
    social.goto(social.url.split("?")[0].removesuffix("reveal/"))
    social.click("main a[href$='/steps/open_case/']")
    hands.fill(social, place="Sjölanda torg", seen_at=f"{YESTERDAY}T20:15", kind="use",
               source="report", suspicion="yes")  # fmt: skip
    hands.send(social, "version")
    social.goto("/cases/?mine=all")
    social.locator("main a[href^='/cases/']").filter(has_text=re.compile("^S-")).first.click()
    return hands.path(social)


def investigated(social: Page, case: str) -> str:
    social.goto(case)
    social.click("main a[href*='/investigations/']:not([href$='/new/'])")
    part = hands.path(social)
    hands.take(social, part, "assess_protection", assessed_on=TODAY, needs_protection="no",
               protection_note="Inget behov av omedelbart skydd.")  # fmt: skip
    hands.take(social, part, "begin_assessment")
    hands.take(social, part, "open", opened_on=TODAY)
    return part


def coordinated(police: Page, police_case: str, social: Page) -> tuple[str, str]:
    """Proposed by one, accepted by the other, resting on consent; both addresses."""
    police.goto(police_case)
    police.click("main a[href$='/coordinations/new/']")
    hands.fill(police, purpose="Gemensam plan för stöd.")
    hands.send(police, "purpose")
    ours = hands.path(police)
    social.goto("/coordinations/")
    social.locator("main a[href^='/coordinations/']").first.click()
    theirs = hands.path(social)
    hands.take(social, theirs, "accept")
    hands.take(social, theirs, "record_basis", consent_by="both",
               consent_from=TODAY, consent_until=LATER, consent_scope="Att båda ser planen.",
               consent_parties="Polisen och socialtjänsten", ends_on=LATER)  # fmt: skip
    hands.take(police, ours, "activate")
    return ours, theirs


def shared_intervention(social: Page, case: str) -> str:
    social.goto(case)
    social.click("main a[href$='/interventions/new/']")
    hands.fill(social, title="Samtal varje vecka", goal="Hemligt mål.")
    hands.send(social, "goal")
    part = hands.path(social)
    hands.take(social, part, "show")
    return part


@pytest.mark.usefixtures("_places")
@pytest.mark.parametrize("javascript", [True, False])
def test_both_sides(visit: Visit, actor: Find, javascript: bool) -> None:
    officer, worker, leader, chief, social, boss = hands.people(
        visit, "omradespolis", "utredare", "ledare", "polischef", "socialsekreterare",
        "socialchef", javascript=javascript,
    )  # fmt: skip
    police_case = started(officer, worker, make.number())
    part = suspected(worker, leader, police_case)
    expect(leader.locator("main")).to_contain_text("Vårdnadshavare")
    the_wrong_role_cant_decide(officer, police_case, part)
    shown = notified(leader, part)

    social_case = taken_in(social, shown)
    investigation = investigated(social, social_case)
    expect(social.locator("main")).to_contain_text("Utredningen ska vara slutförd")
    hands.take(social, social_case, "prioritise", **PRIORITY | {"criterion_repeated": "on"})
    hands.take(social, social_case, "start")

    own_use_is_stopped(social, social_case)
    ours, theirs = coordinated(worker, police_case, social)
    support = shared_intervention(social, social_case)
    worker.goto(ours)
    expect(worker.locator("main")).to_contain_text("Samtal varje vecka")
    assert "Hemligt mål" not in worker.content()

    hands.take(social, theirs, "withdraw", withdrawn_on=TODAY, withdrawn_by="guardian")
    worker.goto(ours)
    expect(worker.locator("main")).not_to_contain_text("Samtal varje vecka")

    ended(worker, leader, chief, police_case, part)
    finished(social, boss, social_case, investigation, support)


def the_wrong_role_cant_decide(officer: Page, case: str, part: str) -> None:
    """The officer sees the investigation, and is told who decides."""
    answer = officer.goto(f"{part}steps/serve/")
    assert answer is not None
    assert answer.status == 403
    expect(officer.locator("main")).to_contain_text("undersökningsledare")


def own_use_is_stopped(social: Page, case: str) -> None:
    """From social services to the police about own use: no, why, and the way that is open."""
    social.goto(case)
    social.click("main a[href$='/disclosures/new/']")
    social.locator("main [name=to]").first.check()  # the usual receiver
    hands.send(social, "to")
    hands.fill(social, subject="crime_minor")
    hands.send(social, "subject")
    hands.fill(social, initiative="own")
    hands.send(social, "initiative")
    expect(social.locator("main")).to_contain_text("samtycke")
    assert social.locator("main [name=fields]").count() == 0


def ended(worker: Page, leader: Page, chief: Page, case: str, part: str) -> None:
    hands.take(leader, part, "discontinue", discontinued_why="not_provable", reason="Går inte.")
    hands.take(chief, case, "close", outcome="crime_handled", reason="Utredningen är avslutad.")


def finished(social: Page, boss: Page, case: str, investigation: str, support: str) -> None:
    hands.take(social, investigation, "close_without_support", decided_on=TODAY, reason="Klart.")
    hands.take(social, investigation, "close")
    hands.take(social, support, "decline", reason="Familjen tackar nej.")
    hands.take(boss, case, "close", outcome="no_further_need", reason="Inget mer att göra.")
