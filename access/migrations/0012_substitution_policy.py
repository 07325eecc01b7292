"""The database shows another unit's substitutes to nobody who acts; whose work she does herself it
tells each person, one at a time."""

from django.db import migrations

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [("access", "0011_coordination_grounds")]
    operations = [beside(__file__)]
