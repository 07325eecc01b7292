"""Random hostile SQL as the application's role: does an illegal state ever stand?"""

from typing import Any

import psycopg

from tests import hostile
from tests.reliability.stage import Stage


def run(stage: Stage, statements: int = 500_000, seed: int = 20261122) -> dict[str, Any]:
    """tests/hostile.py against the invented town, and the superuser's look afterwards."""
    with (
        stage.superuser() as chief,
        psycopg.connect(stage.url("fortur_app"), autocommit=True) as attacker,
    ):
        tally, broken = hostile.run(chief, attacker, statements, seed)
    return {**tally, "seed": seed, "illegal states": len(broken), "first": broken[:3]}
