"""The trail as a file for a spreadsheet: built whole, before the answer, and never a formula."""

import csv
from collections.abc import Iterable
from io import StringIO

from django.utils.translation import gettext as _

MOST = 50_000  # lines in one file
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # what a spreadsheet takes for a formula
BOM = "\ufeff"  # spreadsheets read å, ä and ö right with it


def heads() -> list[str]:
    """The columns' names."""
    return [
        _("Time"), _("Kind"), _("What"), _("Who"), _("Role"), _("Unit"), _("Case"), _("Reason"),
        _("Details"),
    ]  # fmt: skip


def as_csv(rows: Iterable[Iterable[str]]) -> bytes:
    """Rows as UTF-8 with semicolons, each cell harmless to a spreadsheet."""
    file = StringIO()
    file.write(BOM)
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(heads())
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return file.getvalue().encode()


def harmless(cell: str) -> str:
    """A cell that begins like a formula gets an apostrophe in front, which spreadsheets hide."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell
