"""Malformed requests, many values in every field: is any of them answered with a fault?"""

import os
import re
import subprocess
import sys
from typing import Any

from access.embedded import PROJECT


def run(_stage: object = None, values: int = 3) -> dict[str, Any]:
    """tests/test_garbage.py with so many values a field; it fails at the first answer ≥ 500."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-s", "tests/test_garbage.py"],
        cwd=PROJECT, env=os.environ | {"FORTUR_GARBAGE": str(values), "LOG_LEVEL": "CRITICAL"},
        capture_output=True, text=True,
    )  # fmt: skip
    tried = re.search(r"(\d+) malformed requests", done.stdout)
    return {
        "values a field": values,
        "tried": int(tried[1]) if tried else 0,
        "answered with 500 or more": 0 if done.returncode == 0 else "see the tests' output",
    }
