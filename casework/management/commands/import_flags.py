"""manage.py import_flags FILE --unit "…" --as USERNAME [--check] [--rejected PATH]"""

import os
import sys
from argparse import RawDescriptionHelpFormatter
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _
from tqdm import tqdm

from access import rules
from access.actor import Actor, actor_of
from access.models import Unit, User
from access.session import acting_as
from audit import trail
from audit.models import Reading
from casework.importing import importrun, imports
from casework.importing.imports import Report
from casework.importing.spreadsheet import MAX_BYTES, NoTable
from casework.models import FlagFile

SOME_REJECTED = 3


class Command(BaseCommand):
    """The page's import from a terminal: the same reading, the same steps, the same trail."""

    help = (
        "Import flags from a CSV file. Running it again goes on where it stopped; what is saved"
        " already is not saved again.\n\n"
        "exit status:\n"
        "  0  every row is saved, or was before (with --check: every row can be)\n"
        "  1  nothing could be done, or it stopped half-way; the words say why\n"
        "  2  the command was written wrongly\n"
        "  3  some rows were not taken; they are listed, and written where --rejected says"
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        formatter = RawDescriptionHelpFormatter
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.formatter_class = formatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--unit", required=True, help="name of the unit whose files they join")
        parser.add_argument("--as", required=True, dest="username", help="who flags")
        parser.add_argument("--check", action="store_true", help="only tell what is in the file")
        parser.add_argument("--rejected", type=Path, help="write the rows that aren't taken here")

    def handle(self, *args: Any, **options: Any) -> None:
        content = read(options["file"])
        actor = actor_named(options["username"], options["unit"])
        self.refuse_to_overwrite(options["rejected"])
        with transaction.atomic(), acting_as(actor):
            try:
                file = imports.receive(actor, options["file"].name, content)
            except NoTable as fault:
                raise CommandError(fault.words) from None
            report = imports.report_in(file)
            self.keep(actor, file, options["check"])
        if options["check"]:
            self.tell_preview(file, report)
        else:
            file, report = self.save(file, actor)
        self.leave(actor, file, report, options["rejected"])

    def keep(self, actor: Actor, file: FlagFile, only_checked: bool) -> None:
        """Confirmed, or erased at once; an import that stopped earlier stays as it is."""
        other = imports.under_way(actor)
        if not only_checked and other and other.pk != file.pk and imports.is_worked_on(other):
            refuse(_("Another import by %(name)s is running.") % {"name": actor.username})
        if file.status == imports.Status.PREVIEWED:
            if only_checked:
                file.content = file.rejected = None
            else:
                file.status = imports.Status.QUEUED
            file.save(update_fields=["content", "rejected", "status"])

    def save(self, file: FlagFile, actor: Actor) -> tuple[FlagFile, Report | None]:
        """Run the import with a progress bar."""
        with tqdm(total=file.rows, initial=file.done_rows, unit=_("rows"), file=sys.stderr) as bar:
            try:
                done = importrun.run(importrun.Job.of(file), lambda rows, _rows: advance(bar, rows))
            except importrun.NotAllowed:
                refuse(_("%(name)s may not flag in this unit.") % {"name": actor.username})
            except (importrun.Stopped, KeyboardInterrupt) as stopped:
                refuse(_("The import stopped (%(why)s). Run the same command again: it goes on"
                         " where it was.") % {"why": stopped or "Ctrl-C"})  # fmt: skip
        if not done:
            refuse(_("Another process is importing this file now."))
        with transaction.atomic(), acting_as(actor):
            file.refresh_from_db()
            report = imports.report_in(file)
        self.stdout.write(
            _("%(cases)s new cases, %(added)s observations on open cases, %(there)s already in the"
              " files, %(faults)s not taken.")
            % {"cases": file.new_cases, "added": file.new_observations,
               "there": file.already_there, "faults": file.faults}
        )  # fmt: skip
        return file, report

    def tell_preview(self, file: FlagFile, report: Report | None) -> None:
        good = file.rows - file.faults
        self.stdout.write(
            _("%(rows)s rows: %(good)s can be saved, %(there)s of them are already in the files;"
              " %(faults)s can not. Nothing was saved.")
            % {"rows": file.rows, "good": good, "there": file.already_there, "faults": file.faults}
        )  # fmt: skip
        if report and report.unused:
            self.stderr.write(
                _("These columns are not used: %(columns)s.")
                % {"columns": ", ".join(report.unused)}
            )
        for row, note in report.notes if report else []:
            self.stderr.write(_("Row %(row)s: %(fault)s") % {"row": row, "fault": note})

    def leave(self, actor: Actor, file: FlagFile, report: Report | None, path: Path | None) -> None:
        """List and write the rows that weren't taken; the exit status tells that there are some."""
        if report is None or not report.rejected:
            return
        for each in report.rejected:
            faults = " ".join(map(str, each.faults))
            self.stderr.write(_("Row %(row)s: %(fault)s") % {"row": each.row, "fault": faults})
        if path:
            detail = {"what": "rejected rows", "file": str(file.pk), "rows": len(report.rejected)}
            with transaction.atomic(), acting_as(actor):
                trail.reading(Reading.Kind.EXPORTED, detail=detail)
                write_private(path, imports.rejected_file(report))
        sys.exit(SOME_REJECTED)

    def refuse_to_overwrite(self, path: Path | None) -> None:
        if path and path.exists():
            refuse(_("%(path)s is there already; nothing was done.") % {"path": path})


def advance(bar: "tqdm[Any]", rows: int) -> None:
    bar.update(rows - bar.n)


def refuse(words: str) -> NoReturn:
    raise CommandError(words)


def read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as fault:
        refuse(_("The file can’t be read: %(why)s.") % {"why": fault.strerror})


def actor_named(username: str, unit_name: str) -> Actor:
    """The user in the unit, as the page would know her. Whoever may not flag is refused."""
    units = list(Unit.objects.filter(name=unit_name))
    user = User.objects.filter(username=username.lower()).first()
    if not units:
        names = ", ".join(Unit.objects.values_list("name", flat=True))
        refuse(_("There is no unit with that name. There are: %(names)s.") % {"names": names})
    found = [actor for unit in units if user and (actor := actor_of(user, unit.pk))]
    if not found:
        refuse(_("%(name)s doesn’t work in that unit now.") % {"name": username})
    if not rules.flagger(found[0]):
        refuse(_("Flagging is for: %(who)s.") % {"who": rules.flagger})
    return found[0]


def write_private(path: Path, content: bytes) -> None:
    """A new file that only its owner reads: it holds personal data."""
    with suppress(FileExistsError):
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        return
    refuse(_("%(path)s is there already; nothing was done.") % {"path": path})
