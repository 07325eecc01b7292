"""Whose address counts, and that no header makes a fault of ours."""

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from access.request import client_address


def address(remote: str, forwarded: str | None = None) -> str | None:
    headers = {"REMOTE_ADDR": remote}
    if forwarded is not None:
        headers["HTTP_X_FORWARDED_FOR"] = forwarded
    return client_address(RequestFactory().get("/", **headers))  # type: ignore[arg-type] # META


@pytest.fixture
def _proxy(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8", "::1"]


def test_a_stranger_cannot_say_another_address() -> None:
    assert address("192.0.2.7", "198.51.100.1") == "192.0.2.7"


@pytest.mark.usefixtures("_proxy")
@pytest.mark.parametrize(
    ("remote", "forwarded", "expected"),
    [
        ("10.1.1.1", "198.51.100.1", "198.51.100.1"),
        ("::1", "198.51.100.1", "198.51.100.1"),
        ("10.1.1.1", "203.0.113.9, 198.51.100.1", "198.51.100.1"),  # the nearest one counts
        ("10.1.1.1", "198.51.100.1, 10.2.2.2", "198.51.100.1"),
        ("10.1.1.1", "2001:db8::1", "2001:db8::1"),
        ("10.1.1.1", "nonsense", "10.1.1.1"),
        ("10.1.1.1", "198.51.100.1:443", "10.1.1.1"),
        ("10.1.1.1", "", "10.1.1.1"),
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),
    ],
)
def test_a_proxy_of_ours_is_believed(remote: str, forwarded: str, expected: str) -> None:
    assert address(remote, forwarded) == expected


def test_a_socket_has_no_address() -> None:
    assert address("") is None


@given(st.text(), st.text())
def test_no_header_breaks_it(remote: str, forwarded: str) -> None:
    address(remote, forwarded)
