"""What codes in the trail are called. Lines keep codes; the apps above teach their words here.

Kinds of words: "<machine>.step", "<machine>.state", "<model>.field", "fact" (a fact's name),
"fact.<name>" (its codes), "role", "reading", "purpose", "taken_out" (kinds of files and papers).
A code without words is shown as it is.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Change, Reading

Words = str | Promise
_taught: dict[str, dict[str, Words]] = defaultdict(dict)


def teach(kind: str, words: Mapping[str, Words]) -> None:
    """Codes of a kind and what people call them. Called while the apps load."""
    _taught[kind].update(words)


def say(kind: str, code: Any) -> str:
    """What a code is called, in the reader's language."""
    code = str(code)
    words = _taught[kind].get(code) if kind in _taught else None
    if words is not None:
        return str(words)
    return str(code.replace("_", " ") if code.isidentifier() else code)


def reading(kind: str, what: str | None = "") -> str:
    """What was done, and of what was taken out the kind: "Exported (log extract)"."""
    said, of = say("reading", kind), _taught["taken_out"].get(what or "")
    return f"{said} ({of})" if of else said


def row(label: str) -> str:
    """What rows of a changed model are called: "casework.person" → "Person"."""
    try:
        return str(capfirst(apps.get_model(label)._meta.verbose_name))
    except (LookupError, ValueError):
        return label


def field(label: str, name: str) -> str:
    """What a field of a changed model is called."""
    if taught := _taught.get(f"{label}.field", {}).get(name):
        return str(taught)
    try:
        return str(capfirst(_field(label, name).verbose_name))
    except (LookupError, ValueError, FieldDoesNotExist):
        return name


def value(label: str, name: str, stored: Any) -> str:
    """A stored value of a changed field, in words."""
    if stored is None:
        return "–"
    if isinstance(stored, bool):
        return _("yes") if stored else _("no")
    try:
        kept = _field(label, name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return str(stored)
    if isinstance(kept, models.DateTimeField):
        return moment(stored)
    return str(dict(kept.flatchoices).get(stored, stored))


def moment(stored: Any) -> str:
    """A stored point in time as the reader's clock shows it."""
    at = parse_datetime(str(stored))
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT") if at else str(stored)


def is_key(label: str, name: str) -> bool:
    """The field holds a row's key, its own or another's, which tells a reader nothing."""
    try:
        found = _field(label, name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return False
    return found.primary_key or found.is_relation


def _field(label: str, name: str) -> "models.Field[Any, Any]":
    found = apps.get_model(label)._meta.get_field(name)
    if not isinstance(found, models.Field):
        raise FieldDoesNotExist(name)
    return found


teach("taken_out", {"audit": gettext_lazy("lines of the log"), "anchors": gettext_lazy("anchors")})
teach("reading", {code: label for code, label in Reading.Kind.choices})
teach("change", {code: label for code, label in Change.Action.choices})
