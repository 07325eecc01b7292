"""Without consent each side records a ground of its own: its answers, its last day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0026_lawful"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="coordination",
            name="ground_note",
        ),
        migrations.AddField(
            model_name="coordination",
            name="ground_answers",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="coordination",
            name="ground_until",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="coordination",
            name="other_ground",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="coordination",
            name="other_ground_until",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="coordination",
            name="end_why",
            field=models.CharField(
                blank=True,
                choices=[
                    ("goal_reached", "What it was for has been reached"),
                    ("no_longer_needed", "It is no longer needed"),
                    ("other_way", "Something else fits better"),
                    ("taken_back", "The proposal was taken back"),
                    ("consent_withdrawn", "The consent was withdrawn"),
                    ("ground_fell", "The legal ground no longer holds"),
                ],
                max_length=20,
            ),
        ),
    ]
