"""The trail is written once, by who acts, for the unit acted for, and chained by the database.

Refused from here on, to any role: UPDATE, DELETE and TRUNCATE of a line; a line's number, time or
hash set by the client; two lines with one number; a step from a state that the thing isn't in, by
an edge that doesn't exist or is the other authority's; a line without its thing. Other units'
lines aren't there. `make_stateful` refuses a table's states that no line leads to.
"""

from django.db import migrations

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [beside(__file__)]
