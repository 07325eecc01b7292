"""One request, one transaction: a fault takes all of it back, a refusal keeps its line."""

from collections.abc import Callable

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from access.actor import Actor
from access.models import User
from tests.access.conftest import Lines

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.access.probe")]


@pytest.fixture
def client(as_: Callable[[str], Client]) -> Client:
    client = as_("utredare")
    client.raise_request_exception = False
    return client


@pytest.fixture
def me(actor: Callable[[str], Actor]) -> Actor:
    return actor("utredare")


def marked() -> bool:
    return User.objects.filter(email="mark@example.org").exists()


@pytest.mark.parametrize("status", [200, 302, 403, 404, 409, 422])
def test_what_a_page_or_a_refusal_wrote_stays(
    client: Client, lines: Lines, me: Actor, status: int
) -> None:
    assert client.get(f"/answer/{status}/").status_code == status
    assert marked()
    assert len(lines(me, about="mark")) == 1


@pytest.mark.parametrize("path", ["/answer/500/", "/answer/503/", "/boom/", "/stream/"])
def test_what_a_fault_wrote_is_taken_back(
    client: Client, lines: Lines, me: Actor, path: str
) -> None:
    assert client.get(path).status_code >= 500
    assert not marked()
    assert lines(me, about="mark") == []


def test_a_404_raised_keeps_its_line(client: Client, lines: Lines, me: Actor) -> None:
    assert client.get("/missing/").status_code == 404
    assert len(lines(me, about="mark")) == 1


def test_a_colleague_without_the_right_reads_why_and_leaves_a_line(
    client: Client, lines: Lines, me: Actor
) -> None:
    response = client.get("/chiefs/")
    assert response.status_code == 403
    (line,) = lines(me, kind="refused")
    assert line.detail["reason"] in response.content.decode()


def test_a_stranger_is_led_to_the_login_page_and_back(client: Client) -> None:
    response = Client().get("/chiefs/?a=1")
    assert response.headers["Location"] == "/accounts/login/?next=/chiefs/%3Fa%3D1"


def test_a_view_without_a_guard_is_closed_to_strangers(client: Client) -> None:
    assert Client().get("/forgotten/").headers["Location"] == "/accounts/login/?next=/forgotten/"
    assert client.get("/forgotten/").status_code == 200


def test_postgresql_is_told_who_asks(client: Client, me: Actor) -> None:
    told = client.get("/told/").content.decode().split("|")
    assert told == ["fortur_app", str(me.user_id), str(me.unit_id), str(me.authority_id), ""]


def test_postgresql_is_told_of_nobody(client: Client) -> None:
    client.get("/told/")
    assert Client().get("/told/").content.decode() == "fortur_app||||"


def test_an_auditor_reads_the_whole_authoritys_trail(
    as_: Callable[[str], Client], actor: Callable[[str], Actor]
) -> None:
    told = as_("dataskydd.polis").get("/told/").content.decode().split("|")
    assert told[4] == str(actor("utredare").authority_id)


@pytest.mark.parametrize(
    ("path", "data"),
    [("/echo/%00", None), ("/echo/?q=%00", None), ("/echo/?q%00=1", None),
     ("/echo/", {"text": "a\0b"}), ("/echo/", {"a\0b": "text"})],
)  # fmt: skip
def test_a_nul_byte_is_nonsense(client: Client, path: str, data: dict[str, str] | None) -> None:
    response = client.get(path) if data is None else client.post(path, data)
    assert response.status_code == 400


def test_a_nul_byte_in_a_cookie_is_nonsense(client: Client) -> None:
    assert Client().get("/", headers={"Cookie": 'session="a\\000b"'}).status_code == 400


HEADERS = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Request-ID", "X-Correlation-ID", "Forwarded",
           "Accept-Language", "User-Agent", "Referer", "HX-Request", "HX-Current-URL")  # fmt: skip
PRINTABLE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF), max_size=300)


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.dictionaries(st.sampled_from(HEADERS), PRINTABLE, min_size=1))
def test_no_header_breaks_a_page_or_loses_its_write(
    client: Client, headers: dict[str, str]
) -> None:
    User.objects.filter(username="utredare").update(email="")
    response = client.get("/answer/200/", headers=headers)
    assert response.status_code == 200
    assert response.headers["X-Request-ID"] not in headers.values()
    assert marked()


FORMS = (
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-16",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "application/json",
    "å",
)
BODIES = st.one_of(
    st.binary(max_size=300),
    st.binary(max_size=99).map(
        lambda body: b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + body
    ),
)


@hypothesis_settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(BODIES, st.sampled_from(FORMS))
def test_no_body_breaks_a_page(client: Client, body: bytes, content_type: str) -> None:
    response = client.generic("POST", "/echo/", body, content_type=content_type)
    assert response.status_code in (200, 400)
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/", "/missing/", "/chiefs/", "/boom/", "/accounts/login/"])
def test_no_page_is_kept_by_a_cache(client: Client, path: str) -> None:
    response = client.get(path)
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_needs_no_session_and_no_transaction(
    path: str, django_assert_num_queries: Callable[..., object]
) -> None:
    with django_assert_num_queries(0 if path == "/healthz" else 1):  # type: ignore[attr-defined]
        assert Client().get(path).status_code == 200
