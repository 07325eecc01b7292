"""The destroyer marks no case of a list as done while it is there."""

from django.db import migrations

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [("casework", "0029_texts_beside")]
    operations = [beside(__file__)]
