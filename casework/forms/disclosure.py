"""The form that sends a disclosure: what will be sent, exactly as it will be, and its checksum."""

from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.forms.base import StepForm
from casework.identity import masked
from casework.models import Disclosure
from casework.workflow.disclosure import Informed, digest


class SendForm(StepForm):
    """Nothing is asked but that she has seen it: the page sends its checksum back."""

    fields_template: ClassVar[str] = "casework/_send_fields.html"
    thing: Disclosure

    shown = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def prepare(self) -> None:
        if not self.thing.informed:  # a draft that a step has prepared
            self.fields["informed"] = forms.ChoiceField(
                label=_("Has the young person, or a guardian, been told?"),
                choices=Informed.choices,
                widget=forms.RadioSelect,
            )
            self.fields["informed_why"] = forms.CharField(
                label=_("Why not?"),
                help_text=_("Only if they have not been told."),
                max_length=500,
                required=False,
            )
        if self.thing.case.protected_identity:
            self.fields["certain"] = forms.BooleanField(
                label=_("I have made sure that nothing here tells where the young person is"),
                help_text=_("The identity is protected. Whoever gets this must know it too."),
            )

    @property
    def shows_content(self) -> bool:
        return True

    @property
    def reveals(self) -> bool:
        return masked(self.content) != self.content

    @cached_property
    def content(self) -> str:
        """The text as it would be sent at this moment."""
        return self.thing.compose()

    @property
    def hash(self) -> str:
        return digest(self.content)

    @property
    def changed(self) -> bool:
        """What would be sent is no longer what the page showed."""
        return self.is_bound and self.data.get("shown", "") not in ("", self.hash)

    def said(self) -> list[tuple[str, str]]:
        sent = self.thing
        return [
            (str(_("To")), f"{sent.to_unit.name}, {sent.to_unit.authority.name}"),
            (str(_("What it is about")), sent.subject_label),
            (str(_("Legal ground")), f"{sent.ground.name} ({sent.ground.source})"),
            (str(_("Checksum")), self.data.get("shown", "")[:16] + "…"),
        ]

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("informed") == Informed.NO and not given.get("informed_why"):
            self.add_error("informed_why", _("Write why they have not been told."))

    def facts(self) -> dict[str, Any]:
        given = self.cleaned_data
        found: dict[str, Any] = {"shown": given["shown"]}
        if "informed" in given:
            found["informed"] = given["informed"]
        if given.get("informed") == Informed.NO:
            found["informed_why"] = given["informed_why"]
        return found
