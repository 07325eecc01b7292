"""What tests of pages share: reading the trail as its reader, and filling in forms as a script."""

from html.parser import HTMLParser
from typing import Any, Protocol

from django.test import Client

from access.actor import Actor
from audit.models import Reading, Step
from tests import make


class Find(Protocol):
    """The fixture `actor`."""

    def __call__(self, name: str) -> Actor: ...


class Login(Protocol):
    """The fixture `as_`."""

    def __call__(self, name: str) -> Client: ...


def readings(by: Actor, **lookup: Any) -> list[Reading]:
    """The readings that her unit has in the trail, oldest first."""
    with make.acting(by):
        return list(Reading.objects.filter(**lookup).order_by("id"))


def steps(by: Actor, **lookup: Any) -> list[Step]:
    """The steps that her unit has in the trail, oldest first."""
    with make.acting(by):
        return list(Step.objects.filter(**lookup).order_by("id"))


class Forms(HTMLParser):
    """The forms of a page: what a script that knows nothing of the service would send."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.inside = False
        self.chosen = ""
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = True
            self.forms.append({})
        if not self.inside:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            self.keep(given, name)
        elif tag in ("select", "textarea"):
            self.chosen = name
            self.forms[-1][name] = ""
        elif tag == "option" and ("selected" in given):
            self.forms[-1][self.chosen] = given.get("value", "")

    def keep(self, given: dict[str, str], name: str) -> None:
        box = given.get("type") in ("radio", "checkbox")
        if not box or "checked" in given:
            self.forms[-1][name] = given.get("value", "on" if box else "")

    def handle_data(self, data: str) -> None:
        if self.inside and self.lasttag == "textarea" and self.chosen:
            self.forms[-1][self.chosen] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag in ("textarea", "select"):
            self.chosen = ""


def form_with(page: bytes, name: str) -> dict[str, str]:
    """The values of the first form that has a field of that name."""
    found = [form for form in Forms(page.decode()).forms if name in form]
    assert found, f"no form with {name}"
    return found[0]
