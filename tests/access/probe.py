"""Addresses for the tests of the middleware: the service's own doors, and views that misbehave."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import include, path

from access import rules
from access.guards import for_actor
from access.models import User
from access.request import Request
from access.session import current_settings
from audit import trail
from audit.models import Reading

handler403 = "access.views.forbidden"


@login_not_required
def start(request: Request) -> HttpResponse:
    return HttpResponse(request.actor.username if request.actor else "nobody")


def leave_mark(request: Request) -> None:
    """A write of the request's own, and a line."""
    User.objects.filter(username="utredare").update(email="mark@example.org")
    trail.reading(Reading.Kind.OPENED, about="mark")


@for_actor(rules.everyone)
def answer(request: Request, status: int) -> HttpResponse:
    leave_mark(request)
    return HttpResponse(status=status)


@for_actor(rules.everyone)
def boom(request: Request) -> HttpResponse:
    leave_mark(request)
    raise RuntimeError("boom")


@for_actor(rules.everyone)
def missing(request: Request) -> HttpResponse:
    leave_mark(request)
    raise Http404


@for_actor(rules.everyone)
def stream(request: Request) -> HttpResponseBase:
    leave_mark(request)
    return StreamingHttpResponse(iter(["late"]))


def forgotten(request: Request) -> HttpResponse:
    """Somebody forgot the guard."""
    return HttpResponse("in")


@for_actor(rules.supervisor)
def chiefs(request: Request) -> HttpResponse:
    return HttpResponse("in")


@login_not_required
def told(request: HttpRequest) -> HttpResponse:
    """What PostgreSQL was told, and who the database takes her for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (role,) = cursor.fetchone()
    return HttpResponse("|".join([role, *current_settings()]))


@login_not_required
def echo(request: Request) -> HttpResponse:
    return HttpResponse(f"{request.address}|{request.POST.get('text', '')}")


urlpatterns = [
    path("", start, name="start"),
    path("answer/<int:status>/", answer),
    path("boom/", boom),
    path("missing/", missing),
    path("stream/", stream),
    path("chiefs/", chiefs),
    path("forgotten/", forgotten),
    path("told/", told),
    path("echo/", echo),
    path("", include("access.urls")),
]
