"""Codes and days of the trail's facts, in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format

Facts = Mapping[str, Any]


def label(choices: Any, code: Any) -> str:
    """A code of the trail in words; a code that is no longer in use stays as it is."""
    return str(dict(choices.choices).get(code, code or ""))


def small(choices: Any, code: Any) -> str:
    """The same inside a sentence."""
    words = label(choices, code)
    return words[:1].lower() + words[1:]


def day(text: Any) -> str:
    try:
        return str(date_format(date.fromisoformat(str(text)), "DATE_FORMAT"))
    except ValueError:
        return ""
