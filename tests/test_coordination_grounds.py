"""A coordination without consent: each side gives on a ground of its own, after a lawyer's word."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.test import Client

from access.actor import Actor
from audit.models import Step
from casework.coordinations import sharing
from casework.models import Coordination, Notice, PlanItem
from casework.workflow import moment
from casework.workflow.coordination import a_ground_carries, has_a_basis, not_active_on_consent
from casework.workflow.steps import NotNow, Refused, steps_of
from tests import joint, make

Find = Callable[[str], Actor]
Login = Callable[[str], Client]
AsApp = Callable[..., psycopg.Connection]
COUNT = b"SELECT count(*) FROM casework_planitem WHERE title <> ''"
db = pytest.mark.django_db


def page(two: joint.Two, by: Actor, step: str = "") -> str:
    address = two.row(by).get_absolute_url()
    return f"{address}steps/{step}/" if step else address


def sent(side: str, **more: Any) -> dict[str, Any]:
    return {**joint.ANSWERS[side], "until": moment.today() + timedelta(days=60), **more}


def hindered(two: joint.Two, by: Actor, step: str) -> Any:
    with make.acting(by):
        closed = steps_of(Coordination)[step].hindrance(two.row(by), by)
    return closed.words if closed else ""


@db
def test_the_whole_chain_on_the_pages(actor: Find, as_: Login) -> None:
    two = joint.pair(actor)
    joint.accepted(two)
    social, police = as_("socialchef"), as_("polischef")
    form = social.get(page(two, two.social_chief, "record_ground")).text
    assert "10 kap. 18 a §" in form
    assert "Fråga efter samtycke först" in form
    assert (
        social.post(page(two, two.social_chief, "record_ground"), sent("social")).status_code == 302
    )
    assert hindered(two, two.police, "activate") == has_a_basis.words  # type: ignore[attr-defined]
    with make.acting(two.police_chief):
        assert Notice.objects.filter(kind="coordination_ground").count() == 1
    seen = police.get(page(two, two.police_chief)).text
    assert "10 kap. 18 a §" in seen  # on which ground they give, not why
    assert "gömställe" not in seen
    later = sent("police", until=moment.today() + timedelta(days=30))
    form = police.get(page(two, two.police_chief, "record_ground")).text
    assert "10 kap. 15 a §" in form
    assert police.post(page(two, two.police_chief, "record_ground"), later).status_code == 302
    assert as_("utredare").post(page(two, two.police, "activate")).status_code == 302
    for by in (two.police, two.social):
        row = two.row(by)
        assert row.ends_on == moment.today() + timedelta(days=30)  # the earlier of the two
        assert sharing(row, moment.today())
    part = make.intervention(two.social_case, two.social)
    make.step(part, "show", two.social)
    with make.acting(two.police):
        assert PlanItem.objects.exclude(title="").count() == 1
    assert "gömställe" in social.get(page(two, two.social_chief)).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"legal_review": ""},
        {"circumstances": ""},
        {"under_21": ""},
        {"until": ""},
        {"until": moment.today() + timedelta(days=91)},
        {"until": moment.today() - timedelta(days=1)},
    ],
)
@db
def test_every_question_is_answered_and_a_lawyer_asked(
    actor: Find, as_: Login, wrong: dict[str, Any]
) -> None:
    two = joint.pair(actor)
    joint.accepted(two)
    address = page(two, two.social_chief, "record_ground")
    answer = as_("socialchef").post(address, sent("social", **wrong))
    assert answer.status_code == 422
    assert "Familjen känner till det." in answer.text
    assert two.row(two.social).basis == ""


@db
def test_from_21_the_ground_of_social_services_falls(actor: Find, as_: Login) -> None:
    two, today = joint.pair(actor), moment.today()
    joint.accepted(two)
    with make.acting(two.social_chief):
        person = two.row(two.social).case.person
        person.birth_date = (today - timedelta(days=31)).replace(year=today.year - 21, day=1)
        person.save()
    address = page(two, two.social_chief, "record_ground")
    answer = as_("socialchef").post(address, sent("social"))
    assert answer.status_code == 422
    assert "fyllt 21" in answer.text


@db
def test_only_whoever_the_ground_lets_decide_records_it(actor: Find, as_: Login) -> None:
    two = joint.pair(actor)
    joint.accepted(two)
    for login, by in (("socialsekreterare", two.social), ("utredare", two.police)):
        assert as_(login).get(page(two, by, "record_ground")).status_code == 403
        with pytest.raises(Refused):
            two.take(by, "record_ground", **joint.ground(by.authority))


@db
def test_one_sides_ground_carries_nothing(actor: Find) -> None:
    two = joint.pair(actor)
    joint.accepted(two)
    two.take(two.police_chief, "record_ground", **joint.ground("police"))
    for by in (two.police, two.social):
        assert not two.row(by).rests_on_something(moment.today())
        with pytest.raises(NotNow):
            two.take(by, "activate")


def test_each_side_renews_its_own_and_the_earlier_day_counts(
    own_db: str, actor: Find, as_app: AsApp
) -> None:
    two = joint.pair(actor)
    joint.on_grounds(two)
    make.step(make.intervention(two.social_case, two.social), "show", two.social)
    as_her = as_app(unit=two.police.unit_id, user=two.police.user_id)
    assert as_her.execute(COUNT).fetchone() == (1,)
    as_her.rollback()
    longer = moment.today() + timedelta(days=80)
    two.take(two.social_chief, "record_ground", **joint.ground("social", until=longer))
    assert two.row(two.police).ends_on == moment.today() + timedelta(days=60)
    two.take(two.police_chief, "record_ground", **joint.ground("police", until=longer))
    assert two.row(two.social).ends_on == longer


@db
def test_consent_goes_before_and_clears_both_grounds(actor: Find) -> None:
    two = joint.pair(actor)
    joint.accepted(two)
    two.take(two.social_chief, "record_ground", **joint.ground("social"))
    two.take(two.police_chief, "record_ground", **joint.ground("police"))
    two.take(two.social, "record_basis", **joint.consent())
    for by in (two.police, two.social):
        row = two.row(by)
        assert (row.basis, row.ground_id, row.ground_answers, row.other_ground) == (
            "consent",
            None,
            {},
            "",
        )
    two.take(two.police, "activate")
    words = not_active_on_consent.words  # type: ignore[attr-defined]
    assert hindered(two, two.police_chief, "record_ground") == words


@db
def test_between_social_services_only_consent_carries(actor: Find) -> None:
    two = joint.pair(actor)
    joint.accepted(two)
    row = two.row(two.social_chief)
    with make.acting(two.social_chief):
        row.other_unit = row.unit
        closed = steps_of(Coordination)["record_ground"].hindrance(row, two.social_chief)
    assert closed is not None
    assert closed.words == a_ground_carries.words  # type: ignore[attr-defined]


@db
def test_the_trail_tells_the_ground_and_not_the_answers(actor: Find) -> None:
    two = joint.pair(actor)
    joint.on_grounds(two)
    for by in (two.police, two.social):
        with make.acting(by):
            lines = list(Step.objects.filter(thing_id=two.row(by).pk))
            told = [line.facts for line in lines if line.step.endswith("_ground")]
            assert {facts["ground"] for facts in told} == set(joint.GROUNDS.values())
            assert "gömställe" not in str(told)


def test_the_day_closes_the_door_and_so_does_a_missing_ground(
    own_db: str, actor: Find, as_app: AsApp, superuser: psycopg.Connection
) -> None:
    two = joint.pair(actor)
    joint.on_grounds(two)
    make.step(make.intervention(two.social_case, two.social), "show", two.social)
    superuser.execute(b"SET session_replication_role = replica")
    superuser.execute(b"SET lock_timeout = '5s'")
    as_her = as_app(unit=two.police.unit_id, user=two.police.user_id)
    kept = b"ALTER TABLE casework_coordination DROP CONSTRAINT active_rests_on_something"
    superuser.execute(kept)
    for gone in (b"other_ground = '', other_ground_until = NULL", b"ends_on = current_date - 2"):
        superuser.execute(b"UPDATE casework_coordination SET " + gone)
        assert as_her.execute(COUNT).fetchone() == (0,)
        as_her.rollback()
