"""Each side sees its own row of a coordination; what the other side shows is seen while a consent
or ground is in force, the end ahead and the coordination active, and not a day longer."""

from django.db import migrations

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [("casework", "0015_coordinations")]
    operations = [beside(__file__)]
