"""The administration's doors: for administrators, through the service's own login."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access import rules
from access.guards import only_for, refuse, to_login
from access.leaving import log_out
from access.request import Request


class Administration(AdminSite):
    """Authorities, units, users, memberships and places. Never a case."""

    site_title = site_header = index_title = _("Administration")

    def get_urls(self) -> list[Any]:
        """All but the way from a row to its page: no row has one, and nonsense there is a fault."""
        return [one for one in super().get_urls() if getattr(one, "name", "") != "view_on_site"]

    def has_permission(self, request: HttpRequest) -> bool:
        actor = getattr(request, "actor", None)
        return actor is not None and rules.administrator(actor)

    def login(  # type: ignore[override] # our request, and any response
        self, request: Request, extra_context: object = None
    ) -> HttpResponseBase:
        """Where whoever may not pass ends up."""
        if request.actor is None:
            return to_login(request, request.GET.get("next", ""))
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        return refuse(only_for(rules.administrator))

    def logout(  # type: ignore[override] # any response
        self, request: Request, extra_context: object = None
    ) -> HttpResponseBase:
        return log_out(request)

    def password_change(  # type: ignore[override] # any response
        self, request: HttpRequest, extra_context: object = None
    ) -> HttpResponseBase:
        return HttpResponseRedirect(reverse("account_change_password"))
