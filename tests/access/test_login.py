"""Coming and going: who gets in, who doesn't, and the lines that both leave."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from access.actor import Actor
from access.models import Membership, User
from tests.access.conftest import Lines

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.access.probe")]
Actors = Callable[[str], Actor]
PASSWORD = "fortur-demo"  # noqa: S105 - the cast's


@pytest.fixture(autouse=True)
def _no_attempts_yet() -> None:
    cache.clear()


def log_in(client: Client, username: str, password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": username, "password": password})


def is_in(client: Client) -> bool:
    return client.get("/").content != b"nobody"


def test_the_right_password_lets_in_and_leaves_a_line(actor: Actors, lines: Lines) -> None:
    client = Client()
    assert log_in(client, "utredare").headers["Location"] == "/"
    assert client.get("/").content == b"utredare"
    (line,) = lines(actor("utredare"), kind="logged_in")
    assert line.actor_id == actor("utredare").user_id
    assert line.unit_id == actor("utredare").unit_id
    assert line.address == "127.0.0.1"


def test_the_username_may_be_written_in_capitals() -> None:
    client = Client()
    log_in(client, " Utredare")
    assert is_in(client)


def test_login_leads_back_but_nowhere_else() -> None:
    data = {"login": "utredare", "password": PASSWORD}
    back = Client().post("/accounts/login/?next=/profile/", data)
    assert back.headers["Location"] == "/profile/"
    for target in ("//evil.example", "https://evil.example", "/\\evil.example"):
        answer = Client().post("/accounts/login/", {**data, "next": target})
        assert answer.headers["Location"] == "/"


def test_a_login_gets_a_new_session_id() -> None:
    client = Client()
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    client.cookies["session"] = str(before)
    log_in(client, "utredare")
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_a_wrong_password_for_a_known_name_is_seen_by_its_authority(
    actor: Actors, lines: Lines
) -> None:
    client = Client()
    assert log_in(client, "utredare", "wrong").status_code == 200
    assert not is_in(client)
    (line,) = lines(actor("dataskydd.polis"), kind="login_failed")
    assert line.about == "utredare"
    assert line.actor_id is None
    assert lines(actor("dataskydd.social"), kind="login_failed") == []
    assert lines(actor("polischef"), kind="login_failed") == []


def test_the_answer_is_the_same_for_known_and_unknown_names() -> None:
    known, unknown = (log_in(Client(), name, "wrong") for name in ("utredare", "nobody-here"))
    assert known.status_code == unknown.status_code
    assert known.context["form"].errors == unknown.context["form"].errors


def test_the_unknown_name_costs_a_hash_too(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    monkeypatch.setattr(User, "set_password", lambda user, raw: hashed.append(raw))
    log_in(Client(), "nobody-here", "wrong")
    assert hashed == ["wrong"]


def test_a_deactivated_user_does_not_get_in() -> None:
    User.objects.filter(username="utredare").update(is_active=False)
    client = Client()
    log_in(client, "utredare")
    assert not is_in(client)


def test_a_user_without_a_valid_membership_does_not_get_in() -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.filter(user__username="utredare").update(until=yesterday)
    client = Client()
    log_in(client, "utredare")
    assert not is_in(client)


def test_five_wrong_passwords_close_the_account_for_five_minutes_only() -> None:
    client = Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(5):
            log_in(client, "utredare", "wrong")
        log_in(client, "utredare")
        assert not is_in(client)
        log_in(client, "utredare2")
        assert client.get("/").content == b"utredare2"
        clock.shift(timedelta(minutes=5, seconds=1))
        client = Client()
        log_in(client, "utredare")
        assert is_in(client)


def test_logging_out_leaves_a_line_and_clears_the_browser(actor: Actors, lines: Lines) -> None:
    client = Client()
    log_in(client, "utredare")
    assert client.get("/accounts/logout/").status_code == 200  # asks first
    assert is_in(client)
    answer = client.post("/accounts/logout/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert not is_in(client)
    assert len(lines(actor("utredare"), kind="logged_out")) == 1


@pytest.mark.parametrize(
    "path",
    ["signup/", "email/", "confirm-email/", "password/reset/", "password/set/", "inactive/",
     "social/signup/", "3rdparty/", "login/code/", "oidc/x/login/", "2fa/webauthn/signup/"],
)  # fmt: skip
def test_no_other_way_in_is_open(path: str) -> None:
    assert Client().get(f"/accounts/{path}").status_code == 404


def test_a_password_is_changed_with_the_old_one_and_is_long(settings: Settings) -> None:
    client = Client()
    log_in(client, "utredare")
    change = "/accounts/password/change/"
    short = {"oldpassword": PASSWORD, "password1": "kort", "password2": "kort"}
    assert client.post(change, short).status_code == 200
    new = "en lång mening om ingenting"
    assert client.post(change, {"oldpassword": "x", "password1": new, "password2": new}).context
    changed = client.post(change, {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert changed.headers["Location"] == "/profile/"
    other = Client()
    log_in(other, "utredare", new)
    assert is_in(client)
    assert is_in(other)


@pytest.mark.parametrize(
    "text", ["", " ", "x" * 1_000_000, "å" * 400, "\u202e\u200b", "%s", "a'--", "\r\nX: y"]
)
def test_no_username_or_password_breaks_the_login(text: str) -> None:
    client = Client(raise_request_exception=False)
    assert log_in(client, text).status_code == 200
    assert log_in(client, "utredare", text).status_code == 200
    assert not is_in(client)
