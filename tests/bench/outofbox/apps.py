"""The comparison's only app."""

from django.apps import AppConfig


class OutOfBoxConfig(AppConfig):
    name = "tests.bench.outofbox"
    label = "outofbox"
    default_auto_field = "django.db.models.BigAutoField"
