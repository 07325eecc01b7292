"""Putting a notice away."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from access import guards, rules
from access.request import Request
from casework.models import Notice
from casework.workflow import moment


@require_POST
@guards.for_actor(rules.case_staff)
def seen(request: Request, notice_id: UUID) -> HttpResponse:
    """She has seen it: it leaves her start page. Again changes nothing."""
    notice = guards.found(Notice.objects.all(), request.actor, pk=notice_id)
    if notice.seen_at is None:
        notice.seen_at = moment.now()
        notice.save(update_fields=["seen_at"])
    return redirect("start")
