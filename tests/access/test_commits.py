"""What stays in the database when requests really commit."""

from collections.abc import Callable

import psycopg
import pytest
from django.test import Client

from access.models import User

pytestmark = [pytest.mark.urls("tests.access.probe")]


def test_an_unknown_name_is_never_stored(own_db: str, superuser: psycopg.Connection) -> None:
    Client().post("/accounts/login/", {"login": "hemligt.namn", "password": "wrong"})
    found = superuser.execute("SELECT kind, row_to_json(line)::text FROM audit_reading AS line")
    ((kind, line),) = found.fetchall()
    assert kind == "login_failed"
    assert "hemligt" not in line


def test_a_404_commits_its_line_and_a_fault_nothing(
    own_db: str, superuser: psycopg.Connection, as_: Callable[[str], Client]
) -> None:
    client = as_("utredare")
    client.raise_request_exception = False
    client.get("/missing/")
    client.get("/boom/")
    found = superuser.execute("SELECT count(*) FROM audit_reading WHERE about = 'mark'")
    assert found.fetchone() == (1,)


def test_nobodys_settings_stay_on_a_connection_that_is_kept(
    own_db: str, as_: Callable[[str], Client]
) -> None:
    for name in ("utredare", "socialchef"):
        told = as_(name).get("/told/").content.decode().split("|")
        assert told[1] == str(User.objects.get(username=name).pk)
        assert Client().get("/told/").content.decode() == "fortur_app||||"
