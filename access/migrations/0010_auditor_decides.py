"""Whose word counts about a unit's only supervisor.

The database takes an auditor's decision about a supervisor's membership in a unit of her own
authority, and still refuses everybody's about herself and about any other row there.
"""

from django.db import migrations

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [("access", "0009_review_words")]
    operations = [beside(__file__)]
