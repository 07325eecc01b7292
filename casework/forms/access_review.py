"""What is decided about somebody's access, and the half-year's sign-off."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from access.review_models import Decision
from casework.forms.fields import Text

Answer = Decision.Answer


class DecideForm(forms.Form):
    """Change or remove, and why. What is kept needs no form."""

    answer = forms.ChoiceField(label=_("What is to be done?"), widget=forms.RadioSelect)
    wanted = forms.ChoiceField(
        label=_("The role instead"),
        required=False,
        help_text=_("Only for a change. The administrator sees to it."),
    )
    reason = Text(
        label=_("Reason"),
        help_text=_("It stays in the log. Write no names."),
        max_length=500,
        rows=3,
    )

    def __init__(self, data: Any, answers: list[Answer], roles: list[tuple[str, str]]) -> None:
        super().__init__(data)
        choices = [(one.value, one.label) for one in answers]
        self.fields["answer"].choices = choices  # type: ignore[attr-defined] # a choice field
        self.fields["wanted"].choices = [("", "–"), *roles]  # type: ignore[attr-defined]
        if Answer.CHANGE not in answers:
            del self.fields["wanted"]
            self.initial["answer"] = answers[0].value

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("answer") == Answer.CHANGE and "wanted" in said and not said["wanted"]:
            self.add_error("wanted", _("Choose the role that is wanted instead."))
        if said.get("answer") != Answer.CHANGE:
            said["wanted"] = ""
        return said


class SignAccessForm(forms.Form):
    note = Text(
        label=_("Note"),
        required=False,
        max_length=500,
        rows=3,
        help_text=_("What the review came to, if there is something to say."),
    )
