"""The database now refuses: a decision about oneself, about another authority's people, by another's
hand or after the half-year's sign-off; changing or deleting one; doing a role request twice."""

from django.db import migrations

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [("access", "0003_access_review"), ("audit", "0005_review_holds")]
    operations = [beside(__file__)]
