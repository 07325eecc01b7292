"""The steps of a coordination and their twins, and an owner's choice for the joint plan."""

from django.db import migrations

ALLOWED = """
coordination propose - proposed police,social
coordination accept proposed accepted police,social
coordination decline proposed declined police,social
coordination take_back proposed ended police,social
coordination record_basis accepted accepted police,social
coordination activate accepted active police,social
coordination renew active active police,social
coordination plan_meeting accepted accepted police,social
coordination plan_meeting active active police,social
coordination withdraw accepted ended police,social
coordination withdraw active ended police,social
coordination end accepted ended police,social
coordination end active ended police,social
coordination heard_proposed - proposed police,social
coordination heard_accepted proposed accepted police,social
coordination heard_declined proposed declined police,social
coordination heard_taken_back proposed ended police,social
coordination heard_basis accepted accepted police,social
coordination heard_activated accepted active police,social
coordination heard_renewed active active police,social
coordination heard_meeting accepted accepted police,social
coordination heard_meeting active active police,social
coordination heard_withdrawn accepted ended police,social
coordination heard_withdrawn active ended police,social
coordination heard_ended accepted ended police,social
coordination heard_ended active ended police,social
coordination heard_news proposed proposed police,social
coordination heard_news accepted accepted police,social
coordination heard_news active active police,social
intervention show proposed proposed police,social
intervention show agreed agreed police,social
intervention show ongoing ongoing police,social
intervention hide proposed proposed police,social
intervention hide agreed agreed police,social
intervention hide ongoing ongoing police,social
intervention hide completed completed police,social
intervention hide cancelled cancelled police,social
intervention hide declined declined police,social
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
        cursor.executemany(
            "DELETE FROM audit_edge WHERE (machine, step, from_state, to_state, authority)"
            " = (%s, %s, %s, %s, %s)",
            rows(),
        )


class Migration(migrations.Migration):
    dependencies = [("casework", "0016_coordination_policies")]
    operations = [migrations.RunPython(allow, forbid)]
