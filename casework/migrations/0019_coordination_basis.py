"""What a coordination rests on, and until when, changes only by a step taken on it."""

from django.db import migrations

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [("casework", "0018_delivery_taken")]
    operations = [beside(__file__)]
