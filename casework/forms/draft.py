"""A draft of a disclosure: the ground's questions, the facts to send, the words, who was told."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from access import secrecy
from access.kinds import Kind
from access.secrecy import Offered
from casework import grounded, letter
from casework.forms import answers
from casework.forms.base import StepForm
from casework.forms.fields import Text
from casework.models import Disclosure
from casework.workflow import moment
from casework.workflow.disclosure import Channel, Informed

# Facts that are read from an answer, or from an investigation: offered where there is one.
OF_ANSWER = {
    "mediation": "mediation",
    "inquiry": "inquiry",
    "test_result": "test_result",
    "protocol_on": "protocol_on",
    "investigation_state": "feedback",
    "decided_on": "decided_on",
    "statement_asked_on": "statement_asked_on",
    "statement_sent_on": "statement_sent_on",
}
OF_PART = ("offence", "deed", "suspicion")
OF_REQUEST = "their_reference"


def way_of(draft: Disclosure) -> Offered | None:
    """What the law says today about the draft's ground, that way."""
    own, to = draft.unit.authority, draft.to_unit.authority
    ways = secrecy.offered(
        own.kind, to.kind, draft.subject, draft.initiative, moment.today(), own.pk
    )
    return next((one for one in ways if one.code == draft.ground.code), None)


class DraftForm(StepForm):
    """What a draft asks once it is settled to whom it goes, about what and on which ground."""

    thing: Disclosure
    fields_template = "casework/_draft_fields.html"

    def prepare(self) -> None:
        self.way = way_of(self.thing)
        self.questions = self.way.questions if self.way else ()
        draft, codes = self.thing, {question.code for question in self.questions}
        if draft.initiative == "request" and "request_reference" not in codes:
            self.fields["request_ref"] = forms.CharField(
                label=_("Which request do you answer?"),
                help_text=_("Their number for it, or who asked and when."),
                max_length=60,
                required=draft.reply_to is None,
            )
        for question in self.questions:
            self.fields[question.code] = answers.field_of(question)
            if kept := draft.answers.get(question.code):
                self.initial[question.code] = answers.initial(question, kept)
        self.ask_of_which_part()
        self.ask_what_to_send()
        self.ask_how()

    @property
    def protected(self) -> bool:
        """No places and no free words: the young person's identity is protected."""
        return self.thing.case.protected_identity

    @property
    def asked(self) -> list[forms.BoundField]:
        """The ground's questions, as the page shows them."""
        return [self[question.code] for question in self.questions]

    @property
    def sendable(self) -> forms.BoundField:
        """The facts: a template finds Django's own dictionary under the name `fields`."""
        return self["fields"]

    @property
    def shows_content(self) -> bool:
        return bool(self.thing.state)

    def ask_of_which_part(self) -> None:
        """The investigation that the facts are read from, where the case has any."""
        case, police = self.thing.case, self.thing.unit.authority.kind == Kind.POLICE
        found = case.police_investigations if police else case.social_investigations
        self.parts: dict[str, Any] = {str(part.pk): part for part in found.order_by("pk")}
        if not self.parts:
            return
        only = next(iter(self.parts)) if len(self.parts) == 1 else ""
        none = ("", _("None of them"))
        self.fields["part_id"] = forms.ChoiceField(
            label=_("Which investigation does it come from?"),
            choices=[none, *((key, part.title) for key, part in self.parts.items())],
            required=False,
        )
        self.initial["part_id"] = str(self.thing.part_id or ("" if self.thing.state else only))

    def sendable_facts(self) -> list[letter.Fact]:
        """The facts that the law and the case have something to say of."""
        draft = self.thing
        codes = {question.code for question in self.questions}
        asked = draft.initiative == "request" or draft.reply_to is not None
        return [
            fact
            for fact in letter.open_fields(draft.subject, draft.unit.authority.kind, self.protected)
            if OF_ANSWER.get(fact.code, "") in {"", *codes}
            and (self.parts or fact.code not in OF_PART)
            and (asked or fact.code != OF_REQUEST)
        ]

    def ask_what_to_send(self) -> None:
        draft, facts = self.thing, self.sendable_facts()
        self.fields["fields"] = forms.MultipleChoiceField(
            label=_("Which facts are sent?"),
            help_text=_("Only those that they need. You see the whole text before it is sent."),
            choices=[(fact.code, fact.label) for fact in facts],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        chosen = draft.fields if draft.state else letter.usual(draft.subject)
        self.initial["fields"] = [fact.code for fact in facts if fact.code in chosen]
        if letter.takes_text(draft.subject, self.protected):
            self.fields["text"] = Text(
                label=_("In your own words"),
                help_text=_("Write only what is needed. Nothing about anybody else."),
                max_length=4000,
                required=False,
            )
            self.initial["text"] = draft.text

    def ask_how(self) -> None:
        draft = self.thing
        self.fields["receiver"] = forms.CharField(
            label=_("Receiver"),
            help_text=_("A function or a name over there, if you know it."),
            max_length=120,
            required=False,
        )
        self.fields["channel"] = forms.ChoiceField(
            label=_("How is it sent?"), choices=Channel.choices, widget=forms.RadioSelect
        )
        self.fields["informed"] = forms.ChoiceField(
            label=_("Has the young person, or a guardian, been told?"),
            choices=Informed.choices,
            widget=forms.RadioSelect,
        )
        self.fields["informed_why"] = Text(
            label=_("Why not?"),
            help_text=_("Only if they have not been told."),
            max_length=500,
            rows=2,
            required=False,
        )
        for name in ("receiver", "informed", "informed_why", "request_ref"):
            if name in self.fields:
                self.initial[name] = getattr(draft, name)
        phoned = not draft.state and draft.subject == "acute"
        self.initial["channel"] = Channel.PHONE if phoned else draft.channel

    def clean(self) -> None:
        given = self.cleaned_data
        if self.way is None:
            self.add_error(None, _("No legal ground carries this to them."))
        born = self.thing.case.person.birth_date
        for name, words in grounded.faults(self.questions, given, born, moment.today()):
            if name not in self.errors:
                self.add_error(name, str(words))
        if not (given.get("fields") or given.get("text") or self.errors):
            self.add_error("fields", _("Choose at least one fact, or write something."))
        if set(given.get("fields", ())) & set(OF_PART) and not given.get("part_id"):
            self.add_error("part_id", _("Choose the investigation that these facts come from."))
        if given.get("informed") == Informed.NO and not given.get("informed_why"):
            self.add_error("informed_why", _("Write why they have not been told."))

    def facts(self) -> dict[str, Any]:
        given = self.cleaned_data
        codes = [question.code for question in self.questions]
        told = given["informed"] == Informed.YES
        part = self.parts.get(given.get("part_id", ""))
        found = {
            "answers": {code: answers.kept(given[code]) for code in codes},
            "fields": given["fields"],
            "text": given.get("text", ""),
            "receiver": given["receiver"],
            "channel": given["channel"],
            "informed": given["informed"],
            "informed_why": "" if told else given["informed_why"],
            "part_id": part.pk if part else None,
            "request_ref": (given.get("request_ref") or given.get("request_reference") or "")[:60],
        }
        return found | ({"ground": self.way.ground} if self.way else {})


class RedraftForm(DraftForm):
    """The same about a draft that is there."""
