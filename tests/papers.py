"""What a PDF says, read back from its bytes."""

import re
from io import BytesIO

from pypdf import PdfReader


def text_of(pdf: bytes) -> str:
    """All its words in order, whatever the lines and hyphens are."""
    pages = "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", re.sub(r"[-\u2010]\n", "", pages.replace("\u00ad", "")))


def is_tagged(pdf: bytes, language: str) -> bool:
    """Marked with its structure, its language and that it is made to PDF/UA."""
    root = PdfReader(BytesIO(pdf)).trailer["/Root"]
    metadata = root["/Metadata"].get_data()
    return bool("/StructTreeRoot" in root and root["/Lang"] == language and b"pdfuaid" in metadata)
