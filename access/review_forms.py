"""What reviewers say: about a line, and when a month is done."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from audit.review_models import Verdict, Why

NOTE = 1000


class JudgeForm(forms.Form):
    """A finding, and why: a rule's hit isn't explained without a word."""

    finding = forms.ChoiceField(choices=Verdict.Finding.choices, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stays in the review. Write nothing about the young person."),
    )

    def __init__(self, data: Any = None, *, item_id: int, why: list[str]) -> None:
        super().__init__(data, auto_id=f"item{item_id}_%s")
        self.why = why
        self.fields["finding"].error_messages["required"] = self.fields["finding"].error_messages[
            "invalid_choice"
        ] = _("Choose one of the two buttons.")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        plain = said.get("finding") == Verdict.Finding.EXPLAINED and self.why == [Why.SAMPLE]
        if not plain and "note" in said and not said["note"]:
            self.add_error("note", _("Write how it is explained, or what is to be investigated."))
        return said


class SignForm(forms.Form):
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the review came to, if there is something to say."),
    )


class MonthForm(forms.Form):
    """Which unit's month is to be made."""

    unit = forms.IntegerField(min_value=1, max_value=2**31)
    month = forms.DateField(input_formats=["%Y-%m-%d"])
