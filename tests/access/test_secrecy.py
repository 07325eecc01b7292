"""The matrix of secrecy, cell by cell: what may cross, on which ground, who decides, what is asked.

domain: OSL (2009:400) chapter 10, LUL, SoL and lag (2025:170). What stands in no line is offered in
no direction; the lines equal the rows in the database.
"""

from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest

from access import secrecy
from access.kinds import Kind

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
Cell = tuple[str, str, str, str]

# from to | subject | initiative | ground | who decides | may the drafter | what is asked
# Every "either" is one line for own and one for request.
MATRIX = """
police social | suspicion_u18    | own     | LUL6     | investigator investigation_leader | yes | mediation
police social | suspicion_u15    | own     | LUL34    | investigation_leader | yes | inquiry deed_on
police social | drug_test_u15    | own     | LUL36B   | investigation_leader | yes | deed_on prosecutor_decided test_result
police social | inquiry_protocol | own     | LUL37    | investigation_leader | yes | deed_on protocol_on
police social | worry            | own     | SOL19_1  | community_officer investigator investigation_leader supervisor | yes | child_assessment
police social | answer           | request | SOL20_6  | investigator investigation_leader | yes | investigation_opened harm_to_investigation
police social | answer           | request | SAMTYCKE | investigator investigation_leader supervisor | no | consent harm_to_investigation
police social | young_adult      | either  | SAMTYCKE | investigator investigation_leader supervisor | no | consent harm_to_investigation
police social | young_adult      | either  | INFO_FLODE | supervisor | no | needed_for balance harm_to_investigation
police social | young_adult      | either  | GENERAL  | supervisor | no | obvious harm_to_investigation
police social | young_adult      | either  | NODV     | supervisor | no | own_task necessity harm_to_investigation
police social | coordination     | either  | SAMTYCKE | investigator investigation_leader supervisor | no | consent harm_to_investigation
police social | coordination     | own     | INFO_FLODE | supervisor | no | needed_for balance legal_review harm_to_investigation
police social | request          | own     | NODV     | investigator investigation_leader supervisor | yes | own_task necessity
police social | returned         | own     | NODV     | investigator investigation_leader supervisor | yes | own_task necessity

social police | acute            | own     | OMEDELBART | social_worker outreach_worker supervisor | yes | acute_what phoned_at phoned_to
social police | contact          | request | KONTAKT  | social_worker supervisor | yes | request_reference no_exceptional_reasons
social police | contact          | either  | SAMTYCKE | social_worker supervisor | no | consent
social police | future_crime     | either  | UNGA21   | supervisor | no | under_21 circumstances risk why_not_unsuitable
social police | future_crime     | either  | SAMTYCKE | social_worker supervisor | no | consent
social police | future_crime     | either  | INFO_FLODE | supervisor | no | needed_for balance
social police | crime_sale_gross | either  | BROTT_6M | supervisor | no | offence attempt grounds_for_suspicion
social police | crime_sale_gross | either  | SAMTYCKE | social_worker supervisor | no | consent
social police | crime_sale_gross | either  | INFO_FLODE | supervisor | no | needed_for balance legal_review
social police | crime_transfer_u18 | either | OVERLAT_U18 | supervisor | no | receiver_under_18 grounds_for_suspicion
social police | crime_transfer_u18 | either | SAMTYCKE | social_worker supervisor | no | consent
social police | crime_transfer_u18 | either | INFO_FLODE | supervisor | no | needed_for balance legal_review
social police | crime_against_child | either | BROTT_MOT_BARN | supervisor | no | chapter grounds_for_suspicion
social police | crime_against_child | either | SAMTYCKE | social_worker supervisor | no | consent
social police | crime_against_child | either | INFO_FLODE | supervisor | no | needed_for balance legal_review
social police | crime_minor      | either  | SAMTYCKE | social_worker supervisor | no | consent
social police | crime_minor      | either  | INFO_FLODE | supervisor | no | needed_for balance legal_review
social police | statement        | request | LUL11    | social_worker supervisor | yes | statement_asked_on statement_sent_on
social police | feedback         | either  | ATERKOPPLING | social_worker supervisor | yes | feedback decided_on
social police | coordination     | own     | UNGA21   | supervisor | no | under_21 circumstances risk why_not_unsuitable legal_review
social police | coordination     | either  | SAMTYCKE | social_worker supervisor | no | consent
social police | request          | own     | NODV     | social_worker supervisor | yes | own_task necessity
social police | returned         | own     | NODV     | social_worker supervisor | yes | own_task necessity

social social | worry            | own     | VARD     | social_worker supervisor | no | care_needed care_for_whom
social social | worry            | own     | SAMTYCKE | social_worker supervisor | no | consent
social social | answer           | request | VARD     | social_worker supervisor | no | care_needed care_for_whom
social social | answer           | request | SAMTYCKE | social_worker supervisor | no | consent
social social | young_adult      | either  | VARD     | social_worker supervisor | no | care_needed care_for_whom
social social | young_adult      | either  | SAMTYCKE | social_worker supervisor | no | consent
social social | coordination     | either  | SAMTYCKE | social_worker supervisor | no | consent
social social | request          | own     | NODV     | social_worker supervisor | yes | own_task necessity
social social | returned         | own     | NODV     | social_worker supervisor | yes | own_task necessity
"""  # noqa: E501
CONSENT = "consent_by consent_on consent_scope consent_until"
BEHIND_REVIEW = {"crime_sale_gross", "crime_transfer_u18", "crime_against_child", "crime_minor"}

# What is asked for but blocked as the law stands, and the ways that are open.
BLOCKED: dict[Cell, str] = {
    ("social", "police", "crime_minor", "own"): "consent review worse_crime phone",
    ("social", "police", "crime_minor", "request"): "consent review worse_crime phone",
    ("social", "police", "contact", "own"): "consent turn_request phone",
    ("social", "police", "statement", "own"): "turn_request phone",
    ("social", "police", "acute", "request"): "turn_own phone",
    ("social", "police", "worry", "own"): "phone",
    ("social", "police", "young_adult", "own"): "phone",
    ("police", "social", "answer", "own"): "turn_request",
    ("police", "social", "worry", "request"): "turn_own",
    ("police", "social", "suspicion_u18", "request"): "turn_own",
    ("police", "social", "crime_minor", "own"): "",
    ("police", "social", "contact", "request"): "",
    ("police", "police", "crime_minor", "own"): "",
    ("police", "police", "coordination", "own"): "",
    ("social", "social", "crime_minor", "own"): "",
    ("social", "municipality", "worry", "own"): "figures",
    ("police", "municipality", "coordination", "own"): "figures",
    ("municipality", "police", "contact", "request"): "figures",
}


def lines() -> Iterator[tuple[Cell, tuple[str, str, str, str]]]:
    for line in MATRIX.strip().splitlines():
        if not line:
            continue
        way, subject, initiative, ground, who, drafter, asked = (
            part.strip() for part in line.split("|")
        )
        start, end = way.split()
        for whose in ("own", "request") if initiative == "either" else (initiative,):
            cell = (start, end, subject, whose)
            yield cell, (ground, who, drafter, asked.replace("consent", CONSENT, 1)
                         if ground == "SAMTYCKE" else asked)  # fmt: skip


def expected() -> dict[Cell, list[tuple[str, str, str, str]]]:
    cells: dict[Cell, list[tuple[str, str, str, str]]] = {}
    for cell, offered in lines():
        cells.setdefault(cell, []).append(offered)
    return cells


CELLS = expected()
ALL = list(product(Kind.values, Kind.values, secrecy.SUBJECTS, ("own", "request")))


@pytest.mark.parametrize("cell", CELLS, ids=" ".join)
def test_a_cell_offers_its_grounds_in_order(cell: Cell) -> None:
    found = [
        (
            one.code,
            " ".join(one.decides),
            "yes" if one.drafter_may_decide else "no",
            " ".join(question.code for question in one.questions),
        )
        for one in secrecy.offered(*cell, TODAY)
    ]
    assert found == CELLS[cell]


def test_nothing_outside_the_table_is_offered() -> None:
    grounds = secrecy.all_in_force(TODAY)
    offered = {cell for cell in ALL if any(secrecy.of_way(ground, *cell) for ground in grounds)}
    assert offered == set(CELLS)


def test_the_rows_hold_no_other_way_and_each_once() -> None:
    in_rows = [
        (ground.code, way["from"], way["to"], way["subject"], way["initiative"])
        for ground in secrecy.all_in_force(TODAY)
        for way in ground.ways
    ]
    told = [(ground, *cell) for cell, offers in CELLS.items() for ground, *_ in offers]
    assert sorted(in_rows) == sorted(told)
    assert len(in_rows) == len(set(in_rows))


def test_only_committed_crimes_and_coordinations_without_consent_ask_for_a_lawyer() -> None:
    for cell in CELLS:
        for one in secrecy.offered(*cell, TODAY):
            behind = cell[:2] == ("social", "police") and cell[2] in BEHIND_REVIEW
            without_consent = cell[2] == "coordination" and one.code != "SAMTYCKE"
            asks = (one.code == "INFO_FLODE" and behind) or without_consent
            assert one.needs_review == asks


def test_blocked_means_that_no_ground_carries_it_by_itself() -> None:
    for cell in ALL:
        blocked = secrecy.blocked(*cell, on=TODAY)
        straight = any(one.straight for one in secrecy.offered(*cell, TODAY))
        by_consent = cell in CELLS and cell[2] == "coordination"
        assert (blocked is None) == (straight or by_consent), cell
        if blocked:
            assert str(blocked.why)
            assert all(str(way.words) for way in blocked.open)
            offered = {ground for ground, *_ in CELLS.get(cell, [])}
            assert {way.ground for way in blocked.open if way.ground} == offered, cell


@pytest.mark.parametrize(("cell", "ways"), BLOCKED.items(), ids=str)
def test_where_it_is_blocked_the_open_ways_are_named(cell: Cell, ways: str) -> None:
    blocked = secrecy.blocked(*cell, on=TODAY)
    assert blocked is not None
    assert " ".join(way.kind for way in blocked.open) == ways


def test_before_a_law_began_it_carried_nothing() -> None:
    march = date(2025, 3, 31)
    assert secrecy.offered("social", "police", "contact", "request", march)[0].code == "SAMTYCKE"
    codes = [one.code for one in secrecy.offered("social", "police", "future_crime", "own", march)]
    assert codes == ["SAMTYCKE"]


def test_a_drafts_ground_is_judged_by_its_own_version() -> None:
    ground = secrecy.in_force("BROTT_6M", TODAY)
    assert ground is not None
    way = ("social", "police", "crime_sale_gross", "own", TODAY)
    (first, *_) = secrecy.offered(*way)
    assert secrecy.judged(ground, *way) == first
    assert secrecy.judged(ground, "social", "police", "crime_minor", "own", TODAY) is None
