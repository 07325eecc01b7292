"""One function compares a list with the line about its end; the other goes."""

from django.db import migrations

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [("casework", "0034_lists_hold")]
    operations = [beside(__file__)]
