"""The forms of exceptions: emergency opening, after-review, substitutes, endings."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.actor import Actor
from access.models import Verdict
from access.rules import CASE_ROLES
from casework.forms.fields import Colleague, Day, Text, field
from casework.forms.restriction import Colleagues, end_of, within_a_year
from casework.staff import HANDLERS, colleagues
from casework.workflow import moment
from casework.workflow.restriction import Stake

SHORTEST_REASON = 20  # characters: less says nothing to whoever judges it
USUAL_ABSENCE = timedelta(days=14)
NO_NAMES = _("It stays in the log. Write no names.")


class BreakGlassForm(forms.Form):
    """Which case, why, and what is at stake."""

    reference = forms.CharField(
        label=_("The case’s reference"),
        help_text=_("As it was given to you, for example P-2026-0042."),
        max_length=20,
    )
    stake = forms.ChoiceField(
        label=_("What is at stake?"), choices=Stake.choices, widget=forms.RadioSelect
    )
    reason = Text(
        label=_("Why must you see it now?"),
        help_text=_("At least 20 characters. It stays in the log. Write no names."),
        min_length=SHORTEST_REASON,
        max_length=500,
    )

    def clean_reference(self) -> str:
        return str(self.cleaned_data["reference"]).upper()


class JudgeForm(forms.Form):
    """What somebody else thinks of an emergency opening."""

    verdict = forms.ChoiceField(
        label=_("Your judgement"), choices=Verdict.choices, widget=forms.RadioSelect
    )
    note = Text(label=_("Why?"), help_text=NO_NAMES, max_length=500)


class EndForm(forms.Form):
    """Why it ends."""

    reason = Text(label=_("Reason"), help_text=NO_NAMES, max_length=500)


class SubstituteForm(forms.Form):
    """Who is away, who does her work meanwhile, and from when until when."""

    absent = Colleague(label=_("Who is away?"))
    substitute = Colleague(label=_("Who does the work meanwhile?"))
    since = Day(label=_("From"))
    until = Day(label=_("Until"), help_text=_("That day included, at most a year."))
    reason = Text(label=_("Reason"), help_text=NO_NAMES, max_length=500)

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        people = colleagues(actor, HANDLERS)
        for name in ("absent", "substitute"):
            field(self, name, Colleague).offer(people)
            within_a_year(self, "since" if name == "absent" else "until")
        today = moment.today()
        self.initial.update(since=today, until=today + USUAL_ABSENCE)

    def clean(self) -> None:
        given = self.cleaned_data
        absent, other = given.get("absent"), given.get("substitute")
        if absent and other and absent.user_id == other.user_id:
            self.add_error("substitute", _("Choose somebody else than who is away."))
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day is before the first."))

    def times(self) -> tuple[datetime, datetime]:
        """From now or the first day's midnight until the last day is over."""
        first: datetime = timezone.make_aware(
            datetime.combine(self.cleaned_data["since"], time.min)
        )
        return max(first, moment.now()), end_of(self.cleaned_data["until"])


class NameAgainForm(forms.Form):
    """Whom a restricted case is given to that no supervisor is named for; not to `but`."""

    people = Colleagues(label=_("Who is to see the case?"))
    until = Day(label=_("Until"), help_text=_("That day included, at most a year."))
    reason = Text(label=_("Reason"), help_text=NO_NAMES, max_length=500)

    def __init__(self, *args: Any, actor: Actor, but: UUID | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        people = colleagues(actor, CASE_ROLES)
        field(self, "people", Colleagues).offer(one for one in people if one.user_id != but)
        within_a_year(self)
        self.initial["until"] = moment.today() + timedelta(days=90)
