"""A certificate comes in the transaction that ends its list, and a list ends with its certificate.

The database refuses a certificate of a list that doesn't run or isn't over when the transaction
ends, one that counts anything else than the list's cases do or names others than its two reviewers,
and the end of a list that has none.
"""

from django.db import migrations

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [("casework", "0035_asked_once")]
    operations = [beside(__file__)]
