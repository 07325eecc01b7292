"""Who opens the trail: supervisors their unit's, data protection officers their authority's."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from access import rules
from access.actor import SERVICE, Actor
from access.guards import for_actor
from access.models import Role, User
from access.visible import readable
from audit import views, words
from audit.models import Line, Reading

READERS = rules.supervisor | rules.auditor

words.teach("role", dict(Role.choices) | {SERVICE: _("The service")})
words.teach(
    "fact",
    {
        "reason": _("Reason"),
        "what": _("What"),
        "where": _("Where"),
        "filters": _("Filter"),
        "lines": _("Lines"),
        "texts": _("With the texts of"),
    },
)
words.teach("taken_out", {"trail": _("hashes and seals of the log, at the server’s command line")})
words.teach("fact.where", {"audit": _("Audit log")})
words.teach(
    "fact.filters",
    {
        "person": _("Person"),
        "case": _("Case"),
        "kind": _("What"),
        "since": _("From"),
        "until": _("To"),
        **dict(Reading.Kind.choices),
    },
)
words.teach(
    "fact.why",
    {
        "password": _("Wrong password"),
        "second_factor": _("Wrong code"),
        "too_many": _("Too many attempts"),
        "idle": _("Not used for a while"),
        "absolute": _("Logged in for too long"),
    },
)


@require_GET
@for_actor(READERS)
def log(request: HttpRequest) -> HttpResponse:
    """The trail by person, case, kind and period."""
    return views.log(request, **for_reader(request.actor))  # type: ignore[attr-defined] # by Acting


@require_POST
@for_actor(READERS)
def log_file(request: HttpRequest) -> HttpResponse:
    """The same as a file."""
    return views.log_file(request, **for_reader(request.actor))  # type: ignore[attr-defined]


def for_reader(actor: Actor) -> dict[str, Any]:
    """Whose lines, and how much of them. An auditor sees who, when and what, never the content."""
    return {
        "lines": lines_for(actor),
        "people": people_for(actor),
        "content": not actor.is_auditor,
        "cases": not actor.is_auditor,
    }


def lines_for(actor: Actor) -> QuerySet[Line]:
    """The lines that the actor may read; the database's policy says the same."""
    return readable(Line.objects.all(), actor)


def people_for(actor: Actor) -> list[tuple[UUID, str]]:
    """Everyone who works or has worked there."""
    users = User.objects.filter(authority_id=actor.authority_id)
    if not actor.is_auditor:
        users = users.filter(memberships__unit_id=actor.unit_id).distinct()
    return list(users.order_by("name").values_list("pk", "name"))
