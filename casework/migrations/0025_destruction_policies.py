"""Who destroys, and what. The database refuses:

To fortur_app: to delete anything, to change a list after its first review, to review twice as one.
To fortur_destroyer: to delete anything but the rows of a closed, unchanged case that nobody holds,
whose day has come and that two different people approved; to do anything to the trail but to empty
the texts of the lines about such a case; to read anything but ids.
"""

from django.db import migrations

from audit.sql import beside

ALLOWED = """
propose - proposed
strike proposed proposed
review proposed reviewed
approve reviewed approved
reject proposed rejected
reject reviewed rejected
reject approved rejected
run approved running
finish running done
"""


def allow(apps, schema_editor):
    rows = [line.split() for line in ALLOWED.strip().split("\n")]
    with schema_editor.connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO audit_edge (machine, step, from_state, to_state, authority)"
            " VALUES ('destruction', %s, %s, %s, %s)",
            [
                (step, "" if left == "-" else left, reached, authority)
                for step, left, reached in rows
                for authority in ("police", "social")
            ],
        )


def forbid(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_edge WHERE machine = 'destruction'")


class Migration(migrations.Migration):
    dependencies = [("casework", "0024_destruction")]
    operations = [beside(__file__), migrations.RunPython(allow, forbid)]
