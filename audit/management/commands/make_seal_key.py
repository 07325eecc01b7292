"""Makes the key that signs seals (settings.SEAL_KEY_FILE). Never replaces one."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from audit.refusing import in_words
from audit.signing import fingerprint, new_key


class Command(BaseCommand):
    help = (
        "Makes the key that signs seals (FORTUR_SEAL_KEY_FILE), and adds its public half to those"
        " beside it (.pub)."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-missing", action="store_true", help="say nothing if it is there")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.SEAL_KEY_FILE)
        if options["if_missing"] and path.exists():
            return
        with in_words():
            signer = new_key(path)
        self.stdout.write(f"Public key {signer.public.hex()}")
        self.stdout.write(f"Fingerprint {fingerprint(signer.public)}")
        self.stdout.write("Give both to the other authority, on paper or by telephone.")
