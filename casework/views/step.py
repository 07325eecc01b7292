"""Taking a step of a case."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from access import guards, rules
from access.request import Request
from casework.models import Case
from casework.views import parts
from casework.views.case import found_case
from casework.views.taking import Taking, declared, take


@require_http_methods(["GET", "HEAD", "POST"])
@guards.for_actor(rules.case_staff)
def case_step(request: Request, case_id: UUID, name: str) -> HttpResponse:
    """Take a step of the case: the form, then the act."""
    case = found_case(request, case_id)
    return take(
        Taking(
            request=request,
            actor=parts.acting(request),
            thing=case,
            step=parts.worded(declared(Case, name), case),
            back=reverse("case", args=[case.pk]),
            named=case.reference,
            context={"bar": parts.bar(case)},
        )
    )
