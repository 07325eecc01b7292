"""Subject access: what the unit holds about one person, part by part, as a file."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from access.actor import Actor
from audit import pdf
from casework import subject_access_parts
from casework.models import Case
from casework.subject_access import HAND_OUT, PARTS, WHY
from tests import joint, letters, make
from tests.pages import readings

pytestmark = pytest.mark.django_db
Find = Callable[[str], Actor]
As = Callable[[str], Client]
SCHEMA = Path(__file__).parents[1] / "docs" / "subject-access.schema.json"
ASK = {"asker": "guardian", "request": "2026/118", "identity": "id_document"}
FILE = {**ASK, "language": "sv", "format": "json"} | dict.fromkeys(PARTS, HAND_OUT)
# What stands in which part, and nowhere else.
MARKS = {
    "person": "Zorvanfamilj",
    "observations": "Märke-i-iakttagelsen",
    "priorities": "Märke-i-kriteriet",
    "interventions": "Märke-i-målet",
    "investigations": "5000-K77-26",
    "recipients": "Märke-i-brevet",
    "received": "Märke-i-det-som-kom",
}


@pytest.fixture
def case(actor: Find) -> Case:
    """A case with something in every part that the police have."""
    by = actor("utredare")
    made = make.in_progress(
        by, given_name="Alva", family_name=MARKS["person"], text=MARKS["observations"],
        criteria=[{"code": "repeated", "fact": MARKS["priorities"]}],
    )  # fmt: skip
    make.intervention(made, by, goal=MARKS["interventions"])
    make.police_investigation(made, by, number=MARKS["investigations"])
    letters.sent(
        made, by, fields=["case_reference"], text=MARKS["recipients"],
        answers={"child_assessment": "yes"},
    )  # fmt: skip
    letter = letters.arrived(
        actor("socialsekreterare"), by, sender=actor("socialchef"), text=MARKS["received"]
    )
    make.step(letter, "accept", by, case=made)
    return made


def file(client: Client, case: Case, status: Any = 200, **chosen: str) -> Any:
    answer = client.post("/subject-access/file/", {**FILE, "about": case.reference, **chosen})
    assert answer.status_code == status
    return answer


def on_paper(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """All that the PDFs are made of, beside the template."""
    given: list[dict[str, Any]] = []

    def keep(template: Path, data: dict[str, Any]) -> bytes:
        given.append(data)
        return b"%PDF-"

    monkeypatch.setattr(pdf, "pdf", keep)
    return given


def parts_of(answer: Any) -> dict[str, Any]:
    return {part["code"]: part for part in json.loads(answer.content)["parts"]}


def test_everything_is_in_the_file_each_in_its_part(as_: As, case: Case) -> None:
    found = parts_of(file(as_("polischef"), case))
    assert list(found) == list(PARTS)
    for code, mark in MARKS.items():
        assert [name for name, part in found.items() if mark in str(part)] == [code]
    assert found["coordination"]["records"] == found["sources"]["records"] == []
    assert found["history"]["records"]
    assert case.reference in str(found["cases"])


@pytest.mark.parametrize("code", MARKS)
@pytest.mark.parametrize("language", ["sv", "en-gb"])
def test_what_is_withheld_is_named_with_its_reason_and_stands_nowhere(
    as_: As, case: Case, code: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = on_paper(monkeypatch)
    chosen = {code: "third_person", "language": language}
    answer = file(as_("polischef"), case, **chosen)
    part = parts_of(answer)[code]
    assert part["records"] == []
    assert part["withheld"]["code"] == "third_person"
    assert "35 kap. 1 §" in part["withheld"]["source"]
    if pdf.POSSIBLE:
        file(as_("polischef"), case, **chosen, format="pdf")
        assert len(given) == 1
    assert MARKS[code] not in answer.content.decode() + str(given)


def test_the_steps_of_a_withheld_part_are_not_told(as_: As, case: Case, actor: Find) -> None:
    whole = str(parts_of(file(as_("polischef"), case))["history"])
    assert make.REASON in whole
    less = parts_of(file(as_("polischef"), case, priorities="investigation"))["history"]
    assert make.REASON not in str(less)


def test_everything_withheld_holds_nothing_but_the_reasons(as_: As, case: Case) -> None:
    answer = file(as_("polischef"), case, **dict.fromkeys(PARTS, "investigation"))
    assert all(part["records"] == [] and part["withheld"] for part in parts_of(answer).values())
    assert case.reference not in answer.content.decode()


@pytest.mark.skipif(not pdf.POSSIBLE, reason="typst has no wheel here")
@pytest.mark.parametrize("language", ["sv", "en-gb"])
def test_the_paper_is_a_tagged_pdf_in_both_languages(as_: As, case: Case, language: str) -> None:
    found = file(as_("polischef"), case, format="pdf", language=language, sources="guardian")
    assert found.headers["Content-Type"] == "application/pdf"
    assert found.content.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in found.content
    assert case.reference not in found.headers["Content-Disposition"]


@pytest.mark.skipif(not pdf.POSSIBLE, reason="typst has no wheel here")
def test_the_paper_says_in_the_demonstration_that_it_is_invented(
    as_: As, case: Case, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = on_paper(monkeypatch)
    settings.DEMO = True
    file(as_("polischef"), case, format="pdf")
    assert given[0]["said"]["banner"].startswith("Påhittade uppgifter")


def test_how_long_it_is_kept_is_told_by_the_rules_of_the_side(as_: As, case: Case) -> None:
    kept = json.loads(file(as_("polischef"), case, investigations="investigation").content)["kept"]
    codes = {fact["code"] for fact in kept["facts"]}
    assert {"PBDL_EJ_DELAD", "PBDL_NEDLAGD", "PBDL_ATAL"} <= codes
    assert not [code for code in codes if code.startswith("SOL_")]
    assert all(fact["label"] != fact["code"] and fact["value"] for fact in kept["facts"])


TYPES = {"string": str, "boolean": bool, "null": type(None), "object": dict, "array": list}


def fits(value: Any, schema: dict[str, Any], defs: dict[str, Any]) -> None:
    """As much of JSON Schema as ours uses."""
    if "$ref" in schema:
        schema = defs[schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        schema = schema["anyOf"][value is not None]
    assert isinstance(value, TYPES[schema.get("type", "string")]), (value, schema)
    assert value in schema.get("enum", [value])
    assert value == schema.get("const", value)
    if isinstance(value, dict):
        assert set(value) == set(schema["required"]) == set(schema["properties"])
        for key, part in value.items():
            fits(part, schema["properties"][key], defs)
    elif isinstance(value, list):
        for part in value:
            fits(part, schema["items"], defs)


@pytest.mark.parametrize(("asker", "whom"), [("young_person", "dig"), ("guardian", "den unge")])
def test_it_speaks_to_whoever_gets_it(as_: As, case: Case, asker: str, whom: str) -> None:
    data = json.loads(file(as_("polischef"), case, asker=asker).content)
    assert data["title"] == f"Det vi har om {whom}"
    assert f"den här enheten har om {whom} i Förtur" in data["notes"][0]


def test_the_keys_are_those_of_the_schema(as_: As, case: Case) -> None:
    schema = json.loads(SCHEMA.read_text())
    for chosen in ({}, {"person": "protected", "language": "en-gb"}):
        fits(json.loads(file(as_("polischef"), case, **chosen).content), schema, schema["$defs"])
    assert schema["$defs"]["part"]["properties"]["code"]["enum"] == list(PARTS)
    withheld = schema["$defs"]["part"]["properties"]["withheld"]["anyOf"][1]
    assert withheld["properties"]["code"]["enum"] == list(WHY)


def test_the_file_is_one_line_without_a_word_of_it(as_: As, case: Case, actor: Find) -> None:
    answer = file(as_("polischef"), case, priorities="investigation")
    (line,) = readings(actor("polischef"), kind="exported")
    assert (line.about_id, line.purpose) == (case.pk, "guardian")
    assert line.detail["sha256"] == sha256(answer.content).hexdigest()
    assert line.detail["withheld"] == {"priorities": "investigation"}
    assert "priorities" not in line.detail["parts"]
    assert not [mark for mark in MARKS.values() if mark in str(line.detail)]
    log = as_("dataskydd.polis").get("/audit/").content.decode()
    assert "Exporterat" in log
    assert not [mark for mark in MARKS.values() if mark in log]


def test_looking_is_one_line_and_shows_what_each_part_holds(
    as_: As, case: Case, actor: Find
) -> None:
    page = as_("polischef").post("/subject-access/", {**ASK, "about": case.reference.lower()})
    assert page.status_code == 200
    shown = page.content.decode()
    assert not [mark for mark in MARKS.values() if mark not in shown]
    (line,) = readings(actor("polischef"), actor_id=actor("polischef").user_id)
    assert (line.kind, line.about_id, line.detail) == (
        "opened", case.pk, {"part": "subject access"},
    )  # fmt: skip


def test_the_whole_number_finds_and_is_never_shown(as_: As, actor: Find) -> None:
    number = make.number()
    made = make.case(actor("utredare"), number=number)
    page = as_("polischef").post("/subject-access/", {**ASK, "about": number})
    assert made.reference in page.content.decode()
    assert number not in page.content.decode()
    assert f"{number[:8]}-{number[8:]}" not in page.content.decode()
    assert f"{number[:8]}-{number[8:]}" in str(parts_of(file(as_("polischef"), made))["person"])


def test_all_her_cases_are_one_file(as_: As, actor: Find) -> None:
    number = make.number()
    by, chief = actor("utredare"), actor("polischef")
    first = make.closed(by, chief, number=number, text="Det första.")
    second = make.case(by, number=number, text="Det andra.")
    found = parts_of(file(as_("polischef"), first))
    assert {one["title"] for one in found["cases"]["records"]} == {
        first.reference, second.reference,
    }  # fmt: skip
    assert "Det första." in str(found["observations"])
    assert "Det andra." in str(found["observations"])


def test_staff_are_named_only_where_the_authority_says_so(
    as_: As, case: Case, actor: Find, settings: Settings
) -> None:
    name = actor("utredare").name
    chosen = {"recipients": "investigation", "received": "investigation"}
    assert name not in file(as_("polischef"), case, **chosen).content.decode()
    settings.EXTRACT_NAMES = True
    assert name in file(as_("polischef"), case, **chosen).content.decode()


def test_the_social_side_tells_its_own_with_reporter_and_coordination(as_: As, actor: Find) -> None:
    two = joint.pair(actor)
    joint.active(two)
    case, by = two.social_case, two.social
    make.social_investigation(case, by, report="worry", reporter="Märke-skolan")
    make.deadline(case, by)
    for form in ("json", "pdf") if pdf.POSSIBLE else ("json",):
        file(as_("socialchef"), case, format=form)
    whole = parts_of(file(as_("socialchef"), case))
    assert "Märke-skolan" in str(whole["sources"])
    assert "Märke-skolan" not in str(whole["investigations"])
    assert two.police_case.reference in str(whole["coordination"])
    assert len(whole["investigations"]["records"]) > 2  # the deadlines with it
    less = file(as_("socialchef"), case, sources="third_person", coordination="protected")
    assert "Märke-skolan" not in less.content.decode()
    assert two.police_case.reference not in str(parts_of(less)["history"])
    assert "26 kap. 1 §" in parts_of(less)["sources"]["withheld"]["source"]


@pytest.mark.skipif(not pdf.POSSIBLE, reason="typst has no wheel here")
@pytest.mark.parametrize("name", ["#panic()", "[*x*]", "\\", "علي", "😀", '"); #read("/etc/x")'])
def test_no_word_is_read_as_markup_or_stops_the_file(as_: As, actor: Find, name: str) -> None:
    made = make.case(actor("utredare"), given_name=name, text=f"{name}\n\n= {name}")
    found = file(as_("polischef"), made, format="pdf")
    assert found.content.startswith(b"%PDF-")


def test_only_the_newest_openings_are_told_where_there_are_very_many(
    as_: As, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casework.subject_access_parts.MOST", 2)
    for _ in range(4):
        as_("utredare").get(f"/cases/{case.pk}/")
    records = parts_of(file(as_("polischef"), case))["opened_by"]["records"]
    assert records[0]["title"].startswith("Bara de 2 nyaste")
    assert len(records) == 3


# --- who, and bad input --------------------------------------------------------------------------

NOT_FOUND = "Din enhet har inget med det numret"


@pytest.mark.parametrize("about", [make.number(), "P-2026-9999", "Zorvanfamilj", "S-2026-0001"])
def test_what_isnt_there_says_so_and_leaves_a_search(
    as_: As, case: Case, actor: Find, about: str
) -> None:
    page = as_("polischef").post("/subject-access/", {**ASK, "about": about})
    assert page.status_code == 422
    assert NOT_FOUND in page.content.decode()
    (line,) = readings(actor("polischef"), actor_id=actor("polischef").user_id)
    assert (line.kind, line.about, line.detail["found"]) == ("searched", "", 0)


def test_another_units_and_a_restricted_person_look_like_nobody(
    as_: As, case: Case, actor: Find
) -> None:
    for chief in ("socialchef",):
        page = as_(chief).post("/subject-access/", {**ASK, "about": case.reference})
        assert page.status_code == 422
        assert NOT_FOUND in page.content.decode()
    number = make.number()
    hidden = make.case(actor("utredare"), number=number)
    make.restricted(hidden, actor("polischef"), actor("utredare"))
    for about in (hidden.reference, number):
        page = as_("polischef").post("/subject-access/", {**ASK, "about": about})
        assert NOT_FOUND in page.content.decode()
    file(as_("polischef"), hidden, 422)
    named = make.case(actor("utredare"))
    make.restricted(named, actor("polischef"), actor("polischef"))
    assert named.reference in file(as_("polischef"), named).content.decode()


@pytest.mark.parametrize(
    "name", ["utredare", "ledare", "omradespolis", "dataskydd.polis", "samordnare", "admin"]
)
def test_only_the_units_supervisor_makes_one(as_: As, case: Case, name: str) -> None:
    assert as_(name).get("/subject-access/").status_code == 403
    file(as_(name), case, 403)


BAD = {
    "a part without a choice": {"history": ""},
    "an unknown ground": {"history": "gossip"},
    "the guardian's ground, when she asks herself": {"asker": "young_person", "person": "guardian"},
    "another format": {"format": "exe"},
    "another language": {"language": "xx"},
    "no asker": {"asker": ""},
    "no identity check": {"identity": ""},
    "a name as reference": {"request": "Alva Påhittlund"},
    "a personal number as reference": {"request": "20100512-2385"},
    "a very long reference": {"request": "1" * 5000},
    "a wrong number": {"about": "20100512-2384"},
    "a very long one": {"about": "P" * 5000},
}


@pytest.mark.parametrize("chosen", BAD.values(), ids=BAD.keys())
def test_nonsense_gets_words_and_no_file(
    as_: As, case: Case, actor: Find, chosen: dict[str, str]
) -> None:
    answer = file(as_("polischef"), case, 422, **chosen)
    assert answer.context["form"].errors
    assert readings(actor("polischef"), kind="exported") == []
    page = answer.content.decode()
    assert 'value="2026/118"' in page or "request" in chosen  # nothing typed is lost


def test_the_steps_know_their_parts() -> None:
    known = set(PARTS)
    assert {subject_access_parts.part_of("case", name) for name in ("close", "flag")} <= known
    assert set(subject_access_parts.PART_OF.values()) <= known
    assert set(subject_access_parts.PART_OF_STEP.values()) <= known


def test_the_number_of_queries_doesnt_grow(as_: As, case: Case, actor: Find) -> None:
    by = actor("utredare")
    client = as_("polischef")
    client.get("/")
    with CaptureQueriesContext(connection) as before:
        file(client, case)
    for _ in range(3):
        make.intervention(case, by)
        make.police_investigation(case, by)
    make.deadline(case, by)
    with CaptureQueriesContext(connection) as after:
        file(client, case)
    assert len(after) <= len(before) <= 45
