"""What is looked for in the trail: person, case, kind, period; and where a page ends."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.models import Line, Reading, Step

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
NO_CHOICE = ("", _("All"))
NUMBER = re.compile(r"[\d\s\u2010-\u2015+-]{10,}")
People = Iterable[tuple[UUID, str]]


class DayField(forms.DateField):
    """A day within reason, asked for with the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **options: Any) -> None:
        limits = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]
        super().__init__(required=False, input_formats=["%Y-%m-%d"], validators=limits, **options)


class LineFilter(forms.Form):
    """Bound to a query string. `people` are those whose lines the reader may see."""

    person = forms.ChoiceField(label=_("Person"), required=False)
    case = forms.CharField(
        label=_("Case"),
        required=False,
        max_length=40,
        help_text=_("Reference, such as P-2026-0042"),
    )
    kind = forms.ChoiceField(label=_("What"), required=False)
    since = DayField(label=_("From"))
    until = DayField(label=_("To"))

    def __init__(self, data: Mapping[str, Any], people: People) -> None:
        super().__init__(data)
        names = [(str(user_id), name) for user_id, name in people]
        self._choose("person", [NO_CHOICE, *names])
        self._choose(
            "kind",
            [
                NO_CHOICE,
                (Line.Source.STEP.value, _("Steps")),
                (Line.Source.CHANGE.value, _("Changed fields")),
                (_("Reading"), Reading.Kind.choices),
            ],
        )

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = choices

    def clean_case(self) -> str:
        """A personal number is no reference, and what is looked for is kept in the trail."""
        text = str(self.cleaned_data["case"]).strip()
        if NUMBER.fullmatch(text):
            raise forms.ValidationError(_("Write a case’s reference, not a personal number."))
        return text

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        since, until = asked.get("since"), asked.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day is before the first."))
        return asked

    @property
    def asked(self) -> dict[str, str]:
        """What was asked for, as it was typed; nothing that was left empty."""
        return {name: str(self.data[name]) for name in self.fields if self.data.get(name)}

    def narrow(self, lines: QuerySet[Line]) -> QuerySet[Line]:
        """The lines that were asked for. Only once the form is valid."""
        asked = self.cleaned_data
        if asked.get("person"):
            lines = lines.filter(actor_id=asked["person"])
        if asked.get("case"):
            lines = lines.filter(about_id__in=cases_called(asked["case"]))
        if kind := asked["kind"]:
            is_reading = kind in Reading.Kind.values
            lines = lines.filter(source=Line.Source.READING.value if is_reading else kind)
            lines = lines.filter(kind=kind) if is_reading else lines
        if asked["since"]:
            lines = lines.filter(at__gte=midnight(asked["since"]))
        if asked["until"]:
            lines = lines.filter(at__lt=midnight(asked["until"] + timedelta(days=1)))
        return lines


def cases_called(text: str) -> list[UUID]:
    """The cases with that id or reference, as far as the reader sees their birth."""
    try:
        return [UUID(text)]
    except ValueError:
        births = Step.objects.filter(about=text.upper(), seq=0).values_list("about_id", flat=True)
        return [about_id for about_id in births.distinct()[:20] if about_id]


def midnight(day: date) -> datetime:
    """When the day begins in Sweden."""
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True, slots=True)
class Place:
    """A line's place in the order newest first: the next page begins after it."""

    at: datetime
    source: str
    id: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.source}~{self.id}"

    @classmethod
    def read(cls, text: str) -> "Place":
        """The place that str() wrote. ValueError for anything else."""
        at, source, number = text.split("~")
        place = cls(datetime.fromisoformat(at), Line.Source(source).value, int(number))
        if place.at.tzinfo is None or not 2000 <= place.at.year < 2200 or place.id >= 2**63:
            raise ValueError(text)
        return place

    def after(self, lines: QuerySet[Line]) -> QuerySet[Line]:
        """The lines that come later in the order, that is: older ones."""
        same = Q(at=self.at)
        return lines.filter(
            Q(at__lt=self.at)
            | same & Q(source__lt=self.source)
            | same & Q(source=self.source, id__lt=self.id),
            at__lte=self.at,  # said again so that an index on `at` begins here
        )
