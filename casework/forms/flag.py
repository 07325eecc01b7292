"""Flagging: who is meant, and what was seen."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework import flags
from casework.forms.base import StepForm
from casework.forms.fields import Day, Minute, PlaceChoice, Text
from casework.identity import OLDEST, BadNumber, PersonalNumber, age_on, personal_number, tidy
from casework.models import Case, Observation, Person
from casework.workflow import moment

OTHER_BIRTH = _("The personal number has another birth date.")
YES_NO = (("yes", _("Yes")), ("no", _("No")))


class Observed(forms.Form):
    """What was seen: where, when, what, how it came to you, suspicion or not."""

    place = PlaceChoice(label=_("Place"), empty_label=_("Choose a place"))
    seen_at = Minute(label=_("When was it seen?"))
    kind = forms.ChoiceField(
        label=_("What was seen?"), choices=Observation.Kind.choices, widget=forms.RadioSelect
    )
    source = forms.ChoiceField(
        label=_("How did it come to you?"),
        choices=[("", _("Choose")), *Observation.Source.choices],
    )
    suspicion = forms.ChoiceField(
        label=_("Is there ground for suspicion of a crime?"),
        help_text=_("Information without such ground is marked “not suspected”."),
        choices=YES_NO,
        widget=forms.RadioSelect,
    )
    text = Text(
        label=_("In your own words"),
        help_text=_("What you saw or heard. Nothing that isn’t needed, no names of others."),
        max_length=4000,
        required=False,
    )

    def check_age(self, born: date | None) -> None:
        """The young person had been born, and had not turned 21, when it was seen."""
        when = self.cleaned_data.get("seen_at")
        if not (born and when):
            return
        age = age_on(born, timezone.localdate(when))
        if age < 0:
            self.add_error("seen_at", _("That is before the young person was born."))
        elif age >= OLDEST:
            self.add_error("seen_at", _("The person had turned 21 by then. This work ends at 21."))

    def seen(self) -> flags.Seen:
        given = self.cleaned_data
        return flags.Seen(
            place=given["place"],
            seen_at=given["seen_at"],
            kind=given["kind"],
            source=given["source"],
            suspicion=given["suspicion"] == "yes",
            text=given["text"],
        )


class ObservationForm(Observed, StepForm):
    """Another observation in a case that is open."""

    thing: Case

    def clean(self) -> None:
        person = self.thing.person
        self.check_age(person.birth_date)
        if self.errors:
            return
        seen = self.seen()
        self.fingerprint = flags.fingerprint(self.actor, person, seen)
        same = Observation.objects.filter(unit_id=self.actor.unit_id, fingerprint=self.fingerprint)
        if same.exists():
            raise forms.ValidationError(_("This observation has already been saved."))

    def facts(self) -> dict[str, Any]:
        seen = self.seen()
        return {
            "place": seen.place,
            "seen_at": seen.seen_at,
            "kind": seen.kind,
            "source": seen.source,
            "suspicion": seen.suspicion,
            "text": seen.text,
            "fingerprint": self.fingerprint,
        }


class FlagForm(Observed):
    """A flag: the young person by number or by name and birth date, and what was seen."""

    personal_number = forms.CharField(
        label=_("Personal number"),
        help_text=_("For example 20100512-2385. It is kept encrypted."),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "short"}),
    )
    given_name = forms.CharField(label=_("Given name"), max_length=80, required=False)
    family_name = forms.CharField(label=_("Family name"), max_length=80, required=False)
    birth_date = Day(label=_("Birth date"), required=False)

    WHO: ClassVar = ("personal_number", "given_name", "family_name", "birth_date")
    field_order = WHO

    def __init__(self, *args: Any, person: Person | None = None, **options: Any) -> None:
        """`person`: the row of the own unit that somebody chose; who is meant is settled then."""
        super().__init__(*args, **options)
        self.person = person
        self.number: PersonalNumber | None = None
        for name in ("given_name", "family_name"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean_personal_number(self) -> str:
        text = str(self.cleaned_data["personal_number"])
        if text:
            try:
                self.number = personal_number(text, moment.today())
            except BadNumber as fault:
                raise forms.ValidationError(fault.args[0]) from fault
        return text

    def clean(self) -> None:
        if self.person:
            self.check_age(self.person.birth_date)
            if self.number and self.number.birth_date != self.person.birth_date:
                self.add_error("personal_number", OTHER_BIRTH)
            return
        given = self.cleaned_data
        if born := given.get("birth_date"):
            self.check_birth(born)
        if self.number:
            self.check_age(self.number.birth_date)
        elif "personal_number" in given:
            self.check_named()
            self.check_age(born)

    def check_birth(self, born: date) -> None:
        if born > moment.today():
            self.add_error("birth_date", _("That day is still to come."))
        elif self.number and born != self.number.birth_date:
            self.add_error("birth_date", OTHER_BIRTH)

    def check_named(self) -> None:
        """Without a number, both names and the birth date are needed to know who is meant."""
        for name in ("given_name", "family_name", "birth_date"):
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(
                    name, _("Write this, or the personal number, so that it’s clear who is meant.")
                )

    def youth(self) -> flags.Youth:
        given = self.cleaned_data
        if self.person:
            who = self.person
            return flags.Youth(who.given_name, who.family_name, who.birth_date, self.number)
        return flags.Youth(
            given_name=tidy(given["given_name"]),
            family_name=tidy(given["family_name"]),
            birth_date=self.number.birth_date if self.number else given["birth_date"],
            number=self.number,
        )

    def typed(self) -> list[tuple[str, str]]:
        """Every value as it was typed, for the page that asks back."""
        return [(field.html_name, str(self.data.get(field.html_name, ""))) for field in self]
