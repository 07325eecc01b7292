"""One's own page, coming and going, and the two addresses that a balancer asks."""

import sys

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.defaults import server_error

from access import rules
from access.forms import LanguageForm, UnitForm
from access.guards import Refused, for_actor
from access.models import User
from access.request import Request
from audit import integrity

RETRY_SECONDS = 10


def myself(request: Request) -> User:
    """The user, where a guard has let somebody in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


@require_GET
@for_actor(rules.everyone)
def profile(request: Request) -> HttpResponseBase:
    """Who she is here: language, units, sessions."""
    user = myself(request)
    chosen = {"unit": request.actor.unit_id if request.actor else None}
    return render(
        request,
        "access/profile.html",
        {
            "memberships": user.valid_memberships,
            "unit_form": UnitForm(user.valid_memberships, initial=chosen),
            "language_form": LanguageForm(initial={"language": user.language}),
        },
    )


@require_POST
@for_actor(rules.everyone)
def change_unit(request: Request) -> HttpResponseBase:
    """Act in another of her units, from the next request on."""
    form = UnitForm(myself(request).valid_memberships, request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    request.session["unit"] = form.cleaned_data["unit"]
    return redirect("start")


@require_POST
@for_actor(rules.everyone)
def end_other_sessions(request: Request) -> HttpResponseBase:
    """Log her out everywhere but here."""
    user = myself(request)
    user.end_sessions()
    update_session_auth_hash(request, user)
    messages.success(request, _("You are logged out everywhere else."))
    return redirect("profile")


@login_not_required
@require_POST
def set_language(request: Request) -> HttpResponseBase:
    """Read on in another language; a user's choice stays with her account."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return response
    language = form.cleaned_data["language"]
    if request.actor is not None:
        user = myself(request)
        user.language = language
        user.save(update_fields=["language"])
    translation.activate(language)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 with the reason in words, where somebody gave one."""
    context = {"reason": "", "back": ""}
    if isinstance(exception, Refused):
        context = {"reason": str(exception), "back": exception.back}
    return render(request, "403.html", context, status=403)


def fault(request: HttpRequest) -> HttpResponse:
    """500; or 503 where the database went away or gave up, which passes by itself.

    For handler500: Django calls it while the fault is being handled.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        again_in = {"Retry-After": str(RETRY_SECONDS)}
        return HttpResponse(render_to_string("503.html"), status=503, headers=again_in)
    return server_error(request)


@login_not_required
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    """The process answers and reaches its database; and how the trail's last verification went.

    A broken trail is no reason to send requests elsewhere: the status is 200 all the same.
    """
    try:
        trail = integrity.alarm()
    except Error:
        return HttpResponse("no database", content_type="text/plain", status=503)
    return HttpResponse(f"ready\ntrail {trail or 'whole'}\n", content_type="text/plain")
