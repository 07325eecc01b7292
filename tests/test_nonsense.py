"""Whatever is typed into a form, the answer is a page that says what to do, never a fault."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.identity import BadNumber, personal_number
from tests import make
from tests.pages import Find, Login

pytestmark = pytest.mark.django_db
NASTY = [
    "\0", "\u202e", "\ud7ff", "٣", "²", "0001-01-01 00:30", "9999-12-31 23:59", "-1", "1e9", "\r\n",
    "' OR 1=1 --", "<script>", "x" * 5000, "2026-03-29 02:30", "2026-10-25 02:30",
]  # fmt: skip
WORDS = st.one_of(st.sampled_from(NASTY), st.text(max_size=60), st.dates().map(str))
FEW = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def some(*names: str) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, WORDS))


def test_flagging(as_: Login) -> None:
    client = as_("utredare")

    @FEW
    @given(
        some(
            "personal_number", "given_name", "family_name", "birth_date", "place", "seen_at",
            "kind", "source", "suspicion", "text", "person", "confirmed",
        )
    )  # fmt: skip
    def check(sent: dict[str, str]) -> None:
        assert client.post("/cases/new/", sent).status_code in (200, 302, 400, 404, 422)

    check()


@pytest.mark.parametrize("text", NASTY)
def test_flagging_with_one_field_wrong(as_: Login, text: str) -> None:
    client = as_("utredare")
    right = {
        "given_name": "Alva", "family_name": "Påhitt", "birth_date": "2011-03-14",
        "place": str(make.place().pk), "seen_at": "2026-11-01 14.30", "kind": "use",
        "source": "own", "suspicion": "no",
    }  # fmt: skip
    for name in right:
        answer = client.post("/cases/new/", {**right, name: text})
        assert answer.status_code in (200, 302, 400, 422), name


def test_searching(as_: Login) -> None:
    client = as_("utredare")

    @FEW
    @given(WORDS)
    def check(text: str) -> None:
        found = client.post("/cases/new/", {"q": text})
        chosen = client.get("/cases/new/", {"person": text})
        assert {found.status_code, chosen.status_code} <= {200, 400, 404, 422}

    check()


def test_steps(as_: Login, actor: Find) -> None:
    case, client = make.in_progress(actor("utredare")), as_("polischef")

    @FEW
    @given(
        some(
            "version", "level", "criterion_repeated", "fact_repeated", "valid_until", "reason",
            "handler", "next_look", "outcome", "why", "confirmed",
        )
    )  # fmt: skip
    def check(sent: dict[str, Any]) -> None:
        for step in ("hand_over", "close", "add_observation"):
            answer = client.post(f"/cases/{case.pk}/steps/{step}/", sent)
            assert answer.status_code in (200, 302, 400, 403, 409, 422), step

    check()


def test_interventions(as_: Login, actor: Find) -> None:
    case, client = make.in_progress(actor("utredare")), as_("utredare")
    part = make.intervention(case, actor("utredare"))
    address = f"/cases/{case.pk}/interventions/"

    @FEW
    @given(
        some(
            "title", "goal", "handler", "planned_from", "planned_until", "consent_by",
            "consent_on", "consent_note",
        )
    )  # fmt: skip
    def check(sent: dict[str, Any]) -> None:
        for path in ("new/", f"{part.pk}/steps/agree/", f"{part.pk}/steps/replan/"):
            assert client.post(address + path, sent).status_code in (302, 400, 409, 422), path

    check()


def test_investigations(as_: Login, actor: Find) -> None:
    case, client = make.in_progress(actor("utredare")), as_("ledare")
    part = make.police_investigation(case, actor("utredare"))
    address = f"/cases/{case.pk}/investigations/"

    @FEW
    @given(
        some(
            "number", "offence", "deed_from", "deed_until", "kind", "opened_on", "version",
            "discontinued_why", "reason",
        )
    )  # fmt: skip
    def check(sent: dict[str, Any]) -> None:
        for path in ("new/", f"{part.pk}/steps/open/", f"{part.pk}/steps/discontinue/"):
            answer = client.post(address + path, sent)
            assert answer.status_code in (200, 302, 400, 409, 422), path

    check()


def test_social_investigations(as_: Login, actor: Find) -> None:
    by, client = actor("socialsekreterare"), as_("socialsekreterare")
    case = make.in_progress(by)
    part = make.social_investigation(case, by)
    address = f"/cases/{case.pk}/investigations/"

    @FEW
    @given(
        some(
            "received_at", "report", "reporter", "wants_feedback", "assessed_on",
            "needs_protection", "protection_note", "lvu", "lvu_on", "joined_to",
        )
    )  # fmt: skip
    def check(sent: dict[str, Any]) -> None:
        steps = ("assess_protection", "note_lvu", "join")
        for path in ("new/", *(f"{part.pk}/steps/{name}/" for name in steps)):
            assert client.post(address + path, sent).status_code in (302, 400, 409, 422), path

    check()


def test_a_number_has_one_way_of_being_written() -> None:
    arabic = make.number().translate({ord("0") + n: ord("٠") + n for n in range(10)})
    with pytest.raises(BadNumber):
        personal_number(arabic, date(2026, 11, 22))
