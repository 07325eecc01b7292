"""The steps about who sees a case, as the database's table of edges has them."""

from django.db import migrations

OPEN = ("flagged", "prioritised", "in_progress", "coordinated", "follow_up")
EVER = (*OPEN, "closed", "set_aside")
STEPS = {
    "restrict": OPEN,
    "name": EVER,
    "unname": EVER,
    "unrestrict": EVER,
    "break_glass": EVER,
    "shut_out": EVER,
    "let_in": EVER,
}


def allow(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO audit_edge (machine, step, from_state, to_state, authority)"
            " VALUES ('case', %s, %s, %s, %s)",
            [
                (step, state, state, authority)
                for step, states in STEPS.items()
                for state in states
                for authority in ("police", "social")
            ],
        )


def forbid(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM audit_edge WHERE machine = 'case' AND step = ANY(%s)", [list(STEPS)]
        )


class Migration(migrations.Migration):
    dependencies = [("casework", "0013_restricted_policies")]
    operations = [migrations.RunPython(allow, forbid)]
