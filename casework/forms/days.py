"""Days in the life of an investigation: each from the day before it until today."""

from datetime import date
from typing import ClassVar

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from casework.forms.base import StepForm
from casework.forms.fields import Day, field
from casework.workflow import moment

LONG_AGO = date(2000, 1, 1)


def until_today(form: StepForm, name: str, first: date | None) -> None:
    """A day from `first` to today, with words that name it; today is proposed."""
    today = moment.today()
    first = min(first or LONG_AGO, today)
    words = _("Choose a day from %(first)s until today.") % {
        "first": date_format(first, "DATE_FORMAT")
    }
    field(form, name, Day).between(first, today, words)
    form.initial[name] = today


class DayForm(StepForm):
    """A step that asks for its day: not before an earlier day of the investigation's life."""

    DAY: ClassVar[str]
    NOT_BEFORE: ClassVar[str]

    def prepare(self) -> None:
        until_today(self, self.DAY, getattr(self.thing, self.NOT_BEFORE))
