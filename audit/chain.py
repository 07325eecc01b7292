"""The chain, without any database: link lines, verify lines, name the first that is broken."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID


class Fault(StrEnum):
    """What is wrong with a line."""

    MISSING = "missing"  # the line before it, or the thing's last line, isn't there
    UNLINKED = "unlinked"  # it doesn't continue the line before it
    ALTERED = "altered"  # its text isn't the text that was hashed
    DIFFERENT = "different"  # its columns don't say what its text says
    UNDECIDED = "undecided"  # its text is gone without a decision that the trail knows
    EXTRA = "extra"  # it stands under a seal that was made without it
    REORDERED = "reordered"  # it doesn't stand where it stood when it was sealed
    FORGED = "forged"  # a seal or time-stamp that is not genuine, or a seal that doesn't follow
    FORKED = "forked"  # a seal is not the one that somebody outside keeps, or has time-stamped


class Link(NamedTuple):
    """A line as the chain sees it."""

    thing_id: UUID
    seq: int
    prev_hash: bytes
    hash: bytes
    payload: bytes
    faithful: bool  # the columns say what the payload says


@dataclass(frozen=True, slots=True)
class Broken:
    """The first broken line, and how it is broken."""

    thing_id: UUID
    seq: int
    fault: Fault

    def __str__(self) -> str:
        return f"{self.thing_id}/{self.seq} {self.fault}"


def link(payload: bytes, prev_hash: bytes) -> bytes:
    """The hash of a line: sha256 over the hash before it (b"" at birth) and its text."""
    return sha256(prev_hash + payload).digest()


def verify(lines: Iterable[Link], heads: Mapping[UUID, int] | None = None) -> Broken | None:
    """The first broken line, or None. Lines come ordered by thing and number.

    A removed tail leaves a whole chain: give `heads`, the number that each thing has reached.
    """
    reached: dict[UUID, int] = {}
    thing, number, last = None, -1, b""
    for line in lines:
        thing_id, seq, prev_hash, hash_, payload, faithful = line
        if thing_id != thing:
            thing, number, last = thing_id, -1, b""
        number += 1
        if (
            seq != number
            or prev_hash != last
            or sha256(prev_hash + payload).digest() != hash_
            or not faithful
        ):
            return _broken(Link(*line), number, last)
        last = hash_
        if heads is not None:
            reached[thing_id] = seq
    return _without_tail(reached, heads or {})


def _broken(line: Link, number: int, last: bytes) -> Broken:
    if line.seq != number:
        return Broken(line.thing_id, number, Fault.MISSING)
    if line.prev_hash != last:
        return Broken(line.thing_id, number, Fault.UNLINKED)
    if link(line.payload, line.prev_hash) != line.hash:
        return Broken(line.thing_id, number, Fault.ALTERED)
    return Broken(line.thing_id, number, Fault.DIFFERENT)


def _without_tail(reached: Mapping[UUID, int], heads: Mapping[UUID, int]) -> Broken | None:
    for thing_id, head in heads.items():
        if (found := reached.get(thing_id, -1)) < head:
            return Broken(thing_id, found + 1, Fault.MISSING)
    return None
