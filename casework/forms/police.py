"""The forms of a police investigation's steps."""

import re
from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from casework import ages
from casework.forms.base import StepForm
from casework.forms.days import LONG_AGO, DayForm, until_today
from casework.forms.fields import Day, Text, Words, field
from casework.models import PoliceInvestigation
from casework.models.investigation import K_NUMBER
from casework.workflow import moment
from casework.workflow.police import (
    Charge,
    Kind,
    Offence,
    State,
    WhyDiscontinued,
    WhyInquiry,
)

LONGEST_STATEMENT = timedelta(days=365)
# Narkotikastrafflagen (1968:64) 3 §: at least two years. A transfer can be of any degree.
A_YEAR = (Offence.GROSS, Offence.EXCEPTIONAL, Offence.TO_MINOR)


class KNumber(forms.CharField):
    """A K-number as the police write it, 5000-K123456-26; spaces and small letters are mended."""

    def clean(self, value: object) -> str:
        text = re.sub(r"[\s\u00a0]", "", str(super().clean(value))).upper()
        text = re.sub(r"[\u2010-\u2015]", "-", text)
        if text and not re.fullmatch(K_NUMBER, text, re.ASCII):
            raise ValidationError(
                _("Write the K-number like this: four digits, K and a number, two digits."),
            )
        return text


class ReportForm(StepForm):
    """What was reported: number, offence, days, and which kind of investigation it can be."""

    thing: PoliceInvestigation
    number = KNumber(
        label=_("K-number"), help_text=_("For example 5000-K123456-26."), max_length=40
    )
    offence = forms.ChoiceField(
        label=_("What is the suspected offence?"),
        choices=Offence.choices,
        widget=forms.RadioSelect,
    )
    deed_from = Day(label=_("Day of the deed"), help_text=_("The first day, if it is not certain."))
    deed_until = Day(
        label=_("Last day of the deed"),
        help_text=_("Only where the day isn’t certain or it went on for days."),
        required=False,
    )
    kind = forms.ChoiceField(
        label=_("Kind of investigation"),
        help_text=_("The age at the deed decides. Choose only if the day leaves it open."),
        choices=Kind.choices,
        widget=forms.RadioSelect,
        required=False,
    )

    def prepare(self) -> None:
        for name in ("deed_from", "deed_until"):
            until_today(self, name, LONG_AGO)
            del self.initial[name]
        day = ages.birthday(self.thing.case.person.birth_date, ages.RESPONSIBLE)
        self.intro = _(
            "The young person’s 15th birthday: %(day)s. A deed before that day can only be looked "
            "into by an inquiry (LUL 31 §), a later one by a preliminary investigation."
        ) % {"day": date_format(day, "DATE_FORMAT")}

    @property
    def shows_content(self) -> bool:
        return True  # the birthday

    def clean(self) -> None:
        given = self.cleaned_data
        first = given.get("deed_from")
        if not first or "deed_until" in self.errors:
            return
        given["deed_until"] = last = given.get("deed_until") or first
        if last < first:
            self.add_error("deed_until", _("It can’t end before it begins."))
            return
        at_deed = ages.at_the_deed(self.thing.case.person.birth_date, first, last)
        if at_deed.youngest < 0:
            self.add_error("deed_from", _("That is before the young person was born."))
        elif "kind" not in self.errors:
            self.choose_kind(at_deed)
        self.once()

    def choose_kind(self, at_deed: ages.AtTheDeed) -> None:
        """The kind that the age at the deed leaves; where it leaves two, she must choose."""
        chosen = self.cleaned_data.get("kind")
        if at_deed.birthday_inside:
            if not chosen:
                self.add_error("kind", _("The 15th birthday is within these days: choose which."))
            return
        only = Kind.INQUIRY if at_deed.under_15 else Kind.PRELIMINARY
        if chosen and chosen != only:
            self.add_error(
                "kind",
                _("Under 15 whenever it was done: only an inquiry can be made.")
                if at_deed.under_15
                else _("15 or older whenever it was done: only a preliminary investigation."),
            )
        self.cleaned_data["kind"] = str(only)

    def once(self) -> None:
        given = self.cleaned_data
        if not all(given.get(name) for name in ("number", "offence", "deed_from")):
            return
        same = PoliceInvestigation.objects.filter(
            case=self.thing.case,
            number=given["number"],
            offence=given["offence"],
            deed_from=given["deed_from"],
        )
        if same.exclude(state=State.DISCONTINUED).exists():
            self.add_error("number", _("That offence is registered in this case already."))


class OpenPoliceForm(DayForm):
    """The day the preliminary investigation was opened."""

    DAY, NOT_BEFORE = "opened_on", "deed_from"
    opened_on = Day(label=_("Opened on"))


class SuspectForm(DayForm):
    """The day the suspicion became reasonable."""

    DAY, NOT_BEFORE = "suspected_on", "opened_on"
    intro: Words = _(
        "If the young person is under 18 that day, a guardian and the social welfare board are to "
        "be notified at once (LUL 5 and 6 §§). Both become duties here, and a notification to the "
        "board is laid ready."
    )
    suspected_on = Day(label=_("Reasonably suspected since"))


class ServeForm(DayForm):
    """The day the suspicion was served."""

    DAY, NOT_BEFORE = "served_on", "suspected_on"
    intro: Words = _(
        "If the young person is under 18 that day, the investigation is to be finished and the "
        "prosecutor’s decision taken within six weeks (LUL 4 §). The clock starts here."
    )
    served_on = Day(label=_("Served on"))


class HandToProsecutorForm(DayForm):
    """The day it was handed to the prosecutor."""

    DAY, NOT_BEFORE = "handed_on", "served_on"
    handed_on = Day(label=_("Handed over on"))


class ChargeForm(DayForm):
    """What the prosecutor decided, and when."""

    DAY, NOT_BEFORE = "decided_on", "handed_on"
    decision = forms.ChoiceField(
        label=_("What did the prosecutor decide?"),
        choices=Charge.choices,
        widget=forms.RadioSelect,
    )
    decided_on = Day(label=_("Decided on"))


class BeginInquiryForm(DayForm):
    """On what ground an inquiry about somebody under 15 begins."""

    DAY, NOT_BEFORE = "begun_on", "deed_from"
    thing: PoliceInvestigation
    intro: Words = _(
        "The inquiry is to be finished within three months (LUL 32 §). A guardian and the social "
        "welfare board are to be notified at once (LUL 33 and 34 §§); a notification to the board "
        "is laid ready."
    )
    ground = forms.ChoiceField(
        label=_("On what ground?"), choices=WhyInquiry.choices, widget=forms.RadioSelect
    )
    exceptional = Text(
        label=_("Which exceptional reasons are there?"),
        help_text=_("The child may have been under 12 at the deed. Write no names."),
        max_length=2000,
        required=False,
    )
    begun_on = Day(label=_("Begun on"))

    def prepare(self) -> None:
        super().prepare()
        self.under_12 = self.thing.ages.youngest < ages.TWELVE
        if not self.under_12:
            del self.fields["exceptional"]

    @property
    def shows_content(self) -> bool:
        return self.under_12

    def clean(self) -> None:
        given = self.cleaned_data
        if self.under_12 and not given.get("exceptional") and "exceptional" not in self.errors:
            self.add_error("exceptional", _("Write the exceptional reasons."))
        given.setdefault("exceptional", "")
        if given.get("ground") == WhyInquiry.MIN_1_YEAR and self.thing.offence not in A_YEAR:
            self.add_error(
                "ground", _("The reported offence has no least penalty of a year in prison.")
            )


class PrepareProtocolForm(StepForm):
    """Lays the protocol's disclosure ready."""

    intro: Words = _(
        "A disclosure of the protocol to the social welfare board is laid ready (LUL 37 §). When "
        "the investigation leader has sent it, the inquiry can go on to its end."
    )


class ProtocolForm(DayForm):
    """The day the protocol was sent."""

    DAY, NOT_BEFORE = "protocol_on", "begun_on"
    protocol_on = Day(label=_("Sent on"))


class GuardianForm(StepForm):
    """The day a guardian was notified, and how."""

    thing: PoliceInvestigation
    guardian_on = Day(label=_("Notified on"))
    guardian_how = Text(
        label=_("How?"), help_text=_("For example “By phone, both guardians”. Write no names."),
        max_length=1000, rows=2,
    )  # fmt: skip

    def prepare(self) -> None:
        until_today(self, "guardian_on", self.thing.begun_on or self.thing.suspected_on)


class PostponeGuardianForm(StepForm):
    """Why the notification has to wait."""

    reason_label = _("Why must it wait?")
    intro: Words = _(
        "The investigation leader may let the notification wait where it would harm the "
        "investigation, or for other special reasons (LUL 5 §). The duty stays open until a "
        "guardian is notified."
    )


class StatementForm(StepForm):
    """The day the statement is wanted."""

    statement_due = Day(
        label=_("Wanted by"), help_text=_("Whoever asks for the statement sets the time.")
    )

    def prepare(self) -> None:
        today = moment.today()
        field(self, "statement_due", Day).between(
            today, today + LONGEST_STATEMENT, _("Choose a day from today and within a year.")
        )


class StatementReceivedForm(DayForm):
    """The day the statement came."""

    DAY, NOT_BEFORE = "statement_on", "suspected_on"
    statement_on = Day(label=_("Came on"))


class DiscontinueForm(StepForm):
    """On what ground it is discontinued."""

    intro: Words = _(
        "What is still open in the list of duties is dropped with it. Whether a notice that should "
        "have been given at once may be dropped is not settled: give it first if you can."
    )
    discontinued_why = forms.ChoiceField(
        label=_("On what ground?"), choices=WhyDiscontinued.choices, widget=forms.RadioSelect
    )
