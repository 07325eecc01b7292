"""The house stands as designed: one direction, short rooms, every field classified, words whole."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models
from django.template import engines

from casework import identity
from casework.classification import CLASSES, FIELDS
from casework.models import (
    Case,
    Coordination,
    Delivery,
    Destruction,
    Disclosure,
    Intervention,
    PoliceInvestigation,
    SocialInvestigation,
)
from casework.workflow import steps
from casework.workflow.steps import Stateful

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ["audit", "access", "casework"]  # each may point to those before it
TEST_SERIES = {"238", "239"}  # birth numbers that are never given to a person
MACHINES: list[type[Stateful]] = [
    Case, Intervention, PoliceInvestigation, SocialInvestigation, Disclosure, Delivery,
    Coordination, Destruction,
]  # fmt: skip


def tracked(pattern: str) -> list[Path]:
    listed = subprocess.run(  # noqa: S603 - fixed arguments
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", pattern],  # noqa: S607
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def own_models() -> list[type[models.Model]]:
    return [model for room in ROOMS for model in apps.get_app_config(room).get_models()]


def test_no_python_file_is_longer_than_400_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
        and path.parent.name != "migrations"  # written by Django
    }
    assert long == {}


def test_no_template_is_longer_than_80_lines() -> None:
    long = [
        str(path.relative_to(ROOT))
        for path in tracked("templates/*.html")
        if len(path.read_text(encoding="utf-8").splitlines()) > 80
    ]
    assert long == []


def test_foreign_keys_point_only_to_lower_rooms() -> None:
    upward = [
        f"{field.model._meta.label}.{field.name}"
        for model in own_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.related_model._meta.app_label in ROOMS
        and ROOMS.index(field.related_model._meta.app_label) > ROOMS.index(model._meta.app_label)
    ]
    assert upward == []


def test_audit_has_no_foreign_keys_out() -> None:
    for model in apps.get_app_config("audit").get_models():
        related = [field.related_model for field in model._meta.get_fields() if field.is_relation]
        assert {one._meta.app_label for one in related if one} <= {"audit"}


def test_imports_stand_at_the_top() -> None:
    inside = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in tracked("*.py")
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_every_field_has_a_data_class() -> None:
    held = {
        f"{model._meta.label_lower}.{field.name}"
        for model in own_models()
        for field in model._meta.concrete_fields
    } | {
        f"{model._meta.label_lower}.{field.name}"
        for model in own_models()
        for field in model._meta.local_many_to_many
    }
    assert set(FIELDS) == held
    assert set(FIELDS.values()) <= set(CLASSES)


def test_every_template_compiles() -> None:
    for path in tracked("templates/*"):
        if path.suffix in {".html", ".txt"}:
            engines["django"].get_template(str(path.relative_to(ROOT / "templates")))


def numbers_in(text: str) -> Iterator[str]:
    for match in re.finditer(r"(?<![\d-])(?:19|20)?(\d{6})[-+]?(\d{4})(?![\d-])", text):
        ten = match[1] + match[2]
        day = int(match[1][4:]) - (60 if int(match[1][4:]) > 60 else 0)
        is_date = 1 <= int(match[1][2:4]) <= 12 and 1 <= day <= 31
        if is_date and identity.check_digit(ten[:9]) == ten[9]:
            yield ten


def test_no_file_holds_a_personal_number_outside_the_official_test_series() -> None:
    kinds = {".py", ".html", ".md", ".csv", ".po", ".sql", ".toml", ".txt", ".json", ".js", ".css"}
    real = [
        f"{path.relative_to(ROOT)}: {ten[:6]}-****"
        for path in tracked("*")
        if path.suffix in kinds
        for ten in numbers_in(path.read_text(encoding="utf-8"))
        if ten[6:9] not in TEST_SERIES
    ]
    assert real == []


@pytest.mark.django_db
def test_the_databases_edges_equal_the_declared_steps() -> None:
    declared = {edge for model in MACHINES for edge in steps.edges(model)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT machine, step, from_state, to_state, authority FROM audit_edge")
        assert set(cursor.fetchall()) == declared


def test_every_file_that_a_document_or_a_comment_names_is_there() -> None:
    named = re.compile(
        r"(?<![\w/])(?:casework|access|audit|tests|docs|templates)/[\w/.-]+\.(?:py|sql|md|html)\b"
    )
    gone = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in (*tracked("*.md"), *tracked("*.py"), *tracked("*.sql"), *tracked("*.html"))
        if path.name != "CHANGELOG.md"
        for name in named.findall(path.read_text(encoding="utf-8"))
        if not (ROOT / name).exists() and not (ROOT / "templates" / name).exists()
    }
    assert gone == set()


def test_the_readmes_tables_equal_the_machines() -> None:
    said = (ROOT / "README.md").read_text(encoding="utf-8")
    for model in MACHINES:
        assert steps.markdown(model) in said


def test_the_models_have_no_unwritten_migrations() -> None:
    subprocess.run(
        [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
