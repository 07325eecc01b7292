"""A new primary key, and every encrypted column written anew with it.

Runs as the tables' owner, one table after the other, each locked while its rows are written:
row-level security has to step aside for the owner, inside that transaction and nowhere else.
Run it when nobody works. The old key stays in the file, for backups made before.
"""

from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection, models, transaction
from psycopg import sql
from tqdm import tqdm

from access import crypto
from access.second_factor import MFAAdapter

BATCH = 500
FACTOR_SECRETS = ("secret", "seed")  # of an authenticator app, of recovery codes


class Command(BaseCommand):
    help = "Makes a new encryption key and encrypts everything with it."

    def handle(self, *args: Any, **options: Any) -> None:
        crypto.rotate(Path(settings.KEY_FILE))
        for model in apps.get_models():
            for column in getattr(model, "encrypted", ()):
                count = reencrypt(model, column, quiet=options["verbosity"] == 0)
                self.stdout.write(f"{model._meta.db_table}.{column}: {count}")
        self.stdout.write(f"second factors: {reencrypt_factors()}")


@transaction.atomic
def reencrypt(model: type[models.Model], column: str, quiet: bool = False) -> int:
    """Decrypt and encrypt the column's every row; how many there were."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(security(table, "NO FORCE"))
        written = 0
        with tqdm(desc=f"{table}.{column}", unit="row", disable=quiet) as progress:
            last: Any = None
            while rows := next_rows(table, column, last):
                for key, blob in rows:
                    place = f"{table}.{column}:{key}"
                    fresh = crypto.encrypt(crypto.decrypt(bytes(blob), place), place)
                    cursor.execute(write(table, column), [fresh, key])
                last = rows[-1][0]
                written += len(rows)
                progress.update(len(rows))
        # Deferred foreign keys are checked now: a table with checks waiting can't be altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(security(table, "FORCE"))
    return written


@transaction.atomic
def reencrypt_factors() -> int:
    """The secrets that allauth keeps inside its own JSON."""
    adapter, written = MFAAdapter(), 0
    for factor in Authenticator.objects.select_for_update():
        held = [name for name in FACTOR_SECRETS if name in factor.data]
        for name in held:
            factor.data[name] = adapter.encrypt(adapter.decrypt(factor.data[name]))
            written += 1
        if held:
            factor.save(update_fields=["data"])
    return written


def next_rows(table: str, column: str, after: Any) -> list[tuple[Any, memoryview]]:
    """The next batch by key, from after that one."""
    query = sql.SQL(
        "SELECT id, {column} FROM {table} WHERE {column} IS NOT NULL{after}"
        " ORDER BY id LIMIT {limit}"
    ).format(
        column=sql.Identifier(column),
        table=sql.Identifier(table),
        after=sql.SQL(" AND id > {}").format(sql.Literal(after)) if after else sql.SQL(""),
        limit=sql.Literal(BATCH),
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def write(table: str, column: str) -> sql.Composed:
    return sql.SQL("UPDATE {} SET {} = %s WHERE id = %s").format(
        sql.Identifier(table), sql.Identifier(column)
    )


def security(table: str, how: str) -> sql.Composed:
    return sql.SQL("ALTER TABLE {} {} ROW LEVEL SECURITY").format(
        sql.Identifier(table), sql.SQL(how)
    )
