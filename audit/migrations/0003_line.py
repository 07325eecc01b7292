"""The trail's three tables as one view, which shows each role what the tables would show it."""

from django.db import migrations

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_trail")]
    operations = [beside(__file__)]
