"""Personal numbers, names and ages: pure functions.

Personal number: folkbokföringslagen (1991:481) 18 §: birth date, birth number, check digit (Luhn
over the last ten digits). Coordination number: lag (2022:1697): day of birth + 60.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

OLDEST = 21  # the work is about people who have not turned 21
NUMBER = re.compile(r"(?P<century>\d{2})?(?P<date>\d{6})(?P<sign>[-+]?)(?P<last>\d{4})", re.ASCII)

# Spaces of every width, a new line and minus signs stand in letters, too.
INSIDE = re.compile(
    r"(?<![0-9])(?P<century>(?:[0-9]{2})?)(?P<date>[0-9]{6})"
    r"(?P<sign>[\s\u200b\u2060]{0,2}[-+\u00ad\u2010-\u2015\u2212]?[\s\u200b\u2060]{0,2})"
    r"(?P<last>[0-9]{4})(?![0-9])",
)


class BadNumber(ValueError):
    """Not a personal number; the text says what is wrong, in words for the person who typed it."""


@dataclass(frozen=True, slots=True)
class PersonalNumber:
    """`twelve` digits and the birth date they hold."""

    twelve: str
    birth_date: date


def personal_number(text: str, today: date) -> PersonalNumber:
    """Read 20100512-2385, 201005122385, 100512-2385 or 100512+2385 (100 years or older)."""
    found = NUMBER.fullmatch(re.sub(r"[\s\u00a0\u2010-\u2015]", _as_hyphen, text.strip()))
    if not found:
        raise BadNumber(_("A personal number has 10 or 12 digits, like 20100512-2385."))
    six, last = found["date"], found["last"]
    century = found["century"] or _century(six, found["sign"], today)
    try:
        day = int(six[4:])
        born = date(int(century + six[:2]), int(six[2:4]), day - 60 if day > 60 else day)
    except ValueError:
        raise BadNumber(_("There is no such date in the personal number.")) from None
    if _luhn(six + last) % 10:
        raise BadNumber(_("The last digit of the personal number is wrong. Check every digit."))
    if born > today:
        raise BadNumber(_("The personal number has a birth date that is still to come."))
    return PersonalNumber(century + six + last, born)


def masked(text: str) -> str:
    """The text with the last four digits of every personal number in it hidden."""
    return INSIDE.sub(_hidden, text)


def _hidden(found: re.Match[str]) -> str:
    ten = re.sub(r"\D", "", found["date"] + found["last"])
    hidden = f"{found['century']}{found['date']}{found['sign']}****"
    return hidden if _luhn(ten) % 10 == 0 else found[0]


def _as_hyphen(found: re.Match[str]) -> str:
    return "" if found[0].isspace() else "-"


def _century(six: str, sign: str, today: date) -> str:
    year = today.year - (today.year - int(six[:2])) % 100
    return str(year - 100 if sign == "+" else year)[:2]


def _luhn(ten: str) -> int:
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(ten))
    return sum(part // 10 + part % 10 for part in doubled)


def check_digit(nine: str) -> str:
    """The tenth digit that makes `nine` a valid number."""
    return str(-_luhn(nine + "0") % 10)


def age_on(born: date, day: date) -> int:
    """Whole years lived on that day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def tidy(text: str) -> str:
    """One kind of space, none at the ends: names as people mean them."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def name_key(text: str) -> str:
    """What two spellings of the same name have in common."""
    return tidy(text).casefold()
