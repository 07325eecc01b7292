"""What the log review asks of the cases: readers' names beside young people's.

Names are compared inside the database; the review keeps which line it was, never a name.
"""

from django.db import connection
from django.db.models import QuerySet

from audit import review
from audit.models import Reading
from audit.review import Hit
from audit.review_models import Why

# A surname is compared word by word (Ek-Lund meets Lund); own name: every word is the same.
NAMESAKES = r"""
    WITH looked AS (
        SELECT actor_id, about_id, min(id) AS first, count(*) AS times
        FROM audit_reading WHERE id IN ({looks}) AND about_id IS NOT NULL GROUP BY 1, 2
    ), named AS (
        SELECT looked.*, regexp_split_to_array(lower(u.name), '[\s-]+') AS reader,
            regexp_split_to_array(p.given_key, '[\s-]+') AS given,
            regexp_split_to_array(p.family_key, '[\s-]+') AS family
        FROM looked
        JOIN casework_case c ON c.id = looked.about_id
        JOIN casework_person p ON p.id = c.person_id
        JOIN access_user u ON u.id = looked.actor_id
        WHERE p.family_key <> ''
    )
    SELECT first, actor_id, times, reader @> (given || family) AND given <> '{{""}}'
    FROM named WHERE reader[2:] && family
"""


@review.add_rule
def namesakes(read: QuerySet[Reading], unit_id: int) -> list[Hit]:
    """The reader has the young person's surname, or her whole name."""
    looks, parameters = read.order_by().values("id").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(NAMESAKES.format(looks=looks), parameters)
        return [
            Hit(first, reader, Why.OWN_NAME if own else Why.SAME_SURNAME, times)
            for first, reader, times, own in cursor.fetchall()
        ]
