"""The whole verification: lines, seals, signatures, what others keep. Knows no words."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar

import psycopg

from audit.chain import Fault
from audit.checking import (
    FAST,
    Breach,
    Checked,
    check,
    check_chains,
    check_lists,
    first_breach,
    pieces,
)
from audit.sealcheck import Keys, check_anchors, check_signatures, check_tree, read_seals
from audit.stampcheck import check_stamps
from audit.timestamp import Roots

AT_ONCE = 2  # connections that check lines, beside the one that hashes the tree
Progress = Callable[[int], object]
T = TypeVar("T")
RECORD = """
    INSERT INTO public.audit_check (lines, seal, seconds, fault)
    VALUES (%(lines)s, %(seal)s, %(seconds)s, %(fault)s)
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at, and the first thing that is broken."""

    lines: int = 0
    destroyed: int = 0  # lines whose text was destroyed by a decision
    seals: int = 0
    seal: int = 0  # the last seal's number
    waiting: int = 0  # lines after the last seal
    compared: int = 0  # seals that were compared with what somebody outside keeps
    stamps: int = 0  # time-stamps that are about our seals
    seconds: float = 0
    breach: Breach | None = None


def verify(
    connect: Callable[[], psycopg.Connection],
    keys: Keys,
    *,
    since: int = 0,
    anchors: Path | None = None,
    roots: Roots = (),
    progress: Progress = lambda lines: None,
) -> Verdict:
    """Verify every line, seal and time-stamp; from seal `since` on, if given.

    Time-stamps' signatures are checked where the service's `roots` are given.

    `connect` gives a connection that reads the whole trail, in autocommit.
    """
    began = time.monotonic()
    found = _verify(connect, keys, since, anchors, roots, progress)
    return replace(found, seconds=time.monotonic() - began)


def _verify(
    connect: Callable[[], psycopg.Connection],
    keys: Keys,
    since: int,
    anchors: Path | None,
    roots: Roots,
    progress: Progress,
) -> Verdict:
    with connect() as reader:
        reader.execute(FAST)
        seals = read_seals(reader, since)
        if since and (not seals or seals[0].number != since):
            return Verdict(breach=Breach(Fault.MISSING, f"seal {since}"))
        last = seals[-1].number if seals else 0
        verdict = Verdict(seals=len(seals), seal=last)
        if breach := check_signatures(seals, keys):
            return replace(verdict, breach=breach)
        if anchors:
            compared, breach = check_anchors(read_seals(reader), anchors, keys)
            verdict = replace(verdict, compared=compared)
            if breach:
                return replace(verdict, breach=breach)
        stamps, breach = check_stamps(reader, seals, roots, since)
        verdict = replace(verdict, stamps=stamps)
        if breach:
            return replace(verdict, breach=breach)
        tx = seals[0].last_tx if since else 0
        with Readers(connect, progress) as readers:
            asked = [readers.ask(check_chains, tx)]
            asked += [readers.ask(check, piece) for piece in pieces(reader, tx)]
            waiting, torn = check_tree(reader, seals, whole=not since)
            answers = [future.result() for future in asked]
        breach = first_breach(reader, answers) or torn or check_lists(reader)
    return replace(
        verdict,
        lines=sum(answer.lines for answer in answers),
        destroyed=sum(answer.destroyed for answer in answers),
        waiting=waiting,
        breach=breach,
    )


class Readers:
    """A few connections that check at the same time."""

    def __init__(self, connect: Callable[[], psycopg.Connection], progress: Progress) -> None:
        self.free: SimpleQueue[psycopg.Connection] = SimpleQueue()
        self.all = [connect() for _ in range(AT_ONCE)]
        for connection in self.all:
            connection.execute(FAST)
            self.free.put(connection)
        self.threads = ThreadPoolExecutor(AT_ONCE)
        self.progress = progress

    def __enter__(self) -> "Readers":
        return self

    def __exit__(self, *fault: object) -> None:
        self.threads.shutdown(cancel_futures=True)
        for connection in self.all:
            connection.close()

    def ask(self, question: Callable[[psycopg.Connection, T], Checked], of: T) -> Future[Checked]:
        """Have it checked when a connection is free."""
        return self.threads.submit(self._check, question, of)

    def _check(self, question: Callable[[psycopg.Connection, T], Checked], of: T) -> Checked:
        connection = self.free.get()
        try:
            checked = question(connection, of)
        finally:
            self.free.put(connection)
        self.progress(checked.lines)
        return checked


def record(sealer: psycopg.Connection, verdict: Verdict) -> None:
    """Keep the result, for the page that says when the trail was last verified."""
    sealer.execute(
        RECORD,
        {
            "lines": verdict.lines,
            "seal": verdict.seal,
            "seconds": verdict.seconds,
            "fault": f"{verdict.breach.where} {verdict.breach.fault}" if verdict.breach else "",
        },
    )
