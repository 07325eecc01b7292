"""What a list says is gone is gone.

The database refuses the destroyer to call a case done that is still there, to say anything more of
one that it left, and to empty a line while what the line is about stays. Whoever verifies the
trail finds an emptied line whose case isn't among the rows of the list, and a list whose rows are
not those that the sealed line about its end has the digest of.
"""

from django.db import migrations

from audit.sql import beside


class Migration(migrations.Migration):
    dependencies = [("casework", "0032_done_is_gone"), ("audit", "0009_command_line")]
    operations = [beside(__file__)]
