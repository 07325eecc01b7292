"""manage.py verify_trail: is every line of the trail as it was written?"""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from audit.checking import check_all

ESTIMATE = "SELECT reltuples::bigint FROM pg_class WHERE oid = 'public.audit_step'::regclass"


class Command(BaseCommand):
    """Reads as the verifier's login (DATABASE_AUDITOR_URL), which may read the whole trail."""

    help = "Verify the chains of the trail. Exits with 1 and names the first broken line."
    requires_system_checks = ()  # it must also answer where the rest of the service is refused

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--thing", type=UUID, help="only the chain of the thing with this id")

    def handle(self, *args: Any, thing: UUID | None = None, **options: Any) -> None:
        if not settings.DATABASE_AUDITOR_URL:
            raise CommandError(
                "DATABASE_AUDITOR_URL is not set: a login in the role fortur_auditor, which reads"
                " every unit's lines. The service's own login can't."
            )
        with psycopg.connect(settings.DATABASE_AUDITOR_URL) as reader:
            (estimate,) = reader.execute(ESTIMATE).fetchone() or (0,)
            # None as `disable` shows the bar on a terminal only.
            with tqdm(total=max(estimate, 0) or None, unit=" lines", disable=None) as bar:
                result = check_all(reader, thing, bar.update)
        if result.broken:
            raise CommandError(f"The trail is broken at line {result.broken}")
        if thing and not result.lines:
            raise CommandError(f"No line is about {thing}")
        self.stdout.write(f"{result.lines} lines verified, none is broken")
