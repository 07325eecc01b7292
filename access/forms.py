"""Forms of one's own page."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from access.models import Membership


class UnitForm(forms.Form):
    """Which of her units she acts in."""

    unit = forms.TypedChoiceField(label=_("Unit you act in"), coerce=int)

    def __init__(self, memberships: list[Membership], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # passed on as they came
        choices = [
            (one.unit_id, f"{one.unit.name} – {one.get_role_display()}") for one in memberships
        ]
        self.fields["unit"].choices = choices  # type: ignore[attr-defined] # a choice field


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
