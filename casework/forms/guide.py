"""The guide's questions, one small form each; they are sent as an address and hold only codes."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from access.grounds import Initiative
from access.models import Unit
from access.secrecy import Offered
from access.secrecy_words import MEANS
from access.subjects import Subject

Words = str | Promise
Choice = tuple[str, SafeString]


class Question(forms.Form):
    """One question with its choices; `name` is what the address calls it."""

    def __init__(
        self, name: str, label: Words, choices: Iterable[Choice], data: Mapping[str, Any] | None
    ) -> None:
        super().__init__(data)
        self.fields[name] = forms.ChoiceField(
            label=str(label),
            choices=list(choices),
            widget=forms.RadioSelect,
            error_messages={
                "required": _("Choose one."),
                "invalid_choice": _("Choose one of those below."),
            },
        )


def told(label: Words, more: Words = "") -> SafeString:
    """A choice and, on a line of its own, what it means."""
    if not more:
        return format_html("<span>{}</span>", label)
    return format_html('<span><b>{}</b><span class="hint">{}</span></span>', label, more)


def to_whom(units: Iterable[Unit], usual: int | None) -> list[Choice]:
    return [(str(unit.pk), told(unit.name, named(unit, unit.pk == usual))) for unit in units]


def named(unit: Unit, usual: bool) -> Words:
    if usual:
        return format_html("{} · {}", unit.authority.name, _("the usual receiver"))
    return unit.authority.name


def about_what(subjects: Iterable[Subject]) -> list[Choice]:
    return [(one.code, told(one.label, one.example)) for one in subjects]


def whose() -> list[Choice]:
    return [(value, told(label)) for value, label in Initiative.choices]


def grounds(offered: Iterable[Offered]) -> list[Choice]:
    return [(one.code, told(one.ground.get_code_display(), means(one))) for one in offered]


def means(way: Offered) -> SafeString:
    """The ground in plain words, whether a lawyer is needed, and its source."""
    words = MEANS.get(way.code, way.ground.name)
    review = _("Only after a lawyer’s judgement.") if way.needs_review else ""
    source = format_html('<span class="small" lang="sv">{}</span>', way.ground.source)
    return format_html("{} {}<br>{}", words, review, source)
