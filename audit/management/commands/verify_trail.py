"""manage.py verify_trail: is every line of the trail as it was written, and as it was sealed?"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from audit.checking import TABLES, check_thing
from audit.signing import key_id, public_keys
from audit.verification import Verdict, verify

UNCHECKED = "their signatures were not checked (FORTUR_TIMESTAMP_ROOT_FILE is not set)"
ESTIMATE = "SELECT sum(reltuples)::bigint FROM pg_class WHERE oid = ANY (%s::regclass[])"


class Command(BaseCommand):
    """Reads as the verifier's login (DATABASE_AUDITOR_URL), which may read the whole trail."""

    help = (
        "Verify the trail: each line, its chain, the seals' tree and signatures, the anchors."
        " Exits with 1 and names the first broken line and how it is broken."
    )
    requires_system_checks = ()  # it must also answer where the rest of the service is refused

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--all", action="store_true", help="everything (the default)")
        which.add_argument("--thing", type=UUID, help="only the chain of the thing with this id")
        which.add_argument("--since-seal", type=int, metavar="N", help="what came after a seal")
        parser.add_argument(
            "--anchors", type=Path, metavar="DIR", help="compare with the files that others keep"
        )
        parser.add_argument(
            "--public-key", metavar="HEX", action="append", default=[],
            help="the sealer's public key, from the paper; default: FORTUR_SEAL_KEY_FILE.pub",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DATABASE_AUDITOR_URL:
            raise CommandError(
                "DATABASE_AUDITOR_URL is not set: a login in the role fortur_auditor, which reads"
                " every unit's lines. The service's own login can't."
            )
        if options["thing"]:
            self.one_thing(options["thing"])
        else:
            self.whole(options)

    def whole(self, options: dict[str, Any]) -> None:
        with self.connect() as reader:
            names = [f"public.audit_{table}" for table in TABLES]
            (estimate,) = reader.execute(ESTIMATE, [names]).fetchone() or (0,)
        # None as `disable` shows the bar on a terminal only.
        with tqdm(total=max(estimate, 0) or None, unit=" lines", disable=None) as bar:
            verdict = verify(
                self.connect,
                self.keys(options["public_key"]),
                since=options["since_seal"] or 0,
                anchors=self.folder(options["anchors"]),
                roots=settings.TIMESTAMP_ROOTS,
                progress=bar.update,
            )
        if verdict.breach:
            raise CommandError(f"The trail is broken at {said(verdict)}")
        self.report(verdict)

    def one_thing(self, thing: UUID) -> None:
        with self.connect() as reader:
            result = check_thing(reader, thing)
        if result.broken:
            raise CommandError(f"The trail is broken at line {result.broken}")
        if not result.lines:
            raise CommandError(f"No line is about {thing}")
        self.stdout.write(f"{result.lines} lines verified, none is broken")

    def report(self, verdict: Verdict) -> None:
        self.stdout.write(f"{verdict.lines} lines verified, none is broken")
        if verdict.destroyed:
            self.stdout.write(f"{verdict.destroyed} of them without their text, by decision")
        self.stdout.write(
            f"{verdict.seals} seals fit, the last is number {verdict.seal};"
            f" {verdict.waiting} lines wait for the next"
        )
        if verdict.compared:
            self.stdout.write(f"{verdict.compared} seals are those that somebody outside keeps")
        if verdict.stamps:
            signed = "signed by the service" if settings.TIMESTAMP_ROOTS else UNCHECKED
            self.stdout.write(f"{verdict.stamps} time-stamps are about these seals; {signed}")
        rate = verdict.lines / max(verdict.seconds, 0.001)
        self.stdout.write(f"{verdict.seconds:.1f} s, {rate:,.0f} lines a second")

    @staticmethod
    def connect() -> psycopg.Connection:
        return psycopg.connect(settings.DATABASE_AUDITOR_URL, autocommit=True)

    @staticmethod
    def keys(given: list[str]) -> dict[str, bytes]:
        try:
            public = [bytes.fromhex(text) for text in given]
        except ValueError as nonsense:
            raise CommandError("--public-key: 64 hexadecimal digits") from nonsense
        if any(len(one) != 32 for one in public):
            raise CommandError("--public-key: 64 hexadecimal digits")
        return {key_id(one): one for one in public} or public_keys(settings.SEAL_KEY_FILE)

    @staticmethod
    def folder(given: Path | None) -> Path | None:
        if given and not any(given.glob("*.jsonl")):
            raise CommandError(f"{given} holds no anchor files (*.jsonl)")
        return given


def said(verdict: Verdict) -> str:
    """Where, and what kind of break."""
    breach = verdict.breach
    return f"line {breach}" if breach and breach.line else str(breach)
