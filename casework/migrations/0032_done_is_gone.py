"""The destroyer marks no case of a list as done while it is there."""

from django.db import migrations

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [("casework", "0031_figures_from_index")]
    operations = [beside(__file__)]
