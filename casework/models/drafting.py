"""Drafts of disclosures that steps make ready: whom to, on which ground, what is known already."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from access import secrecy
from access.models import LegalGround, Unit
from casework.letter import usual
from casework.models.case import Case
from casework.models.delivery import Delivery
from casework.models.disclosure import Disclosure
from casework.workflow import moment
from casework.workflow.disclosure import State
from casework.workflow.steps import Act, NotNow, begin

INITIATIVES = ("own", "request")
NO_WAY = _("No legal ground carries this to them.")


def prepare(
    case: Case,
    by: Act,
    *,
    subject: str,
    ground_code: str,
    to_unit: Unit | None = None,
    fields: Iterable[str] = (),
    text: str = "",
    part_id: UUID | None = None,
    reply_to: UUID | None = None,
    answers: dict[str, Any] | None = None,
) -> Disclosure | None:
    """A draft that a step makes ready, for whoever decides to look at and send.

    It goes to the unit that the delivery `reply_to` came from, or to the own unit's counterpart.
    None where there is nobody to send it to. Raises NotNow where no ground carries it there.
    """
    to = to_unit or receiver(case, reply_to)
    if to is None:
        return None
    initiative, ground = way(case, to, subject, ground_code)
    return begin(
        Disclosure,
        "draft",
        by.by,
        part_of={"case": case, "unit": case.unit},
        to_unit=to,
        subject=subject,
        initiative=initiative,
        ground=ground,
        fields=list(fields) or usual(subject),
        text=text,
        part_id=part_id,
        reply_to=reply_to,
        answers=known(case, subject, part_id) | (answers or {}),
    )


def known(case: Case, subject: str, part_id: UUID | None) -> dict[str, Any]:
    """The ground's questions that the investigation itself answers."""
    unsent = Disclosure(case=case, unit=case.unit, part_id=part_id)
    part = unsent.part()
    if part is None:
        return {}
    found = ANSWERS_OF.get(subject, {}).items()
    return {code: text for code, read in found if (text := read(part))}


def feedback(part: Any) -> str:
    return {"opened": "opened", "not_opened": "not_opened", "joined": "running"}.get(part.state, "")


def day(*names: str) -> Callable[[Any], str]:
    """The first of these days that the investigation has."""

    def read(part: Any) -> str:
        days = (getattr(part, name, None) for name in names)
        return next((one.isoformat() for one in days if one), "")

    return read


ANSWERS_OF: dict[str, dict[str, Callable[[Any], str]]] = {
    "feedback": {"feedback": feedback, "decided_on": day("opened_on", "not_opened_on", "ended_on")},
    "suspicion_u15": {
        "inquiry": lambda part: "started" if part.state == "inquiry" else "suspicion",
        "deed_on": day("deed_from"),
    },
    "drug_test_u15": {"deed_on": day("deed_from")},
    "inquiry_protocol": {"deed_on": day("deed_from")},
}


def receiver(case: Case, reply_to: UUID | None) -> Unit | None:
    """Who usually gets what this unit sends; an answer goes to whoever asked."""
    units = Unit.objects.select_related("authority")
    if reply_to:
        asked = Delivery.objects.filter(pk=reply_to, unit_id=case.unit_id).first()
        return units.get(pk=asked.from_unit_id) if asked else None
    counterpart = case.unit.counterpart_id
    return units.get(pk=counterpart) if counterpart else None


def way(case: Case, to: Unit, subject: str, code: str) -> tuple[str, LegalGround]:
    """Whose initiative it is and the ground's version of today, where it is open that way."""
    own = case.unit.authority
    for initiative in INITIATIVES:
        for one in secrecy.offered(
            own.kind, to.authority.kind, subject, initiative, moment.today(), own.pk
        ):
            if one.code == code:
                return initiative, one.ground
    raise NotNow(NO_WAY)


def sent(case: Case, ground_code: str, part_id: UUID | None = None) -> bool:
    """Whether something has been sent from the case on that ground (out of that investigation)."""
    found = Disclosure.objects.filter(case=case, state=State.SENT, ground__code=ground_code)
    if part_id is not None:
        found = found.filter(part_id=part_id)
    return found.exists()
