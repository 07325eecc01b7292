"""The service at work by itself in a unit: nobody acts, nobody is named."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from access.actor import SERVICE
from access.models import Unit
from access.session import current_settings, is_broken, set_settings
from audit import trail
from audit.trail import Stamp


@contextmanager
def at_work_in(unit: Unit) -> Iterator[None]:
    """See the unit's rows and its authority's trail, for a while; lines name the service.

    Only inside transaction.atomic(), and only for work that shows nobody what it sees.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("at_work_in() needs a transaction")
    before = current_settings()
    set_settings(["", str(unit.pk), str(unit.authority_id), str(unit.authority_id)])
    stamp = Stamp(
        actor_id=None,
        actor="",
        role=SERVICE,
        unit_id=unit.pk,
        unit=unit.name,
        authority_id=unit.authority_id,
        authority=unit.authority.kind,
    )
    try:
        with trail.stamped(stamp):
            yield
            connection.check_constraints()
    finally:
        if not is_broken():
            set_settings(before)
