"""The postman may ask which restricted case an answer belongs to, and learns one id."""

from django.db import migrations

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [("casework", "0022_retention_rows")]
    operations = [beside(__file__)]
