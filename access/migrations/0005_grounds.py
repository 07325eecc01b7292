"""Legal grounds and delegations as versions.

The database now refuses to change or remove a version, whoever asks, also the tables' owner.
"""

import django.db.models.deletion
from django.db import migrations, models

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_access_review_holds"),
        ("audit", "0002_trail"),
    ]

    operations = [
        migrations.AddField(
            model_name="unit",
            name="counterpart",
            field=models.ForeignKey(
                blank=True,
                help_text="The unit of another authority that this one mostly sends to.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.unit",
                verbose_name="usual receiver",
            ),
        ),
        migrations.CreateModel(
            name="LegalGround",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("LUL6", "Notice of reasonable suspicion, under 18"),
                            ("LUL34", "Notice that somebody under 15 may be suspected"),
                            ("LUL36B", "Result of a drug test, under 15"),
                            ("LUL37", "Protocol of an inquiry, under 15"),
                            ("SOL19_1", "Report of concern about a child"),
                            ("SOL20_6", "Answer to a social investigation"),
                            ("OMEDELBART", "Immediate danger"),
                            ("BROTT_MOT_BARN", "Crime against a child"),
                            ("OVERLAT_U18", "Transfer of narcotics to somebody under 18"),
                            ("BROTT_6M", "Crime with at least six months of prison"),
                            ("UNGA21", "Risk of a future crime, under 21"),
                            ("KONTAKT", "Contact data on request"),
                            ("VARD", "Necessary care or support"),
                            ("LUL11", "Statement to the police or a prosecutor"),
                            ("ATERKOPPLING", "Feedback to the reporter"),
                            ("SAMTYCKE", "Consent"),
                            ("INFO_FLODE", "Crime-fighting need, weighed against secrecy"),
                            ("GENERAL", "The interest obviously weighs more"),
                            ("NODV", "Necessary for our own task"),
                        ],
                        max_length=20,
                        verbose_name="ground",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("name", models.CharField(max_length=120, verbose_name="name in Swedish")),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("source_url", models.URLField(blank=True, verbose_name="the source's address")),
                (
                    "verified",
                    models.CharField(
                        choices=[
                            ("verified", "The law's own text was read"),
                            ("secondary", "Read in a secondary source"),
                            ("unverified", "Not verified"),
                        ],
                        max_length=12,
                        verbose_name="verified",
                    ),
                ),
                (
                    "duty",
                    models.BooleanField(
                        default=False,
                        help_text="It must be sent; nobody weighs it.",
                        verbose_name="a duty",
                    ),
                ),
                (
                    "needs_review",
                    models.BooleanField(
                        default=False,
                        help_text="Some of its ways are open only after a lawyer has looked.",
                        verbose_name="needs a legal review",
                    ),
                ),
                ("decides", models.JSONField(default=list, verbose_name="who decides")),
                (
                    "drafter_may_decide",
                    models.BooleanField(default=False, verbose_name="who drafts may decide"),
                ),
                ("ways", models.JSONField(blank=True, default=list, verbose_name="ways")),
                ("questions", models.JSONField(blank=True, default=list, verbose_name="questions")),
                ("note", models.TextField(blank=True, verbose_name="note")),
            ],
            options={
                "verbose_name": "legal ground",
                "verbose_name_plural": "legal grounds",
                "ordering": ["code", "-valid_from"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "valid_from"),
                        name="access_legalground_version",
                        violation_error_message="There is a version from that day already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Decider",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ground_code",
                    models.CharField(
                        choices=[
                            ("LUL6", "Notice of reasonable suspicion, under 18"),
                            ("LUL34", "Notice that somebody under 15 may be suspected"),
                            ("LUL36B", "Result of a drug test, under 15"),
                            ("LUL37", "Protocol of an inquiry, under 15"),
                            ("SOL19_1", "Report of concern about a child"),
                            ("SOL20_6", "Answer to a social investigation"),
                            ("OMEDELBART", "Immediate danger"),
                            ("BROTT_MOT_BARN", "Crime against a child"),
                            ("OVERLAT_U18", "Transfer of narcotics to somebody under 18"),
                            ("BROTT_6M", "Crime with at least six months of prison"),
                            ("UNGA21", "Risk of a future crime, under 21"),
                            ("KONTAKT", "Contact data on request"),
                            ("VARD", "Necessary care or support"),
                            ("LUL11", "Statement to the police or a prosecutor"),
                            ("ATERKOPPLING", "Feedback to the reporter"),
                            ("SAMTYCKE", "Consent"),
                            ("INFO_FLODE", "Crime-fighting need, weighed against secrecy"),
                            ("GENERAL", "The interest obviously weighs more"),
                            ("NODV", "Necessary for our own task"),
                        ],
                        max_length=20,
                        verbose_name="ground",
                    ),
                ),
                ("decides", models.JSONField(default=list, verbose_name="who decides")),
                (
                    "drafter_may_decide",
                    models.BooleanField(default=False, verbose_name="who drafts may decide"),
                ),
                ("valid_from", models.DateField(verbose_name="valid from")),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.authority",
                        verbose_name="authority",
                    ),
                ),
            ],
            options={
                "verbose_name": "delegation",
                "verbose_name_plural": "delegations",
                "ordering": ["authority", "ground_code", "-valid_from"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("authority", "ground_code", "valid_from"),
                        name="access_decider_version",
                        violation_error_message="There is a version from that day already.",
                    )
                ],
            },
        ),
        beside(__file__),
    ]
