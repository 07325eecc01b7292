"""Logging out, on every page that offers it."""

from allauth.account import views as account
from django.http import HttpResponseBase

from access.request import Request


def log_out(request: Request) -> HttpResponseBase:
    """allauth's page and act; afterwards the browser forgets what it kept of us."""
    response: HttpResponseBase = account.logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response
