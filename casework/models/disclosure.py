"""A disclosure: the sender's own record of what was told to whom, on which ground."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import crypto, secrecy
from access.kinds import Kind
from access.models import Unit
from access.questions import QUESTIONS
from access.subjects import SUBJECTS
from audit.querysets import AuditedManager
from casework import grounded, letter
from casework.models import deadlines
from casework.models.case import Case
from casework.models.delivery import Delivery, deliver
from casework.workflow import moment, who
from casework.workflow.disclosure import Channel, DisclosureSteps, State
from casework.workflow.steps import Act, NotNow


@dataclass(frozen=True, slots=True)
class Terms:
    """What the rows of the law say today about one disclosure."""

    carried: bool
    deciders: frozenset[str]  # roles
    drafter_may_decide: bool
    questions: tuple[str, ...]


class Disclosure(DisclosureSteps):
    """The record. Its steps are in casework/workflow/disclosure.py."""

    restricted_by = "case"
    encrypted: ClassVar[dict[str, str | None]] = {"content": None}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="disclosures", db_index=False)

    objects = AuditedManager["Disclosure"]()

    class Meta:
        verbose_name = gettext_lazy("disclosure")
        indexes = (
            models.Index(fields=("case", "-drafted_at"), name="disclosures_of_case"),
            models.Index(
                fields=("unit", "drafted_at"),
                name="disclosures_that_wait",
                condition=models.Q(state=State.DRAFT.value),
            ),
        )

    def __str__(self) -> str:
        return f"disclosure {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("disclosure", args=[self.case_id, self.pk])

    def reveal_url(self) -> str:
        return reverse("reveal_disclosure", args=[self.case_id, self.pk])

    def about(self) -> tuple[UUID, str]:
        return self.case_id, self.case.reference

    @property
    def subject_label(self) -> str:
        return str(SUBJECTS[self.subject].label)

    @property
    def title(self) -> str:
        """What pages call it: what it is about, and to whom."""
        return _("%(subject)s, to %(to)s") % {"subject": self.subject_label, "to": self.to_unit}

    # --- what the law says ----------------------------------------------------------------------

    def terms(self) -> Terms:
        """Asked once for as long as what it depends on is the same."""
        key = (self.ground_id, self.to_unit_id, self.subject, self.initiative)
        known: tuple[Any, Terms] | None = self.__dict__.get("_terms")
        if known is None or known[0] != key:
            known = self.__dict__["_terms"] = (key, self.read_terms())
        return known[1]

    def read_terms(self) -> Terms:
        """By the draft's own version of the ground, which must be the one in force."""
        own, to, today = self.unit.authority, self.to_unit.authority, moment.today()
        way = secrecy.judged(
            self.ground, own.kind, to.kind, self.subject, self.initiative, today, own.pk
        )
        if way is None:
            return Terms(False, frozenset(self.ground.decides), False, ())
        newest = secrecy.in_force(self.ground.code, today)
        codes = tuple(question.code for question in way.questions)
        carried = newest is not None and newest.pk == self.ground_id
        return Terms(carried, frozenset(way.decides), way.drafter_may_decide, codes)

    def deciders_in_words(self) -> str:
        return who.decides.told(self)

    def is_carried(self) -> bool:
        return self.terms().carried

    def unanswered(self) -> list[str]:
        """The ground's questions that nobody has answered yet."""
        return [code for code in self.terms().questions if not self.answers.get(code)]

    def fallen(self) -> list[str]:
        """Why the ground doesn't hold today, by an answer or by the age; [] when it does."""
        person, today = self.case.person, moment.today()
        asked = [QUESTIONS[code] for code in self.terms().questions]
        found = grounded.kept_faults(asked, self.answers, person.birth_date, today)
        by_age = grounded.against_age(SUBJECTS[self.subject], person.age_on(today))
        return [*filter(None, [by_age]), *(str(words) for _code, words in found)]

    def must_fit(self) -> None:
        kind, protected = self.unit.authority.kind, self.case.protected_identity
        if self.to_unit_id == self.unit_id or self.to_unit.authority.kind not in letter.BOTH:
            raise NotNow(_("Nothing is disclosed to that unit."))
        if not self.is_carried():
            raise NotNow(_("No legal ground carries this to them."))
        self.fields = letter.ordered(self.fields)
        may = {fact.code for fact in letter.open_fields(self.subject, kind, protected)}
        too_much = self.text and not letter.takes_text(self.subject, protected)
        if too_much or not set(self.fields) <= may:
            raise NotNow(_("Something that is chosen can’t be sent here."))

    # --- what is sent ---------------------------------------------------------------------------

    def part(self) -> Any:
        """The investigation that it came from, if it did."""
        if self.part_id is None:
            return None
        police = self.unit.authority.kind == Kind.POLICE
        parts = self.case.police_investigations if police else self.case.social_investigations
        return parts.filter(pk=self.part_id).first()

    def answered_delivery(self) -> Delivery | None:
        """The delivery that this answers."""
        if self.reply_to is None:
            return None
        return Delivery.objects.filter(pk=self.reply_to, unit_id=self.unit_id).first()

    def compose(self) -> str:
        return letter.compose(self)

    def keep(self, text: str) -> None:
        self.content = crypto.encrypt(text, self.place)

    @property
    def sent_text(self) -> str:
        """What was sent, in clear."""
        return crypto.decrypt(bytes(self.content), self.place) if self.content else ""

    @property
    def place(self) -> str:
        return f"casework_disclosure.content:{self.pk}"

    def after(self, act: Act, name: str, noted: dict[str, Any]) -> None:
        if name != "send":
            return
        if self.channel == Channel.SERVICE:
            self.deliver(act)
        if code := deadlines.MEETS.get(self.ground.code):
            day = moment.today()
            deadlines.meet(self.case, code, day, act, part_id=self.part_id)

    def deliver(self, act: Act) -> None:
        """Put the receiver's own copy into its inbox, word for word."""
        answered = self.answered_delivery()
        deliver(
            act,
            self.unit,
            self.to_unit,
            self.sent_text,
            receiver=self.receiver,
            subject=self.subject,
            initiative=self.initiative,
            ground_code=self.ground.code,
            ground_source=self.ground.source,
            ground_from=self.ground.valid_from,
            fields=self.fields,
            disclosure_id=self.pk,
            answers_to=answered.disclosure_id
            if answered and answered.from_unit_id == self.to_unit_id
            else None,
            restricted=self.case.restricted or bool(answered and answered.restricted),
        )
