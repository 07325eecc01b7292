"""Without consent each side gives on a ground of its own: the database lets a coordination be
active, and a plan item be seen, only where both grounds are recorded, and each has a last day."""

from django.db import migrations

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [("casework", "0027_coordination_grounds")]
    operations = [beside(__file__)]
