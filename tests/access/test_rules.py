"""Rules hold for whom they name, and read as what they are."""

from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from django.utils import translation

from access import rules
from access.actor import Actor
from access.models import ROLES_OF, Kind, Role
from access.rules import Rule

ME = UUID(int=1)


def actor(role: str = "investigator", authority: str = "police", qualified: bool = False) -> Actor:
    return Actor(
        user_id=ME, username="x", name="X", role=role, qualified=qualified,
        unit_id=1, unit="Unit", authority_id=1, authority=authority,
    )  # fmt: skip


def thing(unit_id: int = 1, handler_id: UUID | None = None) -> SimpleNamespace:
    return SimpleNamespace(unit_id=unit_id, handler_id=handler_id)


BY_ROLE = {
    Role.INVESTIGATOR: rules.investigator,
    Role.COMMUNITY_OFFICER: rules.community_officer,
    Role.INVESTIGATION_LEADER: rules.investigation_leader,
    Role.SUPERVISOR: rules.supervisor,
    Role.SOCIAL_WORKER: rules.social_worker,
    Role.OUTREACH_WORKER: rules.outreach_worker,
    Role.AUDITOR: rules.auditor,
    Role.COORDINATOR: rules.coordinator,
    Role.ADMINISTRATOR: rules.administrator,
}


@pytest.mark.parametrize("role", list(Role))
def test_a_roles_rule_holds_for_that_role_alone(role: Role) -> None:
    assert [other for other, rule in BY_ROLE.items() if rule(actor(role))] == [role]


@pytest.mark.parametrize("rule", [*BY_ROLE.values(), rules.handler, ~rules.handler, rules.everyone])
def test_no_rule_holds_for_a_thing_of_another_unit(rule: Rule) -> None:
    everyone_there_is = [actor(role, kind) for kind, roles in ROLES_OF.items() for role in roles]
    elsewhere = thing(unit_id=2, handler_id=ME)
    assert not any(rule(one, elsewhere) for one in everyone_there_is)


def test_a_handler_is_whoever_handles_the_thing() -> None:
    assert rules.handler(actor(), thing(handler_id=ME))
    assert not rules.handler(actor(), thing(handler_id=uuid4()))
    assert not rules.handler(actor(), None)


def test_not_its_own_handler() -> None:
    rule = rules.supervisor & ~rules.handler
    assert rule(actor("supervisor"), thing(handler_id=uuid4()))
    assert not rule(actor("supervisor"), thing(handler_id=ME))
    assert not rule(actor("investigator"), thing(handler_id=uuid4()))


def test_either_of_two() -> None:
    rule = rules.investigator | rules.qualified_social_worker
    assert rule(actor())
    assert rule(actor("social_worker", "social", qualified=True))
    assert not rule(actor("social_worker", "social"))


def test_case_staff_are_neither_auditors_nor_coordinators_nor_administrators() -> None:
    staff = {
        role for kind, roles in ROLES_OF.items() for role in roles
        if rules.case_staff(actor(role, kind))
    }  # fmt: skip
    assert staff == set(Role) - {Role.AUDITOR, Role.COORDINATOR, Role.ADMINISTRATOR}


def test_kinds_of_authority() -> None:
    assert rules.police(actor())
    assert not rules.social(actor())
    assert rules.social(actor(authority=Kind.SOCIAL))


def test_a_rule_reads_as_words() -> None:
    with translation.override("en-gb"):
        assert str(rules.supervisor & ~rules.handler) == "supervisor, not its own handler"
        assert str(rules.investigator | rules.supervisor) == "investigator or supervisor"
        three = rules.investigator | rules.supervisor | rules.handler
        assert str(three) == "investigator, supervisor or its own handler"
        assert str(~rules.handler) == "not its own handler"
        either = rules.handler | rules.supervisor & ~rules.handler
        assert str(either) == "its own handler; or supervisor, not its own handler"
