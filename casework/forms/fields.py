"""Fields that the forms share: words, days, moments, colleagues, places."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, TypeVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from access.actor import Actor
from casework.models import Place
from casework.workflow import moment

Words = str | Promise
F = TypeVar("F", bound=forms.Field)
MINUTE = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]+(\d{1,2})[:.](\d{2})(?:[:.]\d{2})?", re.ASCII)


def field(form: forms.BaseForm, name: str, kind: type[F]) -> F:
    """The form's own copy of a field that was declared as that kind."""
    return cast(F, form.fields[name])


class Text(forms.CharField):
    """Several lines of plain text."""

    def __init__(self, *, max_length: int, rows: int = 4, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(max_length=max_length, widget=widget, **options)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Day(forms.DateField):
    """A calendar day, within bounds that are set when the form is made."""

    widget = DayInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.bounds: tuple[tuple[date, date, Words], ...] = ()

    def between(self, first: date, last: date, words: Words) -> None:
        """Refuse, with these words, a day outside first–last (both included), in this form only."""
        self.bounds = (*self.bounds, (first, last, words))

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        for first, last, words in self.bounds:
            if day and not first <= day <= last:
                raise ValidationError(str(words))
        return day


class MinuteInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class Minute(forms.Field):
    """A point in time in Sweden, to the minute: 2026-11-22T14:30, 2026-11-22 14.30."""

    widget = MinuteInput

    def to_python(self, value: Any) -> datetime | None:
        text = str(value or "").strip()
        if not text:
            return None
        found = MINUTE.fullmatch(text)
        try:
            if not found:
                raise ValueError
            naive = datetime.fromisoformat(f"{found[1]}T{found[2]:0>2}:{found[3]}")
            when = naive.replace(tzinfo=timezone.get_default_timezone())
            when.astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValidationError(
                _("Write the day and the time like this: 2026-11-22 14.30")
            ) from None
        self.judge(when)
        return when

    def judge(self, when: datetime) -> None:
        """Refuse a time that can't be."""
        if when > moment.now():
            raise ValidationError(_("That time is still to come."))


class PlaceChoice(forms.ModelChoiceField["Place"]):
    """A place by its row or, for scripts, by its name."""

    queryset: "QuerySet[Place]"

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Place.objects.filter(active=True), **options)

    def to_python(self, value: Any) -> Place | None:
        text = str(value or "").strip()
        if text and not text.isdecimal():
            named: Place | None = self.queryset.filter(name__iexact=text[:80]).first()
            if named:
                return named
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        if len(text) > 18:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        chosen: Place | None = super().to_python(text or None)
        return chosen


class Colleague(forms.ChoiceField):
    """One of the people offered; its value is the Actor."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.offered: dict[str, Actor] = {}

    def offer(self, people: Iterable[Actor], empty: bool = True) -> None:
        self.offered = {str(person.user_id): person for person in people}
        named = [(key, self.words(person)) for key, person in self.offered.items()]
        self.choices = [("", _("Choose a person")), *named] if empty else named

    def words(self, person: Actor) -> str:
        return f"{person.name}, {person.role_label.lower()}" if person.role else person.name

    def clean(self, value: Any) -> Any:
        return self.offered.get(str(super().clean(value)))
