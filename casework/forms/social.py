"""The forms of a social investigation's steps."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework.forms.base import StepForm
from casework.forms.days import LONG_AGO, DayForm, until_today
from casework.forms.fields import Day, Minute, Text, Words, field
from casework.models import SocialInvestigation
from casework.workflow import moment
from casework.workflow.social import Decision, Lvu, Report

YES_NO = (("yes", _("Yes")), ("no", _("No")))


class ReceiveForm(StepForm):
    """What came, when and from where."""

    received_at = Minute(
        label=_("When did it come in?"),
        help_text=_("The statutory clocks count from this day."),
    )
    report = forms.ChoiceField(
        label=_("What came in?"), choices=Report.choices, widget=forms.RadioSelect
    )
    reporter = forms.CharField(
        label=_("From whom?"),
        help_text=_("A function or an authority, for example “the school”. Write no names."),
        max_length=200,
        required=False,
    )
    wants_feedback = forms.BooleanField(
        label=_("Whoever reported asks to be told what comes of it"),
        help_text=_("Told is only whether an investigation is opened, not opened or running."),
        required=False,
    )

    def prepare(self) -> None:
        self.initial["received_at"] = timezone.localtime(moment.now())

    def clean_received_at(self) -> Any:
        when = self.cleaned_data["received_at"]
        if timezone.localdate(when) < LONG_AGO:
            raise forms.ValidationError(_("That is too long ago."))
        return when


class Protection(StepForm):
    """SoL 20:1: is the child in need of immediate protection?"""

    thing: SocialInvestigation
    assessed_on = Day(label=_("Assessed on"))
    needs_protection = forms.ChoiceField(
        label=_("Is immediate protection needed?"), choices=YES_NO, widget=forms.RadioSelect
    )
    protection_note = Text(
        label=_("What is the assessment built on?"),
        help_text=_("Only what is needed."),
        max_length=4000,
    )

    def facts(self) -> dict[str, Any]:
        given = super().facts()
        if "needs_protection" in given:
            given["needs_protection"] = given["needs_protection"] == "yes"
        return given


class ProtectionForm(Protection):
    """The assessment, and the day it was made."""

    def prepare(self) -> None:
        until_today(self, "assessed_on", self.thing.received_on)


class OpenSocialForm(DayForm):
    """The day the investigation was opened."""

    DAY, NOT_BEFORE = "opened_on", "received_on"
    intro: Words = _("The investigation is to be finished within four months (SoL 20:3).")
    opened_on = Day(label=_("Opened on"))


class NotOpenForm(DayForm):
    """The day it was decided not to open one."""

    DAY, NOT_BEFORE = "not_opened_on", "received_on"
    not_opened_on = Day(label=_("Decided on"))


class JoinForm(Protection):
    """Which running investigation it belongs to; the need of protection too, if not assessed."""

    joined_to = forms.ChoiceField(label=_("Which investigation?"), widget=forms.RadioSelect)
    field_order = ("joined_to",)

    def prepare(self) -> None:
        self.running = {str(one.pk): one for one in self.thing.others_opened()[:20]}
        field(self, "joined_to", forms.ChoiceField).choices = [
            (key, one.title) for key, one in self.running.items()
        ]
        if self.thing.assessed_on:
            for name in Protection.base_fields:
                del self.fields[name]
        else:
            self.intro = _("The need of protection is assessed even where an investigation runs.")
            until_today(self, "assessed_on", self.thing.received_on)

    @property
    def shows_content(self) -> bool:
        return True  # what else runs about the young person

    def facts(self) -> dict[str, Any]:
        given = super().facts()
        return given | {"joined_to": self.running[given["joined_to"]]}


class DecisionForm(DayForm):
    """What was decided, and when."""

    DAY, NOT_BEFORE = "decided_on", "opened_on"
    decision = forms.ChoiceField(
        label=_("What is decided?"), choices=Decision.choices, widget=forms.RadioSelect
    )
    decided_on = Day(label=_("Decided on"))


class WithoutSupportForm(DayForm):
    """The day it was closed."""

    DAY, NOT_BEFORE = "decided_on", "opened_on"
    decided_on = Day(label=_("Closed on"))


class SocialFollowUpForm(StepForm):
    """Why the child is in special need of being followed up."""

    reason_label = _("Which special need is there?")
    intro: Words = _(
        "The board may follow up a child in special need without consent, at the longest for six "
        "months after the investigation was closed (SoL 23 kap.). The guardian, and a child of "
        "15 or older, are told."
    )


class LvuForm(StepForm):
    """What has happened under LVU, and when. The court work stays in the social case system."""

    thing: SocialInvestigation
    lvu = forms.ChoiceField(label=_("What has happened?"), widget=forms.RadioSelect)
    lvu_on = Day(label=_("When?"))

    def prepare(self) -> None:
        noted = {Lvu.DECIDED: self.thing.lvu_decided_on, Lvu.EXECUTED: self.thing.lvu_executed_on}
        field(self, "lvu", forms.ChoiceField).choices = [
            (value, label) for value, label in Lvu.choices if not noted[Lvu(value)]
        ]
        until_today(self, "lvu_on", LONG_AGO)
