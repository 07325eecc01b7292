"""A month's log review: what is picked and why, who judges it, and that it stays judged."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import Error, IntegrityError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

import casework.log_review  # noqa: F401 - its rules
from access import log_review
from access.actor import Actor
from access.grants import open_grant
from access.models import Unit, User
from audit import review, trail
from audit.models import Change, Reading
from audit.review import Hit
from audit.review_models import Review, ReviewItem, Why
from casework.models import Case
from casework.workflow import moment
from tests import make

pytestmark = pytest.mark.django_db
Find = Callable[[str], Actor]
As = Callable[[str], Client]
THIS_MONTH = review.first_of(moment.today())


def read(by: Actor, case: Case, kind: str = "opened", times: int = 1, purpose: str = "") -> None:
    with make.acting(by):
        for _ in range(times):
            trail.reading(Reading.Kind(kind), about_id=case.pk, about=case.reference,
                          purpose=purpose)  # fmt: skip


def made(by: Actor, month: date = THIS_MONTH) -> Review:
    unit = Unit.objects.select_related("authority").get(pk=by.unit_id)
    with make.acting(by):
        return log_review.make(unit, month)


def picked(of: Review, by: Actor, why: str) -> list[ReviewItem]:
    with make.acting(by):
        return [item for item in of.items.order_by("id") if why in item.why]


@pytest.fixture
def case(actor: Find) -> Case:
    return make.in_progress(by=actor("utredare"))


def test_the_sample_can_be_drawn_again(actor: Find, case: Case) -> None:
    me = actor("utredare")
    read(me, case, times=30)
    of = made(me)
    assert (of.looks, of.sampled) == (30, 10)
    with make.acting(me):
        again = review.sample(review.looks(me.unit_id, THIS_MONTH), of.seed, of.sampled)
        other = review.sample(review.looks(me.unit_id, THIS_MONTH), "another", of.sampled)
    lines = {item.reading_id for item in picked(of, me, "sample")}
    assert {hit.reading_id for hit in again} == lines
    assert {hit.reading_id for hit in other} != lines


@pytest.mark.parametrize(
    ("lines", "drawn"), [(0, 0), (3, 3), (10, 10), (199, 10), (400, 20), (9999, 50)]
)
def test_the_sample_grows_with_the_month(lines: int, drawn: int) -> None:
    assert review.size(lines) == drawn


def test_a_month_is_made_once_and_an_empty_one_is_done(actor: Find, case: Case) -> None:
    me = actor("utredare")
    read(me, case)
    assert made(me) == made(me)
    empty = made(me, date(2020, 1, 1))
    assert (empty.looks, review.is_done(empty)) == (0, True)


def test_the_worker_makes_what_is_missing_and_nothing_twice(actor: Find, case: Case) -> None:
    read(actor("utredare"), case)
    after = review.month_after(THIS_MONTH)
    assert log_review.make_missing(after) == 4  # two police units, two of social services
    assert log_review.make_missing(after.replace(day=9)) == 0
    with make.acting(actor("polischef")):
        (line,) = Change.objects.filter(model="audit.review", unit_id=actor("polischef").unit_id)
        assert (line.role, line.actor_id) == ("service", None)
        assert Review.objects.get().made_by == ""


def test_somebody_elses_case_is_a_hit_per_case_with_how_often(actor: Find, case: Case) -> None:
    other = actor("utredare2")
    read(other, case, times=3, purpose="outside")
    (item,) = picked(made(other), other, "outside_caseload")
    assert (item.actor_id, item.times) == (other.user_id, 3)


def test_one_person_gets_at_most_ten_items_for_one_reason(
    actor: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review, "NIGHT_FROM", 24)  # whenever the test runs, it is day
    monkeypatch.setattr(review, "NIGHT_TO", 0)
    me, other = actor("utredare"), actor("utredare2")
    for _ in range(12):
        read(other, make.case(by=me), purpose="outside")
    of = made(other)
    assert len(picked(of, other, "outside_caseload")) in (10, 11, 12)  # a sampled one may add it
    assert of.left_out == {"outside_caseload": 2}


def test_nights_are_a_hit(actor: Find, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    me = actor("utredare")
    read(me, case)
    monkeypatch.setattr(review, "NIGHT_TO", 24)
    assert picked(made(me), me, "night")


def test_unusually_many_in_a_day_is_a_hit(
    actor: Find, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    me, other = actor("utredare"), actor("utredare2")
    monkeypatch.setattr(review, "MANY", 2)
    monkeypatch.setattr(review, "TIMES_USUAL", 1)
    read(me, case)
    for _ in range(4):
        read(other, make.case(by=me))
    (item,) = picked(made(me), me, "unusually_many")
    assert (item.actor_id, item.times) == (other.user_id, 4)


@pytest.mark.parametrize(
    ("given", "family", "why"),
    [
        ("Alva", "Ekström", "same_surname"),
        ("Alva", "EKSTRÖM-Lund", "same_surname"),
        ("Nadja", "Ekström", "own_name"),
        ("Alva", "Påhittström", None),
    ],
)
def test_the_readers_own_name_and_surname_are_hits(
    actor: Find, given: str, family: str, why: str | None
) -> None:
    me = actor("utredare")  # Nadja Ekström
    read(me, make.case(by=me, given_name=given, family_name=family))
    of = made(me)
    found = {one for item in picked(of, me, "sample") for one in item.why} - {"sample", "night"}
    assert found == ({why} if why else set())
    assert family.lower() not in str(of.__dict__).lower()


def about(of: Review, by: Actor, why: str) -> list[UUID | None]:
    lines = [item.reading_id for item in picked(of, by, why)]
    with make.acting(by):
        return [Reading.objects.get(pk=line).about_id for line in lines]


def test_a_secrecy_marked_case_is_a_hit(actor: Find, case: Case) -> None:
    me, other = actor("utredare"), make.case(by=actor("utredare"))
    read(me, other)
    make.restricted(case, actor("polischef"), me)
    read(me, case)
    assert about(made(me), me, "restricted") == [case.pk]


def test_what_was_read_in_an_emergency_is_a_hit(actor: Find, case: Case) -> None:
    me, colleague = actor("utredare"), actor("utredare2")
    make.restricted(case, actor("polischef"), me)
    with make.acting(colleague):
        until, user = moment.now() + timedelta(hours=2), User.objects.get(pk=colleague.user_id)
        open_grant(case, user, colleague, "Fara för liv.", until, kind="break_glass", stake="life")
    read(me, case)
    read(colleague, case, times=2)
    (item,) = picked(made(me), me, "break_glass")
    assert (item.actor_id, item.times) == (colleague.user_id, 2)


def test_nobody_judges_her_own_line(actor: Find, case: Case) -> None:
    me = actor("utredare")
    read(me, case)
    of = made(me)
    (item,) = picked(of, me, "sample")
    with pytest.raises(IntegrityError), make.acting(me):
        review.judge(item, "explained", "Mitt eget.")
    with make.acting(actor("polischef")):
        assert review.judge(item, "explained", "").by == actor("polischef").name


@pytest.mark.parametrize("other", ["socialchef", "utredare.granne", "dataskydd.social"])
def test_another_authority_or_unit_neither_sees_nor_judges_it(
    actor: Find, case: Case, other: str
) -> None:
    me = actor("utredare")
    read(me, case)
    (item,) = picked(made(me), me, "sample")
    with make.acting(actor(other)):
        assert not Review.objects.exists()
    with pytest.raises(Error), make.acting(actor(other)):
        review.judge(item, "explained", "")


def test_the_authoritys_auditor_sees_and_judges_it(actor: Find, case: Case) -> None:
    me = actor("polischef")
    read(me, case, purpose="outside")
    (item,) = picked(made(me), me, "outside_caseload")
    with make.acting(actor("dataskydd.polis")):
        review.judge(item, "investigate", "Varför?")
        assert review.newest_verdicts(Review.objects.get())[item.pk].finding == "investigate"


def test_the_newest_verdict_counts_until_the_sign_off(actor: Find, case: Case) -> None:
    chief = actor("polischef")
    read(actor("utredare"), case)
    of = made(chief)
    (item,) = picked(of, chief, "sample")
    with pytest.raises(IntegrityError), make.acting(chief):
        review.sign_off(of, "")  # not judged yet
    with make.acting(chief):
        review.judge(item, "investigate", "Frågar henne.")
        review.judge(item, "explained", "Jour den dagen.")
        assert review.newest_verdicts(of)[item.pk].finding == "explained"
        review.sign_off(of, "Klart.")
    with pytest.raises(IntegrityError), make.acting(chief):
        review.judge(item, "investigate", "Efteråt.")
    with pytest.raises(IntegrityError), make.acting(chief):
        review.sign_off(of, "En gång till.")


def test_an_item_names_the_lines_own_reader(actor: Find, case: Case) -> None:
    """Else a reader could be let in to judge her own line."""
    me, chief = actor("utredare"), actor("polischef")
    read(me, case)
    of = made(me)
    with make.acting(chief):
        line = Reading.objects.latest("id")
        false = ReviewItem(review=of, unit_id=of.unit_id, authority_id=of.authority_id,
                           reading_id=line.pk, actor_id=chief.user_id)  # fmt: skip
    with pytest.raises(IntegrityError), make.acting(chief):
        false.save()


PEOPLE = [UUID(int=number) for number in range(4)]
HITS = st.lists(
    st.builds(
        Hit,
        st.integers(1, 60),
        st.just(None),
        st.sampled_from(list(Why)),
        st.integers(1, 5),
    )
)


@given(HITS)
def test_each_line_is_one_item_and_every_hit_is_kept_or_counted(found: list[Hit]) -> None:
    of_one = [Hit(hit.reading_id, PEOPLE[hit.reading_id % 4], hit.why, hit.times) for hit in found]
    items, left_out = review.gather(of_one)
    lines = [item.reading_id for item in items]
    assert len(lines) == len(set(lines))
    assert all(item.actor_id == PEOPLE[item.reading_id % 4] for item in items)
    assert {hit.reading_id for hit in of_one if hit.why == Why.SAMPLE} <= set(lines)
    kept = {(item.reading_id, why) for item in items for why in item.why}
    missing = [hit for hit in of_one if (hit.reading_id, str(hit.why)) not in kept]
    assert sum(left_out.values()) >= len(missing)
    for person in PEOPLE:
        for why in set(Why) - {Why.SAMPLE}:
            mine = [item for item in items if item.actor_id == person and why in item.why]
            assert len(mine) <= review.EACH
