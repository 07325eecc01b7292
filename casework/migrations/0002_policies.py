"""Rows are seen by their own unit only, parts stay with their case, states follow the trail."""

from django.db import migrations

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial"), ("access", "0002_doors")]
    operations = [beside(__file__)]
