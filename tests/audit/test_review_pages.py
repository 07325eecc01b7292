"""The log review's pages: months, lines, verdicts, sign-off; who may, and what they are told."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone

from access import log_review
from access.actor import Actor
from audit import review
from audit.models import Change, Reading
from audit.review_models import Review, ReviewItem, Verdict
from casework.models import Case
from tests import make
from tests.audit.test_review import THIS_MONTH, made, read
from tests.pages import readings

pytestmark = pytest.mark.django_db
Find = Callable[[str], Actor]
As = Callable[[str], Client]


@pytest.fixture
def case(actor: Find) -> Case:
    return make.in_progress(by=actor("utredare"))


@pytest.fixture
def of(actor: Find, case: Case) -> Review:
    """A colleague's three openings outside her caseload, and the supervisor's own one."""
    read(actor("utredare2"), case, times=3, purpose="outside")
    read(actor("polischef"), case, purpose="outside")
    return made(actor("utredare"))


def item_of(of: Review, who: Actor) -> ReviewItem:
    with make.acting(who):
        found = of.items.filter(actor_id=who.user_id).order_by("id").first()
    assert found is not None
    return found


def url(of: Review, item: ReviewItem | None = None, act: str = "") -> str:
    return f"/audit/review/{of.pk}/" + (f"items/{item.pk}/" if item else act)


def say(client: Client, of: Review, item: ReviewItem, status: int = 302, **said: str) -> Any:
    given = {"finding": "explained", "note": "Jour den dagen."} | said
    answer = client.post(url(of, item), given)
    assert answer.status_code == status
    return answer


def judge_all(of: Review, client: Client, but: Actor) -> None:
    with make.acting(but):
        items = list(of.items.exclude(actor_id=but.user_id))
    for item in items:
        say(client, of, item)


def test_a_month_is_reviewed_and_signed_off(as_: As, actor: Find, of: Review) -> None:
    chief, auditor = as_("polischef"), as_("dataskydd.polis")
    judge_all(of, chief, actor("polischef"))
    assert chief.post(url(of, act="sign/"), {}).status_code == 422  # her own line is left
    say(auditor, of, item_of(of, actor("polischef")), finding="investigate", note="Varför?")
    assert chief.get(url(of, act="sign/")).status_code == 200
    assert chief.post(url(of, act="sign/"), {"note": "Klart."}).status_code == 302
    with make.acting(actor("polischef")):
        assert review.is_done(Review.objects.select_related("signoff").get())
    page = chief.get(url(of)).content.decode()
    assert "Klart." in page
    assert "Varför?" in page


def test_the_page_says_why_a_line_was_picked_and_how_often(as_: As, of: Review) -> None:
    page = as_("polischef").get(url(of)).content.decode()
    assert "Någon annans ärende" in page
    assert "3 gånger under månaden" in page
    assert "Jonas Wallin" in page


def test_nobody_judges_her_own_line(as_: As, actor: Find, of: Review) -> None:
    own = item_of(of, actor("polischef"))
    say(as_("polischef"), of, own, status=403)
    page = as_("polischef").get(url(of)).content.decode()
    assert f"items/{own.pk}/" not in page
    with make.acting(actor("polischef")):
        assert not Verdict.objects.exists()


@pytest.mark.parametrize("name", ["polischef", "dataskydd.polis"])
def test_the_reviewer_is_never_the_reviewed(as_: As, actor: Find, case: Case, name: str) -> None:
    """Whoever may review tries every line of a month in which everybody has read something."""
    everybody = ("utredare", "utredare2", "ledare", "omradespolis", "polischef")
    for one in everybody:
        read(actor(one), case, purpose="outside")
    of, me = made(actor("utredare")), actor(name)
    with make.acting(me):
        items = list(of.items.all())
    assert {item.actor_id for item in items} == {actor(one).user_id for one in everybody}
    for item in items:
        say(as_(name), of, item, status=403 if item.actor_id == me.user_id else 302)
    with make.acting(me):
        said = Verdict.objects.filter(review=of)
        assert said.count() == sum(item.actor_id != me.user_id for item in items)
        assert not said.filter(by_id=F("item__actor_id")).exists()


def test_the_page_says_when_what_is_left_is_somebody_elses(
    as_: As, actor: Find, of: Review
) -> None:
    def told() -> bool:
        page = as_("polischef").get(url(of)).content.decode()
        return "Det som är kvar bedömer en annan chef" in page

    assert not told()
    chief = actor("polischef")
    with make.acting(chief):
        others = list(of.items.exclude(actor_id=chief.user_id))
    for item in others:
        say(as_("polischef"), of, item)
    assert told()
    say(as_("dataskydd.polis"), of, item_of(of, chief))
    assert not told()


def test_a_line_that_the_supervisor_may_not_see_is_judged_by_the_officer(
    as_: As, actor: Find, case: Case
) -> None:
    me = actor("utredare")
    read(me, case)
    make.restricted(case, actor("polischef"), me)
    of = made(me)
    with make.acting(actor("dataskydd.polis")):
        hidden = [
            item
            for item in of.items.all()
            if Reading.objects.get(pk=item.reading_id).about_id == case.pk
        ]
    page = as_("polischef").get(url(of), {"show": "all"}).content.decode()
    assert "En rad som du inte får se" in page
    assert case.reference not in page
    say(as_("polischef"), of, hidden[0], status=403)
    say(as_("dataskydd.polis"), of, hidden[0])


def test_a_rules_hit_needs_a_word_and_what_was_typed_is_kept(
    as_: As, actor: Find, of: Review
) -> None:
    item = item_of(of, actor("utredare2"))
    said = say(as_("polischef"), of, item, status=422, note=" ")
    assert "Skriv hur det förklaras" in said.content.decode()
    long = "ord " * 400
    said = say(as_("polischef"), of, item, status=422, note=long)
    assert long.strip() in said.content.decode()


@pytest.mark.parametrize("finding", ["", "gossip", "x" * 5000])
def test_another_finding_than_the_two_is_refused(
    as_: As, actor: Find, of: Review, finding: str
) -> None:
    say(as_("polischef"), of, item_of(of, actor("utredare2")), status=422, finding=finding)


def test_after_the_sign_off_nothing_changes(as_: As, actor: Find, of: Review) -> None:
    chief = as_("polischef")
    judge_all(of, chief, actor("polischef"))
    say(as_("dataskydd.polis"), of, item_of(of, actor("polischef")))
    chief.post(url(of, act="sign/"))
    before = verdicts(actor)
    say(chief, of, item_of(of, actor("utredare2")), finding="investigate", note="Efteråt.")
    assert chief.post(url(of, act="sign/")).status_code == 302
    assert verdicts(actor) == before


def verdicts(actor: Find) -> int:
    with make.acting(actor("polischef")):
        return Verdict.objects.count()


def test_every_verdict_leaves_its_line_without_the_note(as_: As, actor: Find, of: Review) -> None:
    say(as_("polischef"), of, item_of(of, actor("utredare2")))
    with make.acting(actor("polischef")):
        line = Change.objects.filter(model="audit.verdict").get()
    assert line.actor == actor("polischef").name
    assert line.changes["note"] == "changed"


def test_opening_a_review_is_one_line(as_: As, actor: Find, of: Review) -> None:
    as_("polischef").get(url(of))
    (line,) = readings(actor("polischef"), detail__where="review")
    assert line.detail["month"] == f"{of.month:%Y-%m}"


@pytest.mark.parametrize("other", ["socialchef", "dataskydd.social"])
def test_another_authoritys_review_is_not_there(
    as_: As, actor: Find, of: Review, other: str
) -> None:
    client, item = as_(other), item_of(of, actor("utredare2"))
    assert client.get(url(of)).status_code == 404
    assert client.get(url(of, act="sign/")).status_code == 404
    say(client, of, item, status=404)
    assert client.get(f"/audit/review/{uuid4()}/").status_code == 404


@pytest.mark.parametrize("number", ["999999", "99999999999999999999999999", "0"])
def test_an_item_of_nowhere_is_not_there(as_: As, of: Review, number: str) -> None:
    given = {"finding": "explained", "note": "x"}
    assert as_("polischef").post(f"{url(of)}items/{number}/", given).status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "x", "999999999999", "2"])
def test_a_page_that_is_none_is_one_that_is(as_: As, of: Review, page: str) -> None:
    assert as_("polischef").get(url(of), {"page": page, "show": "all"}).status_code == 200


def test_a_months_lines_are_shown_by_page(
    as_: As, of: Review, monkeypatch: pytest.MonkeyPatch, actor: Find
) -> None:
    monkeypatch.setattr("access.review_views.PAGE", 1)
    seen = [
        card["item"].pk
        for number in (1, 2, 3, 4)
        for card in as_("polischef")
        .get(url(of), {"page": str(number), "show": "all"})
        .context["cards"]
    ]
    with make.acting(actor("polischef")):
        assert seen[: of.items.count()] == list(
            of.items.order_by("id").values_list("pk", flat=True)
        )


# --- the months ---------------------------------------------------------------------------------


def test_a_month_is_late_after_the_fifteenth_of_the_next(actor: Find, of: Review) -> None:
    chief, auditor = actor("polischef"), actor("dataskydd.polis")
    last = review.last_day_for(THIS_MONTH)
    assert last == review.month_after(THIS_MONTH) + timedelta(days=14)

    def late(who: Actor, today: date) -> list[bool]:
        with make.acting(who):
            rows = log_review.months(who, today)
            return [
                row.late for row in rows if row.month == THIS_MONTH and row.unit.pk == of.unit_id
            ]

    for who in (chief, auditor):
        assert late(who, last) == [False]
        assert late(who, last + timedelta(days=1)) == [True]


def test_the_head_and_the_data_protection_officer_see_a_late_month_when_they_come(
    as_: As, actor: Find, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(actor("utredare"), case)
    later = review.month_after(review.month_after(THIS_MONTH)) - timedelta(days=1)
    monkeypatch.setattr("django.utils.timezone.localdate", pretend(later))
    for login in ("polischef", "dataskydd.polis"):
        assert "1 månad är inte granskad i tid" in as_(login).get("/").content.decode()
    for login in ("utredare", "dataskydd.social", "admin"):
        assert "inte granskad i tid" not in as_(login).get("/").content.decode()


def test_a_month_that_the_worker_missed_is_made_with_a_button(
    as_: As, actor: Find, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    chief = actor("polischef")
    read(actor("utredare"), case)
    monkeypatch.setattr("django.utils.timezone.localdate", pretend(review.month_after(THIS_MONTH)))
    page = as_("polischef").get("/audit/review/").content.decode()
    assert "Gör granskningen" in page
    asked = {"unit": chief.unit_id, "month": str(THIS_MONTH)}
    assert as_("polischef").post("/audit/review/make/", asked).status_code == 302
    with make.acting(chief):
        assert Review.objects.get().made_by == f"{chief.name}, {chief.unit}"
    assert as_("polischef").post("/audit/review/make/", asked).status_code == 422  # made already


def pretend(day: date) -> Callable[..., date]:
    usual = timezone.localdate
    return lambda at=None: usual(at) if at else day


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"unit": "x", "month": "2026-01-01"},
        {"unit": "1", "month": "9999-99-99"},
        {"unit": "1", "month": "2020-01-01"},
        {"unit": "4", "month": "2026-10-01"},
        {"unit": "9" * 40, "month": "2026-10-01"},
    ],
)
def test_a_month_that_cant_be_made_is_refused_in_words(as_: As, asked: dict[str, str]) -> None:
    answer = as_("polischef").post("/audit/review/make/", asked)
    assert answer.status_code == 422
    assert "Den månaden har ingen granskning" in answer.content.decode()


def test_the_number_of_queries_stays_the_same(
    as_: As, actor: Find, of: Review, django_assert_max_num_queries: Any
) -> None:
    for name in ("polischef", "dataskydd.polis"):
        client = as_(name)
        client.get("/")
        for address in ("/audit/review/", url(of)):
            with django_assert_max_num_queries(12):
                assert client.get(address).status_code == 200
