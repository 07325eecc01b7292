"""Who decides what is sent: one line a ground; everybody on that side tries."""

from typing import Any

import pytest

from access import secrecy
from access.models import Decider, LegalGround, Unit
from casework.models import Disclosure
from casework.workflow import moment
from casework.workflow.disclosure import digest
from casework.workflow.steps import Refused, offered, perform
from tests import letters, make
from tests.guiding import born
from tests.pages import Find

pytestmark = pytest.mark.django_db

NEXT_DOOR = "Barn och unga Grannvik"
SIDES = {
    "police": ("omradespolis", "utredare", "utredare2", "ledare", "polischef"),
    "social": ("faltassistent", "socialsekreterare", "socialsekreterare2", "socialchef"),
}
OFFICERS = "community_officer investigator investigation_leader supervisor"
# ground: from, subject, initiative, who decides, whether whoever drafted it may
TABLE: dict[str, tuple[str, str, str, str, bool]] = {
    "LUL6": ("police", "suspicion_u18", "own", "investigator investigation_leader", True),
    "LUL34": ("police", "suspicion_u15", "own", "investigation_leader", True),
    "LUL36B": ("police", "drug_test_u15", "own", "investigation_leader", True),
    "LUL37": ("police", "inquiry_protocol", "own", "investigation_leader", True),
    "SOL19_1": ("police", "worry", "own", OFFICERS, True),
    "SOL20_6": ("police", "answer", "request", "investigator investigation_leader", True),
    "GENERAL": ("police", "young_adult", "own", "supervisor", False),
    "OMEDELBART": ("social", "acute", "own", "social_worker outreach_worker supervisor", True),
    "BROTT_MOT_BARN": ("social", "crime_against_child", "own", "supervisor", False),
    "OVERLAT_U18": ("social", "crime_transfer_u18", "own", "supervisor", False),
    "BROTT_6M": ("social", "crime_sale_gross", "own", "supervisor", False),
    "UNGA21": ("social", "future_crime", "own", "supervisor", False),
    "INFO_FLODE": ("social", "future_crime", "own", "supervisor", False),
    "KONTAKT": ("social", "contact", "request", "social_worker supervisor", True),
    "LUL11": ("social", "statement", "request", "social_worker supervisor", True),
    "ATERKOPPLING": ("social", "feedback", "own", "social_worker supervisor", True),
    "VARD": ("next door", "worry", "own", "social_worker supervisor", False),
    "SAMTYCKE": ("social", "crime_minor", "own", "social_worker supervisor", False),
    "NODV": ("social", "request", "own", "social_worker supervisor", True),
}


def test_every_ground_in_force_stands_in_the_table() -> None:
    assert {one.code for one in secrecy.all_in_force(moment.today())} == set(TABLE)


@pytest.mark.parametrize("code", TABLE)
def test_who_decides(actor: Find, code: str) -> None:
    start, subject, initiative, roles, drafter_may = TABLE[code]
    side = "police" if start == "police" else "social"
    people = [actor(name) for name in SIDES[side]]
    chief = people[-1]
    fields = {"feedback": ["investigation_state"], "statement": ["name"]}.get(subject, ["name"])
    case = make.case(people[1], birth_date=born(18 if subject == "young_adult" else 16))
    for drafter in people:
        draft = letters.disclosure(
            case, drafter, code=code, subject=subject, initiative=initiative, fields=fields,
            to=NEXT_DOOR if start == "next door" else "",
        )  # fmt: skip
        for person in people:
            may = person.role in roles.split() and (
                drafter_may or person.user_id != drafter.user_id
            )
            with make.acting(person):
                fresh = Disclosure.objects.get(pk=draft.pk)
                offers = {offer.name: offer for offer in offered(fresh, person)}
                assert offers["send"].open is may, (person.username, drafter.username)
                assert offers["refuse"].open is may
                if not may:
                    with pytest.raises(Refused) as refused:
                        perform(fresh, "send", person, shown=digest(fresh.compose()))
                    assert says_who(str(refused.value), roles), refused.value
    assert chief.role == "supervisor"


def says_who(words: str, roles: str) -> bool:
    """The refusal names a role that decides, in Swedish or English."""
    named = {
        "investigator": "utredare", "investigation_leader": "ledare", "supervisor": "chef",
        "community_officer": "polis", "social_worker": "socialsekreterare",
        "outreach_worker": "fältassistent",
    }  # fmt: skip
    return any(role.replace("_", " ") in words or named[role] in words for role in roles.split())


def test_the_authoritys_own_delegation_goes_first(actor: Find) -> None:
    worker, chief = actor("socialsekreterare"), actor("socialchef")
    case = make.case(worker)
    draft = letters.disclosure(case, worker, code="UNGA21")
    assert who_may(draft, worker, chief) == [False, True]
    with make.acting(chief):
        Decider.objects.create(
            authority_id=chief.authority_id, ground_code="UNGA21", decides=["social_worker"],
            drafter_may_decide=True, valid_from=moment.today(),
        )  # fmt: skip
    assert who_may(draft, worker, chief) == [True, False]


def who_may(draft: Disclosure, *people: Any) -> list[bool]:
    found = []
    for person in people:
        with make.acting(person):
            fresh = Disclosure.objects.get(pk=draft.pk)
            found.append(next(one.open for one in offered(fresh, person) if one.name == "send"))
    return found


def test_a_ground_that_has_a_newer_version_carries_no_older_draft(actor: Find) -> None:
    by = actor("utredare")
    draft = letters.disclosure(make.case(by), by)
    with make.acting(by):
        old = LegalGround.objects.get(pk=draft.ground_id)
        old.pk, old.valid_from = None, moment.today()
        old.save()
        fresh = Disclosure.objects.get(pk=draft.pk)
        offer = next(one for one in offered(fresh, by) if one.name == "send")
    assert not offer.open
    assert not offer.forbidden


def test_nothing_goes_to_the_own_unit_or_where_no_ground_carries(actor: Find) -> None:
    by = actor("utredare")
    with make.acting(by):
        neighbour = Unit.objects.get(name="Lokalpolisområde Grannvik")
        assert not secrecy.offered("police", "police", "worry", "own", moment.today())
    assert neighbour.pk != by.unit_id
