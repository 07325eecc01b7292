"""What the form of every step has: the step, the thing, the person and perhaps a reason."""

from collections.abc import Iterable
from typing import Any, ClassVar, cast

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from access.actor import Actor
from casework.forms.fields import Text, Words
from casework.workflow.steps import Stateful, Step

Pairs = Iterable[tuple[object, object]]


class StepForm(forms.Form):
    """A step that asks for nothing more than, where declared, the reason."""

    fields_template: ClassVar[str] = "casework/_fields.html"
    intro: Words = ""  # what the step means, where the fields don't tell
    closed: Words = ""  # why there is nothing here for her to fill in
    reason_label: Words = _("Reason")  # what the reason is called in this step

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        step: Step,
        thing: Stateful,
        actor: Actor,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.step, self.thing, self.actor = step, thing, actor
        self.prepare()
        if step.reason:
            self.fields["reason"] = Text(
                label=self.reason_label,
                help_text=_("It stays in the log. Write no names."),
                max_length=2000,
            )

    def prepare(self) -> None:
        """Offer what this person can choose for this thing."""

    @property
    def shows_content(self) -> bool:
        """Whether it opens with what the file holds: a reading, with its line in the trail."""
        return False

    @property
    def reveals(self) -> bool:
        """Whether it opens with a personal number in clear: then the reading is a reveal."""
        return False

    @property
    def reason(self) -> str:
        return str(self.cleaned_data.get("reason", ""))

    def facts(self) -> dict[str, Any]:
        """What the step is given beside the reason."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}

    def typed(self) -> list[tuple[str, str]]:
        """Every value as it was typed, for a page that must not lose it."""
        named = [(field.html_name, self.data.get(field.html_name)) for field in self]
        return [(name, value) for name, value in named if value is not None]

    def said(self) -> list[tuple[str, str]]:
        """Label and value in words of everything that was filled in, once it is valid."""
        rows = [(str(field.label), in_words(field, self.cleaned_data)) for field in self]
        return [(label, words) for label, words in rows if words]


def in_words(field: BoundField, cleaned: dict[str, Any]) -> str:
    value = cleaned.get(field.name)
    if isinstance(value, Actor):
        return value.name
    if isinstance(field.field, forms.ChoiceField):
        return str(dict(cast(Pairs, field.field.choices)).get(value, ""))
    if isinstance(field.field, forms.DateField):
        return str(date_format(value, "DATE_FORMAT")) if value else ""
    return str(value or "")
