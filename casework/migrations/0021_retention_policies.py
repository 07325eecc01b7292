"""Retention rules are written once. A hold belongs to its case's unit, and what was lifted stays so."""

from django.db import migrations

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [("casework", "0020_retention")]
    operations = [beside(__file__)]
