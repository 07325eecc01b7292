"""manage.py export_trail DIR: the trail's hashes and seals, for somebody outside to verify.

A line in each authority's log tells of it. It names nobody: who runs a command on the server is
known to the server, not to the service.
"""

from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from tqdm import tqdm

from access.models import Authority, Unit
from access.service import at_work_in
from audit import trail
from audit.export_trail import NoLine, export, text_of
from audit.models import Reading
from audit.signing import public_keys


class Command(BaseCommand):
    help = (
        "Write the trail's hashes and seals into a new folder; no text, no names."
        " audit/outsider/verify_export.py verifies it on any machine (docs/outsider.md)."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dir", type=Path)
        parser.add_argument(
            "--text", action="append", default=[], metavar="LINE",
            help='also what is hashed of one line, such as "step 41": who, when, what',
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DATABASE_AUDITOR_URL:
            raise CommandError("DATABASE_AUDITOR_URL is not set: a login in fortur_auditor")
        folder: Path = options["dir"]
        try:
            folder.mkdir(parents=True)
        except FileExistsError as there:
            raise CommandError(f"{folder} is there already") from there
        write_down(options["text"])
        with psycopg.connect(settings.DATABASE_AUDITOR_URL, autocommit=True) as reader:
            with tqdm(unit=" lines", disable=None) as bar:
                lines = export(reader, folder, public_keys(settings.SEAL_KEY_FILE), bar.update)
            try:
                for name in options["text"]:
                    path = folder / f"{name.replace(' ', '-')}.json"
                    path.write_text(text_of(reader, name), encoding="utf-8")
            except NoLine as fault:
                raise CommandError(f"there is no line {fault}") from fault
        self.stdout.write(f"{lines} lines in {folder}")


@transaction.atomic
def write_down(texts: list[str]) -> None:
    """Before anything is read, in the first unit of each authority, where its auditors see it."""
    for authority in Authority.objects.order_by("pk"):
        unit = Unit.objects.filter(authority=authority).select_related("authority").first()
        if unit:
            with at_work_in(unit):
                detail = {"what": "trail", "texts": texts}
                trail.reading(Reading.Kind.EXPORTED, detail=detail)
