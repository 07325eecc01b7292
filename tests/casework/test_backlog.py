"""The backlog: figures of one unit, for its supervisors."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils.timezone import localtime

from access.actor import Actor
from access.models import Membership
from access.session import acting_as
from casework import backlog
from casework.charts import nice, pairs
from casework.workflow import moment
from tests import make

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
Who = Callable[[str], Actor]


def days_ago(days: int) -> datetime:
    """The same time of day; summer time may have begun or ended since."""
    return localtime(moment.now()) - timedelta(days=days)


def test_it_is_for_supervisors_only(as_: As) -> None:
    assert as_("polischef").get("/backlog/").status_code == 200
    assert as_("socialchef").get("/backlog/").status_code == 200
    for name in ("utredare", "ledare", "faltassistent", "dataskydd.polis", "admin", "samordnare"):
        assert as_(name).get("/backlog/").status_code == 403


def test_every_count_leads_to_as_many_cases(as_: As, actor: Who) -> None:
    one, two = actor("utredare"), actor("utredare2")
    with moment.at(days_ago(40)):
        make.prioritised(by=one, level="A")
        make.in_progress(by=two, level="B")
    make.case(by=one)
    make.follow_up(by=one)
    make.case(by=actor("utredare.granne"))
    client = as_("polischef")
    context = client.get("/backlog/").context
    counts = [(one["url"], one["value"]) for one in context["figures"]]
    counts += [(bar["url"], bar["value"]) for key in ("states", "levels")
               for bar in context[key]["bars"]]  # fmt: skip
    counts += [(f"/cases/?handler={load.member.id}", load.cases) for load in context["loads"]]
    checked = 0
    for url, value in counts:
        if url.startswith("/cases/"):
            assert client.get(url).context["page"].total == value, url
            checked += 1
    assert checked > 12
    assert context["total"] == 4


def test_age_is_counted_in_days_since_the_case_was_opened(as_: As, actor: Who) -> None:
    for days in (0, 7, 8, 30, 31, 90, 91, 400):
        with moment.at(days_ago(days)):
            make.case(by=actor("utredare"))
    ages = as_("polischef").get("/backlog/").context["ages"]
    assert [bar["value"] for bar in ages["bars"]] == [2, 2, 2, 2]


def test_untouched_priorities_tell_how_long_they_have_waited(actor: Who) -> None:
    for days in (1, 5, 30):
        with moment.at(days_ago(days)):
            make.prioritised(by=actor("utredare"), level="C")
    make.in_progress(by=actor("utredare"))
    chief = actor("polischef")
    with make.acting(chief):
        waiting, expired, unconfirmed = backlog.untouched(chief)
    assert (waiting.cases, waiting.half, waiting.longest) == (3, 5, 30)
    assert (expired, unconfirmed) == (0, 0)


def test_the_flow_counts_weeks_in_and_out(actor: Who) -> None:
    utredare, chief = actor("utredare"), actor("polischef")
    with moment.at(days_ago(7)):
        case = make.case(by=utredare)
        make.case(by=utredare)
    with moment.at(days_ago(100)):
        make.case(by=utredare)
    make.step(case, "set_aside", chief, "Dubblett.", why="duplicate")
    with make.acting(chief):
        weeks = backlog.flow(chief, backlog.open_by_day(chief))
    assert len(weeks) == backlog.WEEKS
    assert [week.opened for week in weeks][-2:] == [2, 0]
    assert [week.closed for week in weeks][-2:] == [0, 1]
    assert sum(week.opened for week in weeks) == 2


def test_what_waits_for_a_decision_is_listed(as_: As, actor: Who) -> None:
    with moment.at(days_ago(20)):
        gone = make.prioritised(
            by=actor("utredare"), level="C", valid_until=moment.today() - timedelta(days=1)
        )
    acute = make.prioritised(by=actor("utredare"), level="A")
    lists = {one["id"]: one["rows"] for one in as_("polischef").get("/backlog/").context["lists"]}
    assert [row.case.pk for row in lists["expired"]] == [gone.pk]
    assert [row.case.pk for row in lists["unconfirmed"]] == [acute.pk]
    assert [row.case.pk for row in lists["oldest"]] == [gone.pk, acute.pk]


def test_a_leavers_cases_stand_first_to_be_handed_over(as_: As, actor: Who) -> None:
    leaver = actor("utredare2")
    make.in_progress(by=leaver)
    with acting_as(None):
        Membership.objects.filter(user_id=leaver.user_id).update(
            until=moment.today() - timedelta(days=1)
        )
    loads = as_("polischef").get("/backlog/").context["loads"]
    assert loads[0].member.id == leaver.user_id
    assert not loads[0].member.here
    assert loads[0].cases == 1


def test_the_chart_holds_its_bars() -> None:
    drawn = pairs(["1", "2", "3"], [0, 5, 10], [1, 2, 3])
    for bar in drawn.first + drawn.second:
        assert 0 <= bar.x <= drawn.width - bar.width
        assert 0 <= bar.y <= drawn.base
    assert [nice(one) for one in (1, 3, 5, 11, 21, 41, 101)] == [2, 4, 10, 20, 40, 100, 200]
