"""Subject access: who asks about whom, and per part whether it is handed out."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from access.actor import Actor
from casework.identity import BadNumber
from casework.search import holds_number
from casework.subject_access import (
    ASKERS,
    FORMATS,
    HAND_OUT,
    IDENTITY,
    PARTS,
    WHY,
    Request,
    found_by,
)
from casework.subject_access_parts import Asked

REFERENCE = re.compile(r"(?=.*\d)[\w./:-]+(?: [\w./:-]+)*")
LABELS = {"pdf": _("A file for paper (PDF)"), "json": _("A file for machines (JSON)")}


class AskForm(forms.Form):
    """Whose data, who asks, and how you know."""

    about = forms.CharField(
        label=_("Whole personal number or case reference"),
        max_length=40,
        help_text=_("Such as 20100512-2385 or P-2026-0042. Nothing else is searched."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    asker = forms.ChoiceField(label=_("Who asks"), choices=[("", "–"), *ASKERS.items()])
    request = forms.CharField(
        label=_("The request’s reference"),
        max_length=40,
        help_text=_("The registry number, such as 2026/118. No name and no personal number."),
    )
    identity = forms.ChoiceField(
        label=_("How identity was checked"), choices=[("", "–"), *IDENTITY.items()]
    )

    def __init__(self, data: Any, actor: Actor) -> None:
        super().__init__(data)
        self.actor = actor
        self.asked: Asked | None = None
        self.looked = False  # whether the register was asked

    def clean_request(self) -> str:
        text = str(self.cleaned_data["request"])
        if holds_number(text) or not REFERENCE.fullmatch(text):
            raise forms.ValidationError(_("Write a registry number, such as 2026/118."))
        return text

    def clean_about(self) -> str:
        try:
            self.asked = found_by(str(self.cleaned_data["about"]), self.actor)
            self.looked = True
        except BadNumber as wrong:
            raise forms.ValidationError(str(wrong)) from wrong
        if self.asked is None:
            raise forms.ValidationError(
                _("Your unit has nothing by that number or reference that you can hand out.")
            )
        # From here on by the reference: the number isn't sent about.
        return self.asked.cases[0].reference


class FileForm(AskForm):
    """The same, with a choice for every part."""

    language = forms.ChoiceField(
        label=_("The file’s language"), choices=settings.LANGUAGES, initial="sv"
    )
    format = forms.ChoiceField(label=_("As"), choices=[(one, LABELS[one]) for one in FORMATS])

    def __init__(self, data: Any, actor: Actor) -> None:
        super().__init__(data, actor)
        for name in AskForm.base_fields:
            self.fields[name].widget = forms.HiddenInput()
        withhold = [(code, _("Withhold: %s") % reason) for code, reason in WHY.items()]
        choices = [("", _("Choose")), (HAND_OUT, _("Hand out")), *withhold]
        for code, part in PARTS.items():
            self.fields[code] = forms.ChoiceField(
                label=str(part.title), help_text=str(part.holds), choices=choices
            )
        self.order_fields([*AskForm.base_fields, *PARTS, "language", "format"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("asker") == "young_person":
            for code in PARTS:
                if given.get(code) == "guardian":
                    self.add_error(code, _("The young person asks, not a guardian."))
        return given

    def chosen(self) -> Request:
        given = self.cleaned_data
        return Request(
            language=given["language"],
            format=given["format"],
            asker=given["asker"],
            reference=given["request"],
            identity=given["identity"],
            withheld={code: given[code] for code in PARTS if given[code] != HAND_OUT},
        )
