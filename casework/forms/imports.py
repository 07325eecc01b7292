"""Choosing a file of flags. What the file holds is judged by casework.importing."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.importing.spreadsheet import MAX_BYTES


class FlagFileForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, at most 10 MB and 20,000 rows. Nothing is saved until you have seen what"
                    " was found."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
        error_messages={
            "required": _("Choose a file. It may have at most 10 MB."),
            "empty": _("The file is empty. Choose another one."),
        },
        max_length=None,
    )  # fmt: skip

    def clean_file(self) -> bytes:
        uploaded = self.cleaned_data["file"]
        if uploaded.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MB. Divide it."))
        self.name = uploaded.name or ""
        return bytes(uploaded.read())
