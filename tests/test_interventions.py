"""Interventions: planned while the case is in progress, agreed with the consent that is due."""

from datetime import date, timedelta
from typing import Any

import pytest

from audit.models import Step
from casework import events
from casework.models import Case, Intervention
from casework.workflow import moment
from tests import make
from tests.pages import Find, Login, form_with, readings

pytestmark = pytest.mark.django_db
TODAY = moment.today()


def born(age: int) -> date:
    """The birth date of somebody who turned that age a month ago."""
    return (TODAY - timedelta(days=31)).replace(year=TODAY.year - age, day=1)


def social(actor: Find, age: int = 16) -> Case:
    return make.in_progress(actor("socialsekreterare"), birth_date=born(age))


def page(part: Intervention, step: str = "") -> str:
    tail = f"steps/{step}/" if step else ""
    return f"/cases/{part.case_id}/interventions/{part.pk}/{tail}"


def plan(actor: Find, name: str = "socialsekreterare", **given: Any) -> dict[str, Any]:
    return {
        "title": "Samtal varje vecka",
        "goal": "Inga nya tillfällen.",
        "handler": str(actor(name).user_id),
        "planned_from": TODAY,
        "planned_until": TODAY + timedelta(days=60),
        **given,
    }


def test_it_is_proposed_looked_at_and_taken_to_its_end(as_: Login, actor: Find) -> None:
    case, client = social(actor), as_("socialsekreterare")
    done = client.post(f"/cases/{case.pk}/interventions/new/", plan(actor))
    assert done.status_code == 302
    with make.acting(actor("socialsekreterare")):
        part = case.interventions.get()
    assert done["Location"] == page(part)
    for step, sent in (
        ("agree", {"consent_by": "young_person", "consent_on": TODAY}),
        ("start", {"started_on": TODAY}),
        ("add_note", {"text": "Första samtalet."}),
        ("complete", {"result": "partly", "ended_on": TODAY, "reason": "Klart.",
                      "confirmed": "yes"}),
    ):  # fmt: skip
        form = form_with(client.get(page(part, step)).content, "version")
        assert client.post(page(part, step), {**form, **sent}).status_code == 302, step
    shown = client.get(page(part)).content.decode()
    assert "Första samtalet." in shown
    assert 'name="version"' not in shown


def test_opening_it_is_a_reading_about_the_case(as_: Login, actor: Find) -> None:
    part = make.intervention(social(actor), actor("socialsekreterare"))
    as_("socialsekreterare").get(page(part))
    (line,) = readings(actor("socialsekreterare"), about_id=part.case_id)
    assert (line.kind, line.detail["part"]) == ("opened", "intervention")


@pytest.mark.parametrize(
    ("age", "sent", "status"),
    [
        (16, {"consent_by": "young_person", "consent_on": TODAY}, 302),
        (16, {"consent_by": "guardian", "consent_on": TODAY}, 422),
        (16, {"consent_by": "both", "consent_on": TODAY}, 302),
        (13, {"consent_by": "guardian", "consent_on": TODAY}, 302),
        (13, {"consent_by": "young_person", "consent_on": TODAY}, 422),
        (13, {"consent_by": "young_person", "consent_on": TODAY, "consent_note": "Lämpligt."}, 302),
        (11, {"consent_by": "young_person", "consent_on": TODAY, "consent_note": "Lämpligt."}, 422),
        (11, {"consent_by": "both", "consent_on": TODAY}, 302),
        (19, {"consent_by": "guardian", "consent_on": TODAY}, 422),
        (19, {"consent_by": "young_person", "consent_on": TODAY}, 302),
        (16, {"consent_by": "young_person"}, 422),
        (16, {"consent_by": "young_person", "consent_on": TODAY + timedelta(days=1)}, 422),
        (16, {"consent_by": "not_needed", "consent_note": "Öppen verksamhet."}, 422),
        (16, {}, 422),
    ],
)
def test_consent_follows_the_age(
    as_: Login, actor: Find, age: int, sent: dict[str, Any], status: int
) -> None:
    part = make.intervention(social(actor, age), actor("socialsekreterare"))
    assert as_("socialsekreterare").post(page(part, "agree"), sent).status_code == status


def test_the_police_may_say_that_none_is_needed_and_why(as_: Login, actor: Find) -> None:
    case = make.in_progress(actor("utredare"))
    part = make.intervention(case, actor("utredare"))
    client = as_("utredare")
    sent = {"consent_by": "not_needed"}
    assert client.post(page(part, "agree"), sent).status_code == 422
    sent["consent_note"] = "Ett samtal på torget."
    assert client.post(page(part, "agree"), sent).status_code == 302


def test_none_is_proposed_before_the_case_is_in_progress(as_: Login, actor: Find) -> None:
    case = make.prioritised(actor("socialsekreterare"))
    client = as_("socialsekreterare")
    address = f"/cases/{case.pk}/interventions/new/"
    assert client.get(address).status_code == 409
    assert client.post(address, plan(actor)).status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "x" * 121},
        {"goal": ""},
        {"handler": ""},
        {"planned_until": TODAY - timedelta(days=3)},
        {"planned_from": "1999-01-01"},
    ],
    ids=str,
)
def test_a_faulty_plan_is_422(as_: Login, actor: Find, wrong: dict[str, Any]) -> None:
    address = f"/cases/{social(actor).pk}/interventions/new/"
    sent = plan(actor, **wrong)
    assert as_("socialsekreterare").post(address, sent).status_code == 422


def test_only_who_runs_it_takes_its_steps(as_: Login, actor: Find) -> None:
    part = make.intervention(
        social(actor), actor("socialsekreterare"), handler=actor("faltassistent")
    )
    sent = {"consent_by": "young_person", "consent_on": TODAY}
    assert as_("socialsekreterare2").post(page(part, "agree"), sent).status_code == 403
    assert as_("faltassistent").post(page(part, "agree"), sent).status_code == 302


def test_it_is_found_under_its_own_case_only(as_: Login, actor: Find) -> None:
    part = make.intervention(social(actor), actor("socialsekreterare"))
    other = social(actor, age=17)
    client = as_("socialsekreterare")
    assert client.get(f"/cases/{other.pk}/interventions/{part.pk}/").status_code == 404
    assert as_("utredare").get(page(part)).status_code == 404
    assert client.get(page(part, "propose")).status_code == 404


def test_declining_is_confirmed(as_: Login, actor: Find) -> None:
    part = make.intervention(social(actor), actor("socialsekreterare"))
    client = as_("socialsekreterare")
    asked = client.post(page(part, "decline"), {"version": 0, "reason": "Vill inte."})
    assert asked.status_code == 200
    hidden = form_with(asked.content, "confirmed")
    assert client.post(page(part, "decline"), hidden).status_code == 302
    with make.acting(actor("socialsekreterare")):
        assert Intervention.objects.get(pk=part.pk).state == "declined"


def test_every_fact_of_a_step_has_words_in_the_log(as_: Login, actor: Find) -> None:
    by = actor("utredare")
    part = make.intervention(make.in_progress(by), by)
    with make.acting(by):
        told = {name for line in Step.objects.all() for name in line.facts}
    assert part.pk
    assert not told - set(events.FACTS)
