"""New versions of legal grounds and delegations, as administrators write them."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.grounds import NOBODY, Decider, LegalGround
from access.kinds import Role
from access.questions import QUESTIONS
from access.subjects import SUBJECTS

DECIDERS = [(role.value, role.label) for role in Role if role not in NOBODY]


class Address(forms.URLField):
    def __init__(self, **options: Any) -> None:
        super().__init__(assume_scheme="https", **options)


class VersionForm(forms.ModelForm):  # type: ignore[type-arg] # not subscriptable at runtime
    """What both kinds of version ask."""

    decides = forms.MultipleChoiceField(
        label=_("Who decides"), choices=DECIDERS, widget=forms.CheckboxSelectMultiple
    )

    def clean_valid_from(self) -> Any:
        """What was in force on a day that has been stays as it was."""
        day = self.cleaned_data["valid_from"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("A new version begins today or later."))
        return day


class GroundForm(VersionForm):
    """A version of a legal ground."""

    questions = forms.MultipleChoiceField(
        label=_("Questions"),
        choices=[(code, one.label) for code, one in QUESTIONS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = LegalGround
        field_classes = {"source_url": Address}
        fields = (
            "code", "valid_from", "name", "source", "source_url", "verified", "duty",
            "needs_review", "decides", "drafter_may_decide", "ways", "questions", "note",
        )  # fmt: skip

    def clean_ways(self) -> Any:
        """An empty list ends the ground; every subject is one that the service knows."""
        ways = self.cleaned_data["ways"] or []
        named = {way.get("subject") for way in ways if isinstance(way, dict)}
        if unknown := sorted(str(one) for one in named - set(SUBJECTS)):
            words = _("The service knows no such subject: %(subjects)s.")
            raise forms.ValidationError(words % {"subjects": ", ".join(unknown)})
        return ways


class DeciderForm(VersionForm):
    """A version of an authority's delegation."""

    class Meta:
        model = Decider
        fields = ("authority", "ground_code", "valid_from", "decides", "drafter_may_decide")
