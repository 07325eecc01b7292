"""The steps that the machines allow, as the database's own table (tests hold them equal).

A new step comes in a migration of its own that inserts its edges.
"""

from django.db import migrations

ALLOWED = """
case flag - flagged police,social
case add_observation flagged flagged police,social
case add_observation prioritised prioritised police,social
case add_observation in_progress in_progress police,social
case add_observation follow_up follow_up police,social
case prioritise flagged prioritised police,social
case prioritise prioritised prioritised police,social
case confirm prioritised prioritised police,social
case lower prioritised flagged police,social
case set_aside flagged set_aside police,social
case set_aside prioritised set_aside police,social
case start prioritised in_progress police,social
case hand_over in_progress in_progress police,social
case hand_over follow_up follow_up police,social
case begin_follow_up in_progress follow_up police,social
case look_again follow_up follow_up police,social
case resume follow_up in_progress police,social
case close in_progress closed police,social
case close follow_up closed police,social
case reopen set_aside flagged police,social
case reopen closed flagged police,social
intervention propose - proposed police,social
intervention replan proposed proposed police,social
intervention replan agreed agreed police,social
intervention replan ongoing ongoing police,social
intervention agree proposed agreed police,social
intervention decline proposed declined police,social
intervention start agreed ongoing police,social
intervention add_note agreed agreed police,social
intervention add_note ongoing ongoing police,social
intervention complete ongoing completed police,social
intervention cancel agreed cancelled police,social
intervention cancel ongoing cancelled police,social
"""


def rows() -> list[tuple[str, ...]]:
    """(machine, step, from, to, authority); '' as from is birth."""
    found = []
    for line in ALLOWED.split("\n")[1:-1]:
        machine, step, left, reached, authorities = line.split()
        left = "" if left == "-" else left
        found += [(machine, step, left, reached, kind) for kind in authorities.split(",")]
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
        cursor.execute("DELETE FROM audit_edge WHERE machine IN ('case', 'intervention')")


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_policies")]
    operations = [migrations.RunPython(allow, forbid)]
