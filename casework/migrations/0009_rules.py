"""The rules about time that concern a case, as they were known when this was written.

Each row says which text it comes from, when that was read and how sure it is. A row can't be changed
(0008_clocks): what turns out to be wrong or new comes as a new version. Sources and notes are in
Swedish, as the law is.
"""

from datetime import date

from django.db import migrations

LUL, LUL_READ = "LUL (1964:167) %s", date(2025, 6, 30)
SOL, LVU, READ = "SoL (2025:400) %s", "LVU (1990:52) %s", date(2026, 1, 5)
ACT = "https://www.riksdagen.se/sv/dokument-och-lagar/dokument/svensk-forfattningssamling/sfs-%s"
LUL_URL, SOL_URL, LVU_URL = ACT % "1964-167", ACT % "2025-400", ACT % "1990-52"
# The text's own first day was not looked up for these: the row counts from a day before the service.
COUNTS_FROM, NEW_SOL = date(2023, 1, 1), date(2025, 7, 1)
FROM = "Paragrafens egen första dag är inte kontrollerad."
MONTHS = "Att en månad slutar på samma datum, eller på månadens sista dag, är inte kontrollerat."
SNAPSHOT = "Texten lästes i lydelsen vid mitten av 2025."


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
        note=f"{SNAPSHOT} Lydelsen kom genom SFS 2022:1533, i kraft den 1 januari 2023 (dagen "
        "från en andrahandskälla); äldre tider räknades från en annan dag."),
    lul("LUL5", "5 §", 0, "at_once", "suspected",
        note=f"{SNAPSHOT} {FROM} Undersökningsledaren får skjuta upp underrättelsen, med skäl."),
    lul("LUL6", "6 §", 0, "at_once", "suspected"),
    lul("LUL11", "11 §", 0, "by_requester", "statement_requested", hard=False,
        extendable_by="handler", grounds=["requester"], warn_days=[3, 0]),
    lul("LUL18", "18 §", 14, "days", "warning_decided", hard=False, warn_days=[7, 0],
        note=f"{SNAPSHOT} {FROM} Senare bara om det är uppenbart att det inte gick i tid."),
    lul("LUL32", "32 §", 3, "months", "inquiry_begun", extendable_by="investigation_leader",
        grounds=["nature", "special"], warn_days=[30, 14, 0], note=f"{SNAPSHOT} {FROM} {MONTHS}"),
    lul("LUL33", "33 §", 0, "at_once", "may_be_suspected"),
    lul("LUL34", "34 §", 0, "at_once", "may_be_suspected"),
    lul("LUL37", "37 §", 0, "at_once", "inquiry_ended",
        note=f"{SNAPSHOT} {FROM} Lagen säger så snart som möjligt; visas som samma dag."),
    sol("SOL20_1", "20 kap. 1 §", 0, "at_once", "report_received", verified="secondary",
        note="Lagen säger genast. Att det är samma dag, och nästa dag om anmälan kom in sent, är från "
        "en andrahandskälla (prop. 2012/13:10)."),
    sol("SOL20_2", "20 kap. 2 §", 14, "days", "report_received", extendable_by="supervisor",
        grounds=["exceptional"], warn_days=[4, 1, 0]),
    sol("SOL19_6", "19 kap. 6 §", 7, "days", "opening_decided", warn_days=[2, 0],
        note="Bara om den som anmälde har frågat, och om det inte är olämpligt."),
    sol("SOL20_3", "20 kap. 3 §", 4, "months", "investigation_opened", extendable_by="supervisor",
        grounds=["special_reasons"], warn_days=[30, 14, 0], note=MONTHS),
    sol("SOL23_5", "23 kap. 5 §", 6, "months", "investigation_closed", warn_days=[30, 0],
        note=f"Längst; en ny utredning avslutar den. {MONTHS}"),
    lvu("LVU7", "7 §", 7, "days", "custody_decided", warn_days=[2, 0],
        note=f"{FROM} Annars upphör omhändertagandet."),
    lvu("LVU8", "8 §", 28, "days", "custody_executed", extendable_by="handler", grounds=["court"],
        warn_days=[7, 0]),
]  # fmt: skip


def load(apps, schema_editor):
    rule = apps.get_model("casework", "Rule")
    rule.objects.bulk_create(rule(**values) for values in ROWS)


class Migration(migrations.Migration):
    dependencies = [("casework", "0008_clocks")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
