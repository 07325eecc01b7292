"""The log says what kind of file or paper was taken out, to everybody who sees the line."""

import ast
from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from django.utils import translation

import tests
from access.actor import Actor
from access.session import acting_as
from audit import trail, words
from audit.models import Reading
from casework.models import Case
from tests import make

As = Callable[[str], Client]
Find = Callable[[str], Actor]
KINDS = {
    "audit": "rader ur loggen",
    "anchors": "fil med förseglingar",
    "trail": "loggens kontrollsummor och förseglingar, vid serverns kommandorad",
    "extract": "loggutdrag",
    "subject access": "registerutdrag",
    "certificate": "gallringsintyg",
    "destroyed rows": "id:n för gallrade rader",
    "rejected rows": "rader som inte togs med",
    "case": "ärendet",
}


@pytest.mark.parametrize("code", KINDS)
def test_each_kind_has_its_words_in_both_languages(code: str) -> None:
    with translation.override("sv"):
        assert words.reading("exported", code) == f"Exporterat ({KINDS[code]})"
    with translation.override("en-gb"):
        assert words.reading("printed", code).startswith("Printed (")


def test_no_other_kind_is_taken_out() -> None:
    """Every caller's code is one of those above."""
    found = set()
    for room in ("access", "audit", "casework"):
        for path in (tests.PROJECT / room).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if "Kind.EXPORTED" in text or "Kind.PRINTED" in text:
                found |= {
                    value.value
                    for node in ast.walk(ast.parse(text))
                    if isinstance(node, ast.Dict)
                    for key, value in zip(node.keys, node.values, strict=True)
                    if isinstance(key, ast.Constant) and key.value == "what"
                    if isinstance(value, ast.Constant)
                }
    assert found - {"destroyed rows", "certificate"} == set(KINDS) - {
        "destroyed rows", "certificate",
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("kind", trail.TAKEN_OUT)
def test_nothing_is_taken_out_without_its_kind(actor: Find, kind: Reading.Kind) -> None:
    with (
        transaction.atomic(),
        acting_as(actor("utredare")),
        pytest.raises(ValueError, match="kind"),
    ):
        trail.reading(kind, detail={"lines": 3})


@pytest.mark.django_db
def test_the_officer_sees_the_kind_and_nothing_else_of_it(as_: As, actor: Find) -> None:
    case = make.case(actor("utredare"))
    with make.acting(actor("utredare")):
        trail.reading(
            Reading.Kind.EXPORTED, about_id=case.pk, about=case.reference,
            detail={"what": "extract", "request": "DNR-2026-118"},
        )  # fmt: skip
    page = as_("dataskydd.polis").get("/audit/").content.decode()
    assert "Exporterat (loggutdrag)" in page
    assert "DNR-2026-118" not in page
    log = as_("polischef").get(f"/cases/{case.pk}/log/").content.decode()
    assert "Exporterat (loggutdrag)" in log
    assert "DNR-2026-118" in log
    readers = as_("polischef").get(f"/cases/{case.pk}/readers/").content.decode().lower()
    assert "exporterat (loggutdrag) en gång" in readers


@pytest.mark.django_db
def test_a_code_that_is_none_is_never_shown(as_: As, actor: Find) -> None:
    with make.acting(actor("utredare")):
        trail.reading(Reading.Kind.EXPORTED, detail={"what": "Alva Påhittlund"})
    assert "Alva" not in as_("dataskydd.polis").get("/audit/").content.decode()


@pytest.mark.django_db
def test_a_reference_leads_to_what_is_still_there(as_: As, actor: Find) -> None:
    case: Case = make.closed(actor("utredare"), actor("polischef"))
    made = make.destroyed(actor("polischef"))
    page = as_("polischef").get("/audit/").content.decode()
    assert f'href="/cases/{case.pk}/"' in page
    assert f'href="/destruction/{made.pk}/"' in page
    assert f'href="/cases/{made.pk}/"' not in page
    assert 'href="/cases/' not in as_("dataskydd.polis").get("/audit/").content.decode()
