"""`make bench`: what a queue of a thousand and of a million cases costs, as ratios within one run.

    make bench                              1 000, 10 000, 100 000 and 1 000 000 cases
    make bench SIZES=1000,10000             smaller
    make bench SCALE=large                  ten million lines in the trail, too

Asserts nothing about time: it prints a table and writes docs/benchmark.md.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.bench import report
from tests.bench.fill import fill
from tests.bench.importing import rows_a_second
from tests.bench.server import Server, server
from tests.bench.steps import build_box, throughput

SIZES = (1_000, 10_000, 100_000, 1_000_000)
LARGE = 4_300_000  # cases that have ten million steps
MANY = 10_000  # from this many cases on, lines a second mean something


@contextmanager
def stage(words: str) -> Iterator[None]:
    """Says what is being done, and how long it took."""
    sys.stdout.write(f"{words} … ")
    sys.stdout.flush()
    began = time.monotonic()
    yield
    sys.stdout.write(f"{time.monotonic() - began:.0f} s\n")


def main() -> None:
    asked = options()
    with server() as own:
        about = report.about(own.superuser("postgres"))
        found = {size: one_size(own, size, asked) for size in asked.sizes}
    text = report.text(found, about)
    sys.stdout.write(f"\n{text}")
    report.PAGE.write_text(text, encoding="utf-8")


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    sizes = os.environ.get("SIZES") or ",".join(map(str, SIZES))
    parser.add_argument("--sizes", default=sizes, help="numbers of cases, by commas")
    parser.add_argument("--clients", type=int, default=int(os.environ.get("CLIENTS") or 8))
    parser.add_argument("--seconds", type=float, default=8, help="of each round of steps")
    parser.add_argument("--rounds", type=int, default=20, help="of each page")
    asked = parser.parse_args()
    asked.sizes = sorted(int(size) for size in asked.sizes.split(","))
    if os.environ.get("SCALE") == "large":
        asked.sizes.append(LARGE)
    return asked


def one_size(own: Server, size: int, asked: argparse.Namespace) -> dict[str, Any]:
    """Everything that is measured on a database with that many cases."""
    name = own.database(f"bench_{size}")
    with stage(f"{size:>9,} cases: filling"), own.superuser(name) as superuser:
        fill(superuser, size)
    with stage(" " * 17 + "pages and questions"):
        figures = own.measure(name, "pages", rounds=asked.rounds)
    if size >= MANY:
        with stage(" " * 17 + "sealing and verifying the trail"):
            figures |= own.measure(name, "lines")
    if size == asked.sizes[-1]:
        figures |= working(own, name, size, asked)
    own.drop(name)
    return figures


def working(own: Server, name: str, size: int, asked: argparse.Namespace) -> dict[str, Any]:
    """What changes things, on the largest database only."""
    with stage(" " * 17 + "the packages out of the box: filling"):
        build_box(own, min(size, 100_000))
    with stage(" " * 17 + f"steps by {asked.clients} clients"):
        figures = throughput(own, name, asked.clients, asked.seconds, rounds=3)
    with stage(" " * 17 + "importing 10,000 flags"):
        figures["import_rows_s"] = rows_a_second(own, name, 10_000)
    return figures


if __name__ == "__main__":
    main()
