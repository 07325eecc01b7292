"""Telling a person something on her start page. Whoever adds a kind gives it words here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.actor import Actor
from access.visible import visible_to
from casework.models import Case, Notice
from casework.workflow import moment

DAILY = "daily"
# What each kind says; %(…)s and %(…)d are its facts, %(case)s the case's reference.
WORDS: dict[str, Promise] = {
    DAILY: gettext_lazy("The state today at %(at)s: %(overdue)s, %(week)s."),
    "break_glass": gettext_lazy(
        "%(case)s: a colleague without named access has opened the case in an emergency."
    ),
    "coordination_proposed": gettext_lazy("%(case)s: the other side proposes a coordination."),
    "coordination_ended": gettext_lazy("%(case)s: the coordination has ended."),
    "consent_ended": gettext_lazy(
        "%(case)s: the consent has ended. Nothing more is shared with the other side."
    ),
    "restricted_named": gettext_lazy("%(case)s: you have been given access to a restricted case."),
    "handed_over": gettext_lazy("%(case)s: the case has been handed over to you."),
    "delivery_arrived": gettext_lazy("Something has arrived from another authority."),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A notice in words, with the address that it leads to."""

    notice: Notice
    words: str
    url: str


def tell(unit_id: int, user_id: UUID, kind: str, case: Case | None = None, **facts: Any) -> Notice:
    """Tell a person in a unit, in the transaction of the one who acts in that unit (or of the
    postman there). `facts` are codes, numbers and dates as text; never a name."""
    if kind not in WORDS:
        raise ValueError(f"a notice of the kind {kind!r} has no words")
    return Notice.objects.create(
        unit_id=unit_id, user_id=user_id, kind=kind, case=case, facts=facts, made_at=moment.now()
    )


def unseen(actor: Actor) -> QuerySet[Notice]:
    """Her notices in this unit that she hasn't put away, newest first."""
    return visible_to(Notice.objects.filter(seen_at=None), actor).order_by("-made_at", "id")


def words(kind: str, facts: Mapping[str, Any], case: Case | None) -> str:
    """What it says; a kind or a fact that is no longer in use doesn't break the page."""
    known = {"case": case.reference if case else "", **facts}
    try:
        return str(WORDS[kind]) % known
    except (KeyError, TypeError, ValueError):
        return _("Something has happened.")
