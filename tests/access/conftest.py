"""What the tests of access share."""

from collections.abc import Callable

import pytest
from django.db import transaction

from access.actor import Actor
from access.session import acting_as
from audit.models import Reading

Lines = Callable[..., list[Reading]]


@pytest.fixture
def lines() -> Lines:
    """lines(actor, kind=…): what she reads in the trail, oldest first."""

    def read(by: Actor, **lookup: object) -> list[Reading]:
        with transaction.atomic(), acting_as(by):
            return list(Reading.objects.filter(**lookup).order_by("id"))

    return read
