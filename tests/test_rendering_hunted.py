"""Hostile names, values, labels and attributes come out of the widgets as Django lets them out."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.forms.widgets import ChoiceWidget
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe

from casework.forms.rendering import Renderer

EVIL = (
    '"><script>alert(1)</script>',
    "' onfocus='alert(1)' autofocus x='",
    "</option></select></label></textarea><img src=x onerror=alert(1)>",
    "a\nb\tc\r\n<b>",
    "&quot;&#34;&lt;&amp;amp;",
    "`=$`{{ x }}{% y %}",
)


class Html:
    """Says one thing and renders another."""

    def __str__(self) -> str:
        return "<script>no</script>"

    def __html__(self) -> str:
        return "<b>yes</b>"


ODD = (*EVIL, lazystr(EVIL[0]), mark_safe("<i>kept</i>"), 7, None, True, False)
WIDGETS: tuple[type[forms.Widget], ...] = (
    forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.PasswordInput,
    forms.HiddenInput, forms.CheckboxInput, forms.DateInput, forms.TimeInput, forms.DateTimeInput,
    forms.Select, forms.SelectMultiple, forms.RadioSelect, forms.CheckboxSelectMultiple,
)  # fmt: skip


class Read(HTMLParser):
    """Tags with their attributes, and words, without the white space between."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Any] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, sorted(attrs, key=str)))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.found.append(" ".join(data.split()))


def drawn(widget: type[forms.Widget], odd: Any) -> Iterator[tuple[str, str]]:
    """What we write and what Django's templates write of the same."""
    choices = [(odd, odd), (str(odd), [(odd, odd), ("b", odd)]), ("", "–")]
    more: dict[str, Any] = {"choices": choices} if issubclass(widget, ChoiceWidget) else {}
    for name, attrs in (
        ("x", {"title": odd}),
        (str(odd), {"id": odd, "class": odd, "data-x": odd}),
    ):
        made = widget(attrs, **more)
        value = [odd] if made.needs_multipart_form or more else odd
        ours = made.render(name, value, attrs, renderer=Renderer())
        yield ours, made.render(name, value, attrs, renderer=DjangoTemplates())


@pytest.mark.parametrize("widget", WIDGETS)
def test_our_widgets_are_djangos(widget: type[forms.Widget]) -> None:
    for odd in ODD:
        for ours, theirs in drawn(widget, odd):
            assert Read(ours).found == Read(theirs).found, odd


@pytest.mark.parametrize("widget", WIDGETS)
def test_what_renders_itself_is_not_only_said(widget: type[forms.Widget]) -> None:
    for ours, _theirs in drawn(widget, Html()):
        assert "<script>" not in ours


@pytest.mark.parametrize("evil", EVIL)
def test_an_attributes_name_and_a_fields_name_are_words_only(evil: str) -> None:
    ours = forms.TextInput({evil: "x", f"{evil} ": True}).render(evil, "", renderer=Renderer())
    theirs = forms.TextInput({evil: "x", f"{evil} ": True}).render(
        evil, "", renderer=DjangoTemplates()
    )
    assert Read(ours).found == Read(theirs).found


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("widget", WIDGETS)
def test_a_field_with_everything_hostile_holds_no_tag_of_theirs(
    widget: type[forms.Widget], evil: str
) -> None:
    more: dict[str, Any] = {"choices": [(evil, evil), (evil, [(evil, evil)])]}
    kind: Any = forms.ChoiceField if issubclass(widget, ChoiceWidget) else forms.CharField
    shown: Any = kind(
        label=evil, help_text=evil, widget=widget({"title": evil, "data-x": evil}),
        **(more if kind is forms.ChoiceField else {}),
    )  # fmt: skip

    class Hostile(forms.Form):
        default_renderer = Renderer()

    for data in (None, {evil: evil}, {evil: ""}):
        form = Hostile(data)
        form.fields[evil] = shown
        if data:
            form.full_clean()
            form.add_error(evil, evil)
        read = Read(str(form[evil].as_field_group()) + str(form.errors)).found
        tags = [one for one in read if isinstance(one, tuple)]
        assert not {"script", "img", "b"} & {tag for tag, _ in tags}
        assert not {"onfocus", "onerror", "autofocus"} & {name for _, a in tags for name, _ in a}
