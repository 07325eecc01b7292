"""The trail's tables, and who asks and what time it is, as functions of the database."""

import django.core.serializers.json
import django.db.models.functions.datetime
from django.db import migrations, models

from audit.sql import beside


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        beside(__file__),
        migrations.CreateModel(
            name="Line",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "source",
                        "id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "source",
                    models.TextField(
                        choices=[("step", "Step"), ("change", "Change"), ("reading", "Reading")]
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("kind", models.TextField()),
                ("machine", models.TextField()),
                ("thing_id", models.TextField()),
                ("from_state", models.TextField()),
                ("to_state", models.TextField()),
                ("about_id", models.UUIDField(null=True)),
                ("about", models.TextField()),
                ("actor_id", models.UUIDField(null=True)),
                ("actor", models.TextField()),
                ("role", models.TextField()),
                ("unit_id", models.BigIntegerField(null=True)),
                ("unit", models.TextField()),
                ("authority_id", models.BigIntegerField(null=True)),
                ("reason", models.TextField()),
                ("detail", models.JSONField()),
            ],
            options={
                "db_table": "audit_line",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Edge",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "machine",
                        "step",
                        "from_state",
                        "to_state",
                        "authority",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("machine", models.TextField()),
                ("step", models.TextField()),
                ("from_state", models.TextField(blank=True)),
                ("to_state", models.TextField()),
                ("authority", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Machine",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("relation", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("actor_id", models.UUIDField(null=True)),
                ("actor", models.TextField(default="")),
                ("role", models.TextField(default="")),
                ("unit_id", models.BigIntegerField(null=True)),
                ("unit", models.TextField(default="")),
                ("authority_id", models.BigIntegerField(null=True)),
                ("authority", models.TextField(default="")),
                ("request_id", models.UUIDField(null=True)),
                ("about_id", models.UUIDField(null=True)),
                ("about", models.TextField(default="")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("model", models.TextField()),
                ("object_id", models.TextField()),
                (
                    "action",
                    models.TextField(
                        choices=[
                            ("created", "Created"),
                            ("changed", "Changed"),
                            ("deleted", "Deleted"),
                            ("accessed", "Opened"),
                        ]
                    ),
                ),
                (
                    "changes",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["about_id", "at"], name="change_about"),
                    models.Index(fields=["unit_id", "-at", "-id"], name="change_unit"),
                    models.Index(fields=["authority_id", "-at", "-id"], name="change_authority"),
                    models.Index(fields=["actor_id", "at"], name="change_actor"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("actor_id", models.UUIDField(null=True)),
                ("actor", models.TextField(default="")),
                ("role", models.TextField(default="")),
                ("unit_id", models.BigIntegerField(null=True)),
                ("unit", models.TextField(default="")),
                ("authority_id", models.BigIntegerField(null=True)),
                ("authority", models.TextField(default="")),
                ("request_id", models.UUIDField(null=True)),
                ("about_id", models.UUIDField(null=True)),
                ("about", models.TextField(default="")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("opened", "Opened"),
                            ("searched", "Searched"),
                            ("revealed", "Personal number shown"),
                            ("exported", "Exported"),
                            ("printed", "Printed"),
                            ("refused", "Refused"),
                            ("logged_in", "Logged in"),
                            ("login_failed", "Failed login"),
                            ("logged_out", "Logged out"),
                        ]
                    ),
                ),
                ("purpose", models.TextField(default="")),
                (
                    "detail",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
                ("address", models.GenericIPAddressField(null=True)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["about_id", "at"], name="reading_about"),
                    models.Index(fields=["unit_id", "-at", "-id"], name="reading_unit"),
                    models.Index(fields=["authority_id", "-at", "-id"], name="reading_authority"),
                    models.Index(fields=["actor_id", "at"], name="reading_actor"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("actor_id", models.UUIDField(null=True)),
                ("actor", models.TextField(default="")),
                ("role", models.TextField(default="")),
                ("unit_id", models.BigIntegerField(null=True)),
                ("unit", models.TextField(default="")),
                ("authority_id", models.BigIntegerField(null=True)),
                ("authority", models.TextField(default="")),
                ("request_id", models.UUIDField(null=True)),
                ("about_id", models.UUIDField(null=True)),
                ("about", models.TextField(default="")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("thing_id", models.UUIDField()),
                ("machine", models.TextField()),
                ("seq", models.IntegerField()),
                ("step", models.TextField()),
                ("from_state", models.TextField(blank=True)),
                ("to_state", models.TextField()),
                ("reason", models.TextField(default="")),
                (
                    "facts",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
                ("payload", models.TextField(db_default="")),
                ("prev_hash", models.BinaryField(db_default=b"")),
                ("hash", models.BinaryField(db_default=b"")),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["about_id", "at"], name="step_about"),
                    models.Index(fields=["unit_id", "-at", "-id"], name="step_unit"),
                    models.Index(fields=["authority_id", "-at", "-id"], name="step_authority"),
                    models.Index(fields=["actor_id", "at"], name="step_actor"),
                    models.Index(fields=["about"], condition=models.Q(seq=0), name="step_births"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("thing_id", "seq"), name="step_number"),
                    models.UniqueConstraint(
                        fields=("thing_id", "seq", "machine", "to_state"), name="step_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seq__gte", 0)), name="step_counts_from_0"
                    ),
                ],
            },
        ),
    ]
