"""Cases that ended long ago, whose time to be destroyed has come: on both sides of Sjölanda.

One list is approved today and runs as soon as the town is told; what nobody has proposed yet
waits for a supervisor to look for it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from django.utils import timezone

from access.session import acting_as
from casework.demo.plots import begun
from casework.demo.story import Beat, Stage, Story, World
from casework.destruction import proposals
from casework.flags import Youth
from casework.models import DestructionItem
from casework.workflow.destruction import WhyStruck
from casework.workflow.steps import perform

PROPOSED, FIRST_REVIEW = 12, 10  # days ago
OFFICERS = {"police": "dataskydd.polis", "social": "dataskydd.social"}
# How long ago a case is closed that may just be destroyed: by the rules for those without an
# investigation, a year less the month that two reviewers have, and five years.
DUE = {"police": 365 - 31, "social": 5 * 365 + 2}
AGED = {"police": 17, "social": 16}  # when it happened
ON_THE_LIST = (20, 22, 25, 40)  # days more than that: due when the list was made
SINCE_THEN = (2, 4, 7)  # due only after it
NAMES = (
    ("Tyra", "Almgrip"), ("Loke", "Björkhage"), ("Siv", "Dalvik"), ("Ture", "Ekholt"),
    ("Märta", "Fjällros"), ("Ivar", "Grenfors"), ("Disa", "Hägerskog"),
)  # fmt: skip


def long_over(world: World, stages: tuple[Stage, ...], rng: Random) -> Iterator[tuple[Story, Beat]]:
    """Every story; one of each side ends with the list."""
    for stage in stages:
        for number, more in enumerate((*ON_THE_LIST, *SINCE_THEN)):
            days_ago = DUE[stage.kind] + more
            youth = youth_of(world, stage, number, days_ago)
            story = Story(world, stage, youth, number, Random(rng.random()))  # noqa: S311
            story.latest = world.now - timedelta(days=days_ago + 400)
            yield story, over(story, days_ago, listed=number == 0)


def youth_of(world: World, stage: Stage, number: int, days_ago: int) -> Youth:
    year = (timezone.localdate(world.now) - timedelta(days=days_ago)).year
    given, family = NAMES[number]
    return Youth(given, family, date(year - AGED[stage.kind], 1 + number, 4 + number), None)


def over(story: Story, days_ago: int, *, listed: bool) -> Beat:
    """A short life; some had support."""
    yield from begun(story, days_ago + 80, "C")
    if story.rng.random() < 0.6:
        yield from story.support(days_ago + 75, "goal_reached", last=days_ago + 20)
    yield from story.closed(days_ago, "no_further_need")
    if listed:
        yield from the_list(story)


def the_list(story: Story) -> Beat:
    """Proposed, the oldest case struck, reviewed by two; then the chief keeps the newest."""
    chief, officer = story.stage.chief, OFFICERS[story.stage.kind]
    by = yield story.turn(chief, PROPOSED)
    found = proposals.propose(by)
    oldest = DestructionItem.objects.filter(destruction=found).earliest("earliest")
    by = yield story.turn(chief, FIRST_REVIEW)
    found = perform(found, "strike", by, item=oldest.pk, why=WhyStruck.UNSURE)
    found = perform(found, "review", by)
    by = yield story.turn(officer, 0)
    there = replace(by, unit_id=found.unit_id, unit=found.unit.name)
    with acting_as(there):
        perform(found, "approve", there)
    yield from story.held(0)
