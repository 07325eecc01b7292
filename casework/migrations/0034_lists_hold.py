"""Whoever verifies the trail reads what a list destroyed by the ids that its checksum is over."""

from django.db import migrations

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [("casework", "0033_gone_is_gone")]
    operations = [beside(__file__)]
