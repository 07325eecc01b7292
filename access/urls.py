"""Coming, going, one's own page, the trail's pages, and the administration.

Of allauth only these pages are open: nobody signs up, nothing is mailed, nothing is reset.
"""

from allauth.account import views as account
from django.contrib import admin
from django.urls import include, path

from access import views
from access.leaving import log_out

accounts = [
    path("login/", account.login, name="account_login"),
    path("logout/", log_out, name="account_logout"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
]
urlpatterns = [
    path("accounts/", include(accounts)),
    path("profile/", views.profile, name="profile"),
    path("profile/unit/", views.change_unit, name="change_unit"),
    path("profile/sessions/", views.end_other_sessions, name="end_other_sessions"),
    path("language/", views.set_language, name="set_language"),
    path("audit/", include("access.audit_urls")),
    path("admin/", admin.site.urls),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
