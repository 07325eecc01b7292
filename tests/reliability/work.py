"""What the scripts have people do, and the look afterwards."""

import itertools
from datetime import timedelta

from django.utils import timezone

from tests import hostile
from tests.reliability.browser import Browser
from tests.reliability.stage import Stage

COUNT = itertools.count(1)
PLACE = "1"  # the first of the invented town


def observation(text: str) -> dict[str, str]:
    """The form of an observation. `text` is its mark."""
    seen = timezone.localtime() - timedelta(hours=1)
    return {
        "place": PLACE, "seen_at": f"{seen:%Y-%m-%d %H.%M}", "kind": "use", "source": "own",
        "suspicion": "no", "text": text,
    }  # fmt: skip


def flag(browser: Browser, mark: str = "") -> str:
    """A new case about somebody new, whose family name is the mark; its address."""
    who = {
        "given_name": "Påhittad", "family_name": mark or f"Person{next(COUNT)}{browser.username}",
        "birth_date": "2010-05-12", "person": "new",
    }  # fmt: skip
    browser.get("/cases/new/")
    answer = browser.post("/cases/new/", who | observation("först"))
    if answer.status != 302:
        raise RuntimeError(f"{browser.username} could not flag: {answer.status}")
    return answer.location


def whole(stage: Stage) -> int:
    """How many faults there are in the trail and in what hangs on it: 0 is whole."""
    with stage.superuser() as reader:
        return len(list(hostile.faults(reader, hostile.lines_of(reader))))
