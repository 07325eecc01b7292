"""Seals over the whole trail, anchors, checks; and every line gets its transaction, salt and hash.

Refused from here on, to any role: a line's transaction, salt or hash set by the client; UPDATE,
DELETE and TRUNCATE of a seal, an anchor or a check; a seal that does not continue the one before.
To all but fortur_sealer: to seal. To fortur_sealer: anything of a line but its place and its hash.
"""

import django.db.models.functions.datetime
from django.db import migrations, models

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0005_review_holds"),
    ]

    operations = [
        migrations.CreateModel(
            name="Anchor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.TextField(choices=[("file", "File"), ("timestamp", "Time-stamp")])),
                ("seal", models.IntegerField()),
                ("tree_size", models.BigIntegerField()),
                ("root", models.BinaryField()),
                ("authority_id", models.BigIntegerField(null=True)),
                ("authority", models.TextField(default="")),
                ("token", models.BinaryField(default=b"")),
                ("stamped_at", models.DateTimeField(null=True)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="Check",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("lines", models.BigIntegerField()),
                ("seal", models.IntegerField()),
                ("seconds", models.FloatField()),
                ("fault", models.TextField(default="")),
            ],
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.IntegerField(primary_key=True, serialize=False)),
                ("tree_size", models.BigIntegerField()),
                ("root", models.BinaryField()),
                ("previous_size", models.BigIntegerField()),
                ("previous_root", models.BinaryField()),
                ("steps", models.BigIntegerField()),
                ("changes", models.BigIntegerField()),
                ("readings", models.BigIntegerField()),
                ("last_tx", models.BigIntegerField()),
                ("last_source", models.SmallIntegerField()),
                ("last_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("key", models.TextField()),
                ("signature", models.BinaryField()),
                ("peaks", models.BinaryField()),
                ("marks", models.BinaryField()),
            ],
        ),
        migrations.AddField(
            model_name="change",
            name="destroyed_by",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="change",
            name="digest",
            field=models.BinaryField(default=b""),
        ),
        migrations.AddField(
            model_name="change",
            name="hash",
            field=models.BinaryField(default=b""),
        ),
        migrations.AddField(
            model_name="change",
            name="salt",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="change",
            name="tx",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="reading",
            name="destroyed_by",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="reading",
            name="digest",
            field=models.BinaryField(default=b""),
        ),
        migrations.AddField(
            model_name="reading",
            name="hash",
            field=models.BinaryField(default=b""),
        ),
        migrations.AddField(
            model_name="reading",
            name="salt",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="reading",
            name="tx",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="step",
            name="destroyed_by",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="step",
            name="salt",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="step",
            name="tx",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["tx"], name="change_tx"),
        ),
        migrations.AddIndex(
            model_name="reading",
            index=models.Index(fields=["tx"], name="reading_tx"),
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(fields=["tx"], name="step_tx"),
        ),
        migrations.AddIndex(
            model_name="anchor",
            index=models.Index(fields=["kind", "-at"], name="anchor_newest"),
        ),
        beside(__file__),
    ]
