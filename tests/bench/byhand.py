"""The least that such a step can be: one UPDATE and one INSERT in a transaction."""

import os
from typing import Any
from uuid import uuid4

import psycopg

from tests.bench import raw
from tests.bench.client import LEVEL, RANK, REASON, UNTIL, work


def main() -> None:
    who = uuid4()
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:

        def step(case_id: Any) -> None:
            with connection.transaction():
                moved = connection.execute(
                    raw.UPDATE.encode(), [LEVEL, RANK, UNTIL, UNTIL, case_id]
                ).fetchone()
                assert moved
                connection.execute(raw.INSERT.encode(), [case_id, moved[0], who, REASON])

        work(step, "SELECT id FROM bench_raw_case")


if __name__ == "__main__":
    main()
