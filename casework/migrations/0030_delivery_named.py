"""The database lets a supervisor name somebody for a secrecy marked delivery that waits."""

from django.db import migrations

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [("casework", "0029_texts_beside")]
    operations = [beside(__file__)]
