"""What happens in the invented town: every kind of story, how often, told with Story's beats.

Numbers of days are counted back from now (`until` and `look` forward), so the town is always fresh.
"""

from collections.abc import Callable
from functools import partial

from casework.demo import words
from casework.demo.investigations import crime, report
from casework.demo.story import Beat, Story, together

Plot = Callable[[Story], Beat]


# --- flagged and prioritised ------------------------------------------------------------------


def new(story: Story) -> Beat:
    yield from story.flagged(0)


def waiting(story: Story) -> Beat:
    yield from story.flagged(story.rng.randint(2, 19))


def seen_often(story: Story) -> Beat:
    first = story.rng.randint(14, 30)
    for days_ago in (first, first - 5, story.rng.randint(1, 6)):
        yield from story.flagged(days_ago)


def acute(story: Story) -> Beat:
    yield from story.flagged(1)
    yield from story.prioritised(0, "A", until=14)


def acute_late(story: Story) -> Beat:
    yield from story.flagged(4)
    yield from story.prioritised(2, "A", until=12)


def high(story: Story) -> Beat:
    yield from story.flagged(story.rng.randint(4, 9))
    yield from story.prioritised(1, "B", until=30)


def high_confirmed(story: Story) -> Beat:
    yield from story.flagged(7)
    yield from story.prioritised(1, "B", until=28)
    yield from story.confirmed(0)


def high_late(story: Story) -> Beat:
    yield from story.flagged(12)
    yield from story.prioritised(9, "B", until=story.rng.randint(15, 25))


def high_late_confirmed(story: Story) -> Beat:
    yield from story.flagged(16)
    yield from story.prioritised(13, "B", until=20)
    yield from story.confirmed(11)


def normal(story: Story) -> Beat:
    days_ago = story.rng.randint(3, 20)
    yield from story.flagged(days_ago + 4)
    yield from story.prioritised(days_ago, "C", until=story.rng.randint(14, 60))


def watched(story: Story) -> Beat:
    days_ago = story.rng.randint(5, 30)
    yield from story.flagged(days_ago + 6)
    yield from story.prioritised(days_ago, "D", until=story.rng.randint(20, 59))


def due(story: Story, days: int) -> Beat:
    yield from story.flagged(34)
    yield from story.prioritised(30, story.rng.choice("CD"), until=days)


def expired(story: Story) -> Beat:
    yield from story.flagged(48)
    yield from story.flagged(45)
    yield from story.prioritised(40, story.rng.choice("CD"), until=-story.rng.randint(1, 12))


def renewed(story: Story) -> Beat:
    yield from story.flagged(61)
    yield from story.prioritised(58, "D", until=-10)
    yield from story.flagged(14)
    yield from story.prioritised(11, "C", until=40, reason=story.rng.choice(words.RENEW))


def raised(story: Story) -> Beat:
    yield from story.flagged(25)
    yield from story.prioritised(22, "C", until=30)
    yield from story.flagged(2)
    yield from story.prioritised(1, "B", until=21, reason=words.RAISE)


def lowered(story: Story) -> Beat:
    yield from story.flagged(40)
    yield from story.prioritised(37, "D", until=5)
    yield from story.lowered(9)


def set_aside(story: Story, why: str) -> Beat:
    days_ago = story.rng.randint(4, 70)
    yield from story.flagged(days_ago + 8)
    if story.rng.random() < 0.4:
        yield from story.prioritised(days_ago + 4, "D", until=20 - days_ago)
    yield from story.set_aside(days_ago, why)


# --- in progress ------------------------------------------------------------------------------


def begun(story: Story, days_ago: int, level: str = "B") -> Beat:
    """Flag, priority and start: what every case in progress has behind it."""
    yield from story.flagged(days_ago + 7)
    if story.rng.random() < 0.4:
        yield from story.flagged(days_ago + 5)
    yield from story.prioritised(days_ago + 3, level, until=40 - days_ago)
    if story.stage.chief and level in "AB":
        yield from story.confirmed(days_ago + 1)
    yield from story.started(days_ago)


def working(story: Story) -> Beat:
    yield from begun(story, story.rng.randint(1, 9), story.rng.choice("BBC"))
    yield from story.looked_at(0, story.worker)


def working_with(story: Story, ends: str) -> Beat:
    """In progress, with one intervention in that state."""
    days_ago = {"proposed": 8, "agreed": 12}.get(ends, 38)
    yield from begun(story, days_ago, "B")
    last = 0 if ends == "ongoing" else 3
    yield from story.support(days_ago - 2, ends, last)


def working_hard(story: Story) -> Beat:
    """In progress, with several interventions at once."""
    yield from begun(story, 55, "A")
    yield from together(
        story.support(52, "goal_reached", last=10, plan=0),
        story.support(45, "ongoing", last=1, plan=1),
        story.support(20, "declined", last=12, plan=2),
    )
    yield from story.support(5, "proposed", plan=3)
    yield from story.looked_at(0, story.worker, reveal=True)


def handed_over(story: Story) -> Beat:
    yield from begun(story, 44, "C")
    yield from story.support(40, "ongoing", last=20)
    yield from story.handed_over(13)
    yield from story.looked_at(1, story.worker)


# --- follow-up and the end ----------------------------------------------------------------------


def followed_up(story: Story, look: int) -> Beat:
    yield from begun(story, 80, "B")
    yield from story.support(76, story.rng.choice(("goal_reached", "partly")), last=40)
    yield from story.follow_up(30, look)


def noticed(story: Story) -> Beat:
    """Followed up, and late; last month two colleagues looked so that the log review asks why."""
    looks = (story.late_at_night(), story.leafed_through())
    yield from together(followed_up(story, look=-3), *looks)


def ended(story: Story, outcome: str) -> Beat:
    """A whole life: interventions, follow-up, closed."""
    days_ago = story.rng.randint(2, 50)
    yield from begun(story, days_ago + 90, story.rng.choice("ABC"))
    ends = {"support_given": "goal_reached", "no_contact": "cancelled"}.get(outcome, "partly")
    if outcome not in ("crime_handled", "nothing_found"):
        yield from story.support(days_ago + 85, ends, last=days_ago + 40)
        yield from story.follow_up(days_ago + 30, look=-days_ago - 2)
    yield from story.closed(days_ago, outcome)


def reopened(story: Story) -> Beat:
    yield from begun(story, 120, "C")
    yield from story.closed(70, "no_further_need")
    yield from story.reopened(6)
    yield from story.flagged(2)


def back_again(story: Story) -> Beat:
    """Set aside, reopened and now in progress."""
    yield from story.flagged(90)
    yield from story.set_aside(82, "no_ground")
    yield from story.reopened(30)
    yield from story.flagged(29)
    yield from story.prioritised(27, "B", until=20)
    yield from story.confirmed(26)
    yield from story.started(24)


# --- exceptions ---------------------------------------------------------------------------------


def relative(story: Story) -> Beat:
    """Only its handler and the chief see it: the young person is related to somebody who works."""
    yield from begun(story, 12, "C")
    yield from story.restricted("relative_of_staff")
    yield from story.looked_at(0, story.worker)


def protected(story: Story) -> Beat:
    """Protected identity, and a substitute who is let in with the rest of what she takes over."""
    if story.worker == story.stage.workers[0]:  # whom visitors log in as: she is at work
        story.worker, story.colleague = story.colleague, story.worker
    yield from begun(story, 16, "B")
    yield from story.support(12, "ongoing", last=4)
    yield from story.restricted("protected_identity", "marked")
    yield from story.substituted(14)


# A plot, and how many of it the police, the social services and each neighbour have.
PLOTS: tuple[tuple[Plot, int, int, int], ...] = (
    (new, 3, 3, 1),
    (waiting, 4, 3, 1),
    (seen_often, 2, 1, 1),
    (acute, 2, 2, 0),
    (acute_late, 1, 1, 0),
    (high, 3, 2, 1),
    (high_confirmed, 1, 1, 0),
    (high_late, 2, 1, 0),
    (high_late_confirmed, 1, 1, 0),
    (normal, 3, 2, 1),
    (watched, 2, 1, 0),
    (partial(due, days=0), 1, 1, 0),
    (partial(due, days=2), 1, 1, 0),
    (partial(due, days=5), 1, 0, 0),
    (expired, 2, 2, 1),
    (renewed, 1, 1, 0),
    (raised, 1, 0, 0),
    (lowered, 1, 1, 0),
    (partial(set_aside, why="out_of_scope"), 1, 1, 0),
    (partial(set_aside, why="no_ground"), 1, 1, 0),
    (partial(set_aside, why="duplicate"), 0, 1, 0),
    (partial(set_aside, why="other_unit"), 1, 0, 0),
    (working, 3, 2, 1),
    (partial(working_with, ends="proposed"), 1, 3, 0),
    (partial(working_with, ends="agreed"), 1, 2, 1),
    (partial(working_with, ends="ongoing"), 2, 4, 1),
    (partial(working_with, ends="cancelled"), 0, 1, 0),
    (partial(working_with, ends="declined"), 1, 1, 0),
    (working_hard, 0, 3, 0),
    (handed_over, 1, 1, 0),
    (noticed, 1, 1, 0),
    (partial(followed_up, look=0), 1, 1, 1),
    (partial(followed_up, look=4), 1, 1, 0),
    (partial(followed_up, look=25), 1, 0, 0),
    (partial(ended, outcome="support_given"), 0, 2, 0),
    (partial(ended, outcome="handed_to_other"), 1, 1, 0),
    (partial(ended, outcome="no_further_need"), 1, 1, 0),
    (partial(ended, outcome="no_contact"), 0, 1, 0),
    (partial(ended, outcome="crime_handled"), 2, 0, 0),
    (partial(ended, outcome="nothing_found"), 1, 0, 0),
    (reopened, 1, 1, 0),
    (back_again, 1, 1, 0),
    (partial(crime, days_ago=4, ends="suspected"), 2, 0, 0),
    (partial(crime, days_ago=24, ends="served"), 2, 0, 0),
    (partial(crime, days_ago=50, ends="decided"), 3, 0, 0),
    (partial(report, days_ago=0, ends="received"), 0, 1, 0),
    (partial(report, days_ago=10, ends="assessing"), 0, 2, 0),
    (partial(report, days_ago=40, ends="opened"), 0, 2, 0),
    (partial(report, days_ago=30, ends="not_opened"), 0, 1, 0),
    (relative, 1, 0, 0),
    (protected, 0, 1, 0),
)
