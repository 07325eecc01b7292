"""What the other side receives holds nothing that wasn't previewed: bytes of all its pages."""

from collections.abc import Iterator

import pytest

from casework.models import Delivery
from casework.workflow import moment
from tests import letters, make
from tests.pages import Find, Login, form_with, readings

pytestmark = pytest.mark.django_db

GIVEN, FAMILY = "Zorvan", "Qvistmark"
SEEN, WHY, MET = "Märke-i-iakttagelsen", "Märke-i-skälet", "Märke-i-kriteriet"
TITLE, GOAL, NOTE, HELD = "Märke-i-insatsen", "Märke-i-målet", "Märke-i-noten", "Märke-i-svaret"
REFERENCE, TOLD = "ER-7781-märke", "Det här får de läsa."
HIDDEN = (GIVEN, FAMILY, SEEN, WHY, MET, TITLE, GOAL, NOTE, HELD, REFERENCE)
READERS = ("socialsekreterare", "faltassistent", "socialchef", "dataskydd.social")


def pages(case: str, letter: str) -> Iterator[str]:
    yield from ("/", "/inbox/", "/cases/", "/backlog/", "/audit/", "/coordinations/")
    yield from ("/exceptions/", "/cases/new/", "/cases/?mine=all")
    yield from (case, f"{case}log/", f"{case}disclosures/new/", f"{case}readers/", letter)
    yield from (f"{letter}steps/{name}/" for name in ("accept", "open_case", "give_back"))


def test_nothing_but_what_was_previewed_reaches_the_other_side(as_: Login, actor: Find) -> None:
    by, there = actor("utredare"), actor("socialsekreterare")
    number = make.number()
    case = make.in_progress(
        by, number=number, given_name=GIVEN, family_name=FAMILY, text=SEEN, reference=REFERENCE,
        criteria=[{"code": "repeated", "fact": MET}],
    )  # fmt: skip
    make.step(case, "hand_over", by, WHY, handler=actor("utredare2"))
    support = make.intervention(case, by, title=TITLE, goal=GOAL)
    support = make.step(
        support, "agree", by, consent_by="both", consent_on=moment.today(), consent_note=NOTE
    )
    made = letters.sent(
        case, by, fields=["case_reference"], text=TOLD, answers={"child_assessment": HELD}
    )
    with make.acting(there):
        letter = Delivery.objects.get(disclosure_id=made.pk)
        assert letter.text == made.sent_text
    theirs = make.case(there)
    hidden = [*HIDDEN, number, f"{number[:8]}-{number[8:]}", "Jonas Wallin"]
    seen = look(as_, f"/cases/{theirs.pk}/", f"/inbox/{letter.pk}/")
    make.step(letter, "accept", there, case=theirs)
    seen += look(as_, f"/cases/{theirs.pk}/", f"/inbox/{letter.pk}/")
    told = [(address, mark) for address, page in seen for mark in hidden if mark in page]
    assert told == []
    assert sum(TOLD in page for _address, page in seen) >= 4
    assert sum(case.reference in page for _address, page in seen) >= 4


def look(as_: Login, case: str, letter: str) -> list[tuple[str, str]]:
    """Every page of theirs as each of them sees it, and what they print and export."""
    found = []
    for login in READERS:
        client = as_(login)
        for address in pages(case, letter):
            shown = client.get(address).content.decode()
            found.append((f"{login} {address}", shown))
        for address in (f"{case}print/", "/audit/export/"):
            found.append((f"{login} {address}", client.post(address).content.decode()))
    return found


def test_looking_for_a_case_that_fits_leaves_a_line(as_: Login, actor: Find) -> None:
    letter = letters.arrived(actor("utredare"), actor("socialsekreterare"))
    client = as_("socialsekreterare")
    step = f"/inbox/{letter.pk}/steps/accept/"
    form = form_with(client.get(step).content, "into")
    assert form["into"] == "other"
    assert client.post(step, form).status_code == 422
    assert client.post(step, {**form, "q": "S-2026-9999"}).status_code == 422
    assert client.post(step, {**form, "q": "111111-1111"}).status_code == 422
    there = actor("socialsekreterare")
    assert len(readings(there, kind="opened")) == 1
    assert len(readings(there, kind="searched")) == 1
    own = make.case(there)
    assert client.post(step, {**form, "q": own.reference}).status_code == 302
    assert len(readings(there, kind="searched")) == 2
