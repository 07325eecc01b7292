"""Subject access on paper: every part stands in the PDF, and nothing that is withheld."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from access.actor import Actor
from audit import pdf
from casework.models import Case
from casework.subject_access import PARTS
from tests import joint, papers
from tests.test_subject_access import FILE, MARKS, case, file  # noqa: F401 - case is a fixture

Find = Callable[[str], Actor]
As = Callable[[str], Client]
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not pdf.POSSIBLE, reason="typst has no wheel here"),
]


def paper(client: Client, of: Case, **chosen: str) -> str:
    answer = file(client, of, format="pdf", **chosen)
    assert papers.is_tagged(answer.content, chosen.get("language", "sv").split("-")[0])
    return papers.text_of(answer.content)


def test_every_part_stands_in_it_with_what_it_holds(as_: As, case: Case) -> None:  # noqa: F811
    text = paper(as_("polischef"), case)
    for part in PARTS.values():
        assert papers.says(text, str(part.title)), part.title
    for mark in MARKS.values():
        assert papers.says(text, mark), mark
    assert papers.says(text, "Hur länge det sparas")
    assert papers.says(text, "PBDL (2018:1693) 4 kap. 2 §")
    assert papers.says(text, "Begärans diarienummer")
    assert papers.says(text, FILE["request"])


def test_it_tells_each_recipient_and_on_which_ground(as_: As, case: Case) -> None:  # noqa: F811
    text = paper(as_("polischef"), case)
    assert papers.says(text, "Barn och unga Sjölanda")
    assert papers.says(text, MARKS["recipients"])
    assert papers.says(text, MARKS["received"])


def test_it_tells_who_opened_it_and_that_this_file_was_made(
    as_: As, case: Case, actor: Find, settings: Any  # noqa: F811
) -> None:  # fmt: skip
    settings.EXTRACT_NAMES = True
    as_("utredare2").get(f"/cases/{case.pk}/")
    paper(as_("polischef"), case)
    text = paper(as_("polischef"), case)
    assert papers.says(text, actor("utredare2").name)
    assert papers.says(text, "Exporterat (registerutdrag)")
    settings.EXTRACT_NAMES = False
    nameless = {"recipients": "investigation", "received": "investigation"}
    assert not papers.says(paper(as_("polischef"), case, **nameless), actor("utredare2").name)


@pytest.mark.parametrize("code", MARKS)
def test_a_withheld_part_is_named_with_its_reason_and_nothing_else(
    as_: As, case: Case, code: str  # noqa: F811
) -> None:  # fmt: skip
    chosen = {code: "investigation"}
    if code in ("observations", "priorities", "interventions", "investigations"):
        chosen["history"] = "investigation"
    text = paper(as_("polischef"), case, **chosen)
    assert not papers.says(text, MARKS[code])
    assert papers.says(text, str(PARTS[code].title))
    assert papers.says(text, "18 kap. 1 §")
    others = [mark for other, mark in MARKS.items() if other != code]
    assert [mark for mark in others if not papers.says(text, mark)] == []


def test_the_social_sides_paper_has_its_own(as_: As, actor: Find) -> None:
    two = joint.pair(actor)
    joint.active(two)
    text = paper(as_("socialchef"), two.social_case)
    assert papers.says(text, "Lokalpolisområde Sjölanda")
    assert papers.says(text, "16 kap. 1")
    assert not papers.says(text, "PBDL")
    less = paper(as_("socialchef"), two.social_case, coordination="protected", history="protected")
    assert not papers.says(less, two.police_case.reference)


def test_it_is_the_same_in_english(as_: As, case: Case) -> None:  # noqa: F811
    text = paper(as_("polischef"), case, language="en-gb")
    assert papers.says(text, "Who has opened the data")
    assert papers.says(text, MARKS["observations"])
