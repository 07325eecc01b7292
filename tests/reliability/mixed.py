"""Many people on the same connections at once: does anybody get what is somebody else's?"""

import random
import threading
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection
from typing import Any

from casework.demo.people import PEOPLE
from tests.reliability.browser import Answer, Browser
from tests.reliability.stage import Stage
from tests.reliability.work import flag

FLAGGERS = {"utredare": "Lpomark", "utredare.granne": "Grannmark", "socialsekreterare": "Socmark",
            "socialsekreterare.granne": "Socgrannmark"}  # fmt: skip
NAMES = {person.username: person.name for person in PEOPLE}
UNIT = {person.username: person.unit.name for person in PEOPLE}
PAGES = ("/", "/cases/", "/cases/?mine=all", "/cases/?mine=all&level=Z", "/backlog/", "/audit/",
         "/profile/", "/cases/new/", "/import/", "/nowhere/", "/cases/?after=nonsense")  # fmt: skip
ODD: tuple[dict[str, str], ...] = (
    {}, {}, {}, {"HX-Request": "true"}, {"X-Forwarded-For": "1.2.3.4, rubbish"},
    {"Accept-Language": "en"}, {"X-Request-ID": "\x01"},
)  # fmt: skip


@dataclass
class Tally:
    """What came back. `wrong`: a page that showed another unit's mark or another's name."""

    requests: int = 0
    own: int = 0  # pages that showed a mark of the reader's own unit: the look works
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, who: str, path: str, answer: Answer, marks: dict[str, str]) -> None:
        text = unescape(answer.text)
        foreign = [mark for owner, mark in marks.items() if UNIT[owner] != UNIT[who]]
        seen = [mark for mark in foreign if f"{mark} " in text or f"{mark}<" in text]
        mine = [mark for owner, mark in marks.items() if UNIT[owner] == UNIT[who]]
        page = answer.status == 200 and "</html>" in text
        if page and NAMES[who] not in text:
            seen.append("a page without her own name")
        with self.lock:
            self.requests += 1
            self.own += any(mark in text for mark in mine)
            self.statuses[answer.status] += 1
            self.wrong += [f"{who} {path}: {one}" for one in seen]


def run(stage: Stage, requests: int = 4000, threads: int = 6, seed: int = 1) -> dict[str, Any]:
    """Each thread keeps one connection and sends on it, in any order, for everybody."""
    cases = {name: [flag(stage.browser(name), mark) for _ in range(3)]
             for name, mark in FLAGGERS.items()}  # fmt: skip
    every = [case for own in cases.values() for case in own]
    tally = Tally()

    def work(number: int) -> None:
        dice = random.Random(seed * 1000 + number)  # noqa: S311 - repeatable, not secret
        connection = HTTPConnection("127.0.0.1", stage.port, timeout=30)
        everybody = [Browser(stage.port, person.username) for person in PEOPLE]
        for browser in everybody:
            browser.connection.close()
            browser.connection = connection
        for _ in range(requests // threads):
            browser = dice.choice(everybody)
            path = dice.choice([*PAGES, *every, dice.choice(every) + "log/"])
            if dice.random() < 0.15:
                answer = browser.post(
                    dice.choice(
                        [f"{dice.choice(every)}steps/prioritise/", "/cases/new/", "/audit/export/"]
                    ),
                    {"q": "x"},
                )
            else:
                answer = browser.get(path, **dice.choice(ODD))
            tally.add(browser.username, path, answer, FLAGGERS)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return {
        "requests": tally.requests,
        "threads": threads,
        "people": len(PEOPLE),
        "answers": dict(sorted(tally.statuses.items())),
        "showed what is one's own": tally.own,
        "wrong person": len(tally.wrong),
        "first wrong": tally.wrong[:3],
    }
