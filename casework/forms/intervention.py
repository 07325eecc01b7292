"""The forms of an intervention's steps."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from access import rules
from casework.forms.base import StepForm
from casework.forms.consent import against_age
from casework.forms.fields import Colleague, Day, Text, field
from casework.models import Intervention
from casework.staff import SUPPORTERS, colleagues
from casework.workflow import moment
from casework.workflow.intervention import ConsentBy, Result

LONG_AGO = date(2000, 1, 1)
LONGEST_PLAN = timedelta(days=3 * 365)


class InterventionForm(StepForm):
    """The plan: what, what for, who is responsible and when."""

    thing: Intervention
    title = forms.CharField(
        label=_("What is to be done?"),
        help_text=_("A few words, for example “Talks every week”. No names."),
        max_length=120,
    )
    goal = Text(label=_("What is it to lead to?"), max_length=2000)
    handler = Colleague(label=_("Responsible"))
    planned_from = Day(label=_("Planned from"), required=False)
    planned_until = Day(label=_("Planned until"), required=False)

    def prepare(self) -> None:
        people = field(self, "handler", Colleague)
        people.offer(colleagues(self.actor, SUPPORTERS))
        latest = moment.today() + LONGEST_PLAN
        for name in ("planned_from", "planned_until"):
            field(self, name, Day).between(LONG_AGO, latest, _("Choose a day within three years."))
        if self.thing.state:
            for name in self.fields:
                self.initial[name] = getattr(self.thing, name)
            self.initial["handler"] = str(self.thing.handler_id)
        elif str(self.actor.user_id) in people.offered:
            self.initial["handler"] = str(self.actor.user_id)

    @property
    def shows_content(self) -> bool:
        return bool(self.thing.state)

    def clean(self) -> None:
        first, last = (self.cleaned_data.get(name) for name in ("planned_from", "planned_until"))
        if first and last and last < first:
            self.add_error("planned_until", _("It can’t end before it begins."))


class AgreeForm(StepForm):
    """Who consented and when, as the law asks for the young person's age."""

    thing: Intervention
    consent_by = forms.ChoiceField(label=_("Who consents?"), widget=forms.RadioSelect)
    consent_on = Day(label=_("When was it given?"), required=False)
    consent_note = Text(
        label=_("Note"),
        help_text=_("How it was given, and what speaks for it where somebody consents alone."),
        max_length=2000,
        required=False,
    )

    def prepare(self) -> None:
        self.needed = rules.social(self.actor)
        given, today = field(self, "consent_on", Day), moment.today()
        given.between(LONG_AGO, today, _("Choose today or a day that has been."))
        field(self, "consent_by", forms.ChoiceField).choices = [
            (value, label)
            for value, label in ConsentBy.choices
            if not self.needed or value != ConsentBy.NOT_NEEDED
        ]

    def clean(self) -> None:
        given = self.cleaned_data
        by, day, note = given.get("consent_by"), given.get("consent_on"), given.get("consent_note")
        if not by or "consent_on" in self.errors:
            return
        if by == ConsentBy.NOT_NEEDED:
            if not note:
                self.add_error("consent_note", _("Write why no consent is needed."))
            return
        if not day:
            self.add_error("consent_on", _("Write the day when the consent was given."))
            return
        if fault := against_age(by, self.thing.case.person.age_on(day), bool(note)):
            self.add_error(fault[0], str(fault[1]))

    def facts(self) -> dict[str, Any]:
        given = super().facts()
        if given["consent_by"] == ConsentBy.NOT_NEEDED:
            given["consent_on"] = None
        return given


class BeginForm(StepForm):
    """The day it began."""

    started_on = Day(label=_("Began on"))

    def prepare(self) -> None:
        until_today(self, "started_on", LONG_AGO)


class EndForm(StepForm):
    """The day it ended."""

    thing: Intervention
    ended_on = Day(label=_("Ended on"))

    def prepare(self) -> None:
        until_today(self, "ended_on", self.thing.started_on or LONG_AGO)


class CompleteForm(EndForm):
    """How it went, and the day it ended."""

    result = forms.ChoiceField(label=_("Result"), choices=Result.choices, widget=forms.RadioSelect)
    field_order = ("result", "ended_on")


class CancelForm(EndForm):
    """The day it was broken off."""


class NoteForm(StepForm):
    """What happened along the way."""

    text = Text(label=_("Note"), help_text=_("Only what is needed."), max_length=4000, rows=6)


def until_today(form: StepForm, name: str, first: date) -> None:
    """A day from `first` to today; today is proposed."""
    today = moment.today()
    words = _("Choose today or a day that has been, not before it began.")
    field(form, name, Day).between(min(first, today), today, words)
    form.initial[name] = today
