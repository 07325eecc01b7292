"""The queue's filters and the form that gives many cases to one person."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet, MultipleChoiceFilter

from access.actor import Actor
from casework.forms.fields import Colleague, Text
from casework.models import Case, Place
from casework.queue import Due, Needs, Whose, due_in, needing, unit_cases
from casework.staff import Member
from casework.workflow.case import Level, State

UNKNOWN = {"invalid_choice": _("“%(value)s” is not a choice here, so it was left out.")}
MANY = {
    "widget": forms.CheckboxSelectMultiple,
    "distinct": False,  # DISTINCT would lose the index's order
    "error_messages": UNKNOWN,
}
NOT_PRIORITISED = "none"


class CaseFilter(FilterSet):  # type: ignore[misc] # django-filter ships no types
    """The queue's GET parameters. `q`, `mine` and open or closed are casework.queue's to apply."""

    q = CharFilter(
        label=_("Search"),
        help_text=_("Reference, whole personal number or name. The search is logged."),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        max_length=100,
        method="leave",
    )
    mine = ChoiceFilter(
        label=_("Whose"),
        choices=Whose.choices,
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages=UNKNOWN,
        method="leave",
    )
    due = MultipleChoiceFilter(label=_("Deadline"), choices=Due.choices, method="in_bands", **MANY)
    level = MultipleChoiceFilter(
        label=_("Priority"),
        choices=[*Level.choices, (NOT_PRIORITISED, _("Not prioritised"))],
        method="at_levels",
        **MANY,
    )
    state = MultipleChoiceFilter(
        label=_("Status"),
        choices=State.choices,
        help_text=_("Nothing chosen: every open case."),
        **MANY,
    )
    needs = MultipleChoiceFilter(
        label=_("Waits for a decision"), choices=Needs.choices, method="in_need", **MANY
    )
    place = ChoiceFilter(
        label=_("Place"), empty_label=_("All places"), field_name="place_id",
        error_messages=UNKNOWN,
    )  # fmt: skip
    handler = ChoiceFilter(
        label=_("Handler"), empty_label=_("Everyone"), field_name="handler_id",
        error_messages=UNKNOWN,
    )  # fmt: skip

    def __init__(
        self,
        data: QueryDict,
        actor: Actor,
        places: Sequence[Place],
        everyone: Sequence[Member],
    ) -> None:
        data = data.copy()
        if data.get("q", "").strip() or data.get("handler"):
            data["mine"] = Whose.ALL  # a search or a handler is looked for in the whole unit
        data.setdefault("mine", Whose.BOTH)
        super().__init__(data, queryset=Case.objects.all())
        self.actor = actor
        self.filters["place"].extra["choices"] = [(str(place.pk), place.name) for place in places]
        self.filters["handler"].extra["choices"] = [(str(one.id), one.label) for one in everyone]

    def leave(self, cases: QuerySet[Case], name: str, value: Any) -> QuerySet[Case]:
        return cases

    def in_bands(self, cases: QuerySet[Case], name: str, value: list[str]) -> QuerySet[Case]:
        today = timezone.localdate()
        chosen = Q()
        for band in value:
            chosen |= due_in(band, today)
        return cases.filter(chosen)

    def in_need(self, cases: QuerySet[Case], name: str, value: list[str]) -> QuerySet[Case]:
        chosen = Q()
        for decision in value:
            chosen |= needing(decision)
        return cases.filter(chosen)

    def at_levels(self, cases: QuerySet[Case], name: str, value: list[str]) -> QuerySet[Case]:
        levels = ["" if level == NOT_PRIORITISED else level for level in value]
        return cases.filter(level__in=levels) if levels else cases

    @property
    def chosen(self) -> QuerySet[Case] | None:
        """The unit's cases that fit; None where nothing was chosen but whose they are."""
        if not any(value for name, value in self.given.items() if name != "mine"):
            return None
        self.queryset = unit_cases(self.actor)
        found: QuerySet[Case] = self.qs
        return found

    @property
    def given(self) -> dict[str, Any]:
        """The values that could be understood."""
        values: dict[str, Any] = self.form.cleaned_data
        return values


class AssignForm(forms.Form):
    """To whom, and why."""

    handler = Colleague(label=_("Give to"))
    reason = Text(
        label=_("Reason"),
        help_text=_("It stays in the log. Write no names."),
        max_length=2000,
        required=False,
    )

    def __init__(self, *args: Any, people: Iterable[Actor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.to_whom.offer(people)

    @property
    def to_whom(self) -> Colleague:
        return cast(Colleague, self.fields["handler"])

    def chosen(self) -> Actor | None:
        """The handler that was chosen, if she can be one."""
        return self.to_whom.offered.get(self.data.get("handler", ""))

    def ask_why(self) -> None:
        """A case changes hands: that asks for a reason."""
        self.fields["reason"].required = True
