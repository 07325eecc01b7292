"""The forms of the steps about who sees a case."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.actor import Actor
from access.exceptions import shut_out_of
from access.grants import open_on
from access.models import Grant, Role, User
from access.rules import CASE_ROLES
from casework.exceptions import person_of
from casework.forms.base import StepForm
from casework.forms.fields import Colleague, Day, field
from casework.models import Case
from casework.models.person import Protection
from casework.staff import colleagues
from casework.workflow import moment
from casework.workflow.restriction import Ground

TAKERS = (
    Role.INVESTIGATOR, Role.COMMUNITY_OFFICER, Role.SOCIAL_WORKER, Role.OUTREACH_WORKER,
)  # fmt: skip
USUAL, LONGEST = timedelta(days=90), timedelta(days=365)


def end_of(day: date) -> datetime:
    """When the day is over in Sweden."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def within_a_year(form: forms.BaseForm, name: str = "until") -> None:
    today = moment.today()
    words = _("Choose a day from today and at most a year ahead.")
    field(form, name, Day).between(today, today + LONGEST, words)


class Colleagues(forms.MultipleChoiceField):
    """Some of the people offered; its value is a list of Actors."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.offered: dict[str, Actor] = {}

    def offer(self, people: Iterable[Actor]) -> None:
        self.offered = {str(person.user_id): person for person in people}
        self.choices = [
            (key, f"{person.name}, {person.role_label.lower()}")
            for key, person in self.offered.items()
        ]

    def clean(self, value: Any) -> Any:
        return [self.offered[key] for key in dict.fromkeys(super().clean(value))]


class NameForm(StepForm):
    """Who sees the case, and until when."""

    thing: Case
    roles: ClassVar[Collection[Role]] = CASE_ROLES
    people = Colleagues(label=_("Who is to see the case?"))
    until = Day(label=_("Until"), help_text=_("That day included, at most a year."))

    def prepare(self) -> None:
        shut_out = {row.user_id for row in shut_out_of(self.thing.pk)}
        people = colleagues(self.actor, self.roles)
        field(self, "people", Colleagues).offer(
            person for person in people if person.user_id not in shut_out
        )
        within_a_year(self)
        self.initial["until"] = moment.today() + USUAL

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"until": end_of(self.cleaned_data["until"])}


class NameForDeliveryForm(NameForm):
    """Who is to take care of what arrived secrecy marked."""

    people = Colleagues(label=_("Who is to see it and take care of it?"))
    roles = TAKERS
    intro = _(
        "Whoever you name sees what arrived and can open a case from it. The case is open to the "
        "unit until you restrict it: do it at once if the identity is protected."
    )


class RestrictForm(NameForm):
    """Why only named people are to see the case, and who they are."""

    ground = forms.ChoiceField(label=_("Why?"), choices=Ground.choices, widget=forms.RadioSelect)
    protected = forms.ChoiceField(
        label=_("How is the identity protected?"),
        choices=[("", _("It is not protected")), *Protection.choices],
        widget=forms.RadioSelect,
        required=False,
    )

    def prepare(self) -> None:
        super().prepare()
        self.intro = _(
            "Nobody else in the unit sees the case, the young person or the log of either, nor do "
            "you unless you name yourself. It concerns all of the unit’s cases about the same "
            "young person."
        )
        self.order_fields(["ground", "protected", "people", "until"])
        handler = self.thing.handler_id
        self.initial["people"] = [str(handler)] if handler else []

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("ground") == Ground.PROTECTED_IDENTITY and not given.get("protected"):
            self.add_error("protected", _("Choose how the identity is protected."))
        people = given.get("people") or []
        handler = self.thing.handler_id
        if people and handler and handler not in {person.user_id for person in people}:
            words = _("The case’s handler must be named. Hand the case over first.")
            self.add_error("people", words)


class OneOf(StepForm):
    """One of some people, chosen by name."""

    thing: Case
    person = Colleague(label=_("Who?"))

    def offer(self, users: Iterable[User]) -> None:
        by_id = {user.pk: user for user in users}
        field(self, "person", Colleague).offer(
            person_of(user, self.actor) for user in by_id.values()
        )


class UnnameForm(OneOf):
    """Who is no longer to see the case."""

    def prepare(self) -> None:
        held = open_on(self.thing.named_by).filter(kind=Grant.Kind.NAMED).select_related("user")
        self.offer(grant.user for grant in held.order_by("user__name"))

    def clean(self) -> None:
        person = self.cleaned_data.get("person")
        if person is None:
            return
        if len(field(self, "person", Colleague).offered) == 1:
            self.add_error("person", _("Somebody must be named. Name somebody else first."))
        elif person.user_id == self.thing.handler_id:
            words = _("She or he handles the case. Hand it over first.")
            self.add_error("person", words)


class ShutOutForm(StepForm):
    """Who must not see the case because of a conflict of interest."""

    thing: Case
    person = Colleague(label=_("Who?"))
    until = Day(
        label=_("Until"), required=False, help_text=_("Leave it empty if no end can be seen.")
    )

    def prepare(self) -> None:
        already = {row.user_id for row in shut_out_of(self.thing.pk)}
        field(self, "person", Colleague).offer(
            person for person in colleagues(self.actor, CASE_ROLES) if person.user_id not in already
        )
        within_a_year(self)
        self.intro = _(
            "Whoever has a conflict of interest sees none of the unit’s cases about this young "
            "person, nor the log, and nobody can name her or him."
        )

    def clean(self) -> None:
        person = self.cleaned_data.get("person")
        if person and person.user_id == self.thing.handler_id and self.thing.is_open:
            self.add_error("person", _("She or he handles the case. Hand it over first."))

    def facts(self) -> dict[str, Any]:
        day = self.cleaned_data["until"]
        return super().facts() | {"until": end_of(day) if day else None}


class LetInForm(OneOf):
    """Whose conflict of interest is over."""

    def prepare(self) -> None:
        held = shut_out_of(self.thing.pk).select_related("user").order_by("user__name")
        self.offer(row.user for row in held)
