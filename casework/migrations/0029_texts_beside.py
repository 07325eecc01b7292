"""What stands about a destroyed case beside its rows goes with it: notes of the log review, reasons
of access decisions, exclusions and emergency openings; and notices go when their rule says so.

The database refuses the destroyer to write anything there but that the text is gone, and a notice
whose days aren't over. Whoever verifies the trail can ask whether an emptied line is of the list
that it names.
"""

from django.db import migrations

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0028_each_sides_ground"),
        ("access", "0010_auditor_decides"),
        ("audit", "0007_review_words"),
    ]
    operations = [beside(__file__)]
