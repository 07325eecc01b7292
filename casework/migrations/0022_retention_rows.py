"""How long what the service holds is kept, as it was known when this was written; and the steps that
keep a case from destruction.

A row can't be changed (0021): what turns out to be wrong or new comes as a new version. Sources and
notes are in Swedish, as the law is.
"""

from datetime import date

from django.db import migrations

ACT = "https://www.riksdagen.se/sv/dokument-och-lagar/dokument/svensk-forfattningssamling/sfs-%s"
SOL, PBDL = "SoL (2025:400) %s", "PBDL (2018:1693) %s"
SOL_URL, PBDL_URL = ACT % "2025-400", ACT % "2018-1693"
READ, NEW_SOL, CHILDREN = date(2026, 1, 5), date(2025, 7, 1), date(2026, 1, 15)
COUNTS_FROM = date(2023, 1, 1)  # the text's own first day was not looked up
LEAD = "Att uppgifterna får tas bort en månad före sista dagen är husets val, så att två hinner granska."
HOUSE = "Tiden är husets val: den är inte satt i lag och ska stå i myndighetens arkivplan."


def row(code, valid_from, side, counted_from, source, url="", **more):
    defaults = {
        "length": 5, "measure": "years", "from_year_end": False, "until_next_year_end": False,
        "lead_days": 0, "never_before_age": 0, "keep_forever": False, "verified": "verified",
        "checked_on": READ, "note": "",
    }  # fmt: skip
    return {
        "code": code, "valid_from": valid_from, "side": side, "counted_from": counted_from,
        "source": source, "source_url": url, **defaults, **more,
    }  # fmt: skip


def sol(code, valid_from, section, counted_from, **more):
    more.setdefault("until_next_year_end", True)
    return row(code, valid_from, "social", counted_from, SOL % section, SOL_URL, **more)


def pbdl(code, section, counted_from, **more):
    return row(
        code, COUNTS_FROM, "police", counted_from, PBDL % section, PBDL_URL, lead_days=31, **more
    )


def house(code, side, counted_from, **more):
    more = {"verified": "unverified", "note": HOUSE} | more
    return row(code, COUNTS_FROM, side, counted_from, "Husets val", **more)


ROWS = [
    sol("SOL_UTREDNING", NEW_SOL, "16 kap. 1 §", "last_entry"),
    sol("SOL_UTREDNING", CHILDREN, "16 kap. 1 och 2 a §§", "last_entry", never_before_age=30,
        note="Handlingar i en utredning om barn får inte gallras innan personen fyller 30 år. Tjänsten "
        "håller inga placeringar, faderskap eller adoptioner (2 §: gallras aldrig)."),
    sol("SOL_EJ_INLEDD", CHILDREN, "16 kap. 2 a § andra stycket", "decided",
        note="Räknas från beslutet att inte inleda utredning."),
    sol("SOL_UTAN_UTREDNING", NEW_SOL, "16 kap. 1 §", "last_entry",
        note="Inte medan andra uppgifter om samma person ska vara kvar."),
    pbdl("PBDL_EJ_DELAD", "4 kap. 2 §", "closed", length=1, note=LEAD),
    pbdl("PBDL_NEDLAGD", "4 kap. 4 §", "decided", from_year_end=True,
        note=f"Räknas från beslutet; gäller också den som avslutas på annat sätt. {LEAD}"),
    pbdl("PBDL_ATAL", "4 kap. 4 §", "decided", from_year_end=True, verified="secondary",
        note="Lagen räknar från lagakraft. Tjänsten håller bara dagen för åtalsbeslutet: domstolens dag "
        f"är inte känd, och tiden visas därför räknad från beslutet. {LEAD}"),
    house("FOLJER_ARENDET", "both", "case", length=0,
        note="Vad som sänts och tagits emot, samordning och samtycken följer ärendet hos den som håller "
        "dem. Den andra myndighetens exemplar rörs aldrig."),
    house("NOTISER", "both", "made", length=30, measure="days"),
    house("IMPORTFILER", "both", "made", length=30, measure="days"),
    house("LOGG", "both", "made", note=f"{HOUSE} Loggens rader tas inte bort av tjänsten; de töms på "
        "innehåll när deras ärende gallras. Fem år är ett förslag som inte är prövat."),
]  # fmt: skip
STEPS = ("hold", "lift_hold")


def load(apps, schema_editor):
    rule = apps.get_model("casework", "RetentionRule")
    rule.objects.bulk_create(rule(**values) for values in ROWS)
    with schema_editor.connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO audit_edge (machine, step, from_state, to_state, authority)"
            " VALUES ('case', %s, %s, %s, %s)",
            [
                (step, state, state, authority)
                for step in STEPS
                for state in ("closed", "set_aside")
                for authority in ("police", "social")
            ],
        )


def unload(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM audit_edge WHERE machine = 'case' AND step = ANY(%s)", [list(STEPS)]
        )


class Migration(migrations.Migration):
    dependencies = [("casework", "0021_retention_policies")]
    operations = [migrations.RunPython(load, unload)]
