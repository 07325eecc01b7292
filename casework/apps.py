"""The top room of the house."""

from auditlog.registry import auditlog
from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "casework"

    def ready(self) -> None:
        # What steps move beyond the state; state and version are the trail's own lines.
        auditlog.register(
            self.get_model("Case"),
            include_fields=[
                "person", "level", "valid_until", "confirmed_at", "handler", "next_look",
                "outcome", "restricted",
            ],
        )  # fmt: skip
        auditlog.register(self.get_model("Person"), exclude_fields=["given_key", "family_key"])
        auditlog.register(self.get_model("Observation"), exclude_fields=["fingerprint"])
        auditlog.register(self.get_model("Priority"), exclude_fields=["reason"])
        auditlog.register(self.get_model("Intervention"), exclude_fields=["state", "version"])
        auditlog.register(self.get_model("InterventionNote"))
        auditlog.register(self.get_model("Place"))
