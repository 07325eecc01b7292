"""Who acts now: set once per request (or command), read by every line that is written."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID


class NoStamp(RuntimeError):
    """Nobody acts: a line would have no author, so it isn't written, and the act fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Who, in which role, for which unit: names as they are at this moment."""

    actor_id: UUID | None
    actor: str
    role: str
    unit_id: int | None
    unit: str
    authority_id: int | None
    authority: str  # its kind: police, social, municipality, or "" for nobody's
    request_id: UUID | None = None
    address: str | None = None


_stamp: ContextVar[Stamp | None] = ContextVar("stamp", default=None)


@contextmanager
def stamped(stamp: Stamp) -> Iterator[None]:
    """Lines written inside are this person's. Nests; what was before comes back afterwards."""
    token = _stamp.set(stamp)
    try:
        yield
    finally:
        _stamp.reset(token)


def current() -> Stamp:
    """Who acts now. Raises NoStamp outside of stamped()."""
    stamp = _stamp.get()
    if stamp is None:
        raise NoStamp("a line of the trail needs to know who acts: use stamped()")
    return stamp


def columns() -> dict[str, Any]:
    """The stamp as the columns that every line has."""
    stamp = current()
    return {
        "actor_id": stamp.actor_id,
        "actor": stamp.actor,
        "role": stamp.role,
        "unit_id": stamp.unit_id,
        "unit": stamp.unit,
        "authority_id": stamp.authority_id,
        "authority": stamp.authority,
        "request_id": stamp.request_id,
    }
