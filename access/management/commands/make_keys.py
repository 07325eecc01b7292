"""Makes the key file (settings.KEY_FILE). Never replaces one: its rows would be lost."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from access import crypto


class Command(BaseCommand):
    help = "Makes the file of encryption keys."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-missing", action="store_true", help="say nothing if it is there")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.KEY_FILE)
        try:
            crypto.new_keys(path)
        except FileExistsError as there:
            if not options["if_missing"]:
                raise CommandError(f"{path} is there already") from there
