"""Settings that would be unsafe are refused at start."""

import os
import subprocess
import sys

import pytest

SAFE = {
    "SECRET_KEY": "s" * 40,
    "DATABASE_URL": "postgresql://fortur_app@localhost/fortur",
    "PATH": os.environ["PATH"],
}


SOCKET = "postgresql://fortur_app@/fortur?host=/run/fortur"


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import casework.settings as s; print(s.MFA_REQUIRED)"],
        env=SAFE | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_production_asks_for_a_second_factor() -> None:
    assert start().stdout.strip() == "True"


def test_only_the_worker_gives_up_waiting_for_a_lock() -> None:
    said = "import sys; sys.argv = ['manage.py', {}]\nimport casework.settings as s\n"
    said += "print(s.DATABASES['default']['OPTIONS'].get('options'))"
    more = {"DATABASE_URL": f"{SAFE['DATABASE_URL']}?options=-c%20jit%3Doff"}
    for arguments, patience in (
        ("'procrastinate', 'worker'", "-c jit=off -c lock_timeout=60s"),
        ("'check'", "-c jit=off"),
    ):
        done = subprocess.run(  # noqa: S603 - our own settings
            [sys.executable, "-c", said.format(arguments)],
            env=SAFE | more, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout.strip() == patience


def test_the_demo_does_not() -> None:
    assert start(FORTUR_DEMO="1", DATABASE_URL=SOCKET).stdout.strip() == "False"


@pytest.mark.parametrize(
    "production",
    [
        {"ALLOWED_HOSTS": "fortur.example.org"},
        {"CSRF_TRUSTED_ORIGINS": "https://fortur.example.org"},
        {"TRUSTED_PROXIES": "10.0.0.0/8"},
        {"OIDC_SERVER_URL": "https://id.example.org"},
    ],
)
def test_the_demo_refuses_production_settings(production: dict[str, str]) -> None:
    assert start(**production).returncode == 0
    refused = start(FORTUR_DEMO="1", DATABASE_URL=SOCKET, **production)
    assert refused.returncode != 0
    assert "FORTUR_DEMO" in refused.stderr


@pytest.mark.parametrize(
    "wrong",
    [{"SECRET_KEY": "short"}, {"DEBUG": "maybe"}, {"DATABASE_URL": "sqlite:///x"},
     {"TRUSTED_PROXIES": "not-an-address"}],
)  # fmt: skip
def test_nonsense_is_refused(wrong: dict[str, str]) -> None:
    assert start(**wrong).returncode != 0


@pytest.mark.parametrize("flag", ["FORTUR_DEMO", "FORTUR_TESTING", "DEBUG"])
def test_open_doors_need_a_database_on_a_local_socket(flag: str) -> None:
    assert start(**{flag: "1", "DATABASE_URL": SOCKET}).returncode == 0
    assert start(**{flag: "1"}).returncode != 0
