"""The forms of a case's steps."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from access import rules
from casework import clocks
from casework.exceptions import insiders
from casework.forms.base import StepForm
from casework.forms.fields import Colleague, Day, field
from casework.models import Case
from casework.priority import Criterion, criteria_for
from casework.staff import HANDLERS, colleagues
from casework.workflow import moment
from casework.workflow.case import Level, Outcome, WhyAside

USUAL_PRIORITY = timedelta(days=30)
LONGEST_TO_LOOK = timedelta(days=183)  # six months
LEVELS = (
    (Level.A, _("A – acute: begun the same day")),
    (Level.B, _("B – high: begun within three working days")),
    (Level.C, _("C – normal")),
    (Level.D, _("D – watch: nothing is begun, but it is kept in sight")),
)


class PriorityForm(StepForm):
    """Level, the criteria that are met with the fact for each, and how long it holds."""

    fields_template: ClassVar[str] = "casework/_priority_fields.html"
    thing: Case

    level = forms.ChoiceField(label=_("Level"), choices=LEVELS, widget=forms.RadioSelect)
    valid_until = Day(
        label=_("Valid until"),
        help_text=_("At most 90 days. Then it is renewed or lowered, by a person."),
    )

    def prepare(self) -> None:
        today = moment.today()
        self.checklist = criteria_for(self.actor.authority)
        for criterion in self.checklist:
            self.add_criterion(criterion)
        until = field(self, "valid_until", Day)
        until.between(
            today,
            today + clocks.LONGEST_PRIORITY,
            _("Choose a day from today and at most 90 days ahead."),
        )
        self.order_fields([*(name for name in self.fields if name != "valid_until"), "valid_until"])
        self.initial.update(self.as_it_is(), valid_until=today + USUAL_PRIORITY)

    def add_criterion(self, criterion: Criterion) -> None:
        self.fields[f"criterion_{criterion.code}"] = forms.BooleanField(
            label=str(criterion.label), required=False
        )
        self.fields[f"fact_{criterion.code}"] = forms.CharField(
            label=str(criterion.fact), max_length=500, required=False
        )

    def as_it_is(self) -> dict[str, Any]:
        """The priority in force, to be renewed or changed."""
        if self.is_bound or not self.thing.level:
            return {}
        found: dict[str, Any] = {"level": self.thing.level}
        now = self.thing.priorities.first()
        for met in now.criteria if now else []:
            found |= {f"criterion_{met['code']}": True, f"fact_{met['code']}": met["fact"]}
        return found

    @property
    def shows_content(self) -> bool:
        return bool(self.thing.level)

    def rows(self) -> Iterator[tuple[BoundField, BoundField]]:
        """Each criterion's box and the field for its fact."""
        for criterion in self.checklist:
            yield self[f"criterion_{criterion.code}"], self[f"fact_{criterion.code}"]

    def clean(self) -> None:
        given = self.cleaned_data
        for criterion in self.checklist:
            box, fact = f"criterion_{criterion.code}", f"fact_{criterion.code}"
            if given.get(box) and not given.get(fact) and fact not in self.errors:
                self.add_error(fact, _("Write the fact that meets the criterion."))
            elif given.get(fact) and not given.get(box):
                self.add_error(box, _("Tick the criterion too, or take its fact away."))
        if not any(given.get(f"criterion_{one.code}") for one in self.checklist):
            raise forms.ValidationError(_("Tick at least one criterion that is met."))

    def facts(self) -> dict[str, Any]:
        given = self.cleaned_data
        met = [
            {"code": one.code, "fact": given[f"fact_{one.code}"]}
            for one in self.checklist
            if given[f"criterion_{one.code}"]
        ]
        return {"level": given["level"], "criteria": met, "valid_until": given["valid_until"]}


class StartForm(StepForm):
    """Who handles the case. A case worker takes it herself; a supervisor assigns it."""

    thing: Case
    handler = Colleague(label=_("Handler"))

    def prepare(self) -> None:
        people = field(self, "handler", Colleague)
        if rules.supervisor(self.actor):
            people.offer(insiders(self.thing, colleagues(self.actor, HANDLERS)))
            return
        self.intro = _("You become the case’s handler.")
        people.offer([self.actor], empty=False)
        people.required, people.widget = False, forms.HiddenInput()
        self.initial["handler"] = str(self.actor.user_id)

    def facts(self) -> dict[str, Any]:
        return {"handler": self.cleaned_data["handler"] or self.actor}


class HandOverForm(StepForm):
    """Who handles the case from now on."""

    thing: Case
    handler = Colleague(label=_("New handler"))

    def prepare(self) -> None:
        people = field(self, "handler", Colleague)
        people.offer(
            person
            for person in insiders(self.thing, colleagues(self.actor, HANDLERS))
            if person.user_id != self.thing.handler_id
        )


class FollowUpForm(StepForm):
    """The day of the next look."""

    reason_label = _("How are things now?")
    next_look = Day(label=_("Next look"), help_text=_("A day within six months."))

    def prepare(self) -> None:
        today = moment.today()
        field(self, "next_look", Day).between(
            today + timedelta(days=1),
            today + LONGEST_TO_LOOK,
            _("Choose a day from tomorrow and at most six months ahead."),
        )


class CloseForm(StepForm):
    """How it went."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect
    )


class SetAsideForm(StepForm):
    """Why the case is not for this unit, or not for this work."""

    why = forms.ChoiceField(
        label=_("Why is it set aside?"), choices=WhyAside.choices, widget=forms.RadioSelect
    )
