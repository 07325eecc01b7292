"""The forms of a coordination's steps. What is written in them, the other side reads."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from access import secrecy
from access.grounds import Code, Initiative
from casework.coordinations import Link, links
from casework.forms.base import StepForm
from casework.forms.consent import ALONE, against_age
from casework.forms.fields import Day, Minute, Text, field
from casework.models import Coordination
from casework.workflow import moment
from casework.workflow.coordination import Basis, WhyEnded
from casework.workflow.intervention import ConsentBy

LONGEST = timedelta(days=366)
USUAL = timedelta(days=182)
LONG_AGO = timedelta(days=366)
THEY_READ = _("The other side reads this. Nothing from the file, no names.")
SUBJECT = "coordination"
CONSENT = (
    "consent_by", "consent_from", "consent_until", "consent_scope", "consent_parties",
)  # fmt: skip


class ProposeForm(StepForm):
    """To whom, and what for. Only to a unit that already knows of the young person."""

    thing: Coordination
    to = forms.ChoiceField(label=_("With which unit?"), widget=forms.RadioSelect)
    purpose = Text(
        label=_("What is the coordination for?"), help_text=THEY_READ, max_length=500, rows=3
    )
    intro = _(
        "The other side learns that your case is prioritised, its reference, whom to call, and "
        "when it was begun. It finds its own case by what has been sent between you."
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
        "another ground is recorded and the coordination has begun."
    )


class BasisForm(StepForm):
    """A consent – who, to what, for whom, from, until – or another legal ground."""

    thing: Coordination
    basis = forms.ChoiceField(
        label=_("What does it rest on?"), choices=Basis.choices, widget=forms.RadioSelect
    )
    consent_by = forms.ChoiceField(
        label=_("Who consents?"),
        choices=[pair for pair in ConsentBy.choices if pair[0] != ConsentBy.NOT_NEEDED],
        widget=forms.RadioSelect,
        required=False,
    )
    consent_from = Day(label=_("When was it given?"), required=False)
    consent_until = Day(
        label=_("Until when does it hold?"),
        help_text=_("At most a year. It can be withdrawn at any time."),
        required=False,
    )
    consent_scope = Text(
        label=_("To what?"),
        help_text=format_lazy(
            "{} {}", _("For example: that both see planned support and meet."), THEY_READ
        ),
        max_length=1000,
        rows=3,
        required=False,
    )
    consent_parties = forms.CharField(
        label=_("Between whom?"), max_length=300, required=False, help_text=THEY_READ
    )
    ground = forms.ChoiceField(label=_("Which ground?"), required=False)
    ground_note = Text(
        label=_("How are its conditions met?"),
        help_text=THEY_READ,
        max_length=1000,
        rows=3,
        required=False,
    )
    ends_on = Day(
        label=_("The coordination ends on"),
        help_text=_("At most a year ahead. When the day has come, both sides are asked."),
    )

    def prepare(self) -> None:
        today = moment.today()
        self.grounds = {str(one.ground.pk): one for one in self.offered()}
        if self.grounds:
            field(self, "ground", forms.ChoiceField).choices = [
                ("", _("Choose a ground")),
                *((key, f"{one.ground.name}, {one.ground.source}")
                  for key, one in self.grounds.items()),
            ]  # fmt: skip
        else:
            for name in ("basis", "ground", "ground_note"):
                del self.fields[name]
            for name in CONSENT:
                self.fields[name].required = True
            self.intro = _(
                "A coordination rests on consent: no other ground carries one between you today."
            )
        field(self, "consent_from", Day).between(
            today - LONG_AGO, today, _("Choose today or a day within the last year.")
        )
        words = _("Choose a day from today and at most a year ahead.")
        for name in ("consent_until", "ends_on"):
            field(self, name, Day).between(today, today + LONGEST, words)
            self.initial[name] = today + USUAL
        self.initial.update(
            {
                "basis": self.thing.basis or Basis.CONSENT,
                "consent_scope": self.thing.consent_scope,
                "consent_parties": self.thing.consent_parties
                or f"{self.thing.unit.name}, {self.thing.other_unit.name}",
            }
        )

    @property
    def shows_content(self) -> bool:
        return bool(self.thing.consent_scope)

    def offered(self) -> list[secrecy.Offered]:
        """Grounds other than consent that the law's rows let carry a coordination between us."""
        own, other = self.thing.unit.authority, self.thing.other_unit.authority
        found = secrecy.offered(
            own.kind, other.kind, SUBJECT, Initiative.OWN, moment.today(), own.pk
        )
        may = {self.actor.role}
        return [one for one in found if one.code != Code.SAMTYCKE and may & set(one.decides)]

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("basis", Basis.CONSENT) == Basis.CONSENT:
            self.clean_consent()
        elif not given.get("ground"):
            self.add_error("ground", _("Choose the ground."))
        elif not given.get("ground_note"):
            self.add_error("ground_note", _("Write how the ground’s conditions are met."))

    def clean_consent(self) -> None:
        given = self.cleaned_data
        for name, words in (
            ("consent_by", _("Choose who consents.")),
            ("consent_from", _("Write the day when the consent was given.")),
            ("consent_until", _("Write the day until which it holds.")),
            ("consent_scope", _("Write what the consent is to.")),
            ("consent_parties", _("Write between whom it holds.")),
        ):
            if not given.get(name) and name not in self.errors:
                self.add_error(name, words)
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

    def facts(self) -> dict[str, Any]:
        given = super().facts()
        if given.get("basis", Basis.CONSENT) == Basis.CONSENT:
            kept = {name: given[name] for name in given if name.startswith("consent_")}
            return {"basis": Basis.CONSENT, "ends_on": given["ends_on"], **kept}
        return {
            "basis": Basis.GROUND,
            "ends_on": given["ends_on"],
            "ground": self.grounds[given["ground"]].ground,
            "ground_note": given["ground_note"],
        }


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
