"""What stays in the database when requests really commit."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connection
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


def test_under_mixed_identities_and_faults_nobody_gets_anothers_answer(
    own_db: str, as_: Callable[[str], Client]
) -> None:
    names = ["utredare", "socialchef", "dataskydd.polis", "admin", "utredare.granne"]
    ids = {name: str(User.objects.get(username=name).pk) for name in names}
    clients = {name: as_(name) for name in names}

    def work(seed: int) -> list[str]:
        """The answers that were somebody else's."""
        wrong = []
        try:
            for turn in range(15):
                name = names[(seed * 7 + turn) % len(names)]
                # (false, because the test client also raises other threads' faults)
                client = Client(raise_request_exception=False)
                client.cookies = clients[name].cookies
                if turn % 5 == 4:
                    client.get("/boom/")
                    continue
                told = client.get("/told/").content.decode().split("|")
                wrong += [name] if told[1] != ids[name] else []
                nobody = Client(raise_request_exception=False).get("/told/")
                wrong += ["nobody"] if not nobody.content.endswith(b"||||") else []
        finally:
            connection.close()
        return wrong

    with ThreadPoolExecutor(6) as pool:
        assert [answer for wrong in pool.map(work, range(6)) for answer in wrong] == []
