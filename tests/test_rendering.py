"""A field's HTML, written in Python, is what Django's templates would have made of it."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from casework.forms.rendering import Renderer

NASTY = "\"><script>alert('å')</script>&amp;"
CHOICES = [("a", NASTY), (NASTY, "b"), ("Grupp <1>", [("c", "C"), ("d", mark_safe("<b>D</b>"))])]


class Every(forms.Form):
    text = forms.CharField(widget=forms.TextInput(attrs={"autofocus": True, "title": NASTY}))
    number = forms.IntegerField(min_value=1, max_value=9)
    day = forms.DateField(required=False, widget=forms.DateInput(attrs={"hidden": False}))
    ticked = forms.BooleanField(help_text=NASTY)
    one = forms.ChoiceField(choices=CHOICES)
    several = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple)
    either = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect(attrs={"class": NASTY}))
    kept = forms.CharField(widget=forms.HiddenInput)
    secret = forms.CharField(widget=forms.PasswordInput)


def plain(html: str) -> str:
    """Without the space between tags and at a text's ends, which shows nothing."""
    return re.sub(r"\s*(<[^>]*>)\s*", r"\1", html)


@pytest.mark.parametrize(
    "typed",
    [
        None,
        {},
        dict.fromkeys(Every.base_fields, NASTY),
        {"one": "a", "several": ["a", "d"], "either": NASTY},
    ],
)
@pytest.mark.parametrize("name", list(Every.base_fields))
def test_a_control_is_as_django_makes_it(name: str, typed: dict[str, object] | None) -> None:
    ours, theirs = Every(typed, renderer=Renderer()), Every(typed, renderer=DjangoTemplates())
    assert plain(str(ours[name])) == plain(str(theirs[name]))


def test_nothing_typed_or_said_becomes_markup() -> None:
    form = Every(dict.fromkeys(Every.base_fields, NASTY), renderer=Renderer())
    form.fields["text"].label = NASTY
    form.add_error("text", NASTY)
    for field in form:
        assert "<script" not in field.as_field_group(), field.name
    group = form["text"].as_field_group()
    assert group.index("<label") < group.index("errorlist") < group.index("<input")
    assert "Fel:" in group
    assert form["ticked"].as_field_group().count("helptext") == 2  # the hint, and what names it
