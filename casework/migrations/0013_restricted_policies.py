"""A restricted case and its person are seen by those named only; whoever is shut out sees neither.

The database also lets a supervisor restrict a case in whose list she doesn't stand.
"""

from django.db import migrations

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [("casework", "0012_restricted"), ("access", "0008_confinement")]
    operations = [beside(__file__)]
