"""A new installation gets one administrator from the command line, once."""

import pytest
from django.core.management import CommandError, call_command

from access.actor import actor_of
from access.management.commands.first_administrator import make

pytestmark = pytest.mark.django_db
GIVEN = {
    "username": "Forst", "name": "Första Administratören", "kind": "municipality",
    "authority": "Nya kommunen", "unit": "Drift", "prefix": "N",
}  # fmt: skip


def test_she_administers_her_unit() -> None:
    user = make("en lång mening om ingenting", GIVEN)
    actor = actor_of(user)
    assert user.username == "forst"
    assert actor is not None
    assert actor.is_administrator
    assert actor.unit == "Drift"


def test_a_second_one_is_refused() -> None:
    with pytest.raises(CommandError, match="already"):
        call_command(
            "first_administrator", "a", "A", kind="police", authority="B", unit="C", prefix="D"
        )
