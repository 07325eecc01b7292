"""Exceptions as the database holds them.

It refuses: an exception for or by another authority's people, a judge who is the opener, an ended
exception that opens again; and it keeps the trail's lines about a confined thing from everyone but
those named and the authority's auditor, and what somebody is shut out of from her.
"""

from django.db import migrations

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [("access", "0007_exceptions"), ("audit", "0006_seal")]
    operations = [beside(__file__)]
