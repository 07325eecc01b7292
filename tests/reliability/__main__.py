"""Runs the scripts, prints their figures and, when all were run, writes docs/reliability.md."""

import argparse
import sys
from collections.abc import Callable
from typing import Any

from tests.reliability import alter, kills, mixed, restore, revoked
from tests.reliability.stage import stage

SCRIPTS: dict[str, Callable[..., dict[str, Any]]] = {
    "kills": kills.run, "mixed": mixed.run, "revoked": revoked.run, "alter": alter.run,
    "restore": restore.run,
}  # fmt: skip


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("script", nargs="*", choices=[*SCRIPTS, []])
    given = asked.parse_args()
    for name in given.script or SCRIPTS:
        with stage() as made:
            sys.stdout.write(f"{name}: {SCRIPTS[name](made)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
