"""The log reviews of the town's last year: each month is gone through early in the next one.

The newest is under way, so that there is something to judge.
"""

from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from access import log_review
from access.actor import Actor
from access.models import Role, Unit
from access.service import at_work_in
from access.session import acting_as
from audit import review
from audit.models import Reading
from audit.review_models import Review, ReviewItem, Verdict, Why
from casework.workflow import moment

NOTES = (
    "Jour den dagen.",
    "Ersatte en kollega som var sjuk.",
    "Gick igenom fördelningen på veckomötet.",
    "Frågad. Svaret stämmer med tjänstgöringen.",
)
ASKED = "Frågas på nästa avstämning."
BEGUN = 3  # lines of the newest review that are judged


def hold(now: datetime, actors: dict[str, Actor], rng: Random) -> None:
    """Every unit's reviews, oldest month first. Inside the transaction that tells the town."""
    newest = review.month_before(timezone.localdate(now))
    for unit in log_review.working_units():
        here = [one for one in actors.values() if one.authority_id == unit.authority_id]
        chiefs = [one for one in here if (one.role, one.unit_id) == (Role.SUPERVISOR, unit.pk)]
        reviewers = chiefs + [one for one in here if one.role == Role.AUDITOR]
        month = first_month(unit, newest)
        while month <= newest:
            when = datetime.combine(
                review.month_after(month) + timedelta(days=3), time(9, 30),
                tzinfo=timezone.get_default_timezone(),
            )  # fmt: skip
            go_through(unit, month, min(when, now), reviewers, rng, whole=month < newest)
            month = review.month_after(month)


def first_month(unit: Unit, newest: date) -> date:
    """Of the log; but of those that are shown."""
    with at_work_in(unit):
        first = Reading.objects.filter(unit_id=unit.pk).order_by("at").first()
    oldest = newest
    for _month in range(log_review.MONTHS - 1):
        oldest = review.month_before(oldest)
    return max(oldest, review.first_of(timezone.localdate(first.at if first else None)))


def go_through(
    unit: Unit, month: date, when: datetime, reviewers: list[Actor], rng: Random, *, whole: bool
) -> None:
    """Made, judged by whoever may, and signed off; the newest only begun."""
    with moment.at(when):
        made = log_review.make(unit, month)
        if not reviewers or not made.looks:
            return
        for by in reviewers if whole else reviewers[:1]:
            with acting_as(by):
                judge(made, by, rng, whole=whole)
        if whole:
            with acting_as(reviewers[0]):
                review.sign_off(made, "")


def judge(made: Review, by: Actor, rng: Random, *, whole: bool) -> None:
    """What nobody has judged yet and she may."""
    judged = review.newest_verdicts(made)
    open_ = [one for one in made.items.order_by("id") if one.pk not in judged]
    mine = [one for one in open_ if one.actor_id != by.user_id and is_seen(one)]
    mine.sort(key=lambda one: list(one.why) != [Why.SAMPLE])  # what the rules picked waits
    for item in mine if whole else mine[:BEGUN]:
        asks = rng.random() < 0.03
        finding = Verdict.Finding.INVESTIGATE if asks else Verdict.Finding.EXPLAINED
        review.judge(item, finding, ASKED if asks else rng.choice(NOTES))


def is_seen(item: ReviewItem) -> bool:
    return Reading.objects.filter(pk=item.reading_id).exists()
