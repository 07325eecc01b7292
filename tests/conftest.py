"""Fixtures: the database as the service's own unprivileged role, and the cast.

`db` (pytest-django's) rolls back and checks deferred constraints at the end. A test that commits,
kills or needs a second connection takes `own_db`: TRUNCATE is refused, so nothing could clean up.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import translation
from pytest_django import DjangoDbBlocker

import tests
from access.actor import Actor, actor_of
from access.models import User
from tests import database


@pytest.fixture(scope="session")
def _template() -> str:
    return database.template()


@pytest.fixture(scope="session")
def django_db_setup(
    _template: str, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A copy of the template for this process, instead of Django's own test database."""
    database.drop_abandoned()
    name = database.copy(_template)
    connection.features.supports_transactions = True  # else Django tries by making a table
    with django_db_blocker.unblock():
        _point_to(name)
    yield
    with django_db_blocker.unblock():
        connection.close()
    database.drop(name)


@pytest.fixture
def own_db(
    _template: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """A database of this test's own, for tests that commit. Gives its name."""
    usual = connection.settings_dict["NAME"]
    name = database.copy(_template)
    with django_db_blocker.unblock():
        _point_to(name)
        yield name
        _point_to(usual)
    database.drop(name)


def _point_to(name: str) -> None:
    """Every thread's default connection shares these settings."""
    connection.close()
    connection.settings_dict["NAME"] = name


@pytest.fixture
def superuser(django_db_setup: None) -> Iterator[psycopg.Connection]:
    """A superuser's connection to the test's database, in autocommit: sees and may everything."""
    with tests.CLUSTER.connect(connection.settings_dict["NAME"]) as found:
        yield found


@pytest.fixture
def as_app(django_db_setup: None) -> Iterator[Callable[..., psycopg.Connection]]:
    """as_app(unit=…, user=…): a raw connection of the service's role, with the settings made."""
    with ExitStack() as stack:

        def connect(
            *, unit: int | None = None, user: UUID | None = None, authority: int | None = None
        ) -> psycopg.Connection:
            raw = stack.enter_context(database.raw("fortur_app", connection.settings_dict["NAME"]))
            for name, value in {"unit": unit, "user": user, "authority": authority}.items():
                raw.execute(
                    "SELECT set_config(%s, %s, true)",
                    [f"fortur.{name}_id", "" if value is None else str(value)],
                )
            return raw

        yield connect


@pytest.fixture(autouse=True)
def in_swedish() -> None:
    """A page in English leaves its language in the thread; the next test begins in Swedish."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def cast() -> dict[str, User]:
    """Everybody of casework/demo/people.py, by login."""
    return {user.username: user for user in User.objects.select_related("authority")}


@pytest.fixture
def actor() -> Callable[[str], Actor]:
    """actor("utredare"): she in her unit."""

    def find(name: str) -> Actor:
        found = actor_of(User.objects.get(username=name))
        assert found is not None, name
        return found

    return find


@pytest.fixture
def as_() -> Callable[[str], Client]:
    """as_("utredare"): a browser in which she has logged in."""

    def login(name: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(username=name))
        return client

    return login


def pytest_unconfigure() -> None:
    """The last run of this checkout stops the server."""
    tests.CLUSTER.leave()
