"""An investigation is seen with its case only, stays in it, and joins one of its own unit."""

from django.db import migrations

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [("casework", "0005_investigation")]
    operations = [beside(__file__)]
