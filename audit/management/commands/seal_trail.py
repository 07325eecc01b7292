"""manage.py seal_trail: seal now what waits. The worker does it by itself every five minutes."""

from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit.seal import Behind, seal_now
from audit.signing import NoKey, load


class Command(BaseCommand):
    help = "Seal every line that waits (DATABASE_SEALER_URL, FORTUR_SEAL_KEY_FILE)."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DATABASE_SEALER_URL:
            raise CommandError("DATABASE_SEALER_URL is not set: the login fortur_sealer")
        try:
            signer = load(settings.SEAL_KEY_FILE)
            with psycopg.connect(settings.DATABASE_SEALER_URL, autocommit=True) as sealer:
                sealed = seal_now(sealer, signer)
        except (NoKey, Behind) as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"{sealed} lines sealed")
