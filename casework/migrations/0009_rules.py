"""The rules about time that concern a case, as they were known when this was written.

Each row says which text it comes from, when that was read and how sure it is. A row can't be changed
(0008_clocks): what turns out to be wrong or new comes as a new version.
"""

from datetime import date

from django.db import migrations

LUL, LUL_READ = "LUL (1964:167) %s", date(2025, 6, 30)
SOL, LVU, READ = "SoL (2025:400) %s", "LVU (1990:52) %s", date(2026, 1, 5)
ACT = "https://www.riksdagen.se/sv/dokument-och-lagar/dokument/svensk-forfattningssamling/sfs-%s"
LUL_URL, SOL_URL, LVU_URL = ACT % "1964-167", ACT % "2025-400", ACT % "1990-52"
# The text's own first day was not looked up for these: the row counts from a day before the service.
COUNTS_FROM, NEW_SOL = date(2023, 1, 1), date(2025, 7, 1)
FROM = "The section’s own first day was not looked up."
MONTHS = "That a month ends on the same day number, or on the month’s last day, was not verified."
SNAPSHOT = "The text was read as of mid-2025."


def row(code, valid_from, length, measure, start, source, url, read, **more):
    defaults = {
        "hard": True, "extendable_by": "", "grounds": [], "warn_days": [0], "verified": "verified",
        "note": "",
    }  # fmt: skip
    return {
        "code": code, "valid_from": valid_from, "length": length, "measure": measure,
        "start_event": start, "source": source, "source_url": url, "checked_on": read,
        **defaults, **more,
    }  # fmt: skip


def lul(code, section, length, measure, start, **more):
    more.setdefault("note", f"{SNAPSHOT} {FROM}")
    return row(code, COUNTS_FROM, length, measure, start, LUL % section, LUL_URL, LUL_READ, **more)


def sol(code, section, length, measure, start, **more):
    return row(code, NEW_SOL, length, measure, start, SOL % section, SOL_URL, READ, **more)


def lvu(code, section, length, measure, start, **more):
    more.setdefault("note", FROM)
    return row(code, COUNTS_FROM, length, measure, start, LVU % section, LVU_URL, READ, **more)


ROWS = [
    lul("LUL4", "4 §", 42, "days", "served", extendable_by="investigation_leader",
        grounds=["mediation", "nature", "special"], warn_days=[14, 7, 0],
        note=f"{SNAPSHOT} In this wording through SFS 2022:1533, in force on 1 January 2023 (the day "
        "from a secondary source); older times were counted from another day."),
    lul("LUL5", "5 §", 0, "at_once", "suspected",
        note=f"{SNAPSHOT} {FROM} The leader may postpone the notice, with a reason."),
    lul("LUL6", "6 §", 0, "at_once", "suspected"),
    lul("LUL11", "11 §", 0, "by_requester", "statement_requested", hard=False,
        extendable_by="handler", grounds=["requester"], warn_days=[3, 0]),
    lul("LUL18", "18 §", 14, "days", "warning_decided", hard=False, warn_days=[7, 0],
        note=f"{SNAPSHOT} {FROM} Later only where it obviously could not be done in time."),
    lul("LUL32", "32 §", 3, "months", "inquiry_begun", extendable_by="investigation_leader",
        grounds=["nature", "special"], warn_days=[30, 14, 0], note=f"{SNAPSHOT} {FROM} {MONTHS}"),
    lul("LUL33", "33 §", 0, "at_once", "may_be_suspected"),
    lul("LUL34", "34 §", 0, "at_once", "may_be_suspected"),
    lul("LUL37", "37 §", 0, "at_once", "inquiry_ended",
        note=f"{SNAPSHOT} {FROM} The act says as soon as possible; shown as the same day."),
    sol("SOL20_1", "20 kap. 1 §", 0, "at_once", "report_received", verified="secondary",
        note="The act says at once. That it is the same day, and the next day where the report came "
        "in late, is from a secondary source (prop. 2012/13:10)."),
    sol("SOL20_2", "20 kap. 2 §", 14, "days", "report_received", extendable_by="supervisor",
        grounds=["exceptional"], warn_days=[4, 1, 0]),
    sol("SOL19_6", "19 kap. 6 §", 7, "days", "opening_decided", warn_days=[2, 0],
        note="Only where whoever reported has asked, and where it is not unsuitable."),
    sol("SOL20_3", "20 kap. 3 §", 4, "months", "investigation_opened", extendable_by="supervisor",
        grounds=["special_reasons"], warn_days=[30, 14, 0], note=MONTHS),
    sol("SOL23_5", "23 kap. 5 §", 6, "months", "investigation_closed", warn_days=[30, 0],
        note=f"At most; a new investigation ends it. {MONTHS}"),
    lvu("LVU7", "7 §", 7, "days", "custody_decided", warn_days=[2, 0],
        note=f"{FROM} The decision on custody lapses otherwise."),
    lvu("LVU8", "8 §", 28, "days", "custody_executed", extendable_by="handler", grounds=["court"],
        warn_days=[7, 0]),
]  # fmt: skip


def load(apps, schema_editor):
    rule = apps.get_model("casework", "Rule")
    rule.objects.bulk_create(rule(**values) for values in ROWS)


class Migration(migrations.Migration):
    dependencies = [("casework", "0008_clocks")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
