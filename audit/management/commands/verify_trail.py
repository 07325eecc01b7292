"""manage.py verify_trail: is every line of the trail as it was written, and as it was sealed?"""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from audit.checking import TABLES, check_thing
from audit.refusing import auditor, in_words, unable
from audit.sealcheck import NoAnchor
from audit.signing import key_id, public_file, public_keys
from audit.verification import Verdict, verify

UNCHECKED = "their signatures were not checked (FORTUR_TIMESTAMP_ROOT_FILE is not set)"
KEY_OF = """
    SELECT (SELECT key FROM public.audit_seal WHERE number = %(number)s),
        (SELECT coalesce(max(number), 0) FROM public.audit_seal)
"""
ESTIMATE = "SELECT sum(reltuples)::bigint FROM pg_class WHERE oid = ANY (%s::regclass[])"


class Command(BaseCommand):
    """Reads as the verifier's login (DATABASE_AUDITOR_URL), which may read the whole trail."""

    help = (
        "Verify the trail: each line, its chain, the seals' tree and signatures, the anchors."
        " Exits with 1 and names the first broken line and how it is broken;"
        " with 2 where it could not be verified."
    )
    requires_system_checks = ()  # it must also answer where the rest of the service is refused

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--all", action="store_true", help="everything (the default)")
        which.add_argument("--thing", type=UUID, help="only the chain of the thing with this id")
        which.add_argument(
            "--since-seal", type=seal_number, metavar="N", help="what came after a seal"
        )
        parser.add_argument(
            "--anchors", type=Path, metavar="DIR", help="compare with the files that others keep"
        )
        parser.add_argument(
            "--public-key", metavar="HEX", action="append", default=[],
            help="the sealer's public key, from the paper; default: FORTUR_SEAL_KEY_FILE.pub",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        with in_words():
            if options["thing"]:
                self.one_thing(options["thing"], options["anchors"])
            else:
                self.whole(options)

    def whole(self, options: dict[str, Any]) -> None:
        keys = self.keys(options["public_key"])
        with auditor() as reader:
            names = [f"public.audit_{table}" for table in TABLES]
            (estimate,) = reader.execute(ESTIMATE, [names]).fetchone() or (0,)
        # None as `disable` shows the bar on a terminal only.
        with tqdm(total=max(estimate, 0) or None, unit=" lines", disable=None) as bar:
            try:
                verdict = verify(
                    auditor,
                    keys,
                    since=options["since_seal"] or 0,
                    anchors=self.folder(options["anchors"]),
                    roots=settings.TIMESTAMP_ROOTS,
                    progress=bar.update,
                )
            except NoAnchor as fault:
                raise unable(fault) from fault
        if verdict.breach:
            raise CommandError(f"The trail is broken at {said(verdict)}{self.why(verdict, keys)}")
        self.report(verdict)

    def one_thing(self, thing: UUID, anchors: Path | None) -> None:
        if anchors:
            raise unable("--anchors goes with all seals: leave --thing out")
        with auditor() as reader:
            result = check_thing(reader, thing)
        if result.broken:
            raise CommandError(f"The trail is broken at line {result.broken}")
        if not result.lines:
            raise unable(f"No line is about {thing}")
        self.stdout.write(f"{amount(result.lines, 'line')} verified, none is broken")
        self.stdout.write(
            "Only the chain was looked at: whether it is as it was sealed, --all says"
        )

    def report(self, verdict: Verdict) -> None:
        self.stdout.write(f"{amount(verdict.lines, 'line')} verified, none is broken")
        if verdict.destroyed:
            self.stdout.write(f"{verdict.destroyed} of them without their text, by decision")
        if verdict.seals:
            self.stdout.write(
                f"{amount(verdict.seals, 'seal')} fit, the last is number {verdict.seal};"
                f" {amount(verdict.waiting, 'line')} after it"
            )
        else:
            self.stdout.write("There is no seal: a line that was removed as a whole isn't missed")
        if verdict.compared:
            self.stdout.write(
                f"{amount(verdict.compared, 'seal')} compared with those kept outside"
            )
        if verdict.stamps:
            signed = "signed by the service" if settings.TIMESTAMP_ROOTS else UNCHECKED
            self.stdout.write(f"{amount(verdict.stamps, 'time-stamp')} on these seals; {signed}")
        rate = verdict.lines / max(verdict.seconds, 0.001)
        self.stdout.write(f"{verdict.seconds:.1f} s, {rate:,.0f} lines a second")

    @staticmethod
    def keys(given: list[str]) -> dict[str, bytes]:
        try:
            public = [bytes.fromhex(text) for text in given]
        except ValueError as nonsense:
            raise unable("--public-key: 64 hexadecimal digits") from nonsense
        if any(len(one) != 32 for one in public):
            raise unable("--public-key: 64 hexadecimal digits")
        return {key_id(one): one for one in public} or public_keys(settings.SEAL_KEY_FILE)

    @staticmethod
    def folder(given: Path | None) -> Path | None:
        if given and not given.is_dir():
            raise unable(f"{given} is no folder")
        if given and not any(given.glob("*.jsonl")):
            raise unable(f"{given} holds no anchor files (*.jsonl)")
        return given

    def why(self, verdict: Verdict, keys: Mapping[str, bytes]) -> str:
        """What may explain it: another key, or a seal that nobody made."""
        where = verdict.breach.where if verdict.breach else ""
        kind, _, number = where.partition(" ")
        if kind != "seal":
            return ""
        if not keys:
            raise unable(
                f"No public key: {public_file(settings.SEAL_KEY_FILE)} holds none."
                " Give the one on the paper with --public-key"
            )
        with auditor() as reader:
            row = reader.execute(KEY_OF, {"number": int(number)}).fetchone()
        key, last = row or (None, 0)
        if key is None:
            return f" (the last seal is number {last})"
        return "" if key in keys else f" (signed with key {key}, which is not among those given)"


def seal_number(text: str) -> int:
    """Seals are counted from 1."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError("a seal's number is 1 or more")
    return int(text)


def amount(number: int, what: str) -> str:
    """1 line, 2 lines."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def said(verdict: Verdict) -> str:
    """Where, and what kind of break."""
    breach = verdict.breach
    return f"line {breach}" if breach and breach.line else str(breach)
