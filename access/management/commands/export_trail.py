"""manage.py export_trail DIR: the trail's hashes and seals, for somebody outside to verify.

A line in each authority's log tells of it. It names nobody: who runs a command on the server is
known to the server, not to the service.
"""

import shutil
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from tqdm import tqdm

from access.checks import refuse_unsafe_database
from access.models import Authority, Unit
from access.service import at_work_in
from audit import trail
from audit.export_trail import NoLine, export, text_of
from audit.models import Reading
from audit.refusing import auditor, in_words, unable
from audit.signing import public_keys


class Command(BaseCommand):
    help = (
        "Write the trail's hashes and seals into a new folder; no text, no names."
        " audit/outsider/verify_export.py verifies it on any machine (docs/outsider.md)."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dir", type=Path, help="a folder that isn't there yet")
        parser.add_argument(
            "--text", action="append", default=[], metavar="LINE",
            help='also what is hashed of one line, such as "step 41": who, when, what',
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["dir"]
        refuse_unsafe_database()  # the line about it must not come to stand under a seal
        with in_words(), auditor() as reader:
            folder.mkdir(parents=True)
            try:
                write_down(options["text"])
                texts = {name: said(reader, name) for name in options["text"]}
                lines = self.write(reader, folder, texts)
            except BaseException:  # half an export is none, and would stand in the next one's way
                shutil.rmtree(folder, ignore_errors=True)
                raise
        self.stdout.write(f"{lines} lines in {folder}")

    @staticmethod
    def write(reader: psycopg.Connection, folder: Path, texts: dict[str, str]) -> int:
        for name, text in texts.items():
            (folder / f"{name.replace(' ', '-')}.json").write_text(text, encoding="utf-8")
        with tqdm(unit=" lines", disable=None) as bar:
            return export(reader, folder, public_keys(settings.SEAL_KEY_FILE), bar.update)


def said(reader: psycopg.Connection, name: str) -> str:
    """What a line says."""
    try:
        return text_of(reader, name)
    except NoLine as fault:
        raise unable(f"there is no line {fault}") from fault


@transaction.atomic
def write_down(texts: list[str]) -> None:
    """Before anything is read, in the first unit of each authority, where its auditors see it."""
    for authority in Authority.objects.order_by("pk"):
        unit = Unit.objects.filter(authority=authority).select_related("authority").first()
        if unit:
            with at_work_in(unit):
                detail = {"what": "trail", "texts": texts}
                trail.reading(Reading.Kind.EXPORTED, detail=detail)
