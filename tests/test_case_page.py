"""The case's page: what it shows, what it writes down, whom it lets in."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from access.actor import Actor
from audit.models import Reading
from casework.workflow import moment
from tests import make

pytestmark = pytest.mark.django_db
Login = Callable[[str], Client]
Find = Callable[[str], Actor]


def readings(actor: Actor, **lookup: object) -> list[Reading]:
    with make.acting(actor):
        return list(Reading.objects.filter(**lookup).order_by("id"))


def test_the_page_tells_who_why_what_next_and_what_happened(as_: Login, actor: Find) -> None:
    case = make.in_progress(
        actor("utredare"), given_name="Alva", family_name="Påhitt", text="Vid bänkarna."
    )
    answer = as_("utredare").get(f"/cases/{case.pk}/")
    assert answer.status_code == 200
    page = answer.content.decode()
    for text in (
        case.reference, "Alva Påhitt", "Sjölanda torg", "Tre tillfällen i november", "Vid bänkarna.",
        make.REASON, f'href="/cases/{case.pk}/steps/begin_follow_up/"',
    ):  # fmt: skip
        assert text in page
    assert page.count("<h1") == 1
