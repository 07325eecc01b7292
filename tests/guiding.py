"""What tests of the disclosure guide share: a good answer to every question, and the way there."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from access.subjects import SUBJECTS
from casework.models import Case
from casework.workflow import moment
from tests import make
from tests.access.test_secrecy import CELLS
from tests.forms import Page
from tests.pages import Find, readings

TODAY = moment.today()
WORKER = {"police": "utredare", "social": "socialsekreterare"}
SENT = {"fields": ["name", "contact"], "channel": "service", "informed": "yes"}
# An answer to each question that lets its ground stand.
GOOD: dict[str, object] = {
    "mediation": "no",
    "inquiry": "suspicion",
    "deed_on": TODAY - timedelta(days=400),
    "prosecutor_decided": "on",
    "test_result": "positive",
    "protocol_on": TODAY,
    "child_assessment": "Ensam på torget flera nätter.",
    "investigation_opened": "on",
    "harm_to_investigation": "no_harm",
    "statement_asked_on": TODAY - timedelta(days=5),
    "statement_sent_on": TODAY,
    "acute_what": "Svårt att väcka.",
    "phoned_at": "2026-01-10 23.15",
    "phoned_to": "Vakthavande befäl",
    "chapter": "BrB3",
    "receiver_under_18": "on",
    "offence": "NSL_FORSALJNING",
    "attempt": "completed",
    "grounds_for_suspicion": "Egen berättelse och fynd.",
    "under_21": "on",
    "circumstances": "Nya kläder, två telefoner.",
    "risk": "Försäljning på torget.",
    "why_not_unsuitable": "Insatsen är avslutad.",
    "request_reference": "K 4711",
    "no_exceptional_reasons": "on",
    "feedback": "opened",
    "decided_on": TODAY,
    "care_needed": "Plats på öppenvård.",
    "care_for_whom": "dependent",
    "consent_by": "young_person",
    "consent_on": TODAY,
    "consent_scope": "Att vi talas vid om mötet på torsdag.",
    "consent_until": TODAY + timedelta(days=30),
    "needed_for": "Förebygga försäljning.",
    "balance": "Förtroendet; det väger inte över här.",
    "legal_review": "Kommunjuristen, i går: går bra.",
    "obvious": "Faran är stor och uppgiften liten.",
    "own_task": "Utredningen om plats och tid.",
    "necessity": "Ingen annan vet.",
}


def born(age: int) -> date:
    """The birth date of somebody who turned that age a month ago."""
    return (TODAY - timedelta(days=31)).replace(year=TODAY.year - age, day=1)


def case_of(actor: Find, kind: str, age: int = 16) -> Case:
    return make.in_progress(actor(WORKER[kind]), birth_date=born(age))


def unit(actor: Find, login: str) -> str:
    return str(actor(login).unit_id)


def ask(client: Client, case: Case, **asked: str) -> Page:
    answer = client.get(address(case, **asked))
    return Page("", answer.status_code, answer.content.decode())


def address(case: Case, **asked: str) -> str:
    return f"/cases/{case.pk}/disclosures/new/?{urlencode(asked)}"


def refusals(actor: Find, case: Case, login: str = "socialsekreterare") -> list[dict[str, Any]]:
    return [
        line.detail for line in readings(actor(login), kind="refused") if line.about_id == case.pk
    ]


def age_for(subject: str) -> int:
    found = SUBJECTS[subject]
    under_15 = ("suspicion_u15", "drug_test_u15", "inquiry_protocol")
    return 18 if found.least else 15 if subject in under_15 else 16


def ways() -> Iterator[tuple[str, str, str, str, str]]:
    """Every cell that the guide can come to, with each of its grounds."""
    for (start, end, subject, whose), offers in CELLS.items():
        if SUBJECTS[subject].asked:
            for ground, *_ in offers:
                yield start, end, subject, whose, ground


def at(actor: Find, way: tuple[str, str, str, str, str]) -> tuple[Case, str, str]:
    start, end, subject, whose, ground = way
    case = case_of(actor, start, age_for(subject))
    to = unit(actor, WORKER[end] if start != end else f"{WORKER[end]}.granne")
    return case, WORKER[start], address(
        case, to=to, subject=subject, initiative=whose, ground=ground
    )  # fmt: skip


def answers_to(page: Page) -> dict[str, Any]:
    form = page.form("channel")
    given = {code: value for code, value in GOOD.items() if code in form.names}
    fields = [code for code in form.offers["fields"] if code in ("name", "contact")]
    asks = {"request_ref": "Fråga 7"} if "request_ref" in form.names else {}
    return {**given, **SENT, **asks, "fields": fields or list(form.offers["fields"])[:1]}


FUTURE = ("social", "police", "future_crime", "own", "UNGA21")
SALE = ("social", "police", "crime_sale_gross", "own", "BROTT_6M")
CONSENT = ("social", "police", "crime_minor", "own", "SAMTYCKE")
NOTICE = ("police", "social", "suspicion_u15", "own", "LUL34")
ANSWER = ("police", "social", "answer", "request", "SOL20_6")
CARE = ("social", "social", "worry", "own", "VARD")
