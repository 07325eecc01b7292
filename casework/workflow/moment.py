"""The engine's clock. PostgreSQL stamps the trail itself and believes `at` from one role only."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils import timezone

_set: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """The time that steps carry, with its zone."""
    return _set.get() or timezone.now()


def today() -> date:
    """The day it is in Sweden."""
    return timezone.localdate(now())


def in_sweden(when: datetime) -> datetime:
    """The same moment by Swedish clocks."""
    return timezone.localtime(when, timezone.get_default_timezone())


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Play a past moment, for demo data and tests. Use inside a transaction.

    The trail shows it only when the database role is a member of `fortur_clock`;
    any other role's lines bear the true time whatever is set here.
    """
    if not (settings.DEMO or settings.TESTING):
        raise ImproperlyConfigured("only the demo and the tests may set the clock")
    before = _set.set(moment)
    _tell_database(moment.isoformat())
    try:
        yield
    finally:
        _set.reset(before)
        if not connection.needs_rollback:
            _tell_database("")


def _tell_database(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('fortur.clock', %s, true)", [value])
