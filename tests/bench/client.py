"""A client that takes one step again and again; ours.py, byhand.py and outofbox/steps.py say which.

It says "ready", waits for a line, works for as long as it was told, and prints how many steps it
took and its own processor time.
"""

import itertools
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import psycopg

Step = Callable[[Any], None]
LEVEL, RANK = "B", 2
CRITERIA = [{"code": "repeated", "fact": "Andra gången på sex veckor."}]
REASON = "Upprepat på kort tid och på en utsatt plats."
UNTIL = date.today() + timedelta(days=30)  # noqa: DTZ011 - any day will do
CHOSEN = "SELECT id FROM ({}) AS c WHERE abs(hashtext(id::text)) %% %s = %s ORDER BY id LIMIT 2000"


def chosen(query: str, share: int, of: int) -> list[Any]:
    """This client's own cases: no two wait for each other."""
    with psycopg.connect(os.environ["BENCH_SUPERUSER_URL"]) as superuser:
        found = superuser.execute(CHOSEN.format(query).encode(), [of, share]).fetchall()
    return [case_id for (case_id,) in found]


def work(step: Step, query: str) -> None:
    given = json.loads(sys.argv[1])
    cases = itertools.cycle(chosen(query, given["share"], given["of"]))
    for _ in range(5):
        step(next(cases))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    taken, own, ends = 0, time.process_time(), time.perf_counter() + given["seconds"]
    while time.perf_counter() < ends:
        step(next(cases))
        taken += 1
    figures = {"steps": taken, "cpu": time.process_time() - own}
    sys.stdout.write(json.dumps(figures) + "\n")
