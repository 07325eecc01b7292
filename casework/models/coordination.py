"""A coordination as one side holds it, and what the other side chose to show on the joint plan."""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.db import connection, models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import secrecy
from access.actor import Actor
from access.grounds import Code, Initiative
from access.models import Membership, Role, Unit
from access.session import acting_as
from audit import trail
from audit.querysets import AuditedManager
from casework.models.case import Case
from casework.models.delivery import Delivery
from casework.models.disclosure import Disclosure
from casework.models.notice import tell
from casework.workflow import moment
from casework.workflow.case import State as CaseState
from casework.workflow.coordination import OPEN, SHARED, TWINS, Basis, CoordinationSteps, State
from casework.workflow.delivery import State as DeliveryState
from casework.workflow.intervention import State as InterventionState
from casework.workflow.steps import UNBORN, Act, NotNow, begin, perform

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
# The step, and what the people on this side are told when it has been taken.
NEWS = {
    "heard_proposed": "coordination_proposed",
    "heard_accepted": "coordination_accepted",
    "heard_ground": "coordination_ground",
    "heard_declined": "coordination_declined",
    "heard_taken_back": "coordination_taken_back",
    "heard_activated": "coordination_begun",
    "heard_meeting": "coordination_meeting",
    "withdraw": "consent_ended",
    "heard_withdrawn": "consent_ended",
    "end": "coordination_ended",
    "heard_ended": "coordination_ended",
}


def wait_for(what: str) -> None:
    """Wait until nobody else acts on it, and hold it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [what])


class Coordination(CoordinationSteps):
    """One side's row. Its steps are in casework/workflow/coordination.py."""

    restricted_by = "case"
    plan_items: ClassVar[Any]

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="coordinations", db_index=False)

    objects = AuditedManager["Coordination"]()

    class Meta:
        verbose_name = gettext_lazy("coordination")
        constraints = (
            models.UniqueConstraint(fields=("unit", "shared_id"), name="coordination_once_a_side"),
            models.UniqueConstraint(
                fields=("case",),
                condition=models.Q(state__in=[state.value for state in OPEN]),
                name="one_open_coordination_a_case",
            ),
        )
        indexes = (
            models.Index(fields=("case",), name="coordinations_of_case"),
            models.Index(fields=("unit", "state", "ends_on", "id"), name="coordinations_of_unit"),
        )

    def __str__(self) -> str:
        return f"coordination {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("coordination", args=[self.pk])

    def about(self) -> tuple[UUID, str]:
        return self.case_id, self.case.reference

    def own_ground(self) -> secrecy.Offered | None:
        """The first ground beside consent by which the law lets this side give."""
        own, other = self.unit.authority, self.other_unit.authority
        found = secrecy.offered(
            own.kind, other.kind, "coordination", Initiative.OWN, moment.today(), own.pk
        )
        return next((one for one in found if one.code != Code.SAMTYCKE), None)

    # --- two rows in step -----------------------------------------------------------------------

    def queue_up(self, name: str) -> None:
        """Both sides wait for the same thing before either locks a row: none waits in a ring."""
        if self.state != UNBORN:
            wait_for(str(self.shared_id))
            return
        if name == "propose":
            wait_for(f"coordinations of {sorted([self.unit_id, self.other_unit_id])}")
        self.case = Case.objects.select_for_update(of=("self",)).get(pk=self.case_id)

    def after(self, act: Act, name: str, noted: dict[str, Any]) -> None:
        self.move_case(act)
        if name == "propose":
            self.propose_there(act)
        elif name in TWINS:
            self.take_twin(act, TWINS[name], noted)
        if name in ("renew", "record_ground") and self.state == State.ACTIVE:
            self.bring_plan_up_to_date(act)
        if name in NEWS:
            self.tell_people(act, NEWS[name])

    def move_case(self, act: Act) -> None:
        """This side's case is coordinated exactly while the coordination is active."""
        if self.state == State.ACTIVE and self.case.state == CaseState.IN_PROGRESS:
            self.case = perform(self.case, "coordinate", act.by.service())
        elif self.state == State.ENDED and self.case.state == CaseState.COORDINATED:
            self.case = perform(self.case, "leave_coordination", act.by.service())

    def propose_there(self, act: Act) -> None:
        """File the proposal in the other side's own case, which its own records lead to."""
        postman = act.by.postman(self.other_unit)
        with acting_as(postman, trail.current().request_id):
            case = linked_case(self.link_id)
            if case is None:
                raise NotNow(_("The other side has no case that can be coordinated now."))
            begin(
                Coordination,
                "heard_proposed",
                postman,
                part_of={"case": case, "other_unit": self.unit, "link_id": self.link_id},
                shared_id=self.shared_id,
                **self.news(act, {"unit": self.unit.name}),
            )

    def take_twin(self, act: Act, name: str, noted: dict[str, Any]) -> None:
        """The same step on the other side's row."""
        postman = act.by.postman(self.other_unit)
        with acting_as(postman, trail.current().request_id):
            twin = self.twin()
            if name == "heard_activated" and not is_under_way(twin.case_id):
                raise NotNow(_("The other side’s case must be prioritised and in progress."))
            perform(twin, name, postman, **self.news(act, noted))

    def tell_news(self, act: Act, case: Case) -> None:
        """Tell the other side that this side's case goes first, is begun, has another handler."""
        postman, self.case = act.by.postman(self.other_unit), case
        with acting_as(postman, trail.current().request_id):
            twin = self.twin()
            if twin.state in OPEN:
                perform(twin, "heard_news", postman, **self.news(act, {}))

    def twin(self) -> "Coordination":
        """The other side's row: only for whoever acts in that unit."""
        return Coordination.objects.get(unit_id=self.other_unit_id, shared_id=self.shared_id)

    def news(self, act: Act, noted: dict[str, Any]) -> dict[str, Any]:
        """All that crosses with a step: what both hold alike, and what is told of this case."""
        return {
            "told": told_of(self.case, act.by)
            | {
                "other_ground": self.ground.source if self.ground else "",
                "other_ground_until": self.ground_until,
            },
            "shared": {name: getattr(self, name) for name in SHARED},
            "noted": noted,
        }

    def tell_people(self, act: Act, kind: str) -> None:
        """The handler and the supervisors of this side, but not whoever did it."""
        chiefs = Membership.objects.valid().filter(unit_id=self.unit_id, role=Role.SUPERVISOR)
        people = set(chiefs.values_list("user_id", flat=True))
        if self.case.handler_id:
            people.add(self.case.handler_id)
        for user_id in people - {act.by.user_id}:
            tell(self.unit_id, user_id, kind, self.case_id)

    # --- the joint plan -------------------------------------------------------------------------

    def show_there(self, act: Act, copies: Iterable[dict[str, Any]]) -> None:
        """Put copies on the other side's plan, or bring those there up to date."""
        postman = act.by.postman(self.other_unit)
        with acting_as(postman, trail.current().request_id):
            self.twin().keep_copies(copies, self.unit.name, act)

    def keep_copies(self, copies: Iterable[dict[str, Any]], owner: str, act: Act) -> None:
        known = {item.source_id: item for item in self.plan_items.all()}
        for copy in copies:
            source_id = copy["source_id"]
            item = known.get(source_id) or PlanItem(coordination=self, source_id=source_id)
            for field, value in copy.items():
                setattr(item, field, value)
            item.unit_id, item.owner, item.updated_at = self.unit_id, owner, act.at
            item.save()

    def shown_parts(self) -> list[dict[str, Any]]:
        """Copies of what this side's owners chose to show here, as it is now."""
        return [part.copy() for part in self.case.interventions.filter(shown_in=self.shared_id)]

    def bring_plan_up_to_date(self, act: Act) -> None:
        """Nothing crossed while nothing was in force: both sides' copies may be old."""
        self.show_there(act, self.shown_parts())
        postman = act.by.postman(self.other_unit)
        with acting_as(postman, trail.current().request_id):
            theirs = self.twin().shown_parts()
        self.keep_copies(theirs, self.other_unit.name, act)


def linked_case(link_id: UUID) -> Case | None:
    """The case of the acting unit that sent this disclosure, or took it in."""
    sent = Disclosure.objects.select_related("case").filter(pk=link_id).first()
    if sent:
        return sent.case
    taken = Delivery.objects.select_related("case").filter(
        disclosure_id=link_id, state=DeliveryState.ACCEPTED
    )
    delivery = taken.first()
    return delivery.case if delivery else None


def is_under_way(case_id: UUID) -> bool:
    """The case is prioritised and in progress; it stays so until the transaction ends."""
    case = Case.objects.select_for_update(of=("self",)).filter(pk=case_id).first()
    return case is not None and case.state == CaseState.IN_PROGRESS


def told_of(case: Case, by: Actor) -> dict[str, Any]:
    """What the other side hears of this side's case: that it goes first and whom to call."""
    return {
        "other_reference": case.reference,
        "other_contact": case.handler.name if case.handler else by.name,
        "other_prioritised_on": case.prioritised_since,
        "other_begun_on": case.begun_on,
    }


class Today(models.Func):
    """The day that it is in Sweden by the database's clock, as its policies ask it."""

    function = "day_in_sweden"
    output_field = models.DateField()


class PlanItem(models.Model):
    """The other side's intervention, as far as its owner shows it: never its goal or its notes."""

    restricted_by = "coordination__case"
    audit_secret: ClassVar[set[str]] = {"title"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    coordination = models.ForeignKey(
        Coordination, models.PROTECT, related_name="plan_items", db_index=False
    )
    source_id = models.UUIDField()
    title = models.CharField(max_length=120, blank=True)  # empty: its owner took it off the plan
    planned_from = models.DateField(null=True, blank=True)
    planned_until = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=12, choices=InterventionState.choices, blank=True)
    owner = models.CharField(max_length=100)
    updated_at = models.DateTimeField()

    objects = AuditedManager["PlanItem"]()

    class Meta:
        verbose_name = gettext_lazy("item of the joint plan")
        constraints = (
            models.UniqueConstraint(
                fields=("coordination", "source_id"), name="plan_item_once_a_side"
            ),
        )

    def __str__(self) -> str:
        return f"plan item {self.pk}"

    def about(self) -> tuple[UUID, str]:
        return self.coordination.about()

    @staticmethod
    def visible_while() -> models.Q:
        """Sharing is in force: what Coordination.shares says, and the policy."""
        consent = models.Q(
            coordination__basis=Basis.CONSENT,
            coordination__consent_from__lte=Today(),
            coordination__consent_until__gte=Today(),
            coordination__consent_withdrawn_on=None,
        )
        ground = models.Q(coordination__basis=Basis.GROUND, coordination__ground__isnull=False)
        ground &= ~models.Q(coordination__other_ground="")
        return (consent | ground) & models.Q(
            coordination__state=State.ACTIVE, coordination__ends_on__gte=Today()
        )
