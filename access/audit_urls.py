"""Addresses of the trail's own pages."""

from django.urls import path

from access import audit_views

app_name = "audit"
urlpatterns = [
    path("", audit_views.log, name="log"),
    path("export/", audit_views.log_file, name="export"),
]
