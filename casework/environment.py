"""Reads settings from the environment; nonsense is refused at start, never guessed."""

import os
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from cryptography.x509 import Certificate, load_pem_x509_certificates
from django.core.exceptions import ImproperlyConfigured

PREPARED_FROM = 3  # times that one connection has asked the same
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def text(name: str, default: str | None = None) -> str:
    """The variable NAME, or the content of the file that NAME_FILE points to (for secrets)."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as fault:
            raise ImproperlyConfigured(f"{name}_FILE can't be read: {fault.strerror}") from fault
        except UnicodeDecodeError as fault:
            raise ImproperlyConfigured(f"{name}_FILE is no text") from fault
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} (or {name}_FILE) is not set")
    return value


def flag(name: str, default: bool = False) -> bool:
    """A yes or no. Anything else is a mistake, and said."""
    value = os.environ.get(name, str(int(default))).strip().lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be one of 1, 0, true, false, yes, no, on, off")


def number(name: str, default: int) -> int:
    """A whole number ≥ 0."""
    value = os.environ.get(name, str(default)).strip()
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def networks(name: str) -> list[str]:
    """Addresses or networks (10.0.0.0/8), separated by commas."""
    found = words(name)
    try:
        return [str(ip_network(one, strict=False)) for one in found]
    except ValueError as fault:
        raise ImproperlyConfigured(f"{name}: {fault}") from fault


def certificates(name: str) -> list[Certificate]:
    """Certificates in PEM, one of them at least a root: it signed itself. Empty where not set."""
    pem = text(name, "")
    if not pem:
        return []
    try:
        found = load_pem_x509_certificates(pem.encode())
    except ValueError as nonsense:
        raise ImproperlyConfigured(f"{name} holds no certificate (PEM)") from nonsense
    if not any(one.issuer == one.subject for one in found):
        raise ImproperlyConfigured(f"{name} holds no root certificate: none signed itself")
    return found


def database(url: str, patience: int = 0) -> dict[str, object]:
    """Django's settings for postgresql://user:password@host:port/name?host=/socket/folder.

    With `patience` a statement that waits for a lock gives up after so many seconds.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL must look like postgresql://user@host/name")
    options = dict(parse_qsl(parts.query))
    if patience:
        options["options"] = f"{options.get('options', '')} -c lock_timeout={patience}s".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or options.pop("port", "")),
        # Prepared on the server (Django turns that off unless it is told): under row security,
        # planning costs more than running.
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": PREPARED_FROM, **options},
    }
