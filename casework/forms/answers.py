"""A legal ground's questions as fields, and what makes an answer one that the ground falls by."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.offences import passes
from access.questions import LONGEST, LONGEST_SHORT, Question
from casework.forms.fields import Day, Minute, Text
from casework.identity import age_on
from casework.workflow import moment

LONG_AGO = date(2000, 1, 1)
LONGEST_CONSENT = timedelta(days=3 * 365)
UNDER_15, ADULT, YOUNG = 15, 18, 21
Faults = Iterable[tuple[str, str | Promise]]


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


def faults(questions: Iterable[Question], given: dict[str, Any], born: date) -> Faults:
    """Field and words for each answer that the ground falls by. Only what was filled in counts."""
    for question in questions:
        if given.get(question.code) in question.fails:
            yield question.code, question.why_not
    yield from by_age(given, born)
    yield from by_offence(given)
    asked, sent = given.get("statement_asked_on"), given.get("statement_sent_on")
    if asked and sent and sent < asked:
        yield "statement_sent_on", _("It can’t be sent before it was asked for.")


def by_age(given: dict[str, Any], born: date) -> Faults:
    """The birth date goes before what somebody ticked."""
    today = moment.today()
    deed = given.get("deed_on")
    if deed and deed < born:
        yield "deed_on", _("That is before the young person was born.")
    elif deed and age_on(born, deed) >= UNDER_15:
        yield "deed_on", _("The young person had turned 15 by then, so this ground doesn’t hold.")
    if given.get("under_21") and age_on(born, today) >= YOUNG:
        yield "under_21", _("By the birth date the young person has turned 21.")
    if given.get("care_for_whom") == "under_18" and age_on(born, today) >= ADULT:
        yield "care_for_whom", _("By the birth date the young person has turned 18.")
    if given.get("consent_by") and given.get("consent_on"):
        yield from by_consent(given["consent_by"], age_on(born, given["consent_on"]))


def by_consent(who: str, age: int) -> Faults:
    """OSL (2009:400) 12:3: the guardian and the child, after age and maturity."""
    if age >= ADULT and who == "guardian":
        yield "consent_by", _("From 18 only the young person can consent.")
    elif UNDER_15 <= age < ADULT and who == "guardian":
        yield "consent_by", _("From 15 the young person’s own consent is needed.")
    elif age < UNDER_15 and who == "young_person":
        yield "consent_by", _("Under 15 a guardian must consent.")


def by_offence(given: dict[str, Any]) -> Faults:
    """OSL (2009:400) 10:23, by the least punishment."""
    offence, attempt = given.get("offence"), given.get("attempt")
    if not (offence and attempt) or passes(offence, attempt == "attempt"):
        return
    if passes(offence, False):
        yield (
            "attempt",
            _(
                "An attempt passes only if the crime itself has at least one year of prison. "
                "This one has six months, so secrecy stands."
            ),
        )
    else:
        yield (
            "offence",
            _(
                "This offence has no least punishment of six months, so secrecy stands. Without "
                "consent it can’t be told."
            ),
        )
