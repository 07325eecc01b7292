"""Importing flags from a file: choose, look at what was found, confirm, follow, take the rest."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access import guards, rules
from access.actor import Actor
from access.request import Request
from audit import trail
from audit.models import Reading
from casework.forms.imports import FlagFileForm
from casework.importing import imports
from casework.importing.flagrow import NAMES
from casework.importing.imports import Report, Status
from casework.importing.spreadsheet import NoTable
from casework.models import FlagFile, Place
from casework.tasks import is_queued, queue_import, worker_is_alive
from casework.views import parts

EARLIER = 10  # files shown on the first page
A_PAGE = 50  # rows of the list of faults
QUARTER = 25  # per cent


@require_http_methods(["GET", "HEAD", "POST"])
@guards.for_actor(rules.flagger)
def upload(request: Request) -> HttpResponse:
    """Choose a file. It is read and judged at once, and kept encrypted until it is confirmed."""
    actor = parts.acting(request)
    if request.method != "POST":
        return choose(request, actor, FlagFileForm())
    form = FlagFileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            file = imports.receive(actor, form.name, form.cleaned_data["file"])
        except NoTable as fault:
            form.add_error("file", fault.words)
        else:
            return redirect("flag_file", file.pk)
    return choose(request, actor, form, status=422)


def choose(request: Request, actor: Actor, form: FlagFileForm, status: int = 200) -> HttpResponse:
    mine = FlagFile.objects.filter(unit_id=actor.unit_id).exclude(
        status=Status.PREVIEWED, content__isnull=True
    )
    context = {
        "form": form,
        "columns": [", ".join(names) for names in NAMES.values()],
        "places": Place.objects.filter(active=True).values_list("name", flat=True),
        "earlier": mine.defer("content", "rejected")
        .select_related("uploaded_by")
        .order_by("-uploaded_at")[:EARLIER],
        "under_way": imports.under_way(actor),
    }
    return render(request, "casework/import.html", context, status=status)


@require_safe
@guards.for_actor(rules.flagger)
def flag_file(request: Request, file_id: UUID) -> HttpResponse:
    """The file as it stands: looked through, waiting, running, stopped or done."""
    actor = parts.acting(request)
    file = found(actor, file_id)
    if file.status == Status.PREVIEWED:
        return preview(request, actor, file)
    if file.status in imports.UNDER_WAY:
        return progress(request, actor, file)
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=200)
        answer["HX-Redirect"] = reverse("flag_file", args=[file.pk])
        return answer
    return result(request, actor, file)


def found(actor: Actor, file_id: UUID) -> FlagFile:
    files = FlagFile.objects.select_related("uploaded_by").defer("content")
    return guards.found(files, actor, pk=file_id)


def preview(request: Request, actor: Actor, file: FlagFile, status: int = 200) -> HttpResponse:
    """What was found. Names nobody: row numbers, and what is wrong in each."""
    report = imports.report_in(file)
    if report is None:
        return render(request, "casework/import_gone.html", {"file": file})
    good = file.rows - file.faults
    context = {
        "file": file,
        "mine": file.uploaded_by_id == actor.user_id,
        "good": good,
        "new": good - file.already_there,
        "figures": preview_figures(file, report),
        "report": report,
        "notes": report.notes[:A_PAGE],
        "more_notes": max(0, len(report.notes) - A_PAGE),
        "other": imports.under_way(actor),
        **pages(request, report),
    }
    return render(request, "casework/import_preview.html", context, status=status)


def preview_figures(file: FlagFile, report: Report) -> list[dict[str, Any]]:
    wrong = file.faults - report.repeats
    return [
        {"value": file.rows - file.faults, "label": _("rows can be saved")},
        {"value": wrong, "label": _("rows have a fault"), "alarm": bool(wrong)},
        {"value": report.repeats, "label": _("rows repeat an earlier one")},
        {"value": file.already_there, "label": _("rows are already in your files")},
    ]


def pages(request: Request, report: Report) -> dict[str, Any]:
    page = Paginator(report.rejected, A_PAGE).get_page(request.GET.get("page"))
    return {
        "rejected": page,
        "earlier_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "later_url": f"?page={page.next_page_number()}" if page.has_next() else "",
    }


@require_POST
@guards.for_actor(rules.flagger)
def confirm(request: Request, file_id: UUID) -> HttpResponse:
    """Queue it, or go on with one that stopped."""
    actor = parts.acting(request)
    file = guards.found(FlagFile.objects.select_for_update(of=("self",)), actor, pk=file_id)
    if file.uploaded_by_id != actor.user_id:
        guards.refuse(_("Only the one who chose the file can import it."), file)
    if file.content is not None and not is_in_hand(file):
        other = imports.under_way(actor)
        if (other and other.pk != file.pk) or file.rows == file.faults:
            return preview(request, actor, file, status=422)
        with transaction.atomic():
            queue_import(file)
    return redirect("flag_file", file.pk)


def is_in_hand(file: FlagFile) -> bool:
    """Somebody works on it, or a worker will."""
    if file.status not in imports.UNDER_WAY:
        return False
    return imports.is_worked_on(file) or is_queued(file)


def progress(request: Request, actor: Actor, file: FlagFile) -> HttpResponse:
    share = 100 * file.done_rows // max(file.rows, 1)
    reached = share // QUARTER
    polled = bool(request.headers.get("HX-Request"))
    told = request.GET.get("told", "")
    running = file.status == Status.RUNNING
    context = {
        "file": file,
        "words": _("%(done)s of %(rows)s rows") % {"done": file.done_rows, "rows": file.rows},
        "url": f"{reverse('flag_file', args=[file.pk])}?told={reached if polled else ''}",
        "waits": not running,
        "no_worker": not running and not worker_is_alive(),
        "dropped": not is_in_hand(file) and file.uploaded_by_id == actor.user_id,
        "say": said(file, share) if polled and running and told != str(reached) else "",
    }
    template = "_import_progress.html" if polled else "import_progress.html"
    return render(request, f"casework/{template}", context)


def said(file: FlagFile, share: int) -> str:
    """What the status region announces: at the start and at each quarter."""
    if not file.done_rows:
        return _("The import has begun.")
    return _("%(share)s per cent of the rows are done.") % {"share": share // QUARTER * QUARTER}


def result(request: Request, actor: Actor, file: FlagFile) -> HttpResponse:
    report = imports.report_in(file)
    saved = file.new_cases + file.new_observations
    context = {
        "file": file,
        "done": file.status == Status.DONE,
        "can_continue": file.content is not None and file.uploaded_by_id == actor.user_id,
        "left": file.rows - file.done_rows,
        "saved": saved,
        "nothing_new": file.status == Status.DONE and not saved and file.already_there,
        "words": result_words(file),
        "report": report,
        **(pages(request, report) if report else {}),
    }
    return render(request, "casework/import_result.html", context)


def result_words(file: FlagFile) -> list[str]:
    """The result as sentences, only those that say something."""
    counts = [
        (file.new_cases, ngettext("%(n)s new case was opened.", "%(n)s new cases were opened.",
                                  file.new_cases)),
        (file.new_observations, ngettext("%(n)s observation was added to an open case.",
                                         "%(n)s observations were added to open cases.",
                                         file.new_observations)),
        (file.already_there, ngettext("%(n)s row was already in your files; nothing was added.",
                                      "%(n)s rows were already in your files; nothing was added.",
                                      file.already_there)),
        (file.faults, ngettext("%(n)s row was not taken.", "%(n)s rows were not taken.",
                               file.faults)),
    ]  # fmt: skip
    return [words % {"n": count} for count, words in counts if count]


@require_safe
@guards.for_actor(rules.flagger)
def rejected(request: Request, file_id: UUID) -> HttpResponse:
    """The rows that were not taken, as a file like the one that came, with what is wrong."""
    actor = parts.acting(request)
    file = found(actor, file_id)
    report = imports.report_in(file)
    if report is None or not report.rejected:
        return redirect("flag_file", file.pk)
    trail.reading(
        Reading.Kind.EXPORTED,
        detail={"what": "rejected rows", "file": str(file.pk), "rows": len(report.rejected)},
    )
    answer = HttpResponse(imports.rejected_file(report), content_type="text/csv; charset=utf-8")
    name = _("rejected-rows")
    answer["Content-Disposition"] = f'attachment; filename="{name}-{file.uploaded_at:%Y-%m-%d}.csv"'
    return answer
