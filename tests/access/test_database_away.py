"""The database goes away while somebody works: a page that says what to do, and nothing half."""

from collections.abc import Callable

import pytest
from django.db import connection, connections
from django.test import Client, override_settings

import tests
from access import views
from access.actor import Actor
from casework.models import Case
from tests import make

END_ALL = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE datname = %s AND usename = 'fortur_app'"
)
Login = Callable[[str], Client]


def end_connections(name: str) -> None:
    with tests.CLUSTER.connect(name) as superuser:
        superuser.execute(END_ALL, [name])


def test_a_database_that_went_away_gives_a_page_with_what_to_do(
    own_db: str, as_: Login, actor: Callable[[str], Actor]
) -> None:
    client = as_("utredare")
    client.raise_request_exception = False
    form = {
        "given_name": "Alva", "family_name": "Påhitt", "birth_date": "2011-03-14",
        "place": "Sjölanda torg", "seen_at": "2026-03-01T14:30", "kind": "use",
        "source": "patrol", "text": "En påse syntes.",
    }  # fmt: skip
    end_connections(own_db)
    answer = client.post("/cases/new/", form)
    assert (answer.status_code, answer["Retry-After"]) == (503, str(views.RETRY_SECONDS))
    assert "Förtur går inte att nå just nu" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    connections.close_all()
    with make.acting(actor("utredare")):
        assert not Case.objects.exists()
    assert client.get("/").status_code == 200


@pytest.mark.django_db
@override_settings(ROOT_URLCONF="tests.access.probe")
def test_any_other_fault_is_still_ours(as_: Login) -> None:
    client = as_("utredare")
    client.raise_request_exception = False
    assert client.get("/boom/").status_code == 500
    assert connection.is_usable()
