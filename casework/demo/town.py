"""Plays half a year of the invented town, and a few older cases, through the engine in order."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from heapq import heapify, heappop, heappush
from random import Random

from django.db import transaction
from django.utils import timezone

from access.actor import actor_of
from access.models import User
from access.session import acting_as
from audit import trail
from audit.filters import midnight
from audit.models import Reading
from casework import identity
from casework.demo import reviews, words
from casework.demo.joint import JOINT_PLOTS, Joint
from casework.demo.over import long_over
from casework.demo.plots import PLOTS
from casework.demo.story import Beat, Stage, Story, Turn, World
from casework.flags import Youth
from casework.identity import PersonalNumber, age_on
from casework.models import Case, Place
from casework.workflow import moment

SEED = 2026
BIRTH_DAYS = (4, 5, 9, 10, 11, 16, 17, 18, 21, 23)
TEST_NUMBERS = ("238", "239")  # birth numbers that are never given to anybody
KNOWN_TO_BOTH = 3  # every third young person of the social services is known to the police too
MOST = 100  # stories of one unit
DAYS = 200  # no story but the oldest begins earlier
YEARS = (14, 14, 15, 15, 16, 16, 17, 17, 18, 18, 19, 20)  # old at the end of this year
Told = tuple[Story | Joint, Beat]
Progress = Callable[[float], None]  # told how many days are left

STAGES = (
    Stage(
        kind="police",
        municipality="Sjölanda",
        column=1,
        flaggers=("omradespolis", "omradespolis", "utredare", "utredare2"),
        workers=("utredare", "utredare2", "utredare"),
        helpers=("omradespolis", "utredare"),
        chief="polischef",
    ),
    Stage(
        kind="social",
        municipality="Sjölanda",
        column=2,
        flaggers=("faltassistent", "faltassistent", "socialsekreterare", "socialsekreterare2"),
        workers=("socialsekreterare", "socialsekreterare2", "socialsekreterare"),
        helpers=("faltassistent", "socialsekreterare", "socialsekreterare2"),
        chief="socialchef",
    ),
    Stage(
        kind="police",
        municipality="Grannvik",
        column=3,
        flaggers=("utredare.granne",),
        workers=("utredare.granne",),
        helpers=("utredare.granne",),
    ),
    Stage(
        kind="social",
        municipality="Grannvik",
        column=3,
        flaggers=("socialsekreterare.granne",),
        workers=("socialsekreterare.granne",),
        helpers=("socialsekreterare.granne",),
    ),
)


def is_empty() -> bool:
    """Whether nobody of the cast sees any case."""
    with transaction.atomic():
        for user in User.objects.all():
            with acting_as(actor_of(user)):
                if Case.objects.exists():
                    return False
    return True


@transaction.atomic
def play(progress: Progress, scale: float = 1.0) -> int:
    """All of it or none of it; returns how many cases. A scale below 1 tells fewer stories."""
    rng = Random(SEED)  # noqa: S311 - the same town every time; nothing secret
    places: dict[str, list[Place]] = {}
    for place in Place.objects.filter(active=True):
        places.setdefault(place.municipality, []).append(place)
    actors = {user.username: actor for user in User.objects.all() if (actor := actor_of(user))}
    world = World(timezone.now(), actors, places)
    told = [*stories(world, scale, rng), *long_over(world, STAGES[:2], Random(SEED))]  # noqa: S311
    Performance(world, progress).run(told)
    reviews.hold(world.now, actors, rng)
    return len(told)


def stories(world: World, scale: float, rng: Random) -> Iterator[Told]:
    """Every unit's stories, not begun yet."""
    young = list(youths(rng, timezone.localdate(world.now), MOST * len(STAGES)))
    for number, stage in enumerate(STAGES):
        own = young[number * MOST : (number + 1) * MOST]
        if stage.kind == "social":  # the police of the same municipality stand just before
            own[::KNOWN_TO_BOTH] = young[(number - 1) * MOST : number * MOST : KNOWN_TO_BOTH]
        plots = [plot for plot, *times in PLOTS for _ in range(times[stage.column - 1])]
        chosen = {int(one / scale) for one in range(round(len(plots) * scale))}
        for one, (plot, youth) in enumerate(zip(plots, own, strict=False)):
            if one in chosen:
                story = Story(world, stage, youth, one, Random(rng.random()))  # noqa: S311
                yield story, plot(story)
    yield from joint_stories(world, young[MOST - 1 :: -1], rng)


def joint_stories(world: World, young: list[Youth], rng: Random) -> Iterator[Told]:
    """What the two sides in Sjölanda have together, about young people of 15 to 17."""
    today = timezone.localdate(world.now)
    fit = (one for one in young if one.number and 15 <= age_on(one.birth_date, today) - 1 < 17)
    for number, (plot, youth) in enumerate(zip(JOINT_PLOTS, fit, strict=False)):
        sides = [Story(world, stage, youth, number, Random(rng.random())) for stage in STAGES[:2]]  # noqa: S311
        joint = Joint(sides[0], sides[1], number)
        yield joint, plot(joint)


def youths(rng: Random, today: date, how_many: int) -> Iterator[Youth]:
    """Young people who don't exist, 13 to 20 years old. One in five left no personal number."""
    names = [
        (given, first + last)
        for given in words.GIVEN
        for first in words.FAMILY_FIRST
        for last in words.FAMILY_LAST
    ]
    taken = {""}
    for given, family in rng.sample(names, how_many):
        born, nine = today, ""
        while nine in taken:
            born = date(today.year - rng.choice(YEARS), rng.randint(1, 12), rng.choice(BIRTH_DAYS))
            nine = f"{born:%y%m%d}{rng.choice(TEST_NUMBERS)}"
        taken.add(nine)
        twelve = f"{born:%Y%m%d}{nine[6:]}{identity.check_digit(nine)}"
        number = PersonalNumber(twelve, born) if rng.random() < 0.8 else None
        yield Youth(given, family, born, number)


class Performance:
    """Gives every turn to its actor, at its moment: the clock, the database and the stamp."""

    def __init__(self, world: World, progress: Progress) -> None:
        self.world, self.progress = world, progress
        self.logged_in: set[tuple[str, date]] = set()

    def run(self, told: list[Told]) -> None:
        """All stories side by side, so that the trail's lines stand in the order of time."""
        waiting = [(next(beat), number) for number, (_, beat) in enumerate(told)]
        heapify(waiting)
        while waiting:
            turn, number = heappop(waiting)
            upcoming = self.act(turn, *told[number])
            if upcoming:
                heappush(waiting, (upcoming, number))
        self.remember_logins()

    def act(self, turn: Turn, story: Story | Joint, beat: Beat) -> Turn | None:
        """One turn; returns the story's next one."""
        actor = self.world.actors[turn.who]
        story.latest = turn.at
        self.progress((self.world.now - turn.at).total_seconds() / 86_400)
        with acting_as(actor), moment.at(turn.at):
            self.log_in(turn)
            try:
                return beat.send(actor)
            except StopIteration:
                return None

    def log_in(self, turn: Turn) -> None:
        """Everybody's first turn of a day begins with it."""
        first = (turn.who, timezone.localdate(turn.at))
        if first not in self.logged_in:
            self.logged_in.add(first)
            trail.reading(Reading.Kind.LOGGED_IN)

    def remember_logins(self) -> None:
        """The accounts say when their people last logged in, as the trail does."""
        last = dict(sorted(self.logged_in, key=lambda one: one[1]))
        for who, day in last.items():
            actor = self.world.actors[who]
            user = User.objects.get(pk=actor.user_id)
            user.last_login = min(midnight(day) + timedelta(hours=8), self.world.now)
            with acting_as(actor):
                user.save(update_fields=["last_login"])
