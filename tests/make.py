"""Small builders. Everything goes through the engine, as the given actor, in one transaction.

    make.case(by=actor("utredare"))                         a flagged case, a new young person
    make.prioritised(by=actor("utredare"), level="A")
    make.in_progress(by=actor("utredare"), handler=actor("utredare2"))
    make.step(case, "close", by=actor("polischef"), reason="…", outcome="no_further_need")

Names are invented, numbers come from the series that is never given to people (238x, 239x).
"""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from unittest.mock import patch
from uuid import UUID

from django.db import transaction

from access import exceptions as doors
from access.actor import Actor
from access.grants import open_grant
from access.models import Confined, Exclusion, Grant, Membership, User
from access.review_models import AccessSignOff, Decision, RoleRequest
from access.session import acting_as
from audit.models import Reading
from audit.review_models import Review, ReviewItem, SignOff, Verdict
from casework import flags
from casework.destruction import destroying, proposals
from casework.identity import PersonalNumber, check_digit, personal_number
from casework.models import (
    Case,
    Destruction,
    Intervention,
    Place,
    PoliceInvestigation,
    RetentionRule,
    SocialInvestigation,
)
from casework.workflow import moment
from casework.workflow.steps import Stateful, begin, perform

T = TypeVar("T", bound=Stateful)

COUNT = itertools.count()
FIRST_BIRTH = date(2009, 1, 1)
MUNICIPALITY = "Sjölanda"
REASON = "Tre tillfällen på samma plats under samma vecka."
CRITERIA = [{"code": "repeated", "fact": "Tre tillfällen i november"}]


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """A transaction in which the actor acts: what a request's middleware does."""
    with transaction.atomic(), acting_as(actor):
        yield


def number(born: date | None = None) -> str:
    """A personal number (12 digits) of the never-given series, a new one each time if no birth.

    Without a birth it is of somebody who is 15 or 16 years old today.
    """
    birth_number = "238"
    if born is None:
        count = next(COUNT)
        born = moment.today() - timedelta(days=17 * 365) + timedelta(days=count % 700)
        birth_number = "239" if count // 700 % 2 else "238"
    serial = f"{born:%y%m%d}{birth_number}"
    return f"{born:%Y%m%d}{serial[6:]}{check_digit(serial)}"


def place(name: str = "Sjölanda torg") -> Place:
    known = Place.objects.filter(name=name).first()
    return known or Place.objects.create(name=name, municipality=MUNICIPALITY)


def youth(**given: Any) -> flags.Youth:
    """`number` as text (or None for a young person without one), names, `birth_date`."""
    text = given.pop("number", "")
    known: PersonalNumber | None = None
    if text is not None:
        known = personal_number(text or number(given.get("birth_date")), moment.today())
        given.setdefault("birth_date", known.birth_date)
    defaults = {"given_name": "Alva", "family_name": f"Påhitt{next(COUNT)}"}
    return flags.Youth(**{"birth_date": FIRST_BIRTH, **defaults, **given}, number=known)


def seen(**given: Any) -> flags.Seen:
    """`place` as a name, `seen_at`, `kind`, `source`, `suspicion`, `text`, `reference`."""
    where = place(given.pop("place", "Sjölanda torg"))
    when: datetime = given.pop("seen_at", yesterday())
    defaults: dict[str, Any] = {"kind": "use", "source": "own", "suspicion": False}
    return flags.Seen(place=where, seen_at=when, **{**defaults, **given})


def yesterday() -> datetime:
    """Some minute of yesterday or the day before, another one each time."""
    return moment.now() - timedelta(days=1, minutes=next(COUNT) % 1000)


PERSONAL = {"number", "given_name", "family_name", "birth_date"}


def case(by: Actor, **given: Any) -> Case:
    """A flagged case. Keywords of `youth` and `seen` together."""
    who = {key: value for key, value in given.items() if key in PERSONAL}
    what = {key: value for key, value in given.items() if key not in PERSONAL}
    with acting(by):
        return flags.flag(by, youth(**who), seen(**what)).case


def step(thing: T, name: str, by: Actor, reason: str = "", **facts: Any) -> T:
    """Take a step; what comes back is the row as it is then."""
    with acting(by):
        return perform(thing, name, by, reason, **facts)


def prioritised(
    by: Actor,
    level: str = "B",
    valid_until: date | None = None,
    criteria: list[dict[str, str]] | None = None,
    flagged_by: Actor | None = None,
    **given: Any,
) -> Case:
    """A case that `by` has prioritised (an investigator, or a qualified social worker)."""
    return step(
        case(flagged_by or by, **given),
        "prioritise",
        by,
        REASON,
        level=level,
        criteria=criteria or CRITERIA,
        valid_until=valid_until or moment.today() + timedelta(days=30),
    )


def in_progress(by: Actor, handler: Actor | None = None, **given: Any) -> Case:
    """A case that `by` has prioritised and started; `handler` handles it (or `by`)."""
    return step(prioritised(by, **given), "start", by, handler=handler or by)


def follow_up(by: Actor, **given: Any) -> Case:
    """A case that its handler `by` follows up."""
    started = in_progress(by, **given)
    return step(started, "begin_follow_up", by, next_look=moment.today() + timedelta(days=60))


def closed(by: Actor, supervisor: Actor, **given: Any) -> Case:
    """A case that `by` handled and the supervisor closed."""
    started = in_progress(by, **given)
    return step(started, "close", supervisor, "Inget mer att göra.", outcome="no_further_need")


def deadline(of: Case, by: Actor, code: str = "LUL11", **given: Any) -> Case:
    """The case with a statutory deadline added by hand: a statement within ten days."""
    today = moment.today()
    if code == "LUL11":
        given.setdefault("due", today + timedelta(days=10))
    return step(of, "add_deadline", by, **{"code": code, "starts_on": today, **given})


def intervention(of: Case, by: Actor, handler: Actor | None = None, **plan: Any) -> Intervention:
    """A proposed intervention in a case that is in progress."""
    defaults = {
        "title": "Samtal varje vecka",
        "goal": "Inga nya tillfällen på torget före sommaren.",
        "planned_from": None,
        "planned_until": None,
    }
    with acting(by):
        return begin(
            Intervention,
            "propose",
            by,
            part_of={"case": of},
            handler=handler or by,
            **{**defaults, **plan},
        )


def listed(chief: Actor) -> Destruction:
    """A list for destruction of one case, as no rules would make it."""
    with acting(chief):
        over = Case.objects.filter(unit_id=chief.unit_id, is_open=False)[0]
        item = {
            "case_id": over.pk, "person_id": over.person_id, "case_version": over.version,
            "reference": over.reference, "rule": RetentionRule.objects.all()[0],
            "earliest": moment.today(), "latest": moment.today(),
        }  # fmt: skip
        with patch.object(proposals, "due_cases", lambda unit_id: [item]):
            return proposals.propose(chief)


def approved(chief: Actor) -> Destruction:
    """Such a list, reviewed by her and somebody else of the unit."""
    found = step(listed(chief), "review", chief)
    with acting(chief):
        others = Membership.objects.filter(unit_id=chief.unit_id).exclude(user_id=chief.user_id)
        second = replace(chief, user_id=others[0].user_id)
    return step(found, "approve", second)


def running(chief: Actor) -> Destruction:
    return step(approved(chief), "run", chief.service())


def destroyed(chief: Actor) -> Destruction:
    """Such a list, run to its end without its case being touched, and certified."""
    found, by = running(chief), chief.service()
    with acting(by):
        destroying.certify(found, by)
    return found


def review(unit: Actor, month: date | None = None) -> Review:
    """A review of the unit's month with one line of hers, the newest, to judge."""
    of = {"unit_id": unit.unit_id, "authority_id": unit.authority_id}
    when = (month or moment.today()).replace(day=1)
    with acting(unit):
        line = Reading.objects.filter(actor_id=unit.user_id).latest("id")
        made = Review.objects.create(**of, unit=unit.unit, month=when, seed="0", looks=1, sampled=1)
        ReviewItem.objects.create(
            **of, review=made, reading_id=line.pk, actor_id=unit.user_id, why=["sample"]
        )
    return made


def reviewed(whom: Actor, by: Actor) -> Review:
    """The same, judged and signed off by somebody else; and her access kept for the half-year."""
    of = {"unit_id": by.unit_id, "authority_id": by.authority_id}
    who = {"by_id": by.user_id, "by": by.name}
    made = review(whom)
    with acting(by):
        (item,) = made.items.all()
        Verdict.objects.create(
            **of, **who, role=by.role, review=made, item=item, finding="explained"
        )
        SignOff.objects.create(**of, **who, role=by.role, review=made)
        half = {"half": date(made.month.year, 1, 1), **of, **who}
        Decision.objects.create(
            **half, of="membership", key="1", user_id=whom.user_id, answer="keep"
        )
        AccessSignOff.objects.create(**half)
    return made


def police_investigation(of: Case, by: Actor, **given: Any) -> PoliceInvestigation:
    """A reported offence of a fortnight ago: a preliminary investigation unless said otherwise."""
    day = given.pop("deed_from", moment.today() - timedelta(days=14))
    facts: dict[str, Any] = {
        "kind": "preliminary",
        "number": f"5000-K{next(COUNT)}-26",
        "offence": "NSL_NORMAL",
        "deed_from": day,
        "deed_until": day,
    }
    with acting(by):
        return begin(PoliceInvestigation, "report", by, part_of={"case": of}, **facts | given)


def social_investigation(of: Case, by: Actor, **given: Any) -> SocialInvestigation:
    """A report of concern that came yesterday."""
    facts: dict[str, Any] = {"received_at": moment.now() - timedelta(days=1), "report": "worry"}
    with acting(by):
        return begin(SocialInvestigation, "receive", by, part_of={"case": of}, **facts | given)


def restricted(
    case: Case, by: Actor, *people: Actor, ground: str = "relative_of_staff", protected: str = ""
) -> Case:
    """The case as the supervisor `by` restricts it to these people."""
    until = moment.now() + timedelta(days=30)
    given: dict[str, Any] = {
        "ground": ground, "protected": protected, "people": list(people), "until": until
    }  # fmt: skip
    with acting(by):
        return perform(case, "restrict", by, REASON, **given)


def grant(thing: Any, user: User, by: Actor, reason: str, until: Any, **more: Any) -> Grant:
    """Somebody's named access to a thing, opened in the transaction that is open."""
    return open_grant(thing, user, by, reason, until, **more)


def exceptions(case: Case, chief: Actor, by: Actor, other: Actor) -> dict[str, UUID]:
    """One of every exception, none of them about this case; their ids by their addresses' names."""
    hidden = step(in_progress(by), "shut_out", chief, "Jäv.", person=other, until=None)
    restricted(hidden, chief, by)
    until = moment.now() + timedelta(days=7)
    with acting(chief):
        glass = grant(
            hidden, User.objects.get(pk=other.user_id), chief, "Barnet är i fara i kväll.",
            moment.now() + timedelta(hours=2), kind=Grant.Kind.BREAK_GLASS, stake="child_at_risk",
            about=hidden.reference,
        )  # fmt: skip
        standing = doors.substitute(
            other.user_id, by.user_id, chief, "Semester.", moment.now(), until
        )
        return {
            "grant_id": glass.pk,
            "substitution_id": standing.pk,
            "exclusion_id": Exclusion.objects.get(about_id=hidden.pk).pk,
            "confined_id": Confined.objects.get(about_id=hidden.pk).pk,
        }


def leaver(who: Actor, chief: Actor) -> tuple[int, UUID]:
    """She handles a case and left yesterday; another role is asked for her. Membership and user."""
    in_progress(by=who)
    hers = Membership.objects.get(user_id=who.user_id, unit_id=who.unit_id)
    with acting(chief):
        RoleRequest.objects.create(membership=hers, wanted="supervisor", asked_by=chief.name)
        hers.since, hers.until = (moment.today() - timedelta(days=days) for days in (9, 1))
        hers.save()
    here = Membership.objects.valid().filter(unit_id=chief.unit_id).exclude(user_id=chief.user_id)
    return here.values_list("pk", flat=True)[0], who.user_id
