"""The certificate of a destruction taken out: a page to print, a PDF, the ids behind its checksum.

Each is one line of the trail, in the log of the unit whose cases they were.
"""

from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from access import guards
from access.request import Request
from audit import pdf, trail
from audit.models import Reading
from casework.destruction import certificate as papers
from casework.models import Certificate
from casework.views import parts
from casework.views.destruction import MAY, within

WHAT = {"page": "certificate", "pdf": "certificate", "ids": "destroyed rows"}


@require_POST
@guards.for_actor(MAY)
def certificate(request: Request, destruction_id: UUID) -> HttpResponse:
    """In the form that was asked for; there is none before the destruction is done."""
    every = Certificate.objects.select_related("destruction__unit", "unit", "authority")
    paper = guards.found(every, request.actor, destruction_id=destruction_id)
    form = request.POST.get("as", "")
    if form not in WHAT or (form == "pdf" and not pdf.POSSIBLE):
        raise BadRequest("as")
    _actor, there = within(parts.acting(request), paper.destruction)
    about_id, about = paper.destruction.about()
    kind = Reading.Kind.PRINTED if form == "page" else Reading.Kind.EXPORTED
    with there:
        trail.reading(kind, about_id=about_id, about=about, detail={"what": WHAT[form]})
        if form == "ids":
            name = f"gallrade-rader-{about}.txt"
            return file(papers.ids(paper), "text/plain; charset=utf-8", name)
        if form == "pdf":
            return file(papers.as_pdf(paper), "application/pdf", f"gallringsintyg-{about}.pdf")
        context = {
            "it": paper.destruction,
            "paper": papers.as_data(paper),
            "printed_at": timezone.now(),
        }
        return render(request, "casework/certificate.html", context)


def file(content: bytes, content_type: str, name: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=disposition)
