"""The forms of a case's statutory deadlines: add one, note that it is met, extend it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from casework.clocks import Measure
from casework.forms.base import StepForm
from casework.forms.fields import Day, field
from casework.models import Case, Deadline, Rule
from casework.models.rule import Ground, in_force
from casework.words import clocks as clocks_words
from casework.workflow import moment

LONGEST_BACK = timedelta(days=2 * 366)  # a clock that started longer ago is no news
LONGEST_ON = timedelta(days=366)


class AddDeadlineForm(StepForm):
    """A deadline that no investigation's step starts: which rule, and from which day."""

    thing: Case
    code = forms.ChoiceField(label=_("What is to be done?"), widget=forms.RadioSelect)
    starts_on = Day(
        label=_("From which day does it run?"),
        help_text=_("The day of the request or the decision. The rule counts from it."),
    )
    due = Day(
        label=_("Until which day?"),
        help_text=_("Only for a statement: the day that whoever asks for it has set."),
        required=False,
    )

    def prepare(self) -> None:
        today = moment.today()
        field(self, "code", forms.ChoiceField).choices = [
            (code, offered(in_force(code, today)))
            for code in clocks_words.by_hand(self.actor.authority)
        ]
        words = _("Choose today or a day of the last two years.")
        field(self, "starts_on", Day).between(today - LONGEST_BACK, today, words)
        words = _("Choose a day within a year.")
        field(self, "due", Day).between(today - LONGEST_BACK, today + LONGEST_ON, words)
        self.initial["starts_on"] = today

    def clean(self) -> None:
        code, start, due = (self.cleaned_data.get(name) for name in ("code", "starts_on", "due"))
        if not code or not start or "due" in self.errors:
            return
        requested = in_force(code, start).measure == Measure.BY_REQUESTER
        if requested and not due:
            self.add_error("due", _("Write the day that was set."))
        elif requested and due < start:
            self.add_error("due", _("It can’t be due before it begins."))
        elif due and not requested:
            self.add_error("due", _("The law sets this day. Leave it empty."))
        if any(one.code == code and not one.part_id for one in self.thing.open_clocks()):
            self.add_error("code", _("That deadline runs already. Meet or extend it."))


class WhichForm(StepForm):
    """A form about one of the case's open deadlines."""

    thing: Case
    deadline = forms.ChoiceField(label=_("Which deadline?"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        self.clocks = {str(one.pk): one for one in self.thing.open_clocks()}
        able = [one for one in self.clocks.values() if self.can(one)]
        field(self, "deadline", forms.ChoiceField).choices = [
            (str(one.pk), named(one)) for one in able
        ]
        if len(able) == 1:
            self.initial.setdefault("deadline", str(able[0].pk))

    def can(self, clock: Deadline) -> bool:
        return True

    @property
    def shows_content(self) -> bool:
        return True

    def chosen(self) -> Deadline | None:
        return self.clocks.get(str(self.cleaned_data.get("deadline")))

    def facts(self) -> dict[str, Any]:
        given = super().facts()
        return {**given, "deadline": UUID(given["deadline"])}


class MeetDeadlineForm(WhichForm):
    """That the duty was done and when, or that it no longer applies."""

    met = forms.ChoiceField(
        label=_("What has happened?"),
        choices=[("met", _("It has been done")), ("gone", _("It no longer applies"))],
        widget=forms.RadioSelect,
        initial="met",
    )
    on = Day(label=_("On which day?"))
    how = forms.CharField(
        label=_("How, or why not?"),
        help_text=_("For example “by telephone” or “the decision was withdrawn”. No names."),
        max_length=200,
    )

    def prepare(self) -> None:
        super().prepare()
        today = moment.today()
        words = _("Choose today or a day that has been.")
        field(self, "on", Day).between(today - LONGEST_BACK, today, words)
        self.initial["on"] = today

    def clean(self) -> None:
        clock, on = self.chosen(), self.cleaned_data.get("on")
        if clock and on and on < clock.starts_on:
            words = _("The deadline began on %(day)s. Choose that day or a later one.")
            self.add_error("on", words % {"day": date_format(clock.starts_on, "DATE_FORMAT")})

    def facts(self) -> dict[str, Any]:
        given = super().facts()
        return {**given, "met": given["met"] == "met"}


class ExtendDeadlineForm(WhichForm):
    """A decision to give a deadline more time: on which ground, until when, and who decided."""

    reason_label = _("Reason")
    ground = forms.ChoiceField(label=_("On what ground?"), widget=forms.RadioSelect)
    due = Day(label=_("New day"))
    decided_by = forms.CharField(
        label=_("Who decided?"),
        help_text=_("Your own name, or the body that decided."),
        max_length=120,
    )
    field_order = ("deadline", "ground", "due", "decided_by", "reason")

    def prepare(self) -> None:
        super().prepare()
        able = [one for one in self.clocks.values() if self.can(one)]
        others = " ".join(why_not(one) for one in self.clocks.values() if one not in able)
        if able:
            self.intro = others
        else:
            self.closed = others
        grounds = {code for one in able for code in one.rule.grounds}
        field(self, "ground", forms.ChoiceField).choices = [
            (code, label) for code, label in Ground.choices if code in grounds
        ]
        today = moment.today()
        words = _("Choose a day within a year from today.")
        field(self, "due", Day).between(date(2000, 1, 1), today + LONGEST_ON, words)
        self.initial["decided_by"] = self.actor.name

    def can(self, clock: Deadline) -> bool:
        return clock.rule.may_extend(self.actor, self.thing)

    def clean(self) -> None:
        clock, ground, due = self.chosen(), *map(self.cleaned_data.get, ("ground", "due"))
        if not clock:
            return
        if ground and ground not in clock.rule.grounds:
            may = ", ".join(label for _code, label in clock.rule.grounds_in_words)
            words = _("This deadline is extended on other grounds: %(grounds)s.")
            self.add_error("ground", words % {"grounds": may})
        if due and due <= clock.due:
            words = _("It is due on %(day)s already. Choose a later day.")
            self.add_error("due", words % {"day": date_format(clock.due, "DATE_FORMAT")})


def offered(rule: Rule) -> str:
    """What is to be done, by which section, in how long."""
    words = _("%(duty)s (%(source)s: %(time)s)")
    return str(words) % {
        "duty": clocks_words.duty_of(rule.code),
        "source": rule.source,
        "time": clocks_words.time_of(rule.code, rule.measure, rule.length),
    }


def why_not(clock: Deadline) -> str:
    """Why she can't extend it."""
    if clock.rule.extendable_by:
        words = _("%(source)s is extended by: %(who)s.")
        return str(words) % {"source": clock.rule.source, "who": clock.rule.extender.lower()}
    return str(_("%(source)s can’t be extended.")) % {"source": clock.rule.source}


def named(clock: Deadline) -> str:
    """Duty, source and day, on one line."""
    words = _("%(duty)s (%(source)s), due %(day)s")
    return str(words) % {
        "duty": clocks_words.duty_of(clock.code),
        "source": clock.rule.source,
        "day": date_format(clock.due, "DATE_FORMAT"),
    }
