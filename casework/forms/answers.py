"""A legal ground's questions as fields, and their answers as a draft keeps them."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from access.questions import LONGEST, LONGEST_SHORT, Question
from casework.forms.fields import Day, Minute, Text
from casework.workflow import moment

LONG_AGO = date(2000, 1, 1)
LONGEST_CONSENT = timedelta(days=3 * 365)


def field_of(question: Question) -> forms.Field:
    """The field that asks it."""
    asks: dict[str, Any] = {"label": question.label, "help_text": question.help}
    if question.kind == "must_be_yes":
        asks["error_messages"] = {"required": question.why_not}
        return forms.BooleanField(**asks)
    if question.kind == "choice":
        return forms.ChoiceField(**asks, choices=question.choices, widget=forms.RadioSelect)
    if question.kind == "moment":
        return Minute(**asks)
    if question.kind == "date":
        return day_of(question, asks)
    if question.kind == "short":
        return forms.CharField(**asks, max_length=LONGEST_SHORT)
    return Text(**asks, max_length=LONGEST)


def day_of(question: Question, asks: dict[str, Any]) -> Day:
    field, today = Day(**asks), moment.today()
    if question.ahead:
        latest = today + LONGEST_CONSENT
        field.between(today, latest, gettext_lazy("Choose a day from today, within three years."))
    else:
        field.between(LONG_AGO, today, gettext_lazy("Choose today or a day that has been."))
    return field


def kept(value: Any) -> str:
    """An answer as the record keeps it: a code, words, a day or a minute in Sweden."""
    if value is True:
        return "yes"
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)


def initial(question: Question, answer: str) -> Any:
    """A kept answer as its field shows it again."""
    return answer == "yes" if question.kind == "must_be_yes" else answer
