"""A case: one unit's file about one young person."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.db import connection, models
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.actor import Actor
from access.grants import NamedAccess
from access.models import Unit
from audit.querysets import AuditedManager
from casework import clocks
from casework.models.confined import ConfinedCase
from casework.models.deadline import Deadline, born, open_of
from casework.models.person import Person
from casework.models.place import Place
from casework.models.rule import Rule, in_force
from casework.workflow import moment
from casework.workflow.case import OPEN, CaseSteps
from casework.workflow.coordination import OPEN as OPEN_COORDINATIONS
from casework.workflow.coordination import State as CoordinationState
from casework.workflow.intervention import OPEN as OPEN_INTERVENTIONS
from casework.workflow.keeping import HoldSteps
from casework.workflow.police import ENDED as POLICE_ENDED
from casework.workflow.social import ENDED as SOCIAL_ENDED
from casework.workflow.steps import Act, Closed, NotNow, Refused

HELD = models.Func(
    models.Func(Cast("shared_id", models.TextField()), 0, function="hashtextextended"),
    function="pg_advisory_xact_lock", output_field=models.TextField(),
)  # fmt: skip
NEWS = {"prioritise", "lower", "start", "hand_over"}  # steps that the other side hears of


class Case(ConfinedCase, HoldSteps, CaseSteps):
    """The file. Its steps are in casework/workflow/case.py."""

    observations: ClassVar[Any]
    priorities: ClassVar[Any]
    interventions: ClassVar[Any]
    coordinations: ClassVar[Any]
    police_investigations: ClassVar[Any]
    social_investigations: ClassVar[Any]
    _interventions: Sequence[Any] | None = None
    _investigations: Sequence[Any] | None = None
    _coordinations: Sequence[Any] | None = None

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    reference = models.CharField(_("reference"), max_length=20)
    person = models.ForeignKey(Person, models.PROTECT, related_name="cases", db_index=False)
    # Of the newest observation.
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    kinds = models.CharField(max_length=80)  # codes of what was observed, newest first
    opened_at = models.DateTimeField()
    restricted = models.BooleanField(default=False)  # only people named by a grant see it
    is_open = models.GeneratedField(
        expression=models.Q(state__in=[state.value for state in OPEN]),  # type: ignore[arg-type] # Django takes a Q
        output_field=models.BooleanField(),
        db_persist=True,
    )

    objects = AuditedManager["Case"]()

    class Meta:
        verbose_name = _("case")
        constraints = (
            models.UniqueConstraint(fields=("unit", "reference"), name="case_reference_once"),
            models.UniqueConstraint(
                fields=("unit", "person"),
                condition=models.Q(is_open=True),
                name="one_open_case_a_person",
            ),
        )
        indexes = (
            models.Index(
                fields=("unit", "next_due", "rank", "id"),
                include=(
                    "restricted", "state", "handler", "level",
                    "prioritised_since", "prioritised_at", "confirmed_at", "valid_until",
                ),
                condition=models.Q(is_open=True),
                name="case_queue",
            ),
            models.Index(
                fields=("unit", "handler", "next_due", "rank", "id"),
                include=("restricted", "state"),
                condition=models.Q(is_open=True),
                name="case_queue_of_handler",
            ),
            models.Index(fields=("unit", "opened_at", "id"), include=("restricted",),
                         condition=models.Q(is_open=True), name="case_oldest"),
            models.Index(fields=("unit", "-closed_at", "id"), name="case_archive",
                         condition=models.Q(is_open=False)),
            models.Index(fields=("person",), name="case_of_person"),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("case", args=[self.pk])

    def about(self) -> tuple[UUID, str]:
        return self.pk, self.reference

    def observe(self, act: Act, **observed: Any) -> dict[str, Any]:
        facts = super().observe(act, **observed)
        self.place_id = observed["place"].pk
        kinds = [facts["kind"], *(kind for kind in self.kinds.split() if kind != facts["kind"])]
        self.kinds = " ".join(kinds)
        return facts

    # Not an override of the step itself: django-fsm would lose it.
    def open_about(self, person: Person) -> None:
        self.person = person
        self.reference = next_reference(self.unit_id)

    def has_open_interventions(self) -> bool:
        if self._interventions is not None:
            return any(part.state in OPEN_INTERVENTIONS for part in self._interventions)
        return bool(self.interventions.filter(state__in=OPEN_INTERVENTIONS).exists())

    def keep_parts(
        self,
        interventions: Sequence[Any],
        investigations: Sequence[Any],
        coordinations: Sequence[Any],
    ) -> None:
        """All of them, from a page that has asked already: its conditions needn't ask again."""
        self._interventions, self._investigations = interventions, investigations
        self._coordinations = coordinations

    def every_coordination(self) -> Sequence[Any]:
        if self._coordinations is None:
            return list(self.coordinations.all())
        return self._coordinations

    def has_open_investigations(self) -> bool:
        if self._investigations is not None:
            return any(part.running for part in self._investigations)
        police = self.police_investigations.exclude(state__in=POLICE_ENDED).values("pk")
        social = self.social_investigations.exclude(state__in=SOCIAL_ENDED).values("pk")
        return bool(police.union(social, all=True).exists())

    def has_open_coordination(self) -> bool:
        return any(one.state in OPEN_COORDINATIONS for one in self.every_coordination())

    def has_open_twin(self) -> bool:
        twins = Case.objects.filter(unit_id=self.unit_id, person_id=self.person_id, is_open=True)
        return twins.exclude(pk=self.pk).exists()

    # --- what the other side of a coordination hears ---------------------------------------------

    def queue_up(self, name: str) -> Any:
        """Before a step that the other side hears of: its open coordinations, each held, as the
        coordination's own steps hold it before they lock a case."""
        if name not in NEWS:
            return ()
        found = self.coordinations.filter(state__in=OPEN_COORDINATIONS)
        held = [pk for pk, _ in found.annotate(held=HELD).values_list("pk", "held")]
        related = found.filter(pk__in=held).select_related("unit", "other_unit__authority")
        return list(related) if held else ()  # most cases have none: a narrow question first

    def after(self, act: Act, name: str, noted: dict[str, Any]) -> None:
        self.follow(act, name, noted)
        for coordination in self.queued or ():
            coordination.tell_news(act, self)

    def show_on_plan(self, act: Act, part: Any) -> None:
        """Bring the other side's copy of an intervention up to date, while anything crosses."""
        found = self.coordinations.filter(shared_id=part.shown_in)
        coordination = found.select_related("unit", "other_unit__authority").first()
        if coordination is not None and coordination.shares(moment.today()):
            coordination.show_there(act, [part.copy()])

    def active_coordination(self) -> Any:
        active = (one for one in self.every_coordination() if one.state == CoordinationState.ACTIVE)
        return next(active, None)

    # --- statutory deadlines: their rows, and the nearest of them on the case's own row -----------

    def start_clock(
        self, code: str, on: date, *, part_id: UUID | None = None, due: date | None = None
    ) -> Deadline:
        return self.start_rule(in_force(code, on), on, part_id=part_id, due=due)

    def start_rule(
        self, rule: Rule, on: date, *, part_id: UUID | None = None, due: date | None = None
    ) -> Deadline:
        made = born(self.pk, self.unit_id, rule, on, part_id=part_id, due=due)
        if (made.due, made.code) < (self.law_due, self.law_code):
            self.law_due, self.law_code = made.due, made.code
        return made

    def open_clocks(self) -> list[Deadline]:
        """Neither met nor dropped, first due first."""
        found = list(open_of(self.pk).select_related("rule"))
        for one in found:
            one.case = self
        return found

    def clock(self, pk: UUID) -> Deadline:
        """One that is open (objection has seen to it)."""
        found = open_of(self.pk).select_related("rule").get(pk=pk)
        found.case = self
        return found

    def objection(self, name: str, by: Actor, facts: dict[str, Any]) -> Closed | None:
        """A deadline can be met once, and be extended by whom its rule names; a passing access is
        made no lasting one."""
        if closed := self.kept_for_named(name, by, facts):
            return closed
        if name not in ("meet_deadline", "extend_deadline"):
            return None
        clock = open_of(self.pk).select_related("rule").filter(pk=facts["deadline"]).first()
        if clock is None:
            return NotNow(_("That deadline has been met or dropped already."))
        if name == "extend_deadline" and not clock.rule.may_extend(by, self):
            words = _("This deadline is extended by: %(who)s.")
            return Refused(words % {"who": clock.rule.extender})
        return None

    def nearest_clock(self) -> None:
        nearest = open_of(self.pk).order_by("due", "code").values_list("due", "code").first()
        self.law_due, self.law_code = nearest or (clocks.NO_DUE, "")


class CaseAccess(NamedAccess):
    """Guardian's shadow of a grant on a restricted case (access.grants opens and closes it)."""

    content_object = models.ForeignKey(Case, on_delete=models.CASCADE)


class ReferenceCounter(models.Model):
    """The last number given to a case in a unit and year."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    year = models.SmallIntegerField()
    last = models.IntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("unit", "year"), name="one_counter_a_year"),)

    def __str__(self) -> str:
        return f"{self.unit_id}/{self.year}"


def next_reference(unit_id: int) -> str:
    """The unit's next reference, PS-2026-0042. Two at once wait for each other; none is reused."""
    year = moment.today().year
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO casework_referencecounter (unit_id, year, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (unit_id, year)"
            " DO UPDATE SET last = casework_referencecounter.last + 1"
            " RETURNING last, (SELECT reference_prefix FROM access_unit u WHERE u.id = unit_id)",
            [unit_id, year],
        )
        number, prefix = cursor.fetchone()
    return f"{prefix}-{year}-{number:04d}"
