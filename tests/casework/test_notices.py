"""Notices: to one person, hidden with the case, put away once; and the state of the day."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from procrastinate.contrib.django import app

from access.actor import Actor
from access.grants import open_grant
from access.models import Unit, User
from access.session import acting_as
from access.visible import visible_to
from casework import daily, notices, tasks
from casework.models import Case, Notice, deadlines
from casework.models.notice import KINDS, tell
from casework.workflow import moment
from casework.workflow.steps import Act
from tests import make

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
Who = Callable[[str], Actor]
TODAY = moment.today()


def told_to(by: Actor) -> list[Notice]:
    with make.acting(by):
        return list(Notice.objects.order_by("made_at"))


def told(as_: As, name: str) -> list[notices.Told]:
    found: list[notices.Told] = as_(name).get("/").context["notices"]
    return found


def test_a_colleague_is_told_and_puts_it_away(as_: As, actor: Who) -> None:
    chief, one = actor("polischef"), actor("utredare")
    case = make.in_progress(by=one)
    with make.acting(chief):
        tell(one.unit_id, one.user_id, "handed_over", case.pk)
    assert told_to(chief) == []  # hers alone, also before the one who wrote it
    assert told_to(actor("utredare2")) == []
    (shown,) = told(as_, "utredare")
    assert case.reference in shown.words
    assert shown.url == f"/cases/{case.pk}/"
    assert told(as_, "utredare2") == told(as_, "polischef") == []
    address = f"/notices/{shown.notice.pk}/seen/"
    assert as_("utredare2").post(address).status_code == 404
    assert as_("utredare").get(address).status_code == 405
    for _again in range(2):
        assert as_("utredare").post(address)["Location"] == "/"
    assert told(as_, "utredare") == []


def test_an_unknown_notice_is_404(as_: As) -> None:
    assert as_("utredare").post(f"/notices/{uuid4()}/seen/").status_code == 404


def test_the_postman_tells_somebody_in_the_other_unit(as_: As, actor: Who) -> None:
    sender, receiver = actor("utredare"), actor("socialsekreterare")
    with make.acting(sender):
        postman = sender.postman(Unit.objects.select_related("authority").get(pk=receiver.unit_id))
        with acting_as(postman):
            tell(receiver.unit_id, receiver.user_id, "delivery_arrived")
    (shown,) = told(as_, "socialsekreterare")
    assert shown.url == "/inbox/"
    assert told_to(sender) == []


def test_without_the_unit_nobody_is_told(actor: Who) -> None:
    other = actor("socialsekreterare")
    with make.acting(actor("utredare")), pytest.raises(DatabaseError), transaction.atomic():
        tell(other.unit_id, other.user_id, "delivery_arrived")


def test_every_kind_has_words_and_no_other_is_told(actor: Who) -> None:
    assert set(notices.WORDS) == KINDS
    one = actor("utredare")
    with make.acting(one), pytest.raises(ValueError, match="rubbish"):
        tell(one.unit_id, one.user_id, "rubbish")
    assert notices.words("gone", {}, None)
    assert notices.words("handed_over", {}, None)


def test_it_hides_with_the_case(actor: Who) -> None:
    one, chief = actor("utredare"), actor("polischef")
    case = make.in_progress(by=one)
    with make.acting(one):
        tell(one.unit_id, one.user_id, "handed_over", case.pk)
        tell(one.unit_id, one.user_id, "delivery_arrived")
    with make.acting(chief):  # who is named may restrict it; the handler isn't
        until = moment.now() + timedelta(days=1)
        open_grant(case, User.objects.get(pk=chief.user_id), chief, "Släkting.", until)
        case.restricted = True
        case.save(update_fields=["restricted"])
    with make.acting(one):
        by_policy = {notice.kind for notice in Notice.objects.all()}
        by_query = {notice.kind for notice in visible_to(Notice.objects.all(), one)}
    assert by_policy == by_query == {"delivery_arrived"}


@pytest.mark.parametrize(
    "change",
    ["facts = '{\"a\": 1}'", "made_at = now() - interval '1 day'", "kind = 'daily'",
     "user_id = acting_user()", "seen_at = NULL"],
)  # fmt: skip
def test_the_database_keeps_it_as_it_was_told(actor: Who, change: str) -> None:
    one = actor("utredare")
    with make.acting(one), connection.cursor() as cursor:
        told = tell(one.unit_id, one.user_id, "delivery_arrived")
        told.seen_at = moment.now()
        told.save(update_fields=["seen_at"])
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(f"UPDATE casework_notice SET {change}")  # noqa: S608


# --- the state of the day -----------------------------------------------------------------------


def some_work(actor: Who) -> Case:
    """One case of the investigator's late by law, one due in a week, one with an early warning."""
    one = actor("utredare")
    late, week, early = (make.in_progress(by=one) for _ in range(3))
    make.in_progress(by=actor("utredare2"))
    with make.acting(one):
        act = Act(by=one, reason="", at=moment.now())
        deadlines.start(late, "LUL6", TODAY - timedelta(days=2), act)
        deadlines.start(week, "LUL11", TODAY, act, due=TODAY + timedelta(days=5))
        deadlines.start(early, "LUL4", TODAY - timedelta(days=30), act)  # 12 days left, warns at 14
    return late


def test_each_morning_tells_what_is_late_and_soon(as_: As, actor: Who) -> None:
    some_work(actor)
    daily.run()
    (notice,) = told_to(actor("utredare"))
    assert notice.facts == {"overdue": 1, "week": 1, "warned": 1, "whose": "mine"}
    (chiefs,) = told_to(actor("polischef"))
    assert chiefs.facts == {"overdue": 1, "week": 1, "warned": 1, "whose": "all"}
    assert told_to(actor("utredare2")) == []  # nothing of hers is due
    assert told_to(actor("socialsekreterare")) == []


@pytest.mark.parametrize("name", ["utredare", "polischef"])
def test_its_figures_lead_to_what_they_count(as_: As, actor: Who, name: str) -> None:
    some_work(actor)
    daily.run()
    client = as_(name)
    (shown,) = client.get("/").context["notices"]
    for words, url in shown.figures:
        if url:
            assert client.get(url).context["page"].total == int(words.split()[0])


def test_the_next_morning_writes_over_it_and_brings_it_back(as_: As, actor: Who) -> None:
    late = some_work(actor)
    one = actor("utredare")
    daily.run()
    (shown,) = told(as_, "utredare")
    as_("utredare").post(f"/notices/{shown.notice.pk}/seen/")
    assert told(as_, "utredare") == []
    with make.acting(one):
        deadlines.meet(late, "LUL6", TODAY, Act(by=one, reason="", at=moment.now()))
    daily.run()
    (notice,) = told_to(one)
    assert (notice.pk, notice.facts["overdue"], notice.seen_at) == (shown.notice.pk, 0, None)


def test_a_morning_without_anything_tells_nothing(as_: As, actor: Who) -> None:
    late = some_work(actor)
    daily.run()
    one = actor("utredare")
    with make.acting(one):
        act = Act(by=one, reason="", at=moment.now())
        for case in Case.objects.filter(handler_id=one.user_id):
            for code in ("LUL6", "LUL11", "LUL4"):
                deadlines.meet(case, code, TODAY, act)
    daily.run()
    assert told(as_, "utredare") == []
    assert late.pk


def test_the_command_says_how_many(actor: Who, capsys: pytest.CaptureFixture[str]) -> None:
    some_work(actor)
    call_command("daily_state")
    assert capsys.readouterr().out.startswith("2 ")


def test_one_persons_fault_stops_no_other(actor: Who, monkeypatch: pytest.MonkeyPatch) -> None:
    some_work(actor)

    def fault(someone: Actor) -> None:
        if someone.username == "utredare":
            raise RuntimeError

    monkeypatch.setattr(daily, "CHECKS", (fault,))
    with pytest.raises(daily.Failed):
        daily.run()
    assert told_to(actor("utredare")) == []
    assert len(told_to(actor("polischef"))) == 1


def test_the_worker_wakes_for_it_each_morning() -> None:
    (waking,) = [
        one for one in app.periodic_registry.periodic_tasks.values()
        if one.task.name == tasks.daily_state.name
    ]  # fmt: skip
    assert waking.cron == "30 3,4 * * *"
