"""Somebody loses an access while she works: is any request served after that?"""

import threading
import time
from dataclasses import dataclass, field
from typing import Any

import psycopg

from tests.reliability.browser import Browser
from tests.reliability.stage import Stage
from tests.reliability.work import flag

WHO = "utredare2"
TAKEN: dict[str, tuple[str, str]] = {  # how an access ends, and how it is given again
    "account deactivated": (
        "UPDATE access_user SET is_active = false WHERE username = %s",
        "UPDATE access_user SET is_active = true WHERE username = %s",
    ),
    "membership ended": (
        "UPDATE access_membership SET until = current_date - 1 WHERE user_id ="
        " (SELECT id FROM access_user WHERE username = %s)",
        "UPDATE access_membership SET until = NULL WHERE user_id ="
        " (SELECT id FROM access_user WHERE username = %s)",
    ),
    "every session ended": (
        "UPDATE access_user SET session_epoch = session_epoch + 1 WHERE username = %s",
        "UPDATE access_user SET session_epoch = session_epoch WHERE username = %s",
    ),
}


@dataclass
class Reader(threading.Thread):
    """Opens the same page again and again; notes when each served request was sent."""

    browser: Browser
    path: str
    served: list[float] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        while not self.over.is_set():
            sent = time.monotonic()
            if self.browser.get(self.path).status == 200:
                self.served.append(sent)


def run(stage: Stage, rounds: int = 30) -> dict[str, Any]:
    """Each way, `rounds` times: three readers at work, then the access ends."""
    case = flag(stage.browser("utredare"))
    found: dict[str, Any] = {"rounds each": rounds}
    served = late = 0
    for words, (take, give) in TAKEN.items():
        rows = [one_round(stage, case, take, give) for _ in range(rounds)]
        found[words] = sum(after for _, after in rows)
        served, late = served + sum(all_ for all_, _ in rows), late + found[words]
    return found | {"served before": served, "served after": late}


def one_round(stage: Stage, case: str, take: str, give: str) -> tuple[int, int]:
    """How many requests were served in all, and how many of them were sent after the end."""
    readers = [Reader(stage.browser(WHO), case) for _ in range(3)]
    with stage.superuser() as chief:
        for reader in readers:
            reader.start()
        time.sleep(0.15)
        change(chief, take)
        ended = time.monotonic()
        time.sleep(0.15)
        for reader in readers:
            reader.over.set()
        for reader in readers:
            reader.join()
        change(chief, give)
    sent = [when for reader in readers for when in reader.served]
    return len(sent), sum(when > ended for when in sent)


def change(chief: psycopg.Connection, query: str) -> None:
    chief.execute(query.encode(), [WHO])
