"""The steps of investigations, as the database's own table; each side has its own machine."""

from django.db import migrations

ALLOWED = """
police_investigation report - reported police
police_investigation open reported opened police
police_investigation suspect opened suspected police
police_investigation serve suspected served police
police_investigation hand_over served handed_over police
police_investigation decide handed_over decided police
police_investigation begin_inquiry reported inquiry police
police_investigation prepare_protocol inquiry inquiry police
police_investigation send_protocol inquiry protocol_sent police
police_investigation notify_guardian suspected suspected police
police_investigation notify_guardian served served police
police_investigation notify_guardian handed_over handed_over police
police_investigation notify_guardian decided decided police
police_investigation notify_guardian inquiry inquiry police
police_investigation notify_guardian protocol_sent protocol_sent police
police_investigation postpone_guardian suspected suspected police
police_investigation postpone_guardian served served police
police_investigation postpone_guardian handed_over handed_over police
police_investigation postpone_guardian decided decided police
police_investigation postpone_guardian inquiry inquiry police
police_investigation postpone_guardian protocol_sent protocol_sent police
police_investigation request_statement suspected suspected police
police_investigation request_statement served served police
police_investigation statement_received suspected suspected police
police_investigation statement_received served served police
police_investigation statement_received handed_over handed_over police
police_investigation statement_received decided decided police
police_investigation discontinue reported discontinued police
police_investigation discontinue opened discontinued police
police_investigation discontinue suspected discontinued police
police_investigation discontinue served discontinued police
police_investigation discontinue inquiry discontinued police
police_investigation close protocol_sent closed police
police_investigation close decided closed police
social_investigation receive - received social
social_investigation assess_protection received protection_assessed social
social_investigation begin_assessment protection_assessed assessing social
social_investigation open assessing opened social
social_investigation not_open assessing not_opened social
social_investigation join received joined social
social_investigation join protection_assessed joined social
social_investigation join assessing joined social
social_investigation decide opened decided social
social_investigation close_without_support opened closed_without_support social
social_investigation follow_up closed_without_support follow_up social
social_investigation note_lvu received received social
social_investigation note_lvu protection_assessed protection_assessed social
social_investigation note_lvu assessing assessing social
social_investigation note_lvu opened opened social
social_investigation note_lvu decided decided social
social_investigation note_lvu closed_without_support closed_without_support social
social_investigation note_lvu follow_up follow_up social
social_investigation close decided closed social
social_investigation close closed_without_support closed social
social_investigation close follow_up closed social
"""


def rows() -> list[tuple[str, ...]]:
    """(machine, step, from, to, authority); '-' as from is birth."""
    found = [tuple(line.split()) for line in ALLOWED.split("\n")[1:-1]]
    return [tuple("" if word == "-" else word for word in row) for row in found]


def allow(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO audit_edge (machine, step, from_state, to_state, authority)"
            " VALUES (%s, %s, %s, %s, %s)",
            rows(),
        )


def forbid(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM audit_edge"
            " WHERE machine IN ('police_investigation', 'social_investigation')"
        )


class Migration(migrations.Migration):
    dependencies = [("casework", "0006_investigation_policies")]
    operations = [migrations.RunPython(allow, forbid)]
