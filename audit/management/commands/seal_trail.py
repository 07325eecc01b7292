"""manage.py seal_trail: seal now what waits. The worker does it by itself every five minutes."""

from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand

from audit.refusing import in_words, unable
from audit.seal import Another, Behind, seal_now
from audit.signing import load


class Command(BaseCommand):
    help = "Seal every line that waits (DATABASE_SEALER_URL, FORTUR_SEAL_KEY_FILE)."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DATABASE_SEALER_URL:
            raise unable("DATABASE_SEALER_URL is not set: the login fortur_sealer")
        try:
            with in_words():
                signer = load(settings.SEAL_KEY_FILE)
                with psycopg.connect(settings.DATABASE_SEALER_URL, autocommit=True) as sealer:
                    sealed = seal_now(sealer, signer)
        except (Another, Behind) as fault:
            raise unable(fault) from fault
        self.stdout.write(f"{sealed} lines sealed")
