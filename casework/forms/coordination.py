"""The forms of a coordination's steps. What is written in them, the other side reads."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from casework import grounded
from casework.coordinations import Link, links
from casework.forms import answers
from casework.forms.base import StepForm
from casework.forms.consent import ALONE, against_age
from casework.forms.fields import Day, Minute, Text, field
from casework.models import Coordination
from casework.workflow import moment
from casework.workflow.coordination import WhyEnded
from casework.workflow.intervention import ConsentBy

LONGEST = timedelta(days=366)
USUAL = timedelta(days=182)
LONG_AGO = timedelta(days=366)
THEY_READ = _("The other side reads this. Nothing from the file, no names.")
LONGEST_ON_GROUND = timedelta(days=90)


class ProposeForm(StepForm):
    """To whom, and what for. Only to a unit that already knows of the young person."""

    thing: Coordination
    to = forms.ChoiceField(label=_("With which unit?"), widget=forms.RadioSelect)
    purpose = Text(
        label=_("What is the coordination for?"), help_text=THEY_READ, max_length=500, rows=3
    )
    intro = _(
        "The other side learns that your case is prioritised, its reference, whom to call, and "
        "when it was begun. It finds its own case by what has been sent between you. Whether the "
        "law lets you tell that without consent is not settled: if in doubt, ask your lawyer first."
    )

    def prepare(self) -> None:
        self.links = {str(link.id): link for link in links(self.thing.case)}
        to = field(self, "to", forms.ChoiceField)
        to.choices = [(key, link.words) for key, link in self.links.items()]
        if len(self.links) == 1:
            self.initial["to"] = next(iter(self.links))

    @property
    def link(self) -> Link:
        return self.links[self.cleaned_data["to"]]


class AcceptProposalForm(StepForm):
    """Says what accepting tells the other side."""

    intro = _(
        "By accepting you tell the other side that you have a case, its reference, whom to call, "
        "whether it is prioritised and when it was begun. Nothing else crosses until a consent or "
        "another ground is recorded and the coordination has begun. Whether the law lets you tell "
        "even that without consent is not settled: if in doubt, ask your lawyer first."
    )


class BasisForm(StepForm):
    """A consent: who, to what, for whom, from, until."""

    thing: Coordination
    intro = _(
        "From 15 to 17 the young person consents, with or without a guardian. Municipalities "
        "do it differently: follow your own routine."
    )
    consent_by = forms.ChoiceField(
        label=_("Who consents?"),
        choices=[pair for pair in ConsentBy.choices if pair[0] != ConsentBy.NOT_NEEDED],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who consents.")},
    )
    consent_from = Day(label=_("When was it given?"))
    consent_until = Day(
        label=_("Until when does it hold?"),
        help_text=_("At most a year. It can be withdrawn at any time."),
    )
    consent_scope = Text(
        label=_("To what?"),
        help_text=format_lazy(
            "{} {}", _("For example: that both see planned support and meet."), THEY_READ
        ),
        max_length=1000,
        rows=3,
        error_messages={"required": _("Write what the consent is to.")},
    )
    consent_parties = forms.CharField(
        label=_("Between whom?"),
        max_length=300,
        help_text=THEY_READ,
        error_messages={"required": _("Write between whom it holds.")},
    )
    ends_on = Day(
        label=_("The coordination ends on"),
        help_text=_("At most a year ahead. When the day has come, both sides are asked."),
    )

    def prepare(self) -> None:
        today = moment.today()
        field(self, "consent_from", Day).between(
            today - LONG_AGO, today, _("Choose today or a day within the last year.")
        )
        words = _("Choose a day from today and at most a year ahead.")
        for name in ("consent_until", "ends_on"):
            field(self, name, Day).between(today, today + LONGEST, words)
            self.initial[name] = today + USUAL
        self.initial.update(
            {
                "consent_scope": self.thing.consent_scope,
                "consent_parties": self.thing.consent_parties
                or f"{self.thing.unit.name}, {self.thing.other_unit.name}",
            }
        )

    @property
    def shows_content(self) -> bool:
        return bool(self.thing.consent_scope)

    def clean(self) -> None:
        given = self.cleaned_data
        until, ends = given.get("consent_until"), given.get("ends_on")
        if until and ends and ends > until:
            self.add_error("ends_on", _("It can’t go on for longer than the consent holds."))
        by, day = given.get("consent_by"), given.get("consent_from")
        if by and day:
            age = self.thing.case.person.age_on(day)
            if age < ALONE and by == ConsentBy.YOUNG_PERSON:
                self.add_error("consent_by", _("Under 15 a guardian must consent."))
            elif fault := against_age(by, age, note=False):
                self.add_error("consent_by", str(fault[1]))


class GroundForm(StepForm):
    """The ground by which this side gives without a consent: its questions, and until when."""

    thing: Coordination

    def prepare(self) -> None:
        self.way = self.thing.own_ground()
        self.questions = self.way.questions if self.way else ()
        for question in self.questions:
            self.fields[question.code] = answers.field_of(question)
            if kept := self.thing.ground_answers.get(question.code):
                self.initial[question.code] = answers.initial(question, kept)
        today = moment.today()
        self.fields["until"] = until = Day(
            label=_("Until when?"),
            help_text=_("At most 90 days. The earlier of your day and theirs ends it."),
        )
        words = _("Choose a day from today and at most 90 days ahead.")
        until.between(today, today + LONGEST_ON_GROUND, words)
        self.initial["until"] = today + LONGEST_ON_GROUND

    @property
    def intro(self) -> str:  # type: ignore[override] # it names the ground
        if self.way is None:
            return ""
        ground = self.way.ground
        words = _(
            "%(ground)s (%(source)s). The ground covers only what you give; they record their own, "
            "and it can begin when both have. Your answers stay with you. Ask for consent first: "
            "the law lets single facts cross on this ground, and whether it can carry a "
            "coordination is not settled. Show on the joint plan only what the ground needs."
        )
        return words % {"ground": ground.name, "source": ground.source}

    @property
    def shows_content(self) -> bool:
        return bool(self.thing.ground_answers)

    def clean(self) -> None:
        born = self.thing.case.person.birth_date
        for name, words in grounded.faults(self.questions, self.cleaned_data, born, moment.today()):
            if name not in self.errors:
                self.add_error(name, str(words))

    def facts(self) -> dict[str, Any]:
        given = self.cleaned_data
        found = {one.code: answers.kept(given[one.code]) for one in self.questions}
        ground = self.way.ground if self.way else None
        return {"ground": ground, "answers": found, "until": given["until"]}


class Ahead(Minute):
    """A point in time that is still to come, within a year."""

    def judge(self, when: datetime) -> None:
        if not moment.now() < when <= moment.now() + LONGEST:
            raise ValidationError(_("Choose a time that is still to come, within a year."))


class MeetingForm(StepForm):
    """When and where. Left empty, no meeting is planned."""

    thing: Coordination
    next_meeting = Ahead(
        label=_("When?"), required=False, help_text=_("Leave it empty if no meeting is planned.")
    )
    meeting_place = forms.CharField(
        label=_("Where?"), max_length=120, required=False, help_text=THEY_READ
    )

    def facts(self) -> dict[str, Any]:
        given = super().facts()
        return given if given["next_meeting"] else {"next_meeting": None, "meeting_place": ""}


class WithdrawForm(StepForm):
    """Who withdrew the consent, and on what day. Sharing ends at once, whatever the day."""

    thing: Coordination
    intro = _("Sharing ends at once, on both sides.")
    withdrawn_by = forms.ChoiceField(
        label=_("Who withdrew it?"),
        choices=[pair for pair in ConsentBy.choices if pair[0] != ConsentBy.NOT_NEEDED],
        widget=forms.RadioSelect,
    )
    withdrawn_on = Day(label=_("On what day?"))

    def prepare(self) -> None:
        today = moment.today()
        first = min(self.thing.consent_from or today, today)
        words = _("Choose today or a day that has been, not before the consent was given.")
        field(self, "withdrawn_on", Day).between(first, today, words)
        self.initial["withdrawn_on"] = today


class EndCoordinationForm(StepForm):
    """Why, as a code for both sides; the reason in words stays here."""

    reason_label = _("Why? This stays with you.")
    intro = _("Sharing ends at once, on both sides. The other side learns only the choice below.")
    end_why = forms.ChoiceField(
        label=_("Why is it ended?"),
        choices=[
            pair
            for pair in WhyEnded.choices
            if pair[0] not in (WhyEnded.TAKEN_BACK, WhyEnded.CONSENT_WITHDRAWN)
        ],
        widget=forms.RadioSelect,
    )
