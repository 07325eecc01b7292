"""The database now refuses: a disclosure or a delivery seen from another unit, or hidden with its
case; one that is sent without its bytes, their hash and whoever decided; and every change of one
once it is sent, refused, arrived or handled, but for the owner who writes it with another key.
"""

from django.db import migrations

from audit.sql import beside

ALLOWED = """
disclosure draft - draft
disclosure redraft draft draft
disclosure send draft sent
disclosure refuse draft refused
delivery arrive - received
delivery accept received accepted
delivery open_case received accepted
delivery give_back received returned
"""


def rows() -> list[tuple[str, ...]]:
    """(machine, step, from, to, authority); '' as from is birth."""
    found = []
    for line in ALLOWED.split("\n")[1:-1]:
        machine, step, left, reached = line.split()
        left = "" if left == "-" else left
        found += [(machine, step, left, reached, kind) for kind in ("police", "social")]
    return found


def allow(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO audit_edge (machine, step, from_state, to_state, authority)"
            " VALUES (%s, %s, %s, %s, %s)",
            rows(),
        )


def forbid(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_edge WHERE machine IN ('disclosure', 'delivery')")


class Migration(migrations.Migration):
    dependencies = [("casework", "0010_disclosures")]
    operations = [beside(__file__), migrations.RunPython(allow, forbid)]
