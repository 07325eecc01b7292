"""Django's migrate, then the rights that other people's tables need."""

from typing import Any

from django.core.management import call_command
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections
from psycopg import sql

OURS = ("casework", "access", "audit")  # their migrations grant for themselves, table by table
READ_ONLY = {"django_migrations"}
ELSEWHERE = """
    SELECT c.relname, c.relkind = 'S'
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'S')
      AND split_part(c.relname, '_', 1) <> ALL (%s)
    ORDER BY 1
"""


class Command(Migrate):
    """Runs as fortur_owner (DATABASE_OWNER_URL). Makes the cache table and grants to fortur_app."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Django's own work first; a look only (--plan, --check) changes no rights."""
        super().handle(*args, **options)
        if not (options.get("plan") or options.get("check_unapplied")):
            call_command("createcachetable", database=options["database"], verbosity=0)
            grant_elsewhere(options["database"])


def grant_elsewhere(alias: str) -> None:
    """Lets fortur_app read and write every table that isn't of our three apps."""
    with connections[alias].cursor() as cursor:
        cursor.execute(ELSEWHERE, [list(OURS)])
        for name, is_sequence in cursor.fetchall():
            if is_sequence:
                rights, kind = sql.SQL("USAGE, SELECT"), sql.SQL("SEQUENCE")
            else:
                only = name in READ_ONLY
                rights = sql.SQL("SELECT" if only else "SELECT, INSERT, UPDATE, DELETE")
                kind = sql.SQL("TABLE")
            grant = sql.SQL("GRANT {} ON {} {} TO fortur_app")
            cursor.execute(grant.format(rights, kind, sql.Identifier(name)))
