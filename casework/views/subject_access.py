"""Subject access: whose data, then what is handed out, then the file."""

import re

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from access import rules
from access.guards import for_actor
from access.request import Request
from audit import trail
from audit.models import Reading
from casework import subject_access
from casework.forms.subject_access import AskForm, FileForm
from casework.subject_access_parts import Asked
from casework.views import parts
from casework.views.case import open_case

SHOWN = 20  # records of a part on the page
CASE = re.compile(r"[A-ZÅÄÖ]{1,8}-\d{4}-\d{1,8}")


@require_http_methods(["GET", "HEAD", "POST"])
@for_actor(rules.supervisor)
def ask(request: Request) -> HttpResponse:
    """Whose data. Looking is a line: a search that found nothing, or the opening of the case."""
    actor = parts.acting(request)
    form = AskForm(request.POST if request.method == "POST" else None, actor)
    form.initial = {"about": named_by_link(request)}
    if request.method != "POST":
        return render(request, "casework/subject_access.html", {"form": form})
    valid = form.is_valid()
    look(form)
    if not valid or form.asked is None:
        return render(request, "casework/subject_access.html", {"form": form}, status=422)
    choose = FileForm(None, actor)
    choose.initial = form.cleaned_data
    return page(request, choose, form.asked)


@require_POST
@for_actor(rules.supervisor)
def make(request: Request) -> HttpResponse:
    """The file, in one answer with its line; or the page again, where a choice is missing."""
    actor = parts.acting(request)
    asking, form = AskForm(request.POST, actor), FileForm(request.POST, actor)
    if not asking.is_valid() or asking.asked is None:
        look(asking)
        return render(request, "casework/subject_access.html", {"form": asking}, status=422)
    if not form.is_valid() or form.asked is None:
        look(asking)
        return page(request, form, asking.asked, status=422)
    wanted = form.chosen()
    return HttpResponse(
        subject_access.made(form.asked, wanted),
        content_type=subject_access.TYPES[wanted.format],
        headers={"Content-Disposition": f'attachment; filename="{file_name(wanted.format)}"'},
    )


def named_by_link(request: Request) -> str:
    """The case whose page the supervisor comes from, by its reference and nothing else."""
    about = request.GET.get("about", "")
    return about if CASE.fullmatch(about) else ""


def look(form: AskForm) -> None:
    """The line: whose case was opened, or that nothing was found. Nothing asked: no line."""
    if form.asked is not None:
        open_case(form.asked.cases[0], form.actor, part="subject access")
    elif form.looked:
        detail = {"where": "subject access", "found": 0}
        trail.reading(Reading.Kind.SEARCHED, detail=detail)


def page(request: Request, form: FileForm, asked: Asked, status: int = 200) -> HttpResponse:
    """Part by part what is held, and the choice; the personal number stays masked."""
    held = subject_access.shown(asked)
    rows = [(form[code], held[code][:SHOWN], len(held[code])) for code in subject_access.PARTS]
    named = ", ".join(filter(None, [asked.person.name, asked.person.masked_number]))
    context = {"form": form, "named": named, "cases": asked.cases, "rows": rows}
    return render(request, "casework/subject_access_parts.html", context, status=status)


def file_name(form: str) -> str:
    return f"fortur-registerutdrag-{timezone.localdate().isoformat()}.{form}"
