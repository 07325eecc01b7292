"""What a person is told on her start page: each kind's words, and where it leads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from access.actor import Actor
from access.compiled import Compiled
from access.visible import visible_to
from casework.models.case import Case
from casework.models.notice import DAILY, Notice

SHOWN = 20
# What each kind says. %(name)s are its facts; %(case)s is the case's reference.
WORDS: dict[str, Promise] = {
    DAILY: gettext_lazy("The state of your cases"),
    "break_glass": gettext_lazy(
        "%(reference)s: a colleague without named access has opened the case in an emergency."
    ),
    "coordination_proposed": gettext_lazy("%(case)s: the other side proposes a coordination."),
    "coordination_accepted": gettext_lazy(
        "%(case)s: the other side has accepted the coordination."
    ),
    "coordination_declined": gettext_lazy(
        "%(case)s: the other side has declined the coordination."
    ),
    "coordination_taken_back": gettext_lazy(
        "%(case)s: the other side has taken its proposal back."
    ),
    "coordination_ground": gettext_lazy(
        "%(case)s: the other side has recorded its legal ground for the coordination. Yours is "
        "needed, too."
    ),
    "coordination_begun": gettext_lazy("%(case)s: the coordination has begun."),
    "coordination_meeting": gettext_lazy("%(case)s: the other side has planned the next meeting."),
    "coordination_runs_out": gettext_lazy(
        "%(case)s: the coordination ends %(on)s. Renew it or end it."
    ),
    "coordination_ended": gettext_lazy("%(case)s: the coordination has ended."),
    "consent_ended": gettext_lazy(
        "%(case)s: the consent has ended. Nothing more is shared with the other side."
    ),
    "restricted_named": gettext_lazy("%(case)s: you have been given access to a restricted case."),
    "restricted_lifted": gettext_lazy(
        "%(reference)s: the restriction has been lifted. Everyone in the unit sees the case now."
    ),
    "delivery_named": gettext_lazy("You have been named for something secrecy marked that waits."),
    "handed_over": gettext_lazy("%(case)s: the case has been handed over to you."),
    "delivery_arrived": gettext_lazy("Something has arrived from another authority."),
}
# Where a kind leads, if not to its case.
WHERE: dict[str, Callable[[Notice], str]] = {
    "delivery_arrived": lambda notice: "/inbox/",
    "delivery_named": lambda notice: "/inbox/",
    "coordination_proposed": lambda notice: "/coordinations/",
}


@dataclass(frozen=True, slots=True)
class Told:
    """A notice in words, with the address that it leads to; a daily state's figures as links."""

    notice: Notice
    words: str
    url: str
    figures: list[tuple[str, str]]


def unseen(actor: Actor) -> QuerySet[Notice]:
    """Her notices in this unit that she hasn't put away, newest first."""
    found = visible_to(Notice.objects.filter(seen_at=None), actor)
    return found.select_related("case").order_by("-made_at", "id")


UNSEEN = Compiled[Notice](lambda actor: unseen(actor)[:SHOWN], actor=Actor)


def shown(actor: Actor) -> list[Told]:
    """What her start page tells her; the daily state first."""
    told = [told_of(notice) for notice in UNSEEN(actor=actor)]
    return sorted(told, key=lambda one: one.notice.kind != DAILY)


def told_of(notice: Notice) -> Told:
    url = notice.case.get_absolute_url() if notice.case else ""
    if notice.kind in WHERE:
        url = WHERE[notice.kind](notice)
    figures = daily_figures(notice.facts) if notice.kind == DAILY else []
    return Told(notice, words(notice.kind, notice.facts, notice.case), url, figures)


def words(kind: str, facts: Mapping[str, Any], case: Case | None) -> str:
    """What it says; a kind or a fact that is no longer in use doesn't break the page."""
    if kind == DAILY and facts.get("whose") == "all":
        return _("The state of the unit’s cases")
    known = {"case": case.reference if case else "", **facts}
    try:
        return str(WORDS[kind]) % known
    except (KeyError, TypeError, ValueError):
        return _("Something has happened.")


def daily_figures(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(figure in words, address of the queue that shows it); the last has no list of its own."""
    whose = "all" if facts.get("whose") == "all" else "mine"
    late, week, warned = (int(facts.get(name, 0)) for name in ("overdue", "week", "warned"))
    here = f"{reverse('queue')}?mine={whose}"
    found = [
        (
            ngettext("%(count)d overdue", "%(count)d overdue", late) % {"count": late},
            f"{here}&due=overdue",
        ),
        (
            ngettext("%(count)d within 7 days", "%(count)d within 7 days", week) % {"count": week},
            f"{here}&due=today&due=week",
        ),
    ]
    if warned:
        said = ngettext(
            "%(count)d statutory deadline is close", "%(count)d statutory deadlines are close",
            warned,
        )  # fmt: skip
        found.append((said % {"count": warned}, ""))
    return found
