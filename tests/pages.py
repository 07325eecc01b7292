"""What tests of pages share: the trail as its reader sees it, and a page's form as it is."""

from typing import Any, Protocol

from django.test import Client

from access.actor import Actor
from audit.models import Reading, Step
from tests import make
from tests.forms import Page


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


def form_with(page: bytes, name: str) -> dict[str, str]:
    """What a script sends that only reads forms: the first form with a field of that name."""
    found = [form for form in Page("", 200, page.decode()).forms if name in form.names]
    assert found, f"no form with {name}"
    return {field: values[-1] for field, values in found[0].sent.items()}
