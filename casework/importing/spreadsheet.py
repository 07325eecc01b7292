"""A file of rows and columns as programs export it: bytes in, a table or an answer in words out."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MAX_BYTES = 10_000_000
MAX_ROWS = 20_000
SEPARATORS = ";,\t"
END = "\x1eend\x1e"  # a last record of our own: if it isn't the last one read, a quote is open
FORMULA = re.compile(r"[=+\-@\t\r]")
ESCAPED = re.compile(r"'[=+\-@\t\r]")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
SIGNATURES = {
    b"%PDF": _("This is a PDF document."),
    b"PK\x03\x04": _("This is a workbook or a packed file (such as .xlsx, .ods or .zip)."),
    b"\xd0\xcf\x11\xe0": _("This is an old workbook or document (.xls or .doc)."),
    b"\x89PNG": _("This is a picture."),
    b"\xff\xd8\xff": _("This is a picture."),
    b"GIF8": _("This is a picture."),
    b"{\\rtf": _("This is a document for a word processor."),
    b"<": _("This is a web page or an XML file."),
    b"\xff\xfe": _("This file is written in UTF-16."),
    b"\xfe\xff": _("This file is written in UTF-16."),
}
SAVE_AS = _(
    "Open it in the program that it came from and save it as CSV (“CSV UTF-8”), with the names of"
    " the columns in the first row."
)


class NoTable(ValueError):
    """The file can't be read as a table; `words` say what it is and what to do."""

    def __init__(self, *words: str | Promise) -> None:
        super().__init__(" ".join(str(part) for part in words))

    @property
    def words(self) -> str:
        return str(self)


@dataclass(frozen=True, slots=True)
class Table:
    """Headers as written, and each row with its number as a spreadsheet shows it (headers: 1)."""

    headers: list[str]
    rows: list[tuple[int, list[str]]]
    separator: str


def grouped(number: int) -> str:
    return str(number_format(number, force_grouping=True))


def fold(text: str) -> str:
    """What spellings of a word have in common: Födelse-datum, FODELSE DATUM → fodelse_datum."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^0-9a-z]+", "_", letters).strip("_")


def read(content: bytes, knows: Callable[[str], bool]) -> Table:
    """The table in the file. `knows` tells the header names that the separator is found by.

    Raises NoTable.
    """
    text = decode(content)
    separator = separator_of(text, knows)
    records = _records(text, separator)
    if not records or records[-1][1] != [END]:
        raise NoTable(
            _('From row %(row)s on a quotation mark (") is never closed.')
            % {"row": records[-1][0] if records else 1},
            _("Close or remove it and choose the file again."),
        )
    filled = [(row, cells) for row, cells in records[:-1] if any(cell.strip() for cell in cells)]
    if len(filled) < 2:
        raise NoTable(_("The file has headers but no rows."), _("Choose a file that has some."))
    if len(filled) - 1 > MAX_ROWS:
        raise NoTable(
            _("The file has %(rows)s rows. At most %(most)s can be taken at a time.")
            % {"rows": grouped(len(filled) - 1), "most": grouped(MAX_ROWS)},
            _("Divide it and choose the parts one by one."),
        )
    headers = [" ".join(cell.split()) for cell in filled[0][1]]
    while headers and not headers[-1]:
        headers.pop()
    return Table(headers, filled[1:], separator)


def _records(text: str, separator: str) -> list[tuple[int, list[str]]]:
    """Every record with its number; a blank line counts, as it does in a spreadsheet."""
    csv.field_size_limit(MAX_BYTES)
    source = text if text.endswith(("\n", "\r")) else f"{text}\r\n"
    reader = csv.reader(io.StringIO(f"{source}{END}", newline=""), delimiter=separator)
    found: list[tuple[int, list[str]]] = []
    try:
        found.extend((number, cells) for number, cells in enumerate(reader, start=1))
    except csv.Error:
        raise NoTable(_("Row %(row)s can't be read.") % {"row": len(found) + 1}, SAVE_AS) from None
    return found


def decode(content: bytes) -> str:
    """The file's text. UTF-8 with or without its mark; else Windows-1252 or ISO-8859-1."""
    if not content.removeprefix(codecs.BOM_UTF8).strip():
        raise NoTable(_("The file is empty."), _("Choose another file."))
    if len(content) > MAX_BYTES:
        raise NoTable(_("The file is larger than 10 MB."), _("Divide it."))
    for signature, words in SIGNATURES.items():
        if content.startswith(signature):
            raise NoTable(words, SAVE_AS)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _decode_older(content)
    controls = len(CONTROLS.findall(text))
    if controls * 10 > len(text) or controls > max(20, len(text) // 100):
        raise NoTable(_("This file holds no text."), SAVE_AS)
    return text


def _decode_older(content: bytes) -> str:
    lenient = content.decode("utf-8", errors="replace")
    broken = lenient.count("\ufffd")
    if sum(letter > "\x7f" for letter in lenient) - broken > broken:
        line = lenient[: lenient.index("\ufffd")].count("\n") + 1
        raise NoTable(
            _("Line %(line)s has a letter that was broken on the way: the file mixes two ways of"
              " writing å, ä and ö.") % {"line": line},
            SAVE_AS,
        )  # fmt: skip
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        return content.decode("iso-8859-1")


def separator_of(text: str, knows: Callable[[str], bool]) -> str:
    """The separator that gives the most headers we know."""
    first = text.lstrip("\r\n").splitlines()[0] if text.strip() else ""

    def known(separator: str) -> int:
        cells = next(csv.reader([first[:10_000]], delimiter=separator), [])
        return sum(knows(cell) for cell in cells)

    best = max(SEPARATORS, key=known)
    if not known(best):
        raise NoTable(
            _("No column that we know was found in the first row."),
            _("The first row must hold the names of the columns, with semicolon, comma or tab"
              " between them."),
        )  # fmt: skip
    return best


def write(headers: Sequence[str], rows: Sequence[Sequence[str]], separator: str) -> bytes:
    """A file that a spreadsheet opens without running anything: formulas become text."""
    made = io.StringIO(newline="")
    writer = csv.writer(made, delimiter=separator)
    writer.writerows([escaped(cell) for cell in row] for row in (headers, *rows))
    return made.getvalue().encode("utf-8-sig")


def escaped(cell: str) -> str:
    return f"'{cell}" if FORMULA.match(cell) else cell


def unescaped(cell: str) -> str:
    """A cell without the apostrophe that `write` put there."""
    return cell[1:] if ESCAPED.match(cell) else cell
