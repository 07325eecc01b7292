"""A case can be coordinated, which is an open state; the days it was prioritised and begun.

`is_open` is made anew, with the indexes and the constraint that ask it: PostgreSQL 16 can't alter a
generated column. The database now takes the steps into and out of a coordination.
"""

import django_fsm
from django.db import migrations, models

from audit.sql import beside

OPEN = ["flagged", "prioritised", "in_progress", "coordinated", "follow_up"]
LABELS = [
    ("flagged", "Flagged"),
    ("prioritised", "Prioritised"),
    ("in_progress", "In progress"),
    ("coordinated", "Coordinated"),
    ("follow_up", "Follow-up"),
    ("closed", "Closed"),
    ("set_aside", "Set aside"),
]


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_edges")]
    operations = [
        migrations.AddField("case", "begun_on", models.DateField(blank=True, null=True)),
        migrations.AddField("case", "prioritised_since", models.DateField(blank=True, null=True)),
        migrations.AlterField(
            "case",
            "state",
            django_fsm.FSMField(
                choices=LABELS, default="", editable=False, max_length=50, protected=True
            ),
        ),
        migrations.SeparateDatabaseAndState(
            [beside(__file__)],
            [
                migrations.AlterField(
                    "case",
                    "is_open",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Q(("state__in", OPEN)),
                        output_field=models.BooleanField(),
                    ),
                )
            ],
        ),
    ]
