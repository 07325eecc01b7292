"""The backlog's and the start page's figures are read from two indexes: what they count and what
the policy asks stands in them, so that no row of the table is fetched."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0030_delivery_named")]
    operations = [
        migrations.RemoveIndex(model_name="case", name="case_queue"),
        migrations.RemoveIndex(model_name="case", name="case_oldest"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=("unit", "next_due", "rank", "id"),
                include=(
                    "restricted", "state", "handler", "level",
                    "prioritised_since", "prioritised_at", "confirmed_at", "valid_until",
                ),
                condition=models.Q(is_open=True),
                name="case_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=("unit", "opened_at", "id"),
                include=("restricted",),
                condition=models.Q(is_open=True),
                name="case_oldest",
            ),
        ),
    ]  # fmt: skip
