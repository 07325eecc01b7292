"""Every page, on a phone and on a desktop, light and dark: no fault that axe can find."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from access.actor import Actor
from access.models import Confined
from audit import trail
from audit.models import Reading
from audit.review import month_before
from casework.emergencies import break_glass
from casework.models import Case
from casework.models.notice import tell
from casework.workflow import moment
from tests import joint, letters, make
from tests.e2e.conftest import DESKTOP, PHONE, Visit

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    }
}
VARIANTS = [(size, scheme) for size in ("phone", "desktop") for scheme in ("light", "dark")]
SIZES = {"phone": PHONE, "desktop": DESKTOP}
PAGES = {
    "": ["/accounts/login/"],
    "utredare": [
        "/", "/cases/", "/cases/?q=ingen-sådan", "/cases/new/", "{case}", "{case}log/",
        "{flagged}", "{flagged}steps/prioritise/", "{case}steps/hand_over/",
        "{clocks}", "{clocks}steps/add_deadline/", "{clocks}steps/meet_deadline/",
        "{clocks}steps/extend_deadline/",
        "{case}steps/begin_follow_up/", "{case}interventions/new/", "{part}",
        "{part}steps/agree/", "{part}steps/decline/", "{case}readers/", "/import/",
        "/profile/", "{foreign}",
        "{case}investigations/new/", "{suspected}", "{suspected}steps/notify_guardian/",
        "{draft}", "{draft}steps/send/", "{draft}steps/refuse/", "{draft}steps/redraft/",
        "/inbox/", "{letter}", "{letter}steps/accept/", "{letter}steps/open_case/",
        "{letter}steps/give_back/", "/exceptions/", "/exceptions/break-glass/",
    ],
    "omradespolis": ["{restricted}"],
    "polischef": [
        "/exceptions/", "/exceptions/review/", "/exceptions/review/{grant}/", "{lift}",
        "/exceptions/substitutes/", "/exceptions/grants/{grant}/close/", "{flagged}steps/restrict/",
        "{flagged}steps/shut_out/",
        "/", "/cases/", "/backlog/", "/audit/", "{flagged}steps/set_aside/", "{case}steps/close/",
        "/cases/new/", "/audit/integrity/", "/audit/review/", "{review}", "{review}sign/",
        "/audit/access/",
        "{membership}", "/audit/access/sign/", "{leaver}", "/subject-access/",
        "/destruction/", "{list}", "{list}steps/strike/", "{list}steps/review/",
        "{list}steps/reject/", "{over}", "{over}steps/hold/",
    ],
    "dataskydd.polis": [
        "/", "/audit/", "/audit/integrity/", "/audit/review/", "{review}", "/audit/access/",
        "/audit/extract/", "/destruction/", "{list}",
    ],
    "socialsekreterare": [
        "/coordinations/", "{joint}", "{joint}steps/renew/", "{joint}steps/plan_meeting/",
        "{joint}steps/withdraw/", "{joint}steps/end/", "{shown}", "{propose}",
        "{theirs}", "{received}", "{received}steps/assess_protection/", "{received}steps/join/",
        "{theirs}investigations/new/",
        "{guide}", "{guide}?to={lpo}", "{guide}?to={lpo}&subject=future_crime",
        "{guide}?to={lpo}&subject=future_crime&initiative=own",
        "{guide}?to={lpo}&subject=future_crime&initiative=own&ground=UNGA21",
        "{guide}?to={lpo}&subject=crime_minor&initiative=own", "{guide}?to=0",
    ],
    "socialchef": ["{ground}"],
    "ledare": ["{suspected}", "{suspected}steps/discontinue/", "{inquiry}",
               "{inquiry}steps/begin_inquiry/"],
    "samordnare": ["/"],
    "admin": ["/", "/audit/access/requests/"],
}  # fmt: skip


@pytest.fixture
def addresses(own_db: str, actor: Callable[[str], Actor]) -> dict[str, str]:
    by = actor("utredare")
    flagged: UUID = make.case(by=by, text="Sågs vid bänkarna.").pk
    make.prioritised(by=by, level="A")
    case = make.in_progress(by=by, level="B", seen_at=moment.now() - timedelta(days=9))
    part = make.intervention(case, by=by)
    clocks = make.deadline(make.in_progress(by=by), by=by)
    with make.acting(by):
        tell(by.unit_id, by.user_id, "handed_over", clocks.pk)
    foreign = make.case(by=actor("socialsekreterare"))
    theirs = make.in_progress(by=actor("socialsekreterare"))
    suspected, inquiry = investigated(case, by, actor("ledare"))
    received = make.social_investigation(theirs, actor("socialsekreterare"))
    with make.acting(by):
        trail.reading(Reading.Kind.OPENED, about_id=case.pk, about=case.reference)
    review = make.review(by, month_before(moment.today()))
    hers, leaver = make.leaver(actor("utredare2"), actor("polischef"))
    draft = letters.disclosure(case, by=by, text="Sågs ensam sent.")
    letter = letters.arrived(
        actor("socialsekreterare"), by, sender=actor("socialchef"), text="Nästa helg på torget."
    )
    two = joint.pair(actor)
    joint.active(two)
    shown = make.intervention(two.social_case, two.social)
    shown = make.step(shown, "show", two.social)
    alone = joint.pair(actor)
    other = actor("omradespolis")
    exempt = make.exceptions(case, actor("polischef"), by, other)
    restricted = make.restricted(make.in_progress(by=by), actor("polischef"), by)
    with make.acting(actor("polischef")):
        confined = Confined.objects.get(about_id=restricted.pk, ended_at=None)
    waiting = joint.accepted(joint.pair(actor), actor("utredare"))
    over = make.closed(by, actor("polischef"))
    with make.acting(other):
        break_glass(other, restricted.reference, "Barnet är i fara i kväll.", "child_at_risk")
    return {
        "grant": str(exempt["grant_id"]),
        "over": f"/cases/{over.pk}/",
        "lift": f"/exceptions/restricted/{confined.pk}/lift/",
        "ground": f"{waiting.get_absolute_url()}steps/record_ground/",
        "list": f"/destruction/{make.destroyed(actor('polischef')).pk}/",
        "restricted": f"/cases/{restricted.pk}/",
        "joint": f"/coordinations/{two.row(two.social).pk}/",
        "shown": f"/cases/{two.social_case.pk}/interventions/{shown.pk}/",
        "propose": f"/cases/{alone.social_case.pk}/coordinations/new/",
        "draft": f"/cases/{case.pk}/disclosures/{draft.pk}/",
        "letter": f"/inbox/{letter.pk}/",
        "flagged": f"/cases/{flagged}/",
        "case": f"/cases/{case.pk}/",
        "part": f"/cases/{case.pk}/interventions/{part.pk}/",
        "clocks": f"/cases/{clocks.pk}/",
        "foreign": f"/cases/{foreign.pk}/",
        "guide": f"/cases/{theirs.pk}/disclosures/new/",
        "suspected": suspected,
        "inquiry": inquiry,
        "theirs": f"/cases/{theirs.pk}/",
        "received": f"/cases/{theirs.pk}/investigations/{received.pk}/",
        "lpo": str(by.unit_id),
        "review": f"/audit/review/{review.pk}/",
        "membership": f"/audit/access/membership/{hers}/",
        "leaver": f"/audit/access/leavers/{leaver}/",
    }


def investigated(case: Case, by: Actor, leader: Actor) -> list[str]:
    """An investigation with its duties open, and a reported inquiry."""
    part = make.police_investigation(case, by)
    part = make.step(part, "open", leader, opened_on=moment.today())
    part = make.step(part, "suspect", leader, suspected_on=moment.today())
    other = make.police_investigation(case, by, kind="inquiry")
    return [f"/cases/{case.pk}/investigations/{one.pk}/" for one in (part, other)]


def faults(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{page.url}: {fault['id']}: {target(fault)}" for fault in found]


def target(fault: dict[str, Any]) -> str:
    return ", ".join(str(node["target"]) for node in fault["nodes"][:3])


def looks_whole(page: Page) -> list[str]:
    """One heading, a language, and no sideways scroll."""
    faults = []
    if page.locator("h1").count() != 1:
        faults.append(f"{page.url}: {page.locator('h1').count()} h1")
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        faults.append(f"{page.url}: scrolls sideways")
    if not page.locator("html[lang]").count():
        faults.append(f"{page.url}: no language")
    return faults


@pytest.mark.browser
@pytest.mark.parametrize(("size", "scheme"), VARIANTS)
def test_no_page_has_a_fault(
    visit: Visit, addresses: dict[str, str], size: str, scheme: str
) -> None:
    found = []
    for login, pages in PAGES.items():
        page = visit(login, viewport=SIZES[size], color_scheme=scheme)
        for path in pages:
            page.goto(path.format(**addresses))
            found += faults(page) + looks_whole(page)
    assert found == []


@pytest.mark.browser
def test_nothing_scrolls_sideways_on_the_narrowest_phone(
    visit: Visit, addresses: dict[str, str]
) -> None:
    found = []
    for login, pages in PAGES.items():
        page = visit(login, viewport={"width": 320, "height": 640})
        for path in pages:
            page.goto(path.format(**addresses))
            found += looks_whole(page)
    assert found == []
