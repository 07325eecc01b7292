"""Which ground can carry what from whom to whom, who decides there, and what it asks.

The rows of LegalGround are the law; here they are only read. What no row names does not cross.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from access.grounds import Code, Decider, Initiative, LegalGround
from access.kinds import ROLES_OF, Kind
from access.questions import QUESTIONS as QUESTIONS
from access.questions import Question
from access.secrecy_words import OPEN, Words, why_blocked
from access.subjects import SUBJECTS as SUBJECTS

ORDER = {code: place for place, code in enumerate(Code.values)}
BY_CONSENT = Code.SAMTYCKE
TOO_MINOR = (Kind.SOCIAL, Kind.POLICE, "crime_minor")


@dataclass(frozen=True, slots=True)
class Offered:
    """A ground that can carry it: the version, who decides, whether the drafter may, what is asked.

    `needs_review`: open only after a lawyer has looked; the question about it is among the others.
    """

    ground: LegalGround
    decides: tuple[str, ...]
    drafter_may_decide: bool
    needs_review: bool
    questions: tuple[Question, ...]

    @property
    def code(self) -> str:
        return str(self.ground.code)

    @property
    def straight(self) -> bool:
        """Open as the law stands: without consent and without a lawyer."""
        return self.code != BY_CONSENT and not self.needs_review


@dataclass(frozen=True, slots=True)
class Open:
    """A way that is open where the law blocks: its kind, in words, and the ground it goes by."""

    kind: str
    words: Words
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Blocked:
    """The law lets it not cross as it stands: why, and which ways are open."""

    why: Words
    open: tuple[Open, ...]


def in_force(code: str, on: date) -> LegalGround | None:
    """The version of the ground that holds on that day."""
    found: LegalGround | None = LegalGround.objects.on(on).filter(code=code).first()
    return found


def all_in_force(on: date) -> list[LegalGround]:
    """The version of every ground that holds on that day, in the order of offering."""
    newest = LegalGround.objects.on(on).order_by("code", "-valid_from").distinct("code")
    return sorted(newest, key=lambda ground: ORDER.get(ground.code, len(ORDER)))


def offered(
    from_kind: str,
    to_kind: str,
    subject: str,
    initiative: str,
    on: date,
    authority_id: int | None = None,
) -> list[Offered]:
    """The grounds that can carry it that way on that day, in order. None: it does not cross.

    `authority_id`: the sender's; its own delegation goes before the grounds' own deciders.
    """
    own = delegations(authority_id, on)
    found = (
        of_way(ground, from_kind, to_kind, subject, initiative, own.get(ground.code))
        for ground in all_in_force(on)
    )
    return [one for one in found if one is not None]


def judged(
    ground: LegalGround,
    from_kind: str,
    to_kind: str,
    subject: str,
    initiative: str,
    on: date,
    authority_id: int | None = None,
) -> Offered | None:
    """The same for one version of a ground, such as a draft's: None when it can't carry it."""
    own = delegations(authority_id, on).get(ground.code)
    return of_way(ground, from_kind, to_kind, subject, initiative, own)


def delegations(authority_id: int | None, on: date) -> dict[str, Decider]:
    """The authority's own delegation of that day, by ground."""
    if authority_id is None:
        return {}
    rows: Iterable[Decider] = Decider.objects.on(on).filter(authority_id=authority_id)
    return {row.ground_code: row for row in reversed(list(rows))}


def of_way(
    ground: LegalGround,
    from_kind: str,
    to_kind: str,
    subject: str,
    initiative: str,
    own: Decider | None = None,
) -> Offered | None:
    asked = {"from": from_kind, "to": to_kind, "subject": subject, "initiative": initiative}
    way: dict[str, Any] | None = next(
        (way for way in ground.ways if asked.items() <= way.items()), None
    )
    if way is None:
        return None
    decides = own.decides if own else way.get("decides", ground.decides)
    drafter = own.drafter_may_decide if own else way.get("drafter_may_decide")
    there = {role.value for role in ROLES_OF[Kind(from_kind)]}
    review = bool(way.get("review", False))
    return Offered(
        ground=ground,
        decides=tuple(role for role in decides if role in there),
        drafter_may_decide=ground.drafter_may_decide if drafter is None else bool(drafter),
        needs_review=review,
        questions=asked_by([*ground.questions, *way.get("asks", [])], review),
    )


def asked_by(codes: list[str], review: bool) -> tuple[Question, ...]:
    """The questions; the one about a lawyer only where a lawyer is needed."""
    found = (QUESTIONS[code] for code in codes if code in QUESTIONS)
    return tuple(one for one in found if review or not one.only_for_review)


def blocked(
    from_kind: str, to_kind: str, subject: str, initiative: str, on: date | None = None
) -> Blocked | None:
    """Why it can't cross as the law stands, and what is open; None when a ground carries it.

    Consent and what only a lawyer can open don't carry it by themselves: they are ways out. Only a
    coordination builds on consent from the start.
    """
    day = on or timezone.localdate()
    found = offered(from_kind, to_kind, subject, initiative, day)
    if any(one.straight for one in found) or (found and subject == "coordination"):
        return None
    codes = {one.code for one in found}
    other = Initiative.REQUEST if initiative == Initiative.OWN else Initiative.OWN
    turned = any(one.straight for one in offered(from_kind, to_kind, subject, other, day))
    ways = [
        Open(kind, OPEN[kind], ground)
        for kind, ground, holds in (
            ("consent", Code.SAMTYCKE.value, BY_CONSENT in codes),
            ("review", Code.INFO_FLODE.value, any(one.needs_review for one in found)),
            (f"turn_{other.value}", "", turned),
            ("figures", "", Kind.MUNICIPALITY in (from_kind, to_kind)),
            ("worse_crime", "", (from_kind, to_kind, subject) == TOO_MINOR),
            ("phone", "", (from_kind, to_kind) == (Kind.SOCIAL, Kind.POLICE)),
        )
        if holds
    ]
    return Blocked(why_blocked(from_kind, to_kind, subject, initiative, turned), tuple(ways))
