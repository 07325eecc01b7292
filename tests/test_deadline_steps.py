"""A case's statutory deadlines in the browser: added, met, extended, shown, and each refusal."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from casework.clocks import months_after
from casework.models import Case, Deadline, deadlines
from casework.workflow import moment
from casework.workflow.steps import Act
from tests import make
from tests.pages import Find, Login, form_with, readings, steps

pytestmark = pytest.mark.django_db
NOBODYS = "00000000-0000-4000-8000-000000000000"  # the same in every process that collects
TODAY = moment.today()


def page(case: Case, step: str = "") -> str:
    return f"/cases/{case.pk}/" + (f"steps/{step}/" if step else "")


def clocks(case: Case, by: Any) -> list[Deadline]:
    with make.acting(by):
        return list(Deadline.objects.filter(case_id=case.pk).select_related("rule"))


def started(case: Case, by: Any, code: str, on: date = TODAY) -> Deadline:
    with make.acting(by):
        act = Act(by=by, reason="", at=moment.now())
        return deadlines.start(case, code, on, act, part_id=uuid4())


def words(client: Any, address: str) -> str:
    text: str = client.get(address).content.decode()
    return text


def test_a_social_worker_adds_one_and_sees_it_on_the_page(as_: Login, actor: Find) -> None:
    by = actor("socialsekreterare")
    case, client = make.in_progress(by), as_("socialsekreterare")
    form = form_with(client.get(page(case, "add_deadline")).content, "version")
    sent = {**form, "code": "LVU7", "starts_on": TODAY, "due": ""}
    assert client.post(page(case, "add_deadline"), sent)["Location"] == page(case)
    (clock,) = clocks(case, by)
    assert (clock.code, clock.due) == ("LVU7", TODAY + timedelta(days=7))
    shown = words(client, page(case))
    assert "LVU (1990:52) 7 §" in shown
    assert clock.due.isoformat() in shown
    assert f"deadline={clock.pk}" in shown
    (line,) = steps(by, thing_id=case.pk, step="add_deadline")
    assert (line.facts["code"], line.facts["due"]) == ("LVU7", clock.due.isoformat())


@pytest.mark.parametrize(
    ("name", "offered"),
    [("utredare", {"LUL11", "LUL18"}), ("socialsekreterare", {"LUL11", "LVU7", "LVU8"})],
)
def test_each_side_starts_its_own_by_hand(
    as_: Login, actor: Find, name: str, offered: set[str]
) -> None:
    case = make.in_progress(actor(name))
    form = as_(name).get(page(case, "add_deadline")).context["form"]
    assert {code for code, _label in form.fields["code"].choices} == offered


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": ""},
        {"code": "LUL4"},
        {"code": "LVU7"},
        {"starts_on": ""},
        {"starts_on": TODAY + timedelta(days=1)},
        {"starts_on": "1999-01-01"},
        {"due": ""},
        {"due": TODAY - timedelta(days=1)},
        {"due": TODAY + timedelta(days=800)},
        {"due": "i morgon"},
        {"code": "LUL18"},  # the law sets that day
    ],
    ids=str,
)
def test_a_faulty_one_is_422_and_changes_nothing(
    as_: Login, actor: Find, wrong: dict[str, Any]
) -> None:
    by = actor("utredare")
    case = make.in_progress(by)
    sent = {"code": "LUL11", "starts_on": TODAY, "due": TODAY + timedelta(days=5), **wrong}
    assert as_("utredare").post(page(case, "add_deadline"), sent).status_code == 422
    assert clocks(case, by) == []


def test_the_same_does_not_run_twice(as_: Login, actor: Find) -> None:
    by = actor("utredare")
    case = make.deadline(make.in_progress(by), by)
    sent = {"code": "LUL11", "starts_on": TODAY, "due": TODAY + timedelta(days=5)}
    assert as_("utredare").post(page(case, "add_deadline"), sent).status_code == 422


@pytest.mark.parametrize(
    ("name", "status"),
    [("utredare", 200), ("polischef", 200), ("ledare", 200), ("utredare2", 403),
     ("omradespolis", 403), ("socialsekreterare", 404), ("utredare.granne", 404)],
)  # fmt: skip
@pytest.mark.parametrize("step", ["add_deadline", "meet_deadline", "extend_deadline"])
def test_who_minds_the_deadlines(
    as_: Login, actor: Find, name: str, status: int, step: str
) -> None:
    by = actor("utredare")
    case = make.deadline(make.in_progress(by), by)
    if (step, name) == ("extend_deadline", "ledare"):
        status = 409  # the rule of a statement names others, and the page says so
    assert as_(name).get(page(case, step)).status_code == status


@pytest.mark.parametrize("step", ["meet_deadline", "extend_deadline"])
def test_without_an_open_one_there_is_nothing_to_meet(as_: Login, actor: Find, step: str) -> None:
    case, client = make.in_progress(actor("utredare")), as_("utredare")
    assert client.get(page(case, step)).status_code == 409
    assert client.post(page(case, step), {"deadline": NOBODYS}).status_code == 422


@pytest.mark.parametrize("met", [True, False])
def test_it_is_met_or_no_longer_applies(as_: Login, actor: Find, met: bool) -> None:
    by = actor("utredare")
    case, client = make.deadline(make.in_progress(by), by), as_("utredare")
    form = form_with(client.get(page(case, "meet_deadline")).content, "version")
    assert form["deadline"] == str(clocks(case, by)[0].pk)  # the only one is chosen already
    sent = {**form, "met": "met" if met else "gone", "on": TODAY, "how": "Per telefon."}
    assert client.post(page(case, "meet_deadline"), sent).status_code == 302
    (clock,) = clocks(case, by)
    assert (clock.met_on, clock.dropped_on) == ((TODAY, None) if met else (None, TODAY))
    shown = words(client, page(case))
    assert "Per telefon." in shown
    with make.acting(by):
        stored = Case.objects.get(pk=case.pk)
    assert (stored.law_code, stored.next_due) == ("", stored.deadlines() or stored.next_due)


@pytest.mark.parametrize(
    "wrong",
    [
        {"deadline": ""},
        {"deadline": NOBODYS},
        {"deadline": "x" * 5000},
        {"met": "perhaps"},
        {"on": TODAY + timedelta(days=1)},
        {"on": TODAY - timedelta(days=1)},  # before it began
        {"how": ""},
        {"how": "x" * 201},
    ],
    ids=lambda wrong: str(wrong)[:30],
)
def test_a_faulty_end_is_422(as_: Login, actor: Find, wrong: dict[str, Any]) -> None:
    by = actor("utredare")
    case = make.deadline(make.in_progress(by), by)
    (clock,) = clocks(case, by)
    sent = {"deadline": str(clock.pk), "met": "met", "on": TODAY, "how": "Klart.", **wrong}
    assert as_("utredare").post(page(case, "meet_deadline"), sent).status_code == 422
    assert clocks(case, by)[0].is_open


def extension(clock: Deadline, **given: Any) -> dict[str, Any]:
    return {
        "deadline": str(clock.pk), "ground": clock.rule.grounds[0],
        "due": clock.due + timedelta(days=14), "decided_by": "Kammaråklagare Falk",
        "reason": "Ett förhör återstår.", **given,
    }  # fmt: skip


def test_the_leader_extends_six_weeks_and_the_page_says_from_by_and_why(
    as_: Login, actor: Find
) -> None:
    by = actor("utredare")
    case = make.in_progress(by)
    clock = started(case, by, "LUL4")
    client = as_("ledare")
    address = f"{page(case, 'extend_deadline')}?deadline={clock.pk}"
    form = form_with(client.get(address).content, "version")
    assert (form["deadline"], form["decided_by"]) == (str(clock.pk), actor("ledare").name)
    sent = {**form, **extension(clock, ground="nature")}
    assert client.post(page(case, "extend_deadline"), sent).status_code == 302
    (now,) = clocks(case, by)
    assert (now.due, now.first_due) == (clock.due + timedelta(days=14), clock.due)
    shown = words(client, page(case))
    for said in ("Kammaråklagare Falk", "Ett förhör återstår.", now.due.isoformat(),
                 clock.due.isoformat(), actor("ledare").name):  # fmt: skip
        assert said in shown
    (line,) = steps(by, thing_id=case.pk, step="extend_deadline")
    assert line.facts["ground"] == "nature"
    assert "Falk" not in str(line.facts)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ground": ""},
        {"ground": "court"},
        {"due": ""},
        {"due": TODAY},
        {"due": TODAY + timedelta(days=42)},
        {"due": TODAY + timedelta(days=500)},
        {"decided_by": ""},
        {"decided_by": "x" * 121},
        {"reason": ""},
        {"deadline": NOBODYS},
    ],
    ids=str,
)
def test_a_faulty_extension_is_422(as_: Login, actor: Find, wrong: dict[str, Any]) -> None:
    by = actor("utredare")
    case = make.in_progress(by)
    clock = started(case, by, "LUL4")
    sent = extension(clock, **wrong)
    assert as_("ledare").post(page(case, "extend_deadline"), sent).status_code == 422
    assert clocks(case, by)[0].due == clock.due


def test_grounds_of_one_rule_do_not_extend_another(as_: Login, actor: Find) -> None:
    by = actor("ledare")
    case = make.in_progress(actor("utredare"))
    one, other = started(case, by, "LUL4"), started(case, by, "LUL32")
    client = as_("ledare")
    sent = extension(other, ground="mediation")  # LUL 4 § knows it, 32 § doesn't
    assert client.post(page(case, "extend_deadline"), sent).status_code == 422
    assert client.post(page(case, "extend_deadline"), extension(one)).status_code == 302


def test_a_rule_that_nobody_may_extend_says_so(as_: Login, actor: Find) -> None:
    by = actor("socialsekreterare")
    case = make.in_progress(by)
    clock = started(case, by, "SOL20_1")
    client = as_("socialchef")
    form_page = words(client, page(case, "extend_deadline"))
    assert str(clock.pk) not in form_page
    assert "SoL (2025:400) 20 kap. 1 §" in form_page
    sent = {"deadline": str(clock.pk), "ground": "exceptional", "reason": "Skäl.",
            "due": TODAY + timedelta(days=2), "decided_by": "Chefen"}  # fmt: skip
    assert client.post(page(case, "extend_deadline"), sent).status_code == 422
    assert "extend_deadline" not in words(client, page(case))


def test_at_once_is_said_as_the_law_means_it(as_: Login, actor: Find) -> None:
    by = actor("socialsekreterare")
    case = make.in_progress(by)
    started(case, by, "SOL20_1")
    assert "samma dag, senast nästa dag" in words(as_("socialsekreterare"), page(case))


def test_two_people_meet_the_same_one_and_one_is_told(as_: Login, actor: Find) -> None:
    by = actor("utredare")
    case = make.deadline(make.in_progress(by), by)
    (clock,) = clocks(case, by)
    sent = {"deadline": str(clock.pk), "met": "met", "on": TODAY, "how": "Klart.",
            "version": case.version}  # fmt: skip
    assert as_("utredare").post(page(case, "meet_deadline"), sent).status_code == 302
    late = as_("polischef").post(page(case, "meet_deadline"), sent)
    assert late.status_code == 409
    assert "Klart." in late.content.decode()


def test_what_an_investigation_met_meanwhile_is_422_and_loses_nothing(
    as_: Login, actor: Find
) -> None:
    by = actor("utredare")
    case = make.deadline(make.in_progress(by), by)
    (clock,) = clocks(case, by)
    sent = extension(clock, version=case.version)
    with make.acting(by):
        act = Act(by=by, reason="", at=moment.now())
        deadlines.meet(case, "LUL11", TODAY, act)
        deadlines.start(case, "LUL11", TODAY, act, due=TODAY + timedelta(days=9))
    late = as_("utredare").post(page(case, "extend_deadline"), sent)
    assert late.status_code == 422
    assert "Ett förhör återstår." in late.content.decode()


def test_opening_the_form_is_one_reading(as_: Login, actor: Find) -> None:
    by = actor("utredare")
    case = make.deadline(make.in_progress(by), by)
    as_("utredare").get(page(case, "meet_deadline"))
    (line,) = readings(by, about_id=case.pk)
    assert (line.kind, line.detail) == ("opened", {"part": "step"})


def test_the_queue_is_led_by_the_nearest_and_names_it(as_: Login, actor: Find) -> None:
    by = actor("utredare")
    later = make.in_progress(by)
    first = make.in_progress(by)
    started(first, by, "LUL6")
    started(later, by, "LUL4")
    page = as_("utredare").get("/cases/?mine=mine")
    rows = [row for group in page.context["groups"] for row in group["rows"]]
    assert [row.case.pk for row in rows] == [first.pk, later.pk]
    shown = page.content.decode()
    assert shown.index("Underrätta socialtjänsten") < shown.index("Slutför och besluta")
    assert rows[1].due == TODAY + timedelta(days=42)


def test_a_rule_warns_as_early_as_it_says(as_: Login, actor: Find) -> None:
    by = actor("ledare")
    case = make.in_progress(actor("utredare"))
    with moment.at(moment.now()):
        started(case, by, "LUL32", months_after(TODAY, -3) + timedelta(days=20))
    clock = as_("ledare").get(page(case)).context["deadlines"]["law"][0]
    assert clock.soon == 30
    assert 'class="chip soon"' in words(as_("ledare"), page(case))
