"""The step through the engine, with what a request's middleware does around it."""

from typing import Any

from django.db import transaction

from access.actor import actor_of
from access.models import User
from access.session import tell
from audit import trail
from casework.models import Case
from casework.workflow.steps import perform
from tests.bench.client import CRITERIA, LEVEL, REASON, UNTIL, work

QUERY = """
    SELECT c.id FROM casework_case c JOIN access_membership m USING (unit_id)
        JOIN access_user u ON u.id = m.user_id
    WHERE u.username = 'utredare' AND state IN ('flagged', 'prioritised') AND NOT restricted
"""


def main() -> None:
    by = actor_of(User.objects.get(username="utredare"))
    assert by

    def step(case_id: Any) -> None:
        with transaction.atomic(), trail.stamped(by.stamp()):
            tell(by)
            perform(
                Case(pk=case_id), "prioritise", by, REASON,
                level=LEVEL, criteria=CRITERIA, valid_until=UNTIL,
            )  # fmt: skip

    work(step, QUERY)


if __name__ == "__main__":
    main()
