"""A page for paper: typst makes a tagged PDF (PDF/UA) of a template and plain data."""

import json
from pathlib import Path
from typing import Any

try:
    import typst
except ImportError:  # no wheel for this kind of machine: the browser prints the page instead
    typst = None  # type: ignore[assignment]

POSSIBLE = typst is not None


def pdf(template: Path, data: dict[str, Any]) -> bytes:
    """The template with the data, which is never read as markup."""
    source, inputs = template.read_bytes(), {"data": json.dumps(data, ensure_ascii=False)}
    try:
        return bytes(typst.compile(source, sys_inputs=inputs, pdf_standards=["ua-1"]))
    except typst.TypstError:  # a letter that no font of ours has: readable, but not to the standard
        return bytes(typst.compile(source, sys_inputs=inputs))
