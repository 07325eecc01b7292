"""A line may say that the log's hashes were taken out at the server's command line.

Who did it is not known to the service: the line names nobody. The database refuses any other line
without an author but logins, as before, and this one outside the unit that the service works in.
"""

from django.db import migrations

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [("audit", "0008_payload")]
    operations = [beside(__file__)]
