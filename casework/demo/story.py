"""One case's story, told in beats. Each beat says when and who, waits for its turn, and acts.

A beat is a generator: it yields a Turn, is sent the actor when that moment comes (town.py sets
clock, database and stamp), and then takes real steps through the engine.
"""

from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import heapify, heappop, heappush
from random import Random
from typing import Any

from django.utils import timezone

from access.actor import Actor
from audit import review, trail
from audit.models import Reading
from audit.review import OUTSIDE
from casework import clocks, identity
from casework.demo import words
from casework.exceptions import name_substitute
from casework.flags import Seen, Youth, flag
from casework.models import Case, Intervention, Place
from casework.priority import criteria_for
from casework.workflow.steps import begin, perform

EVENING = frozenset({"omradespolis", "faltassistent"})  # they write down what they see at once
KINDS = {
    "police": {"use": 4, "possession": 4, "transfer": 2, "sale": 2, "risk_setting": 3, "other": 1},
    "social": {"use": 4, "possession": 1, "transfer": 1, "sale": 1, "risk_setting": 4, "other": 3},
}
SOURCES = {
    "police": ("own", "patrol", "patrol", "tip", "report"),
    "social": ("own", "school", "school", "report", "tip"),
}
MANY_CASES = 24  # of a unit, in one morning
SUSPICIOUS = frozenset({"possession", "transfer", "sale"})


@dataclass(frozen=True, slots=True, order=True)
class Turn:
    """At that moment it's that person's turn (a username)."""

    at: datetime
    who: str


Beat = Generator[Turn, Actor, None]


@dataclass(frozen=True, slots=True)
class Stage:
    """A unit's people, by username, as its stories need them."""

    kind: str
    municipality: str
    column: int  # which of PLOTS' numbers is this unit's
    flaggers: tuple[str, ...]
    workers: tuple[str, ...]
    helpers: tuple[str, ...]  # who runs interventions
    chief: str = ""


@dataclass(frozen=True, slots=True)
class World:
    """The moment that the stories lead up to, who acts in them, and where."""

    now: datetime
    actors: dict[str, Actor]
    places: dict[str, list[Place]]  # by municipality


class Story:
    """The beats. `number` picks the people, so that everybody gets something to do."""

    case: Case

    def __init__(self, world: World, stage: Stage, youth: Youth, number: int, rng: Random) -> None:
        self.world, self.stage, self.youth, self.rng = world, stage, youth, rng
        self.worker = stage.workers[number % len(stage.workers)]
        self.colleague = stage.workers[(number + 1) % len(stage.workers)]
        self.helper = stage.helpers[number % len(stage.helpers)]
        self.latest = world.now - timedelta(days=365)
        self.times_seen = 0

    # --- when -----------------------------------------------------------------------------------

    def day(self, days_ago: int) -> date:
        return timezone.localdate(self.world.now) - timedelta(days=days_ago)

    def today(self) -> date:
        """The day of the turn that is being taken, which may be the working day before."""
        return timezone.localdate(self.latest)

    def turn(self, who: str, days_ago: int) -> Turn:
        """That many days ago in office hours; today (0) is some hours or minutes ago."""
        if days_ago <= 0:
            return self.at(who, self.world.now - timedelta(minutes=self.rng.randint(15, 180)))
        day, waited = self.day(days_ago), 0
        while not clocks.is_working_day(day):  # a free day's work was done the working day before
            day, waited = day - timedelta(days=1), waited + 1
        opens = datetime.combine(day, time(8), tzinfo=timezone.get_default_timezone())
        seconds = 6000 * waited + self.rng.randint(0, 5400)
        return self.at(who, opens + timedelta(seconds=seconds))

    def at(self, who: str, moment: datetime) -> Turn:
        """Never before what has happened already, never after now."""
        return Turn(min(max(moment, self.latest + timedelta(minutes=6)), self.world.now), who)

    # --- flags and priorities -------------------------------------------------------------------

    def flagged(self, days_ago: int, who: str = "") -> Beat:
        """Somebody sees something and flags it: a new case the first time, then an observation."""
        who = who or self.rng.choice(self.stage.flaggers)
        turn = self.turn(who, days_ago)
        if who in EVENING and days_ago > 0:
            turn = self.at(who, turn.at.replace(hour=self.rng.randint(18, 21)))
        by = yield turn
        kinds = KINDS[self.stage.kind]
        kind = self.rng.choices(list(kinds), list(kinds.values()))[0]
        seen = Seen(
            place=self.rng.choice(self.world.places[self.stage.municipality]),
            seen_at=turn.at - timedelta(minutes=self.rng.randint(10, 90)),
            kind=kind,
            source=self.rng.choice(SOURCES[self.stage.kind]),
            suspicion=self.stage.kind == "police" and kind in SUSPICIOUS,
            text=self.rng.choice(words.SEEN[kind]),
        )
        self.times_seen += 1
        self.case = flag(by, self.youth, seen).case

    def prioritised(self, days_ago: int, level: str, until: int, reason: str = "") -> Beat:
        """`until`: how many days from now the priority ends; below 0 it has expired."""
        by = yield self.turn(self.worker, days_ago)
        self._step(
            by,
            "prioritise",
            reason or self.rng.choice(words.PRIORITISE[level]),
            level=level,
            criteria=self.criteria(level),
            valid_until=self.day(-until),
        )

    def criteria(self, level: str) -> list[dict[str, str]]:
        """One to three criteria that this youth's case can meet, with a fact each."""
        age = self.youth_age()
        unmet = set() if self.times_seen > 1 else {"repeated"}
        unmet |= set() if age < 15 else {"under_15"}
        can = [one.code for one in criteria_for(self.stage.kind) if one.code not in unmet]
        must = {"police": "perishable_evidence", "social": "acute_health"}[self.stage.kind]
        if level == "A":
            can.remove(must)
        chosen = self.rng.sample(can, self.rng.randint(1, 2 if level == "A" else 3))
        codes = [must, *chosen] if level == "A" else chosen
        return [{"code": code, "fact": self.fact(code)} for code in codes]

    def fact(self, code: str) -> str:
        if code == "under_15":
            return f"{self.youth_age()} år vid tillfället."
        return self.rng.choice(words.FACTS[code])

    def youth_age(self) -> int:
        return identity.age_on(self.youth.birth_date, self.today())

    def confirmed(self, days_ago: int) -> Beat:
        by = yield self.turn(self.stage.chief, days_ago)
        self._step(by, "confirm")

    def lowered(self, days_ago: int) -> Beat:
        by = yield self.turn(self.stage.chief, days_ago)
        self._step(by, "lower", self.rng.choice(words.LOWER))

    def set_aside(self, days_ago: int, why: str) -> Beat:
        by = yield self.turn(self.stage.chief, days_ago)
        self._step(by, "set_aside", words.ASIDE[why], why=why)

    # --- the work -------------------------------------------------------------------------------

    def started(self, days_ago: int) -> Beat:
        """The handler takes it, or the chief assigns it."""
        assigns = self.stage.chief and self.rng.random() < 0.3
        by = yield self.turn(self.stage.chief if assigns else self.worker, days_ago)
        self._step(by, "start", handler=self.world.actors[self.worker])

    def handed_over(self, days_ago: int) -> Beat:
        by = yield self.turn(self.worker, days_ago)
        self.worker, self.colleague = self.colleague, self.worker
        reason = self.rng.choice(words.HAND_OVER)
        self._step(by, "hand_over", reason, handler=self.world.actors[self.worker])

    def follow_up(self, days_ago: int, look: int) -> Beat:
        """`look`: how many days from now the next look is due; below 0 it is late."""
        by = yield self.turn(self.worker, days_ago)
        self._step(by, "begin_follow_up", next_look=self.day(-look))

    def closed(self, days_ago: int, outcome: str) -> Beat:
        by = yield self.turn(self.stage.chief, days_ago)
        self._step(by, "close", words.CLOSE[outcome], outcome=outcome)

    def reopened(self, days_ago: int) -> Beat:
        by = yield self.turn(self.stage.chief, days_ago)
        self._step(by, "reopen", self.rng.choice(words.REOPEN))

    def held(self, days_ago: int) -> Beat:
        """Closed, and kept from destruction."""
        by = yield self.turn(self.stage.chief, days_ago)
        self._step(by, "hold", words.HOLD, until=None)

    def restricted(self, ground: str, protected: str = "") -> Beat:
        """From today only its handler and the chief see it; exceptions begin when they are made."""
        chief = self.world.actors[self.stage.chief]
        by = yield self.turn(self.stage.chief, 0)
        self._step(
            by,
            "restrict",
            words.RESTRICT[ground],
            ground=ground,
            protected=protected,
            people=[self.world.actors[self.worker], chief],
            until=self.world.now + timedelta(days=90),
        )

    def substituted(self, days: int) -> Beat:
        """A colleague stands in for the worker from today, restricted cases included."""
        by = yield self.turn(self.stage.chief, 0)
        absent, stands_in = (self.world.actors[who] for who in (self.worker, self.colleague))
        name_substitute(
            by, absent, stands_in, words.SUBSTITUTE, self.world.now,
            self.world.now + timedelta(days=days),
        )  # fmt: skip

    def looked_at(self, days_ago: int, who: str, reveal: bool = False) -> Beat:
        by = yield self.turn(who, days_ago)
        self._open(by)
        if reveal and self.youth.number:
            about_id, about = self.case.about()
            trail.reading(
                Reading.Kind.REVEALED, about_id=about_id, about=about, purpose=words.REVEAL
            )

    def late_at_night(self) -> Beat:
        """Last month a colleague opened it at a quarter to midnight: the log review asks why."""
        by = yield self.last_month(self.colleague, 12, time(23, 44))
        self._open(by, purpose=OUTSIDE)

    def leafed_through(self) -> Beat:
        """Last month a helper opened case after case one morning: more than is usual in a day."""
        yield self.last_month(self.helper, 14, time(8, 20))
        for case in Case.objects.order_by("-opened_at")[:MANY_CASES]:
            about_id, about = case.about()
            trail.reading(Reading.Kind.OPENED, about_id=about_id, about=about)

    def last_month(self, who: str, day: int, at: time) -> Turn:
        month = review.month_before(timezone.localdate(self.world.now))
        when = datetime.combine(month.replace(day=day), at, timezone.get_default_timezone())
        return self.at(who, when)

    # --- interventions --------------------------------------------------------------------------

    def support(self, days_ago: int, ends: str, last: int = 1, plan: int = -1) -> Beat:
        """An intervention proposed then, that reaches the state `ends` by `last` days ago."""
        title, goal = (words.PLANS[self.stage.kind] * 2)[
            plan if plan >= 0 else self.rng.randrange(len(words.PLANS[self.stage.kind]))
        ]
        by = yield self.turn(self.worker, days_ago)
        running = begin(
            Intervention,
            "propose",
            by,
            part_of={"case": self.case},
            handler=self.world.actors[self.helper],
            title=title,
            goal=goal,
            planned_from=self.day(days_ago - 5),
            planned_until=self.day(days_ago - 45),
        )
        if ends == "declined":
            by = yield self.turn(self.worker, last)
            perform(running, "decline", by, self.rng.choice(words.DECLINE))
        elif ends != "proposed":
            yield from self._agreed(running, days_ago, ends, last)

    def _agreed(self, running: Intervention, days_ago: int, ends: str, last: int) -> Beat:
        consented = max(last, days_ago - 3)
        by = yield self.turn(self.worker, consented)
        running = perform(
            running,
            "agree",
            by,
            consent_by="both" if self.youth_age() < 18 else "young_person",
            consent_on=self.today(),
            consent_note=self.rng.choice(words.CONSENT),
        )
        if ends != "agreed":
            yield from self._ongoing(running, days_ago, ends, last)

    def _ongoing(self, running: Intervention, days_ago: int, ends: str, last: int) -> Beat:
        begun = max(last, days_ago - 6)
        by = yield self.turn(self.helper, begun)
        running = perform(running, "start", by, started_on=self.today())
        texts = self.rng.sample(words.NOTES, 4)
        for noted in range(begun - 6, last, -self.rng.randint(6, 11)):
            if texts:
                by = yield self.turn(self.helper, noted)
                running = perform(running, "add_note", by, text=texts.pop())
        if ends == "cancelled":
            by = yield self.turn(self.helper, last)
            perform(running, "cancel", by, self.rng.choice(words.CANCEL), ended_on=self.today())
        elif ends != "ongoing":
            by = yield self.turn(self.helper, last)
            perform(
                running, "complete", by, words.COMPLETE[ends], result=ends,
                ended_on=self.today(),
            )  # fmt: skip

    # --- how a step is taken --------------------------------------------------------------------

    def _step(self, by: Actor, name: str, reason: str = "", **facts: Any) -> None:
        self._open(by)
        self.case = perform(self.case, name, by, reason, **facts)

    def _open(self, by: Actor, purpose: str = "") -> None:
        about_id, about = self.case.about()
        trail.reading(Reading.Kind.OPENED, about_id=about_id, about=about, purpose=purpose)


def together(*beats: Beat) -> Beat:
    """Several beats side by side, in the order of their moments."""
    waiting = [(next(beat), number) for number, beat in enumerate(beats)]
    heapify(waiting)
    while waiting:
        turn, number = heappop(waiting)
        by = yield turn
        with suppress(StopIteration):
            heappush(waiting, (beats[number].send(by), number))
