"""Breaking the glass: a restricted case of the own unit opened in an emergency, for three hours.

The handler and the supervisors are told, and it waits for somebody else's judgement.
"""

from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from access import exceptions as doors
from access.actor import Actor
from access.confinement import BROKEN_FOR
from access.grants import open_grant
from access.models import Confined, Grant, Membership, Role, User
from access.visible import but_shut_out, visible_to
from casework.models import Case
from casework.models.notice import tell
from casework.workflow.steps import Closed, perform

WAITING = {"kind": Grant.Kind.BREAK_GLASS, "judgement": None}


class NotThere(Closed):
    """There is no such restricted case for her to open. Its words don't say why."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "You can’t open a restricted case with that reference in your unit. Check the "
                "reference, or ask your supervisor."
            )
        )


def break_glass(actor: Actor, reference: str, reason: str, stake: str) -> Case:
    """Open it to her for three hours. Raises NotThere. Whoever is named already is only led on."""
    case_id = (
        Confined.objects.filter(unit_id=actor.unit_id, about=reference, ended_at=None)
        .values_list("about_id", "thing_id")
        .first()
    )
    if not reference or case_id is None:
        raise NotThere
    about_id, thing_id = case_id
    if named := visible_to(Case.objects.filter(pk=about_id), actor).first():
        return named
    if doors.shut_out_of(about_id).filter(user_id=actor.user_id).exists():
        raise NotThere
    grant = open_grant(
        Case(pk=thing_id), User(pk=actor.user_id), actor, reason, Now() + BROKEN_FOR,
        kind=Grant.Kind.BREAK_GLASS, stake=stake, about=reference,
    )  # fmt: skip
    case = perform(
        visible_to(Case.objects.all(), actor).get(pk=about_id),
        "break_glass",
        actor.service(),
        reason,
        stake=stake,
        until=grant.until,
    )  # the line bears her name and role: they are the request's
    for user_id in to_tell(case, actor):
        tell(actor.unit_id, user_id, "break_glass", reference=reference)
    return case


def to_tell(case: Case, actor: Actor) -> set[UUID]:
    """The case's handler and the unit's supervisors, but not herself nor who is shut out of it."""
    chiefs = Membership.objects.valid().filter(unit_id=case.unit_id, role=Role.SUPERVISOR)
    people = set(chiefs.values_list("user_id", flat=True))
    if case.handler_id:
        people.add(case.handler_id)
    return people - {actor.user_id} - {row.user_id for row in doors.shut_out_of(case.pk)}


def to_judge(actor: Actor) -> QuerySet[Grant]:
    """The emergency openings that nobody has judged yet, oldest first."""
    opened = but_shut_out(visible_to(Grant.objects.filter(**WAITING), actor), actor, "thing_id")
    return opened.select_related("user").order_by("since")
