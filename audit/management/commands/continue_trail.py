"""manage.py continue_trail: after a dump was restored into another server, before the doors open.

That server counts its transactions from the beginning, so new lines would take places below the
last seal. From here on it counts from above every line there is.
"""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from audit.refusing import in_words

TABLES = ("audit_step", "audit_change", "audit_reading")
NEEDED = """
    SELECT greatest((SELECT max(tx) FROM audit_step), (SELECT max(tx) FROM audit_change),
            (SELECT max(tx) FROM audit_reading), (SELECT max(last_tx) FROM audit_seal), 0)
        + 1 - pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
        audit_offset()
"""
COUNT_FROM = (
    "CREATE OR REPLACE FUNCTION audit_offset() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE"
    " AS $$ SELECT {}::bigint $$"
)


class Command(BaseCommand):
    """Runs as the owner (DATABASE_OWNER_URL), while the service is stopped."""

    help = "After a restore elsewhere: let new lines come after the trail's seals."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        with in_words(), transaction.atomic(), connection.cursor() as cursor:
            for table in TABLES:  # forced row security hides the lines from the owner, too
                cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            cursor.execute(NEEDED)
            needed, offset = cursor.fetchone()
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            if needed > offset:
                cursor.execute(COUNT_FROM.format(int(needed)))
        if needed > offset:
            self.stdout.write(f"New lines now come after the old ones (offset {needed})")
        else:
            self.stdout.write("New lines come after the old ones already; nothing was changed")
