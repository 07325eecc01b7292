"""Stories with an investigation: what the police look into, what is reported to social services."""

from datetime import date, timedelta
from typing import Any

from casework import ages
from casework.demo import words
from casework.demo.story import Beat, Story
from casework.models import Disclosure, PoliceInvestigation, SocialInvestigation
from casework.workflow.disclosure import digest
from casework.workflow.steps import begin, perform

LEADER = "ledare"


def begun(story: Story, days_ago: int) -> Beat:
    """Flag, priority and start."""
    yield from story.flagged(days_ago + 6)
    yield from story.prioritised(days_ago + 3, "B", until=40 - days_ago)
    yield from story.started(days_ago)


def crime(story: Story, days_ago: int, ends: str) -> Beat:
    """The police register a report; what follows goes by the age at the deed."""
    yield from begun(story, days_ago)
    deed = story.day(days_ago + 6)
    under_15 = ages.at_the_deed(story.youth.birth_date, deed, deed).under_15
    by = yield story.turn(story.worker, days_ago - 1)
    part = begin(
        PoliceInvestigation,
        "report",
        by,
        part_of={"case": story.case},
        kind="inquiry" if under_15 else "preliminary",
        number=f"5000-K{story.rng.randint(100_000, 999_999)}-{deed:%y}",
        offence=story.rng.choice(("NSL_RINGA", "NSL_NORMAL", "NSL_FORSALJNING")),
        deed_from=deed,
        deed_until=deed,
    )
    by = yield story.turn(LEADER, days_ago - 2)
    if under_15:
        part = perform(
            part, "begin_inquiry", by, ground="board_request", exceptional="",
            begun_on=story.today(),
        )  # fmt: skip
        yield from notified(story, part, "LUL34", days_ago - 2, ends)
        return
    part = perform(part, "open", by, opened_on=story.today())
    by = yield story.turn(LEADER, days_ago - 3)
    part = perform(part, "suspect", by, suspected_on=story.today())
    yield from notified(story, part, "LUL6", days_ago - 3, ends)
    if ends in ("served", "decided"):
        yield from served(story, part, days_ago - 5, ends)


def notified(story: Story, part: PoliceInvestigation, code: str, days_ago: int, ends: str) -> Beat:
    """The guardian is told; the notice to the board is sent, or waits as a draft."""
    if part.age_on(story.today()) >= ages.ADULT:
        return
    by = yield story.turn(story.worker, days_ago)
    part = perform(
        part, "notify_guardian", by, guardian_on=story.today(), guardian_how=words.GUARDIAN
    )
    if ends == "suspected":
        return
    by = yield story.turn(LEADER, days_ago - 1)
    drafts = Disclosure.objects.filter(part_id=part.pk, ground__code=code, state="draft")
    for draft in drafts:
        answers = {one: "later" if one == "mediation" else "yes" for one in draft.unanswered()}
        draft = perform(draft, "redraft", by, answers=draft.answers | answers)
        perform(draft, "send", by, shown=digest(draft.compose()))


def served(story: Story, part: PoliceInvestigation, days_ago: int, ends: str) -> Beat:
    """Served, with a statement asked for; perhaps all the way to the prosecutor's decision."""
    by = yield story.turn(LEADER, days_ago)
    part = fresh(part)
    child = part.age_on(story.today()) < ages.ADULT
    part = perform(part, "serve", by, served_on=story.today())
    if ends == "served":
        if child:
            due = story.today() + timedelta(days=max(days_ago, 0) + 5)
            perform(part, "request_statement", by, statement_due=due)
        return
    by = yield story.turn(story.worker, days_ago - 12)
    part = perform(part, "hand_over", by, handed_on=story.today())
    by = yield story.turn(story.worker, days_ago - 20)
    part = perform(part, "decide", by, decision="waiver", decided_on=story.today())
    by = yield story.turn(story.worker, days_ago - 21)
    perform(part, "close", by)


def fresh(part: PoliceInvestigation) -> PoliceInvestigation:
    return PoliceInvestigation.objects.get(pk=part.pk)


def report(story: Story, days_ago: int, ends: str) -> Beat:
    """A report to social services, and how far it has come."""
    yield from begun(story, days_ago + 5)
    by = yield story.turn(story.worker, days_ago)
    part = begin(
        SocialInvestigation,
        "receive",
        by,
        part_of={"case": story.case},
        received_at=story.latest - timedelta(minutes=40),
        report="worry",
        reporter=story.rng.choice(words.REPORTERS),
        wants_feedback=False,
    )
    if ends == "received":
        return
    by = yield story.turn(story.worker, days_ago)
    part = perform(part, "assess_protection", by, **assessed(story.today(), story))
    by = yield story.turn(story.worker, days_ago - 1)
    part = perform(part, "begin_assessment", by)
    if ends == "assessing":
        return
    by = yield story.turn(story.worker, days_ago - 9)
    if ends == "not_opened":
        perform(part, "not_open", by, words.NOT_OPENED, not_opened_on=story.today())
    else:
        perform(part, "open", by, opened_on=story.today())


def assessed(day: date, story: Story) -> dict[str, Any]:
    note = story.rng.choice(words.PROTECTION)
    return {"assessed_on": day, "needs_protection": False, "protection_note": note}
