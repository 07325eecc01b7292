"""Where a second factor is demanded, a password alone reaches nothing."""

from collections.abc import Callable

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.db import connection
from django.test import Client
from pytest_django import Settings

from access.actor import Actor
from access.models import User
from tests.access.conftest import Lines

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.access.probe")]
PASSWORD = "fortur-demo"  # noqa: S105 - the cast's
CHOOSE, SETUP = "/accounts/2fa/", "/accounts/2fa/totp/activate/"
PAGES = ["/", "/profile/", "/chiefs/", "/admin/", "/accounts/password/change/",
         "/accounts/2fa/totp/deactivate/", "/accounts/2fa/recovery-codes/"]  # fmt: skip


@pytest.fixture(autouse=True)
def _demanded(settings: Settings) -> None:
    settings.MFA_REQUIRED = True
    cache.clear()


def with_password(name: str = "utredare") -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": name, "password": PASSWORD})
    return client


def code_now(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))


@pytest.fixture
def secret(cast: dict[str, User]) -> str:
    """utredare's app has this."""
    made = str(generate_totp_secret())
    TOTP.activate(cast["utredare"], made)
    return made


@pytest.mark.parametrize("page", PAGES)
def test_who_has_none_is_sent_to_get_one(page: str) -> None:
    assert with_password().get(page).headers["Location"] == CHOOSE


def test_setting_one_up_asks_for_the_password_again_then_shows_the_code() -> None:
    client = with_password()
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get(SETUP)
    assert page.status_code == 200
    assert "data:image" not in page.content.decode()  # the policy would not show it


def test_who_sets_one_up_shows_it_once_more_and_is_in(cast: dict[str, User]) -> None:
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False) as clock:
        client = with_password()
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        client.get(SETUP)
        secret = client.session["mfa.totp.secret"]
        saved = client.post(SETUP, {"code": code_now(secret)})
        asked = client.get(saved.headers["Location"])
        clock.shift(30)  # the app's next code
        answer = client.post(asked.headers["Location"], {"code": code_now(secret)})
        assert answer.headers["Location"] == saved.headers["Location"]  # the recovery codes
        assert client.get(answer.headers["Location"]).status_code == 200
        assert client.get("/").content == b"utredare"


def test_a_security_key_can_be_chosen_instead() -> None:
    client = with_password()
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get("/accounts/2fa/webauthn/add/").status_code == 200


def test_a_new_factor_is_stored_encrypted(cast: dict[str, User], secret: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        ((stored,),) = cursor.fetchall()
    assert secret not in stored
    assert Authenticator.objects.get().wrap().validate_code(code_now(secret))


def test_login_waits_for_the_code(secret: str) -> None:
    client = with_password()
    assert client.get("/").content == b"nobody"
    answer = client.post("/accounts/2fa/authenticate/", {"code": code_now(secret)})
    assert answer.headers["Location"] == "/"
    assert client.get("/").content == b"utredare"


def test_a_code_works_once(secret: str) -> None:
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False):
        code = code_now(secret)
        with_password().post("/accounts/2fa/authenticate/", {"code": code})
        again = with_password()
        assert again.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200
        assert again.get("/").content == b"nobody"


def test_a_wrong_code_leaves_a_line(
    secret: str, lines: Lines, actor: Callable[[str], Actor]
) -> None:
    client = with_password()
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert client.get("/").content == b"nobody"
    (line,) = lines(actor("dataskydd.polis"), kind="login_failed")
    assert line.detail == {"why": "second_factor"}
    assert line.about == "utredare"


@pytest.mark.parametrize("page", PAGES)
def test_a_session_from_before_the_factor_must_show_it(cast: dict[str, User], page: str) -> None:
    client = with_password()
    TOTP.activate(cast["utredare"], generate_totp_secret())
    assert client.get(page).headers["Location"].startswith("/accounts/2fa/reauthenticate/?next=")


def test_whoever_lacks_one_may_leave() -> None:
    assert with_password().post("/accounts/logout/").headers["Location"] == "/accounts/login/"


def test_where_it_isnt_demanded_a_password_is_enough(settings: Settings) -> None:
    settings.MFA_REQUIRED = False
    assert with_password().get("/").content == b"utredare"
