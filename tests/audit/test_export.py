"""The trail as a file: complete, harmless to a spreadsheet, and itself a line."""

import csv
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from access.actor import Actor
from audit import export
from audit.models import Reading
from casework.models import Case
from tests import make

As = Callable[[str], Client]
Find = Callable[[str], Actor]


def rows_of(found: Any) -> list[list[str]]:
    """The file's rows, its heads first."""
    return list(csv.reader(StringIO(found.content.decode("utf-8-sig")), delimiter=";"))


@pytest.fixture
def case(db: None, actor: Find) -> Case:
    return make.prioritised(actor("utredare"))


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1"])
def test_a_formula_is_made_harmless(cell: str) -> None:
    assert export.harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "PS-2026-0001", "a=b", "Åke", "'=1"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert export.harmless(cell) == cell


@pytest.mark.django_db
def test_a_reason_that_is_a_formula_is_harmless_in_the_file(as_: As, actor: Find) -> None:
    formula = '=HYPERLINK("https://example.org";"x")'
    make.step(make.prioritised(actor("utredare")), "lower", actor("polischef"), formula)
    rows = rows_of(as_("polischef").post("/audit/export/", {"kind": "step"}))
    assert f"'{formula}" in [cell for row in rows for cell in row]


def test_the_file_holds_what_the_filter_finds(as_: As, case: Case) -> None:
    found = as_("polischef").post("/audit/export/", {"case": case.reference, "kind": "step"})
    assert found.status_code == 200
    assert "attachment" in found["Content-Disposition"]
    assert len(rows_of(found)) == 1 + 2
    assert make.REASON in found.content.decode()


def test_the_auditors_file_holds_no_content(as_: As, case: Case) -> None:
    found = as_("dataskydd.polis").post("/audit/export/", {"case": case.reference})
    assert case.reference in found.content.decode()
    assert make.REASON not in found.content.decode()


def test_taking_it_out_is_a_line(as_: As, case: Case, actor: Find) -> None:
    as_("polischef").post("/audit/export/", {"case": case.reference})
    with make.acting(actor("polischef")):
        line = Reading.objects.filter(kind="exported").latest("id")
    assert line.actor == actor("polischef").name
    assert line.detail["filters"] == {"case": case.reference}
    assert line.detail["lines"] > 0


@pytest.mark.django_db
def test_nonsense_gets_words_and_no_line(as_: As, actor: Find) -> None:
    found = as_("polischef").post("/audit/export/", {"since": "igår"})
    assert found.status_code == 422
    with make.acting(actor("polischef")):
        assert not Reading.objects.filter(kind="exported").exists()


def test_a_file_that_would_be_too_long_is_not_made(
    as_: As, case: Case, actor: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST", 1)
    found = as_("polischef").post("/audit/export/")
    assert found.status_code == 422
    assert found.context["form"].non_field_errors()
    with make.acting(actor("polischef")):
        assert not Reading.objects.filter(kind="exported").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("other", ["utredare", "admin", "samordnare"])
def test_others_are_refused(as_: As, other: str) -> None:
    assert as_(other).post("/audit/export/").status_code == 403
