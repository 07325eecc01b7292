"""Runs the scripts, prints their figures and, where all were run, writes docs/reliability.md."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psutil

from access.embedded import PROJECT
from tests.reliability import alter, forged, kills, malformed, mixed, restore, revoked
from tests.reliability.stage import stage

REPORT = PROJECT / "docs" / "reliability.md"
KNOWN = PROJECT / "tests" / "reliability" / "words.md"  # what stands around the figures
SCRIPTS: dict[str, Callable[..., dict[str, Any]]] = {
    "kills": kills.run, "forged": forged.run, "mixed": mixed.run, "alter": alter.run,
    "malformed": malformed.run, "restore": restore.run, "revoked": revoked.run,
}  # fmt: skip


def machine() -> str:
    """What it ran on, in a line."""
    memory = psutil.virtual_memory().total // 2**30
    python = platform.python_version()
    return f"{os.cpu_count()} cores, {memory} GiB, {platform.system()}, Python {python}"


def rows(found: dict[str, Any]) -> list[str]:
    """A script's figures as rows of a table; a figure of figures in its own row each."""
    lines = []
    for name, value in found.items():
        if isinstance(value, dict) and name != "answers" and name != "other answers":
            inner = ", ".join(f"{key} {said(one)}" for key, one in value.items())
            lines.append(f"| {name} | {inner} |")
        else:
            lines.append(f"| {name} | {said(value)} |")
    return lines


def said(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {one}" for key, one in value.items())
    if isinstance(value, list):
        return f"{len(value)} ways, listed in the script's output" if value else "none"
    return (
        {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    )


def report(figures: dict[str, dict[str, Any]]) -> str:
    """The document: the words that stand in words.md, with each script's table in its place."""
    today = datetime.now(ZoneInfo("Europe/Stockholm"))
    text = KNOWN.read_text(encoding="utf-8")
    text = text.replace("{when}", f"{today:%Y-%m-%d}").replace("{machine}", machine())
    for name, found in figures.items():
        table = "\n".join(["| figure | value |", "| --- | --- |", *rows(found)])
        text = text.replace("{" + name + "}", table)
    return text


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("script", nargs="*", choices=[*SCRIPTS, []])
    asked.add_argument("--keep", type=Path, help="a JSON file: figures of scripts run one by one")
    given = asked.parse_args()
    figures: dict[str, dict[str, Any]] = {}
    if given.keep and given.keep.exists():
        figures = json.loads(given.keep.read_text(encoding="utf-8"))
    for name in given.script or SCRIPTS:
        with stage(story=name in {"forged", "restore"}) as made:
            figures[name] = SCRIPTS[name](made)
        sys.stdout.write(f"{name}: {json.dumps(figures[name], ensure_ascii=False)}\n")
        sys.stdout.flush()
        if given.keep:
            given.keep.write_text(json.dumps(figures, ensure_ascii=False), encoding="utf-8")
    if figures.keys() == SCRIPTS.keys():
        REPORT.write_text(report(figures), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
