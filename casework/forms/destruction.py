"""The forms of a list for destruction: strike a case, sign a review."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.forms.base import StepForm
from casework.forms.fields import field
from casework.workflow.destruction import WhyStruck

NAMED = 20  # cases that are named on the page of a review
REVIEWS = _(
    "You sign that you have gone through list %(list)s and that its cases may be destroyed."
    " Cases: %(cases)s."
)
APPROVES = _(
    "You approve that the cases on list %(list)s are destroyed. Cases: %(cases)s."
    " First reviewer: %(name)s."
)


class ReviewForm(StepForm):
    """Either review: what is signed, before it is."""

    thing: Any  # a Destruction

    def prepare(self) -> None:
        going = list(self.thing.going().values_list("reference", flat=True))
        more = " …" if len(going) > NAMED else ""
        self.cases = f"{len(going)} ({', '.join(going[:NAMED])}{more})"
        first = self.thing.reviewed_by
        self.first = first.name if first else ""
        said = APPROVES if first else REVIEWS
        self.intro = said % {"list": self.thing, "cases": self.cases, "name": self.first}

    def said(self) -> list[tuple[str, str]]:
        return [(gettext("Cases"), self.cases), (gettext("First reviewer"), self.first)]


class StrikeForm(StepForm):
    """Which case, and why, as a code: what is written here outlives the case."""

    intro = _("The case stays. It can be proposed again next month.")
    item = forms.ChoiceField(
        label=_("Case"),
        choices=(),
        error_messages={"invalid_choice": _("The case is not on the list, or is struck already.")},
    )
    why = forms.ChoiceField(label=_("Why"), choices=WhyStruck.choices, widget=forms.RadioSelect)

    def prepare(self) -> None:
        going = self.thing.going().values_list("pk", "reference")  # type: ignore[attr-defined]
        choices = [("", "–"), *((str(pk), reference) for pk, reference in going)]
        field(self, "item", forms.ChoiceField).choices = choices

    def facts(self) -> dict[str, Any]:
        return {"item": UUID(self.cleaned_data["item"]), "why": self.cleaned_data["why"]}
