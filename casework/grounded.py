"""What a ground falls by: an answer, an age, a day that has passed. Asked when a draft is written
and again when it is sent. Pure functions of the answers and the birth date."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from access.offences import passes
from access.questions import Question
from access.subjects import Subject
from casework.identity import age_on

UNDER_15, ADULT, YOUNG = 15, 18, 21
Fault = tuple[str, str | Promise]  # the question's code, and why


def faults(
    questions: Iterable[Question], given: dict[str, Any], born: date, today: date
) -> Iterator[Fault]:
    """Each answer that the ground falls by. `given` holds days as dates; what is missing is not
    judged."""
    for question in questions:
        if given.get(question.code) in question.fails:
            yield question.code, question.why_not
    yield from by_age(given, born, today)
    yield from by_offence(given)
    asked, sent = given.get("statement_asked_on"), given.get("statement_sent_on")
    if asked and sent and sent < asked:
        yield "statement_sent_on", _("It can’t be sent before it was asked for.")
    until = given.get("consent_until")
    if until and until < today:
        yield "consent_until", _("The consent has ended.")


def kept_faults(
    questions: Iterable[Question], answers: dict[str, str], born: date, today: date
) -> Iterator[Fault]:
    """The same of answers as a draft keeps them: text."""
    asked = list(questions)
    given = {question.code: read(question, answers.get(question.code, "")) for question in asked}
    return faults(asked, given, born, today)


def read(question: Question, answer: str) -> Any:
    if question.kind != "date" or not answer:
        return answer
    try:
        return date.fromisoformat(answer)
    except ValueError:
        return None


def by_age(given: dict[str, Any], born: date, today: date) -> Iterator[Fault]:
    """The birth date goes before what somebody ticked."""
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


def by_consent(who: str, age: int) -> Iterator[Fault]:
    """OSL (2009:400) 12:3: the guardian and the child, after age and maturity."""
    if age >= ADULT and who == "guardian":
        yield "consent_by", _("From 18 only the young person can consent.")
    elif UNDER_15 <= age < ADULT and who == "guardian":
        yield "consent_by", _("From 15 the young person’s own consent is needed.")
    elif age < UNDER_15 and who == "young_person":
        yield "consent_by", _("Under 15 a guardian must consent.")


def by_offence(given: dict[str, Any]) -> Iterator[Fault]:
    """OSL (2009:400) 10:23, by the least punishment."""
    offence, attempt = given.get("offence"), given.get("attempt")
    if not (offence and attempt) or passes(offence, attempt == "attempt"):
        return
    if passes(offence, False):
        words = _(
            "An attempt passes only if the crime itself has at least one year of prison. This one "
            "has six months, so secrecy stands."
        )
        yield "attempt", words
    else:
        words = _(
            "This offence has no least punishment of six months, so secrecy stands. Without "
            "consent it can’t be told."
        )
        yield "offence", words


def against_age(subject: Subject, age: int) -> str:
    """Why the young person's age today stops the subject, or ""."""
    if subject.least <= age < subject.under:
        return ""
    words = {"age": age, "under": subject.under, "least": subject.least, "most": subject.under - 1}
    if subject.least:
        return _("This is only about those aged %(least)d to %(most)d. The age is %(age)d.") % words
    return _("This is only about those under %(under)d. The age is %(age)d.") % words
