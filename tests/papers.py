"""What a PDF says, read back from its bytes."""

import re
from io import BytesIO
from typing import Any

from pypdf import PdfReader

BETWEEN = re.compile(r"[\s\u00ad\u2010-]+")  # spaces, and hyphens, which may be a line's end


def text_of(pdf: bytes) -> str:
    """All its words in order."""
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def says(text: str, words: str) -> bool:
    """Whether the words stand there, wherever the lines end."""
    return BETWEEN.sub("", words) in BETWEEN.sub("", text)


def is_tagged(pdf: bytes, language: str) -> bool:
    """Marked with its structure, its language and that it is made to PDF/UA."""
    root: Any = PdfReader(BytesIO(pdf)).trailer["/Root"]
    metadata = root["/Metadata"].get_data()
    return bool("/StructTreeRoot" in root and root["/Lang"] == language and b"pdfuaid" in metadata)
