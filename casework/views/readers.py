"""Who has opened a case, for its handler and supervisors."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from access import guards, rules
from access.request import Request
from audit.readers import readers_of
from casework.views import parts
from casework.views.case import MAY_SEE_READERS, found_case, open_case


@require_safe
@guards.for_actor(rules.case_staff)
def readers(request: Request, case_id: UUID) -> HttpResponse:
    """Every person who has opened, searched out, taken out or changed the case."""
    found, actor = found_case(request, case_id), parts.acting(request)
    guards.allow(MAY_SEE_READERS, actor, found)
    people = readers_of(found.pk)  # as it was before this look, which has its own line
    open_case(found, actor, part="readers")
    outside = any(one.outside for one in people)
    context = {"case": found, "bar": parts.bar(found), "readers": people, "outside": outside}
    return render(request, "casework/readers.html", context)
