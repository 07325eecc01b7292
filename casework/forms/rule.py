"""A new version of a rule about time, as an administrator writes it."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.ground_forms import Address
from access.models import Role
from access.rules import CASE_ROLES
from casework.clocks import Measure
from casework.models import Rule
from casework.models.rule import EXTENDERS, Ground
from casework.words.clocks import DUTIES

LONGEST = {Measure.DAYS: 3660, Measure.WORKING_DAYS: 2600, Measure.MONTHS: 120}
MOST_WARNINGS, EARLIEST_WARNING = 6, 366


class Days(forms.CharField):
    """Whole numbers of days, commas between: 14, 7, 0. Kept as a list, the longest first."""

    def to_python(self, value: Any) -> Any:
        text = str(super().to_python(value) or "")
        words = text.replace(",", " ").split()
        if len(words) > MOST_WARNINGS or not all(
            word.isdecimal() and len(word) < 4 and int(word) <= EARLIEST_WARNING for word in words
        ):
            raise forms.ValidationError(
                _("Write at most six whole numbers of days, at most 366, like this: 14, 7, 0")
            )
        return sorted({int(word) for word in words}, reverse=True)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value


class RuleForm(forms.ModelForm):  # type: ignore[type-arg] # not subscriptable at runtime
    """A version of a rule that the service knows; another rule needs new steps too."""

    code = forms.ChoiceField(label=_("Rule"), choices=())
    length = forms.IntegerField(
        label=_("Length"),
        min_value=0,
        max_value=3660,
        help_text=_("0 where the law says at once, or where somebody sets the day."),
    )
    extendable_by = forms.ChoiceField(
        label=_("Can be extended by"),
        choices=[(code, label) for code, label in EXTENDERS if code not in set(Role) - CASE_ROLES],
        required=False,
        help_text=_("Who may give a deadline of this rule more time."),
    )
    grounds = forms.MultipleChoiceField(
        label=_("Grounds for extension"),
        choices=Ground.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    warn_days = Days(
        label=_("Warns before, days"),
        required=False,
        help_text=_("How many days before it is due the service warns: 14, 7, 0"),
    )

    class Meta:
        model = Rule
        fields = (
            "code", "valid_from", "length", "measure", "hard", "start_event", "extendable_by",
            "grounds", "warn_days", "source", "source_url", "verified", "checked_on", "note",
        )  # fmt: skip
        field_classes = {"source_url": Address}
        help_texts = {
            "valid_from": _("The first day of the version, today or later. It can’t be changed."),
            "hard": _("Ticked where the law lets nobody pass it but by an extension."),
            "source": _("The act and the section, for example LUL (1964:167) 4 §"),
            "checked_on": _("The day when somebody last read the text."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "code" in self.fields:  # the page that only shows a version has no fields
            self.fields["code"].choices = [  # type: ignore[attr-defined]
                (code, f"{code}: {duty.what}") for code, duty in DUTIES.items()
            ]

    def clean_valid_from(self) -> date:
        """What was in force on a day that has been stays as it was."""
        day: date = self.cleaned_data["valid_from"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("A new version begins today or later."))
        return day

    def clean_checked_on(self) -> date:
        day: date = self.cleaned_data["checked_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("That day is still to come."))
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        self.check_length(given.get("measure"), given.get("length"))
        if bool(given.get("extendable_by")) != bool(given.get("grounds")):
            words = _("Choose both who extends it and on which grounds, or neither.")
            self.add_error("grounds", words)
        return given

    def check_length(self, measure: Any, length: Any) -> None:
        if not measure or length is None:
            return
        longest = LONGEST.get(measure, 0)
        if longest and not 0 < length <= longest:
            words = _("Write a number from 1 to %(most)d.")
            self.add_error("length", words % {"most": longest})
        elif not longest and length:
            self.add_error("length", _("There is no length to count. Write 0."))
