"""The guide's last page: every ground asks its questions, and takes no answer that it falls by."""

from datetime import timedelta
from typing import Any

import pytest

from casework import letter
from casework.models import Disclosure
from tests import make
from tests.access.test_secrecy import CELLS
from tests.forms import Page
from tests.guiding import (
    ANSWER,
    CONSENT,
    FUTURE,
    NOTICE,
    SALE,
    TODAY,
    address,
    answers_to,
    at,
    case_of,
    unit,
    ways,
)
from tests.pages import Find, Login

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("way", list(ways()), ids=" ".join)
def test_a_ground_asks_and_a_draft_is_made(
    as_: Login, actor: Find, way: tuple[str, str, str, str, str]
) -> None:
    case, login, where = at(actor, way)
    client = as_(login)
    answer = client.get(where)
    page = Page("", answer.status_code, answer.content.decode())
    asked = next(
        questions for ground, _who, _drafter, questions in CELLS[way[:4]] if ground == way[4]
    ).split()
    assert set(asked) <= set(page.form("channel").names)
    empty = client.post(where, {})
    assert empty.status_code == 422
    for code in asked:
        assert f'href="#id_{code}' in empty.content.decode()
    given = answers_to(page)
    done = client.post(where, given)
    assert done.status_code == 302, Page("", 422, done.content.decode()).text
    with make.acting(actor(login)):
        made = Disclosure.objects.select_related("ground", "case").get()
        assert done["Location"] == made.get_absolute_url()
        assert (made.case, made.state, made.ground.code) == (case, "draft", way[4])
        assert (made.subject, made.initiative) == way[2:4]
        assert set(made.answers) == set(asked)
        assert made.unanswered() == []
        assert made.is_carried()
        assert made.fields == letter.ordered(given["fields"])


TOMORROW = TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("way", "wrong", "field"),
    [
        (FUTURE, {"under_21": ""}, "under_21"),
        (FUTURE, {"risk": " "}, "risk"),
        (FUTURE, {"risk": "x" * 2001}, "risk"),
        (FUTURE, {"informed": "no"}, "informed_why"),
        (FUTURE, {"informed": "maybe"}, "informed"),
        (FUTURE, {"channel": "pigeon"}, "channel"),
        (FUTURE, {"fields": []}, "fields"),
        (FUTURE, {"fields": ["secrets"]}, "fields"),
        (FUTURE, {"fields": ["offence"]}, "fields"),  # the police's, not theirs
        (FUTURE, {"receiver": "x" * 121}, "receiver"),
        (FUTURE, {"text": "x" * 4001}, "text"),
        (SALE, {"offence": "NSL_NORMAL"}, "offence"),
        (SALE, {"offence": "NSL_RINGA", "attempt": "attempt"}, "offence"),
        (SALE, {"attempt": "attempt"}, "attempt"),
        (SALE, {"offence": "MURDER"}, "offence"),
        (CONSENT, {"consent_by": "guardian"}, "consent_by"),
        (CONSENT, {"consent_on": TOMORROW}, "consent_on"),
        (CONSENT, {"consent_on": "x"}, "consent_on"),
        (CONSENT, {"consent_until": TODAY - timedelta(days=1)}, "consent_until"),
        (CONSENT, {"consent_until": "2099-01-01"}, "consent_until"),
        (NOTICE, {"deed_on": TODAY}, "deed_on"),
        (NOTICE, {"deed_on": "1999-01-01"}, "deed_on"),
        (NOTICE, {"deed_on": "2001-01-01"}, "deed_on"),
        (ANSWER, {"harm_to_investigation": "harm"}, "harm_to_investigation"),
        (ANSWER, {"investigation_opened": ""}, "investigation_opened"),
        (ANSWER, {"request_ref": ""}, "request_ref"),
        (("police", "social", "drug_test_u15", "own", "LUL36B"), {"prosecutor_decided": ""},
         "prosecutor_decided"),
        (("social", "police", "contact", "request", "KONTAKT"), {"no_exceptional_reasons": ""},
         "no_exceptional_reasons"),
        (("social", "police", "crime_against_child", "own", "BROTT_MOT_BARN"),
         {"chapter": "other"}, "chapter"),
        (("social", "police", "crime_transfer_u18", "own", "OVERLAT_U18"),
         {"receiver_under_18": ""}, "receiver_under_18"),
        (("social", "police", "acute", "own", "OMEDELBART"), {"phoned_at": "2099-01-01 10.00"},
         "phoned_at"),
        (("social", "police", "acute", "own", "OMEDELBART"), {"phoned_at": "nyss"}, "phoned_at"),
        (("social", "police", "statement", "request", "LUL11"),
         {"statement_asked_on": TODAY, "statement_sent_on": TODAY - timedelta(days=1)},
         "statement_sent_on"),
        (("social", "police", "crime_minor", "own", "INFO_FLODE"), {"legal_review": ""},
         "legal_review"),
    ],
    ids=str,
)  # fmt: skip
def test_a_bad_answer_keeps_what_was_typed(
    as_: Login, actor: Find, way: tuple[str, ...], wrong: dict[str, Any], field: str
) -> None:
    case, login, where = at(actor, way)  # type: ignore[arg-type] # all five are there
    client = as_(login)
    page = Page("", 200, client.get(where).content.decode())
    given = {**answers_to(page), "receiver": "Mottagningen", **wrong}
    answer = client.post(where, given)
    shown = Page("", answer.status_code, answer.content.decode())
    assert shown.status == 422
    assert f"#id_{field}" in " ".join(shown.links)
    kept = shown.form("channel").sent
    for name, value in given.items():
        for one in value if isinstance(value, list) else [value]:
            asked = shown.form("channel").offers.get(name)
            if str(one).strip() and (asked is None or str(one) in asked):
                assert str(one) in kept.get(name, []), name
    with make.acting(actor(login)):
        assert not Disclosure.objects.exists()


@pytest.mark.parametrize(
    ("age", "who", "status"),
    [(14, "young_person", 422), (14, "guardian", 302), (14, "both", 302), (15, "guardian", 422),
     (15, "young_person", 302), (18, "guardian", 422), (18, "young_person", 302)],
)  # fmt: skip
def test_consent_follows_the_age(as_: Login, actor: Find, age: int, who: str, status: int) -> None:
    case, to = case_of(actor, "social", age), unit(actor, "utredare")
    where = address(case, to=to, subject="crime_minor", initiative="own", ground="SAMTYCKE")
    client = as_("socialsekreterare")
    given = answers_to(Page("", 200, client.get(where).content.decode())) | {"consent_by": who}
    assert client.post(where, given).status_code == status
