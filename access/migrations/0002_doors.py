"""The database now refuses: a membership or grant across authorities, deletes, a grant read or
written outside its unit, and changing a grant in any other way than closing it."""

from django.db import migrations

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("audit", "0002_trail")]

    operations = [beside(__file__)]
