"""The trail's pages. Who may open them, and whose lines they show, the caller has decided."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import export, integrity, trail
from audit.filters import LineFilter, People, Place
from audit.models import Line, Reading
from audit.shown import Shown, linked, show, texts

PAGE = 50
NEWEST_FIRST = ("-at", "-source", "-id")


def log(
    request: HttpRequest, lines: QuerySet[Line], *, people: People, content: bool, cases: bool
) -> HttpResponse:
    """The lines given, filtered and by page. Looking for a person or a case is a logged search.

    `content`: reasons, facts and values are shown. `cases`: references lead to their pages.
    """
    form = LineFilter(request.GET, people)
    context: dict[str, Any] = {"form": form, "content": content, "cases": cases}
    place = read_place(request, form)
    if not form.is_valid():
        return render(request, "audit/lines.html", context | {"lines": []}, status=422)
    page, older = page_of(form.narrow(lines), place, content=content)
    if not place:  # one line for a look, however many pages it has
        trail.reading(Reading.Kind.SEARCHED, detail={"where": "audit", "filters": form.asked})
    context |= {
        "lines": linked(page) if cases else page,
        "chosen": chosen(form),
        "older_url": address(form, before=str(older)) if older else "",
        "newer_url": address(form) if place else "",
        "state": integrity.state(),
    }
    return render(request, "audit/lines.html", context)


def log_file(
    request: HttpRequest, lines: QuerySet[Line], *, people: People, content: bool, cases: bool
) -> HttpResponse:
    """The lines that the posted filter finds, as a file; taking it out is logged."""
    form = LineFilter(request.POST, people)
    found: list[Shown] = []
    if form.is_valid():
        wanted = form.narrow(lines).order_by(*NEWEST_FIRST)
        found = show(wanted[: export.MOST + 1], content=content)
    if len(found) > export.MOST:
        form.add_error(None, too_many())
    if not form.is_valid():
        context = {"form": form, "content": content, "cases": cases, "lines": []}
        return render(request, "audit/lines.html", context, status=422)
    trail.reading(
        Reading.Kind.EXPORTED,
        detail={"what": "audit", "filters": form.asked, "lines": len(found)},
    )
    name = f"fortur-logg-{timezone.localdate().isoformat()}.csv"
    return HttpResponse(
        export.as_csv(texts(found)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def too_many() -> str:
    """Why a file isn't made, and what to do."""
    return _("More than %(most)s lines. Choose a shorter period, a person or a case.") % {
        "most": f"{export.MOST:,}".replace(",", "\N{NO-BREAK SPACE}")
    }


def log_of_case(
    request: HttpRequest, about_id: UUID, *, people: People = (), content: bool = True
) -> dict[str, Any]:
    """What audit/log.html shows about one case, for the view that has let the reader in.

    Includes `status`: 200, or 422 where the filter makes no sense.
    """
    form = LineFilter(request.GET, people)
    del form.fields["case"]
    if not people:
        del form.fields["person"]
    place = read_place(request, form)
    context: dict[str, Any] = {"form": form, "content": content, "lines": [], "status": 422}
    if not form.is_valid():
        return context
    lines = form.narrow(Line.objects.filter(about_id=about_id))
    page, older = page_of(lines, place, content=content)
    return context | {
        "status": 200,
        "lines": page,
        "chosen": chosen(form),
        "older_url": address(form, before=str(older)) if older else "",
        "newer_url": address(form) if place else "",
    }


def page_of(
    lines: QuerySet[Line], place: Place | None, *, content: bool
) -> tuple[list[Shown], Place | None]:
    """The page that begins after the place, and where it ends if there are older lines."""
    if place:
        lines = place.after(lines)
    page = show(lines.order_by(*NEWEST_FIRST)[: PAGE + 1], content=content)
    if len(page) <= PAGE:
        return page, None
    last = page[PAGE - 1]
    return page[:PAGE], Place(last.at, last.source, last.id)


def read_place(request: HttpRequest, form: LineFilter) -> Place | None:
    """Where the page begins. An address that nobody was given becomes an error of the form."""
    text = request.GET.get("before", "")
    if not text:
        return None
    try:
        return Place.read(text)
    except (ValueError, OverflowError):
        form.add_error(None, _("This page doesn't exist. Start again from the newest line."))
        return None


def address(form: LineFilter, **more: str) -> str:
    """The same page with the filter and something more."""
    return f"?{urlencode(form.asked | more)}"


def chosen(form: LineFilter) -> list[dict[str, str]]:
    """The filters in use, each with the address of the page without it."""
    found = []
    for name, typed in form.asked.items():
        field = form.fields[name]
        words = dict(flat(getattr(field, "choices", [])))
        without = {other: value for other, value in form.asked.items() if other != name}
        found.append(
            {"label": f"{field.label}: {words.get(typed, typed)}", "url": f"?{urlencode(without)}"}
        )
    return found


def flat(choices: Any) -> list[tuple[str, str]]:
    """Choices without their groups."""
    pairs: list[tuple[str, str]] = []
    for code, label in choices:
        pairs += flat(label) if isinstance(label, list | tuple) else [(str(code), str(label))]
    return pairs
