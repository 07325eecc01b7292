"""The forms of what arrived: into which case it is taken, or why it is sent back."""

from typing import Any, ClassVar

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from casework.forms.base import StepForm
from casework.forms.fields import field
from casework.forms.flag import FlagForm
from casework.identity import BadNumber
from casework.models import Case, Delivery
from casework.search import TooShort, log_search
from casework.sending import inbox

OTHER = "other"


class AcceptForm(StepForm):
    """Into which of the unit's cases it goes: one that fits, or one that is looked for."""

    fields_template: ClassVar[str] = "casework/_accept_fields.html"
    thing: Delivery

    into = forms.ChoiceField(label=_("Into which case?"), widget=forms.RadioSelect)
    q = forms.CharField(
        label=_("Reference or personal number"),
        help_text=_("If you chose another case. The search is logged."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "short"}),
    )

    def prepare(self) -> None:
        self.fitting = {str(case.pk): case for case in inbox.fitting(self.thing, self.actor)}
        choices = [(key, in_words(case)) for key, case in self.fitting.items()]
        field(self, "into", forms.ChoiceField).choices = [
            *choices,
            (OTHER, _("Another case of ours")),
        ]
        if len(self.fitting) == 1:
            self.initial["into"] = next(iter(self.fitting))
        elif not self.fitting:
            self.initial["into"] = OTHER

    @property
    def shows_content(self) -> bool:
        """That a case fits tells who it is about."""
        return True

    def clean(self) -> None:
        given = self.cleaned_data
        self.case = self.fitting.get(given.get("into", ""))
        if given.get("into") != OTHER or "q" in self.errors:
            return
        if not given["q"]:
            self.add_error("q", _("Write the case’s reference or the whole personal number."))
            return
        try:
            by, found = inbox.looked_for(self.actor, given["q"], self.thing)
        except (BadNumber, TooShort) as fault:
            self.add_error("q", str(fault.args[0]))
            return
        log_search(by, found)
        if len(found) != 1:
            self.add_error("q", _("No open case of yours fits. Check it, or open a new case."))
            return
        self.case = found[0]

    def facts(self) -> dict[str, Any]:
        return {"case": self.case}


def in_words(case: Case) -> SafeString:
    """A case that fits, as a choice: whose it is has been said by what arrived."""
    return format_html(
        '<span><span class="ref">{}</span> {}, {}</span>',
        case.reference,
        case.person.name,
        case.state_label,
    )


class GiveBackForm(StepForm):
    """Why it is sent back: these words are sent, as they stand."""

    thing: Delivery
    reason_label = _("Why is it sent back?")

    @property
    def intro(self) -> str:  # type: ignore[override] # it names the receiver
        words = _("Your words are sent to %(unit)s as they stand. Write only what they need.")
        return str(words) % {"unit": self.thing.from_unit}


class OpenCaseForm(FlagForm):
    """A flag made of what arrived: what it says is filled in, the rest is asked."""

    def __init__(self, *args: Any, letter: Delivery, **options: Any) -> None:
        super().__init__(*args, initial=inbox.flag_of(letter), **options)
