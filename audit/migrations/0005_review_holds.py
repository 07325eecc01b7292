"""The database now refuses: a verdict on one's own line, by another's hand or after the sign-off; a
sign-off while a line is unjudged; an item that names another than the line's reader; changing or
deleting any of it. Reviews of other units are there only for their authority's auditor."""

from django.db import migrations

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_review")]
    operations = [beside(__file__)]
