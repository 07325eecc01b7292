"""The log review in a database of the test's own: nothing is rewritten."""

from collections.abc import Callable

import psycopg
import pytest

from access.actor import Actor

Find = Callable[[str], Actor]


@pytest.mark.parametrize(
    "table", ["audit_review", "audit_reviewitem", "audit_verdict", "audit_signoff"]
)
@pytest.mark.parametrize(
    "statement", ["DELETE FROM {}", "UPDATE {} SET unit_id = unit_id", "TRUNCATE {} CASCADE"]
)
def test_a_review_is_written_once(
    own_db: str, actor: Find, as_app: Callable[..., psycopg.Connection], table: str, statement: str
) -> None:
    chief = actor("polischef")
    raw = as_app(unit=chief.unit_id, user=chief.user_id, authority=chief.authority_id)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute(statement.format(table).encode())
