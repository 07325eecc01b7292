"""The disclosure guide's knowledge: to whom, about what, on whose initiative, what then is open."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from access import secrecy
from access.actor import Actor
from access.grounds import Initiative
from access.kinds import Kind
from access.models import Membership, Unit
from access.rules import CASE_ROLES
from access.secrecy import Blocked, Offered, Open
from access.subjects import SUBJECTS, Subject
from casework.grounded import against_age
from casework.models import Case, Delivery
from casework.workflow import moment

Words = str | Promise
QUESTIONS = ("to", "subject", "initiative", "ground")  # in the order that they are asked
CONTACT_ASKED = "feedback_wanted"  # the fact in a delivery by which its sender asks for feedback


@dataclass(frozen=True, slots=True)
class Asked:
    """What has been answered so far, in the order of the questions."""

    case: Case
    actor: Actor
    to: Unit | None = None
    subject: Subject | None = None
    initiative: str = ""
    ground: str = ""
    reply_to: Delivery | None = None

    def address(self, *names: str, **other: str) -> str:
        """The guide with these answers; codes only, nothing about a person."""
        given = {
            "to": str(self.to.pk) if self.to else "",
            "subject": self.subject.code if self.subject else "",
            "initiative": self.initiative,
            "ground": self.ground,
        }
        kept = {name: given[name] for name in names} | other
        if self.reply_to:
            kept["reply_to"] = str(self.reply_to.pk)
        query = urlencode({name: value for name, value in kept.items() if value})
        return reverse("new_disclosure", args=[self.case.pk]) + (f"?{query}" if query else "")

    def offered(self) -> list[Offered]:
        if not (self.to and self.subject):
            return []
        return secrecy.offered(
            self.actor.authority, self.to.authority.kind, self.subject.code, self.initiative,
            moment.today(), self.actor.authority_id,
        )  # fmt: skip


def receivers(actor: Actor) -> list[Unit]:
    """Units of other authorities that work with cases, the usual one first; then the municipality,
    so that the guide can say why nothing goes there."""
    staffed = Membership.objects.valid().filter(role__in=[role.value for role in CASE_ROLES])
    units = (
        Unit.objects.exclude(authority_id=actor.authority_id)
        .filter(Q(pk__in=staffed.values("unit_id")) | Q(authority__kind=Kind.MUNICIPALITY))
        .select_related("authority")
    )
    own = Unit.objects.only("counterpart_id").get(pk=actor.unit_id)

    def order(unit: Unit) -> tuple[bool, bool, str]:
        municipal = unit.authority.kind == Kind.MUNICIPALITY
        return municipal, unit.pk != own.counterpart_id, unit.name

    return sorted(units, key=order)


def subjects(from_kind: str, to_kind: str) -> list[Subject]:
    """What the guide offers in that direction: what some ground carries there, if only at times."""
    carried = {
        way["subject"]
        for ground in secrecy.all_in_force(moment.today())
        for way in ground.ways
        if (way["from"], way["to"]) == (from_kind, to_kind)
    }
    return [one for one in SUBJECTS.values() if one.asked and one.code in carried]


def initiative_of(delivery: Delivery) -> str:
    """Whether what arrived asks for something back."""
    asks = delivery.subject == "request" or CONTACT_ASKED in delivery.fields
    return str(Initiative.REQUEST if asks else "")


def stopped(asked: Asked) -> Blocked | None:
    """Why it can't be sent: the receiver, the age, or the law; None when a way is open.

    A ground that was named (consent, or what a lawyer looks at) and that carries it is a way.
    """
    if asked.to and asked.to.authority.kind == Kind.MUNICIPALITY:
        kind = asked.actor.authority
        return secrecy.blocked(kind, Kind.MUNICIPALITY, "", "own", moment.today())
    if not (asked.to and asked.subject):
        return None
    age = asked.case.person.age_on(moment.today())
    if words := against_age(asked.subject, age):
        return Blocked(words, (Open("subject", _("Choose what fits the age instead.")),))
    if not asked.initiative:
        return None
    if asked.ground and asked.ground in {one.code for one in asked.offered()}:
        return None
    return secrecy.blocked(
        asked.actor.authority, asked.to.authority.kind, asked.subject.code, asked.initiative,
        moment.today(),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class WayOut:
    """A way that is open, with the page where it goes on, if there is one."""

    words: Words
    url: str = ""


def ways_out(asked: Asked, blocked: Blocked) -> Iterable[WayOut]:
    """The open ways as links that keep what has been answered."""
    for way in blocked.open:
        yield WayOut(way.words, link(asked, way))


def link(asked: Asked, way: Open) -> str:
    if way.ground:
        return asked.address("to", "subject", "initiative", ground=way.ground)
    if way.kind.startswith("turn_") and not asked.reply_to:
        return asked.address("to", "subject", initiative=way.kind.removeprefix("turn_"))
    if way.kind in ("subject", "worse_crime"):
        return asked.address("to")
    if way.kind == "phone":
        return asked.address("to", subject="acute", initiative="own")
    return ""
