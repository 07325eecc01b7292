"""The database now refuses: a restricted delivery to whoever brought it, and any to who is shut
out of it."""

from django.db import migrations

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [("casework", "0017_coordination_edges")]
    operations = [beside(__file__)]
