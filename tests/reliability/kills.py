"""kill -9 under load: is a step that was acknowledged still there, and no step half there?"""

import random
import statistics
import threading
import time
from collections import Counter
from typing import Any
from uuid import uuid4

from tests.reliability.browser import Browser
from tests.reliability.stage import Stage
from tests.reliability.work import flag, observation, whole

VICTIMS = ("web", "postgres", "worker")
CLERKS = ("utredare", "utredare2", "socialsekreterare", "omradespolis")


class Clerk(threading.Thread):
    """Writes observation after observation in a case of its own; notes what was acknowledged."""

    def __init__(self, browser: Browser, case: str) -> None:
        super().__init__(daemon=True)
        self.browser, self.case = browser, case
        self.sent: list[str] = []
        self.acknowledged: list[str] = []
        self.others: Counter[int] = Counter()
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.is_set():
            mark = uuid4().hex
            self.sent.append(mark)
            answer = self.browser.post(f"{self.case}steps/add_observation/", observation(mark))
            if (answer.status, answer.location) == (302, self.case):
                self.acknowledged.append(mark)
            else:
                self.others[answer.status] += 1
                time.sleep(0.02)


def run(stage: Stage, cycles: int = 60, seed: int = 1) -> dict[str, Any]:
    """`cycles` times: work for a moment, kill one part, bring it back. Then count."""
    dice = random.Random(seed)  # noqa: S311 - repeatable, not secret
    clerks = []
    for username in CLERKS:
        browser = stage.browser(username)
        clerks.append(Clerk(browser, flag(browser)))
    for clerk in clerks:
        clerk.start()
    back = []
    for number in range(cycles):
        time.sleep(dice.uniform(0.2, 0.8))
        stage.kill(VICTIMS[number % len(VICTIMS)])
        began = time.monotonic()
        stage.start()
        back.append(time.monotonic() - began)
    time.sleep(0.5)
    for clerk in clerks:
        clerk.over.set()
    for clerk in clerks:
        clerk.join(60)
    kept = kept_marks(stage)
    said = {mark for clerk in clerks for mark in clerk.acknowledged}
    return {
        "kills": cycles,
        "sent": sum(len(clerk.sent) for clerk in clerks),
        "acknowledged": len(said),
        "lost": len(said - kept),
        "seconds until it answers again, median": round(statistics.median(back), 1),
        "other answers": dict(sum((clerk.others for clerk in clerks), Counter())),
        "broken lines": whole(stage),
    }


def kept_marks(stage: Stage) -> set[str]:
    """Observations that stand in the database together with their step's line."""
    with stage.superuser() as reader:
        rows = reader.execute(
            b"SELECT o.text FROM casework_observation o WHERE EXISTS (SELECT FROM audit_step s"
            b" WHERE s.thing_id = o.case_id AND s.facts->>'observation' = o.id::text)"
        )
        return {text for (text,) in rows}
