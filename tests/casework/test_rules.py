"""The rules about time as rows: what they say, how a new version comes, and the page of them."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from access.actor import Actor
from audit.models import Change
from casework import lawbook
from casework.models import Rule
from casework.models.rule import Ground, in_force
from casework.words import clocks as clocks_words
from casework.workflow import moment
from tests import make

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
Who = Callable[[str], Actor]
TODAY = moment.today()
ADD = "/admin/casework/rule/add/"
CODES = {
    "LUL4", "LUL5", "LUL6", "LUL11", "LUL18", "LUL32", "LUL33", "LUL34", "LUL37", "SOL20_1",
    "SOL20_2", "SOL19_6", "SOL20_3", "SOL23_5", "LVU7", "LVU8",
}  # fmt: skip


def test_every_rule_of_the_domain_is_there_with_its_words() -> None:
    assert set(Rule.objects.values_list("code", flat=True)) == CODES == set(clocks_words.DUTIES)
    for rule in Rule.objects.all():
        assert rule.source_url.startswith("https://www.riksdagen.se/")
        assert bool(rule.extendable_by) == bool(rule.grounds)
        assert set(rule.grounds) <= set(Ground.values)
        assert rule.warn_days == sorted(rule.warn_days, reverse=True)


@pytest.mark.parametrize(
    ("code", "length", "measure", "hard", "extended_by", "grounds", "warns", "verified"),
    [
        ("LUL4", 42, "days", True, "investigation_leader", ["mediation", "nature", "special"],
         [14, 7, 0], "verified"),
        ("LUL6", 0, "at_once", True, "", [], [0], "verified"),
        ("LUL11", 0, "by_requester", False, "handler", ["requester"], [3, 0], "verified"),
        ("LUL18", 14, "days", False, "", [], [7, 0], "verified"),
        ("LUL32", 3, "months", True, "investigation_leader", ["nature", "special"], [30, 14, 0],
         "verified"),
        ("SOL20_1", 0, "at_once", True, "", [], [0], "secondary"),
        ("SOL20_2", 14, "days", True, "supervisor", ["exceptional"], [4, 1, 0], "verified"),
        ("SOL19_6", 7, "days", True, "", [], [2, 0], "verified"),
        ("SOL20_3", 4, "months", True, "supervisor", ["special_reasons"], [30, 14, 0], "verified"),
        ("SOL23_5", 6, "months", True, "", [], [30, 0], "verified"),
        ("LVU7", 7, "days", True, "", [], [2, 0], "verified"),
        ("LVU8", 28, "days", True, "handler", ["court"], [7, 0], "verified"),
    ],
)  # fmt: skip
def test_a_rule_says_what_the_law_says(
    code: str, length: int, measure: str, hard: bool, extended_by: str, grounds: list[str],
    warns: list[int], verified: str,
) -> None:  # fmt: skip
    rule = in_force(code, TODAY)
    said = (rule.length, rule.measure, rule.hard, rule.extendable_by, rule.grounds, rule.warn_days)
    assert said == (length, measure, hard, extended_by, grounds, warns)
    assert rule.verified == verified


def test_the_page_of_rules_equals_the_rows() -> None:
    page = (Path(__file__).parents[2] / "docs" / "law.md").read_text(encoding="utf-8")
    assert lawbook.markdown() in page


def version(code: str = "LUL4", **given: Any) -> dict[str, Any]:
    """What the form is sent: the version in force, from next month on."""
    rule = in_force(code, TODAY)
    sent: dict[str, Any] = {
        "code": rule.code, "valid_from": TODAY + timedelta(days=30), "length": rule.length,
        "measure": rule.measure, "start_event": rule.start_event,
        "extendable_by": rule.extendable_by, "grounds": rule.grounds, "warn_days": "14, 7, 0",
        "source": rule.source, "source_url": rule.source_url, "verified": rule.verified,
        "checked_on": TODAY, "note": rule.note, **given,
    }  # fmt: skip
    return sent | ({"hard": "on"} if rule.hard and given.get("hard", True) else {})


def hidden(page: Any) -> dict[str, list[str]]:
    """What the preview's button sends."""
    found: dict[str, list[str]] = {"_confirmed": ["x"]}
    for name, value in page.context["sent"]:
        found.setdefault(name, []).append(value)
    return found


def test_an_administrator_writes_a_version_and_sees_it_before_it_counts(
    as_: As, actor: Who
) -> None:
    client = as_("admin")
    start = client.get(f"{ADD}?code=LUL4")
    assert start.context["adminform"].form.initial["length"] == 42
    shown = client.post(ADD, version(length=28))
    assert shown.status_code == 200
    assert Rule.objects.filter(code="LUL4").count() == 1  # only shown so far
    changed = {row[0]: row[1:3] for row in shown.context["rows"] if row[3]}
    assert ("42 dagar", "28 dagar") in changed.values()
    first = TODAY + timedelta(days=30)
    assert shown.context["examples"] == (
        (first + timedelta(days=42)).isoformat(), (first + timedelta(days=28)).isoformat()
    )  # fmt: skip
    assert client.post(ADD, hidden(shown)).status_code == 302
    newest = in_force("LUL4", first)
    assert (newest.length, newest.warn_days, newest.grounds) == (
        28, [14, 7, 0], ["mediation", "nature", "special"]
    )  # fmt: skip
    assert in_force("LUL4", TODAY).length == 42
    with make.acting(actor("admin")):
        (line,) = Change.objects.filter(model="casework.rule")
    assert line.action == "created"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "LUL99"),
        ("code", ""),
        ("valid_from", TODAY - timedelta(days=1)),
        ("valid_from", "i morgon"),
        ("length", 0),
        ("length", -1),
        ("length", 5000),
        ("length", ""),
        ("measure", "weeks"),
        ("start_event", ""),
        ("extendable_by", "administrator"),
        ("extendable_by", ""),
        ("grounds", []),
        ("grounds", ["rubbish"]),
        ("warn_days", "soon"),
        ("warn_days", "-3"),
        ("warn_days", "9999"),
        ("warn_days", "1 2 3 4 5 6 7"),
        ("source", ""),
        ("source_url", "javascript:alert(1)"),
        ("verified", "perhaps"),
        ("checked_on", TODAY + timedelta(days=1)),
        ("note", "x" * 1001),
    ],
)
def test_a_faulty_version_is_said_and_not_saved(as_: As, field: str, value: Any) -> None:
    client = as_("admin")
    for confirmed in ({}, {"_confirmed": "x"}):
        page = client.post(ADD, version() | {field: value} | confirmed)
        assert page.status_code == 200
        assert field in page.context["adminform"].form.errors or field == "extendable_by"
    assert Rule.objects.count() == len(CODES)


def test_the_same_day_takes_one_version(as_: As) -> None:
    client = as_("admin")
    sent = version(length=28) | {"_confirmed": "x"}
    assert client.post(ADD, sent).status_code == 302
    page = client.post(ADD, sent)
    assert page.status_code == 200
    assert page.context["adminform"].form.errors
    assert Rule.objects.filter(code="LUL4").count() == 2


def test_at_once_has_no_length(as_: As) -> None:
    page = as_("admin").post(ADD, version("LUL6", length=3))
    assert "length" in page.context["adminform"].form.errors


def test_a_version_is_neither_changed_nor_removed(as_: As) -> None:
    client, rule = as_("admin"), Rule.objects.all()[0]
    address = f"/admin/casework/rule/{rule.pk}"
    assert client.get(f"{address}/change/").status_code == 200
    assert client.post(f"{address}/change/", version(length=1)).status_code == 403
    assert client.post(f"{address}/delete/", {"post": "yes"}).status_code == 403
    assert Rule.objects.get(pk=rule.pk).length == rule.length


@pytest.mark.parametrize("name", ["utredare", "ledare", "polischef", "socialchef", "samordnare"])
def test_nobody_else_writes_one(as_: As, name: str) -> None:
    sent = version(length=28) | {"_confirmed": "x"}
    assert as_(name).post(ADD, sent, follow=True).status_code == 403
    assert Rule.objects.count() == len(CODES)


def test_the_list_says_each_rule_in_words(as_: As) -> None:
    page = as_("admin").get("/admin/casework/rule/").content.decode()
    for said in ("42 dagar", "4 månader", "samma dag, senast nästa dag", "LVU (1990:52) 7 §"):
        assert said in page
