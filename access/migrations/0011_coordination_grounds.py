"""Two grounds get a version that can carry a coordination: what social services give rests on OSL
(2009:400) 10:18 a, what the police give on 10:15 a. Each only with a lawyer's judgement written
down: both speak of a piece of information, and whether they carry one after another isn't settled.
"""

from datetime import date

from django.db import migrations

SINCE = date(2026, 11, 22)
KEPT = (
    "code", "name", "source", "source_url", "verified", "duty", "decides", "drafter_may_decide",
    "questions", "ways", "note",
)  # fmt: skip
CARRIES = {"subject": "coordination", "initiative": "own", "review": True}
NEW = {
    "UNGA21": (
        {"from": "social", "to": "police", **CARRIES, "asks": ["legal_review"]},
        "En samordning kan vila på den efter en jurists bedömning, för det som socialtjänsten lämnar.",
    ),
    "INFO_FLODE": (
        {"from": "police", "to": "social", **CARRIES, "asks": ["harm_to_investigation"]},
        "En samordning kan vila på den efter en jurists bedömning, för det som polisen lämnar.",
    ),
}


def add(apps, schema_editor):
    grounds = apps.get_model("access", "LegalGround").objects
    for code, (way, note) in NEW.items():
        newest = grounds.filter(code=code).order_by("-valid_from").first()
        given = {name: getattr(newest, name) for name in KEPT}
        given |= {"ways": [*newest.ways, way], "note": f"{newest.note} {note}".strip()}
        if newest.valid_from < SINCE:  # an administrator's own newer version stays as it is
            grounds.create(**given, needs_review=True, valid_from=SINCE)


class Migration(migrations.Migration):
    dependencies = [("access", "0010_auditor_decides")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
