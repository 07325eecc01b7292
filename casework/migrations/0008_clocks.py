"""Rules about time as versions, the deadlines that they make, and notices to a person.

The database now refuses to change or remove a rule; to move a deadline's day without its extension,
who decided it and a ground that its own rule names; to meet or drop one twice or take that back; and
to show a notice to anybody but the person it is for. The case's new steps are allowed.
"""

import datetime
import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.sql import beside

STATES = ("flagged", "prioritised", "in_progress", "coordinated", "follow_up")
STEPS = ("add_deadline", "meet_deadline", "extend_deadline")
EDGES = [
    ("case", step, state, state, kind)
    for step in STEPS
    for state in STATES
    for kind in ("police", "social")
]


def allow(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO audit_edge (machine, step, from_state, to_state, authority)"
            " VALUES (%s, %s, %s, %s, %s)",
            EDGES,
        )


def forbid(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM audit_edge WHERE machine = 'case' AND step = ANY(%s)", [list(STEPS)]
        )


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_access_review_holds"),
        ("casework", "0007_investigation_edges"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="law_code",
            field=models.CharField(blank=True, db_default="", default="", max_length=12),
        ),
        migrations.AddField(
            model_name="case",
            name="law_due",
            field=models.DateField(
                db_default=datetime.date(9999, 12, 31), default=datetime.date(9999, 12, 31)
            ),
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=12, verbose_name="code")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("length", models.PositiveSmallIntegerField(default=0, verbose_name="length")),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("at_once", "At once"),
                            ("days", "Calendar days"),
                            ("months", "Calendar months"),
                            ("working_days", "Working days"),
                            ("by_requester", "The requester sets the day"),
                        ],
                        max_length=12,
                        verbose_name="measure",
                    ),
                ),
                ("hard", models.BooleanField(default=True, verbose_name="hard")),
                (
                    "start_event",
                    models.CharField(
                        choices=[
                            ("served", "The suspicion was served"),
                            ("suspected", "Reasonably suspected, under 18"),
                            (
                                "may_be_suspected",
                                "May be suspected, under 15, or an inquiry begins",
                            ),
                            ("inquiry_begun", "The inquiry began"),
                            ("inquiry_ended", "The inquiry ended"),
                            ("warning_decided", "A warning was decided"),
                            ("statement_requested", "A statement was requested"),
                            ("report_received", "The report came in"),
                            ("opening_decided", "It was decided whether to open an investigation"),
                            ("investigation_opened", "The investigation was opened"),
                            ("investigation_closed", "The investigation was closed"),
                            ("custody_decided", "Immediate custody was decided"),
                            ("custody_executed", "The decision on custody was carried out"),
                        ],
                        max_length=24,
                        verbose_name="starts when",
                    ),
                ),
                (
                    "extendable_by",
                    models.CharField(blank=True, max_length=24, verbose_name="extended by"),
                ),
                (
                    "grounds",
                    models.JSONField(
                        blank=True, default=list, verbose_name="grounds for extension"
                    ),
                ),
                (
                    "warn_days",
                    models.JSONField(blank=True, default=list, verbose_name="warns before, days"),
                ),
                ("source", models.CharField(max_length=120, verbose_name="source")),
                (
                    "source_url",
                    models.URLField(
                        blank=True, max_length=300, verbose_name="address of the source"
                    ),
                ),
                (
                    "verified",
                    models.CharField(
                        choices=[
                            ("verified", "The text of the act was read"),
                            ("secondary", "Known from a secondary source only"),
                            ("unverified", "Not verified"),
                        ],
                        max_length=12,
                        verbose_name="verified",
                    ),
                ),
                ("checked_on", models.DateField(verbose_name="checked on")),
                ("note", models.TextField(blank=True, max_length=1000, verbose_name="note")),
            ],
            options={
                "verbose_name": "deadline rule",
                "verbose_name_plural": "deadline rules",
                "ordering": ("code", "-valid_from"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "valid_from"),
                        name="rule_version_once",
                        violation_error_message="There is a version from that day already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=30)),
                ("facts", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.case",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.unit",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "notice",
                "ordering": ("-made_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("seen_at", None)),
                        fields=["unit", "user", "-made_at"],
                        name="notices_unseen",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "daily")),
                        fields=("unit", "user"),
                        name="one_daily_state_a_person",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Deadline",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("part_id", models.UUIDField(blank=True, null=True)),
                ("code", models.CharField(max_length=12)),
                ("starts_on", models.DateField()),
                ("due", models.DateField()),
                ("first_due", models.DateField()),
                ("met_on", models.DateField(blank=True, null=True)),
                ("met_how", models.CharField(blank=True, max_length=200)),
                ("dropped_on", models.DateField(blank=True, null=True)),
                ("extended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "extended_ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("mediation", "Mediation"),
                            ("nature", "The nature of the investigation"),
                            ("special", "Other special circumstances"),
                            ("exceptional", "Exceptional reasons"),
                            ("special_reasons", "Special reasons"),
                            ("requester", "The requester has set another day"),
                            ("court", "The court has allowed more time"),
                        ],
                        max_length=16,
                    ),
                ),
                ("extended_reason", models.TextField(blank=True, max_length=2000)),
                ("extended_decided_by", models.CharField(blank=True, max_length=120)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="casework.case",
                    ),
                ),
                (
                    "extended_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.unit",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.rule",
                    ),
                ),
            ],
            options={
                "verbose_name": "deadline",
                "ordering": ("due", "code", "id"),
                "indexes": [
                    models.Index(fields=["case", "due"], name="clocks_of_case"),
                    models.Index(
                        condition=models.Q(("dropped_on", None), ("met_on", None)),
                        fields=["unit", "due"],
                        name="clocks_open",
                    ),
                ],
            },
        ),
        beside(__file__),
        migrations.RunPython(allow, forbid),
    ]
