"""The form that strikes a case from a list for destruction."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.forms.base import StepForm
from casework.forms.fields import field
from casework.workflow.destruction import WhyStruck


class StrikeForm(StepForm):
    """Which case, and why, as a code: what is written here outlives the case."""

    intro = _("The case stays. It can be proposed again next month.")
    item = forms.ChoiceField(label=_("Case"), choices=())
    why = forms.ChoiceField(label=_("Why"), choices=WhyStruck.choices, widget=forms.RadioSelect)

    def prepare(self) -> None:
        going = self.thing.going().values_list("pk", "reference")  # type: ignore[attr-defined]
        choices = [("", "–"), *((str(pk), reference) for pk, reference in going)]
        field(self, "item", forms.ChoiceField).choices = choices

    def facts(self) -> dict[str, Any]:
        return {"item": UUID(self.cleaned_data["item"]), "why": self.cleaned_data["why"]}
