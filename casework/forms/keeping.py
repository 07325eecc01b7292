"""The form of the step that keeps a case from destruction."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.forms.base import StepForm
from casework.forms.fields import Day, field
from casework.workflow import moment

LONGEST = timedelta(days=3660)


class HoldForm(StepForm):
    """Until which day, if one is known; and why."""

    intro = _("The case is not proposed for destruction, and not destroyed, while it is kept.")
    until = Day(
        label=_("Keep until"), required=False, help_text=_("Empty: until somebody lifts it.")
    )

    def prepare(self) -> None:
        today = moment.today()
        words = _("Choose a day from today and at most ten years ahead.")
        field(self, "until", Day).between(today, today + LONGEST, words)

    def facts(self) -> dict[str, Any]:
        return {"until": self.cleaned_data["until"]}
