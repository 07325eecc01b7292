"""The comparison's only app."""

from auditlog.registry import auditlog
from django.apps import AppConfig


class OutOfBoxConfig(AppConfig):
    name = "tests.bench.outofbox"
    label = "outofbox"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        auditlog.register(self.get_model("BoxCase"))
        auditlog.register(self.get_model("BoxPriority"))
