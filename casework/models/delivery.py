"""A delivery: the receiver's own copy of what another unit disclosed to it."""

from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.db import connection, models
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from access import crypto, exceptions
from access.actor import Actor
from access.grants import NamedAccess, close_grant, open_grant, open_on
from access.kinds import Role
from access.models import Confined, Grant, Membership, Unit, User
from access.session import acting_as
from access.subjects import SUBJECTS
from audit.querysets import AuditedManager
from casework import letter
from casework.models import deadlines
from casework.models.case import Case
from casework.models.notice import tell
from casework.staff import HANDLERS
from casework.workflow import moment
from casework.workflow.case import OPEN
from casework.workflow.delivery import RETURNED, DeliverySteps, State
from casework.workflow.disclosure import digest
from casework.workflow.steps import Act, NotNow, begin

NAMED_FOR = timedelta(days=30)  # so long the unit's supervisors are named for a restricted one


class Delivery(DeliverySteps):
    """What arrived. Its steps are in casework/workflow/delivery.py."""

    # Hidden with the case that it was taken into, and of itself.
    restricted_by: ClassVar[tuple[str, ...]] = ("", "case")
    encrypted: ClassVar[dict[str, str | None]] = {"content": None}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(
        Case, models.PROTECT, related_name="deliveries", null=True, db_index=False
    )

    objects = AuditedManager["Delivery"]()

    class Meta:
        verbose_name = _("delivery")
        indexes = (
            models.Index(fields=("unit", "state", "-arrived_at", "id"), name="inbox"),
            models.Index(fields=("case", "-arrived_at"), name="deliveries_of_case"),
        )

    def __str__(self) -> str:
        return f"delivery {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("delivery", args=[self.pk])

    def about(self) -> tuple[UUID, str]:
        """Itself, all its life: it has lines before there is a case that it was taken into."""
        return self.pk, ""

    @property
    def subject_label(self) -> str:
        return str(SUBJECTS[self.subject].label)

    @property
    def title(self) -> str:
        """What pages call it: what it is about, and from whom."""
        said = {"subject": self.subject_label, "sender": self.from_unit}
        return gettext("%(subject)s, from %(sender)s") % said

    # --- what arrived ---------------------------------------------------------------------------

    def keep(self, text: str) -> None:
        self.content, self.content_hash = crypto.encrypt(text, self.place), digest(text)

    @property
    def text(self) -> str:
        """What arrived, in clear."""
        return crypto.decrypt(bytes(self.content), self.place)

    @property
    def place(self) -> str:
        return f"casework_delivery.content:{self.pk}"

    def is_whole(self) -> bool:
        try:
            return digest(self.text) == self.content_hash
        except crypto.Tampered:
            return False

    @property
    def facts(self) -> dict[str, str]:
        """The structured facts of it, by code."""
        return letter.read(self.text, self.fields)

    @property
    def reference(self) -> str:
        """The sender's own reference, where it was sent."""
        return self.facts.get("case_reference", "")

    @property
    def waits(self) -> bool:
        return bool(self.state == State.RECEIVED)

    def kept_with(self) -> UUID | None:
        """The id that grants name, where it answers what this unit sent from a case that is
        restricted now. The postman is named for nothing and doesn't see that case."""
        if self.answers_to is None:
            return None
        with connection.cursor() as cursor:
            cursor.execute("SELECT answer_is_kept_with(%s)", [self.answers_to])
            found: UUID | None = cursor.fetchone()[0]
        return found

    # --- what follows ---------------------------------------------------------------------------

    def after(self, act: Act, name: str, noted: dict[str, Any]) -> None:
        if name == "arrive":
            if kept_with := self.kept_with():
                self.hide_with(act, kept_with)
            elif self.restricted:
                self.name_supervisors(act)
            if self.answers_to:
                self.tell_drafter(act, self.answers_to)
        elif name == "give_back":
            self.send_back(act)
        elif self.case_id:
            case = self.held_case(self.case_id)
            self.join(act, case)
            self.start_investigation(act, case)
            if self.subject == RETURNED:
                self.duty_again(act, case)

    def held_case(self, pk: UUID) -> Case:
        """The case that it was taken into, as it is now and stays until the transaction ends."""
        cases = Case.objects.select_for_update(of=("self",)).select_related("person", "handler")
        case = cases.filter(pk=pk).first()
        if case is None or (self.starts and case.state not in OPEN):
            raise NotNow(_("Somebody has changed that case in the same moment. Look again."))
        return case

    def join(self, act: Act, case: Case) -> None:
        """From now on it is hidden with the case; who handles the case is named for it, too."""
        if self.restricted and case.restricted:
            exceptions.loosen(self.pk)
        case.confine_with(self.pk, "", act.by)
        if self.restricted and case.handler:
            self.let_see(act, case.handler, act.at + NAMED_FOR, self.arrived_marked())

    def start_investigation(self, act: Act, case: Case) -> None:
        """A report of concern or a LUL notice to social services: its clocks run from arrival."""
        if self.starts is None:
            return
        begin(
            case.social_investigations.model,
            "receive",
            act.by,
            part_of={"case": case},
            received_at=self.arrived_at,
            report=self.starts,
            delivery_id=self.pk,
            wants_feedback="feedback_wanted" in self.fields,
        )

    def hide_with(self, act: Act, named_by: UUID) -> None:
        """Those named for the case that it answers see it, and are told."""
        first = Confined.objects.filter(thing_id=named_by, ended_at=None)[0]
        exceptions.confine(named_by, [(self.pk, "")], first.ground, act.by)
        named = Grant.objects.open().filter(thing_id=named_by, kind=Grant.Kind.NAMED)
        for user_id in set(named.values_list("user_id", flat=True)):
            tell(self.unit_id, user_id, "delivery_arrived")

    def duty_again(self, act: Act, case: Case) -> None:
        """What the law made this unit send wasn't received: the duty stands again."""
        if self.answers_to is None:
            return
        sent = case.disclosures.filter(pk=self.answers_to).select_related("ground").first()
        code = deadlines.MEETS.get(sent.ground.code) if sent else None
        if sent and code:
            deadlines.again(case, code, moment.today(), act, part_id=sent.part_id)

    def name_supervisors(self, act: Act) -> None:
        """Somebody over here must be able to open it: else whoever handles cases."""
        here = Membership.objects.valid().filter(unit_id=self.unit_id).select_related("user")
        chiefs = here.filter(role=Role.SUPERVISOR)
        people = chiefs or here.filter(role__in=HANDLERS)
        for user in {one.user_id: one.user for one in people}.values():
            self.let_see(act, user, act.at + NAMED_FOR, self.arrived_marked())
        exceptions.confine(self.pk, [(self.pk, "")], "other", act.by)

    def arrived_marked(self) -> str:
        with translation.override(letter.LETTER):
            return str(_("It arrived secrecy marked."))

    def let_see(self, act: Act, user: User, until: datetime, reason: str) -> None:
        open_grant(self, user, act.by, reason, until)

    def name_people(self, act: Act, people: list[Actor], until: datetime) -> dict[str, Any]:
        """They see it from now on, and are told. Whoever sees it already sees it until then."""
        for person in people:
            for old in open_on(self.pk).filter(user_id=person.user_id, kind=Grant.Kind.NAMED):
                close_grant(old, self)
            self.let_see(act, User(pk=person.user_id), until, act.reason)
            tell(self.unit_id, person.user_id, "delivery_named")
        return {"people": ", ".join(one.name for one in people), "until": until.isoformat()}

    def tell_drafter(self, act: Act, disclosure_id: UUID) -> None:
        """Whoever drafted what is answered here is told on her start page."""
        asked = Case.objects.filter(disclosures__pk=disclosure_id)
        for case_id, user_id in asked.values_list("pk", "disclosures__drafted_by_id"):
            tell(self.unit_id, user_id, "delivery_arrived", case_id)

    def send_back(self, act: Act) -> None:
        """Tell the sender that it was sent back, and why, in the words of whoever did."""
        back_to = Unit.objects.select_related("authority").get(pk=self.from_unit_id)
        deliver(
            act,
            self.unit,
            back_to,
            letter.sent_back(self, back_to, act.reason),
            subject=RETURNED,
            disclosure_id=None,
            answers_to=self.disclosure_id,
            restricted=self.restricted,
        )


class DeliveryAccess(NamedAccess):
    """Guardian's shadow of a grant on a restricted delivery."""

    content_object = models.ForeignKey(Delivery, on_delete=models.CASCADE)


def deliver(act: Act, own: Unit, to: Unit, text: str, **envelope: Any) -> None:
    """File a copy in the other unit's inbox. Nothing of that unit comes back from here."""
    postman: Actor = act.by.postman(to)
    with translation.override(letter.LETTER):
        decided_by = f"{act.by.name}, {act.by.role_label.lower()}"
    with acting_as(postman):
        begin(
            Delivery,
            "arrive",
            postman,
            content=text,
            sent_at=act.at,
            from_unit_id=own.pk,
            from_unit=own.name,
            from_authority=own.authority.name,
            from_kind=own.authority.kind,
            decided_by=decided_by,
            **envelope,
        )
