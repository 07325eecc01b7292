"""The log review: which lines somebody other than their reader looks at once more.

Recurring checks are a duty in social services: lag (2001:454) om behandling av personuppgifter
inom socialtjänsten, 10 §. The law names no interval; a month is the house's own.

Rules that need to know more than the trail does are given by the room above (`add_rule`).
"""

import secrets
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from statistics import median
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import BinaryField, Count, Func, Min, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat, ExtractHour, TruncDate

from audit import stamp
from audit.filters import midnight
from audit.models import Reading
from audit.review_models import Review, ReviewItem, SignOff, Verdict, Why

OUTSIDE = "outside"  # a reading's purpose: the case is somebody else's
LOOKS = ("opened", "searched", "revealed", "exported", "printed")
THE_TRAIL_ITSELF = ("audit", "review", "access")  # where a search looked: no case is met there
NIGHT_FROM, NIGHT_TO = 22, 6  # o'clock in Sweden
SHARE, LEAST, MOST = 0.05, 10, 50  # of a month's lines, in the sample
MANY, TIMES_USUAL = 20, 3  # cases in one day: more than both this and so many times the usual
EACH = 10  # items that one person gets for one reason, at most
DUE_DAY = 15  # of the month after: later is late


@dataclass(frozen=True, slots=True)
class Hit:
    """A line that a rule found; `times` such lines stand behind it."""

    reading_id: int
    actor_id: Any
    why: str
    times: int = 1


Rule = Callable[[QuerySet[Reading], int], Iterable[Hit]]
_rules: list[Rule] = []


def add_rule(rule: Rule) -> Rule:
    """A rule of the room above; it is asked with the month's looks and the unit."""
    _rules.append(rule)
    return rule


# --- the month ----------------------------------------------------------------------------------


def first_of(day: date) -> date:
    return day.replace(day=1)


def month_before(day: date) -> date:
    """The first day of the month before the day's own."""
    return first_of(first_of(day) - timedelta(days=1))


def month_after(day: date) -> date:
    return first_of(first_of(day) + timedelta(days=31))


def bounds(month: date) -> tuple[datetime, datetime]:
    """When the month begins and ends in Sweden; its end is the next one's beginning."""
    return midnight(month), midnight(month_after(month))


def last_day_for(month: date) -> date:
    """The day by which the month's review is to be signed off."""
    return month_after(month).replace(day=DUE_DAY)


def looks(unit_id: int, month: date) -> QuerySet[Reading]:
    """What was read of cases in the unit during the month."""
    begins, ends = bounds(month)
    read = Reading.objects.filter(unit_id=unit_id, at__gte=begins, at__lt=ends, kind__in=LOOKS)
    of_cases = Q(detail__where__isnull=True) | ~Q(detail__where__in=THE_TRAIL_ITSELF)
    return read.filter(of_cases, actor_id__isnull=False)


# --- making it ----------------------------------------------------------------------------------


def make(unit_id: int, unit: str, authority_id: int, month: date, made_by: str = "") -> Review:
    """The unit's review of that month, also where nothing was read. Made once, whoever asks."""
    made = Review.objects.filter(unit_id=unit_id, month=month).first()
    if made:
        return made
    read = looks(unit_id, month)
    count = read.count()
    seed = secrets.token_hex(16)
    drawn = sample(read, seed, size(count))
    items, left_out = gather([*drawn, *hits(read, unit_id)])
    try:
        with transaction.atomic():
            made = Review.objects.create(
                unit_id=unit_id, unit=unit, authority_id=authority_id, month=month, seed=seed,
                looks=count, sampled=len(drawn), left_out=left_out, made_by=made_by,
            )  # fmt: skip
            for item in items:
                item.review, item.unit_id, item.authority_id = made, unit_id, authority_id
            ReviewItem.objects.bulk_create(items)
    except IntegrityError:  # somebody else made it in the same moment
        return Review.objects.get(unit_id=unit_id, month=month)
    return made


def size(lines: int) -> int:
    """How many of the month's lines are drawn."""
    return min(lines, MOST, max(LEAST, ceil(lines * SHARE)))


class Draw(Func):
    """A line's lot: sha256 of seed and id. Who knows the seed draws the same sample again."""

    template = "sha256(convert_to(%(expressions)s, 'UTF8'))"
    output_field: models.Field[Any, Any] = BinaryField()


def sample(read: QuerySet[Reading], seed: str, wanted: int) -> list[Hit]:
    lot = Draw(Concat(Value(f"{seed}:"), Cast("id", TextField()), output_field=TextField()))
    drawn = read.order_by(lot, "id").values_list("id", "actor_id")[:wanted]
    return [Hit(line, reader, Why.SAMPLE) for line, reader in drawn]


def hits(read: QuerySet[Reading], unit_id: int) -> list[Hit]:
    """What all rules find."""
    own: list[Rule] = [outside_caseload, at_night, unusually_many]
    return [hit for rule in (*own, *_rules) for hit in rule(read, unit_id)]


def grouped(read: QuerySet[Reading], why: str) -> list[Hit]:
    """One hit per reader and case: the first line, and how many there are."""
    found = read.order_by().values("actor_id", "about_id").annotate(n=Count("id"), first=Min("id"))
    return [Hit(one["first"], one["actor_id"], why, one["n"]) for one in found]


def outside_caseload(read: QuerySet[Reading], unit_id: int) -> list[Hit]:
    return grouped(read.filter(purpose=OUTSIDE), Why.OUTSIDE_CASELOAD)


def at_night(read: QuerySet[Reading], unit_id: int) -> list[Hit]:
    by_the_clock = read.annotate(hour=ExtractHour("at"))
    dark = Q(hour__gte=NIGHT_FROM) | Q(hour__lt=NIGHT_TO)
    return grouped(by_the_clock.filter(dark), Why.NIGHT)


def unusually_many(read: QuerySet[Reading], unit_id: int) -> list[Hit]:
    """Days on which one person met many more cases than is usual in the unit."""
    days = list(
        read.filter(about_id__isnull=False)
        .order_by()
        .values("actor_id", day=TruncDate("at"))
        .annotate(cases=Count("about_id", distinct=True), first=Min("id"))
    )
    if not days:
        return []
    limit = max(MANY, TIMES_USUAL * median(one["cases"] for one in days))
    return [
        Hit(one["first"], one["actor_id"], Why.UNUSUALLY_MANY, one["cases"])
        for one in days
        if one["cases"] > limit
    ]


def gather(found: Iterable[Hit]) -> tuple[list[ReviewItem], dict[str, int]]:
    """One item a line with all its reasons, and per reason how many hits were beyond the most."""
    by_line: dict[int, ReviewItem] = {}
    had: Counter[tuple[Any, str]] = Counter()
    left_out: dict[str, int] = defaultdict(int)
    for hit in sorted(found, key=lambda hit: (-hit.times, hit.reading_id)):
        had[hit.actor_id, hit.why] += 1
        if hit.why != Why.SAMPLE and had[hit.actor_id, hit.why] > EACH:
            left_out[hit.why] += 1
            continue
        item = by_line.setdefault(
            hit.reading_id, ReviewItem(reading_id=hit.reading_id, actor_id=hit.actor_id, why=[])
        )
        item.why = sorted({*item.why, str(hit.why)}, key=list(Why).index)
        item.times = max(item.times, hit.times)
    return [by_line[line] for line in sorted(by_line)], dict(left_out)


# --- judging ------------------------------------------------------------------------------------


def with_progress(reviews: QuerySet[Review]) -> QuerySet[Any]:
    """Each review with `lines` to judge, `judged` ones, and its sign-off."""
    return reviews.select_related("signoff").annotate(
        lines=Count("items", distinct=True), judged=Count("verdicts__item", distinct=True)
    )


def is_done(review: Review) -> bool:
    """Signed off, or nothing was read that month."""
    return review.looks == 0 or hasattr(review, "signoff")


def judge(item: ReviewItem, finding: str, note: str) -> Verdict:
    """Whoever acts judges somebody else's line. IntegrityError for her own, or once signed off."""
    return Verdict.objects.create(**hand_of(item), item=item, review_id=item.review_id,
                                  finding=finding, note=note)  # fmt: skip


def sign_off(review: Review, note: str) -> SignOff:
    """The review is done. IntegrityError while a line is unjudged, or when it is done already."""
    return SignOff.objects.create(**hand_of(review), review=review, note=note)


def hand_of(row: Review | ReviewItem) -> dict[str, Any]:
    """Whose review it is, and who acts on it now."""
    who = stamp.current()
    return {
        "unit_id": row.unit_id,
        "authority_id": row.authority_id,
        "by_id": who.actor_id,
        "by": who.actor,
        "role": who.role,
    }


def newest_verdicts(review: Review) -> dict[int, Verdict]:
    """What counts now: item → the last word about it."""
    return {one.item_id: one for one in review.verdicts.order_by("id")}
