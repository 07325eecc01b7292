"""A list's case is looked at once more when it is destroyed: does the law let it go today?

The database answers by its own reading of the rules. It refuses the destroyer a case whose day has
not come or about whose person the unit must keep something else, whatever the list says. It tells
a unit's supervisor and her authority's data protection officer how many cases are late, and of
those that they don't see nothing but how many.
"""

from django.db import migrations, models

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [("casework", "0025_destruction_policies")]
    operations = [
        migrations.AddField(
            model_name="destructionitem",
            name="lawful_tx",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        beside(__file__),
    ]
