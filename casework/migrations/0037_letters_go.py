"""Deliveries that were sent back, or never taken into a case, go when their rule of retention says so.

The database lets the destroyer delete those and no others, and empty what stands beside them about
who was let in to them and why. Sources and notes are in Swedish, as the law is.
"""

from datetime import date

from django.db import migrations

from audit.sql import beside

HOUSE = {
    "valid_from": date(2023, 1, 1), "side": "both", "measure": "years", "source": "Husets val",
    "verified": "unverified", "checked_on": date(2026, 11, 22),
}  # fmt: skip
ROWS = (
    {
        "code": "SANT_TILLBAKA", "length": 1, "counted_from": "decided",
        "note": "Räknas från dagen då försändelsen skickades tillbaka. Tiden är husets val: den är "
        "inte satt i lag och ska stå i myndighetens arkivplan. Avsändarens eget exemplar rörs aldrig.",
    },
    {
        "code": "EJ_INTAGET", "length": 5, "counted_from": "made",
        "note": "Räknas från dagen då försändelsen kom, och gäller bara den som ingen har tagit in i ett "
        "ärende eller skickat tillbaka. Tiden är husets val, lika lång som för en anmälan som inte ledde "
        "till utredning (SoL 16 kap. 2 a §): den är inte satt i lag och ska stå i myndighetens arkivplan.",
    },
)  # fmt: skip


def load(apps, schema_editor):
    rule = apps.get_model("casework", "RetentionRule")
    rule.objects.bulk_create((rule(**HOUSE, **values) for values in ROWS), ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("casework", "0036_certified")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop), beside(__file__)]
