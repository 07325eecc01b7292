"""Taking a step on its page, whatever step it is: form, version, refusal, conflict, confirm."""

from datetime import timedelta
from typing import Any

import pytest
from django import forms
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.events import WHAT
from casework.forms.base import StepForm
from casework.forms.steps import FORMS, STEP_FORMS
from casework.models import Case, Intervention
from casework.views.taking import ASK
from casework.workflow import moment
from casework.workflow.steps import steps_of
from tests import make
from tests.pages import Find, Login, form_with, readings, steps

MACHINES = (Case, Intervention)
DECLARED = [(model, step) for model in MACHINES for step in steps_of(model).values()]


def url(case: Case, name: str) -> str:
    return f"/cases/{case.pk}/steps/{name}/"


def priority(case: Case, **given: Any) -> dict[str, Any]:
    return {
        "version": case.version,
        "level": "A",
        "criterion_repeated": "on",
        "fact_repeated": "Tre tillfällen",
        "valid_until": moment.today() + timedelta(days=20),
        "reason": "Det blir fler.",
        **given,
    }


@pytest.mark.parametrize(("model", "step"), DECLARED, ids=lambda part: getattr(part, "name", ""))
def test_every_declared_step_has_form_and_words(model: Any, step: Any) -> None:
    assert issubclass(FORMS[step.form], forms.Form)
    assert (model.MACHINE, step.name) in WHAT
    assert step.birth or issubclass(STEP_FORMS[step.form], StepForm)
    assert not step.final or (model.MACHINE, step.name) in ASK


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["flag", "save", "delete", "perform", "__init__", "x" * 300])
def test_births_and_nonsense_are_no_addresses(as_: Login, actor: Find, name: str) -> None:
    case = make.case(actor("utredare"))
    client = as_("utredare")
    assert client.get(url(case, name)).status_code == 404
    assert client.post(url(case, name)).status_code == 404


@pytest.mark.django_db
def test_a_step_is_taken_once_and_told(as_: Login, actor: Find) -> None:
    case = make.case(actor("utredare"))
    client = as_("utredare")
    answer = client.post(url(case, "prioritise"), priority(case), follow=True)
    assert answer.redirect_chain == [(f"/cases/{case.pk}/", 302)]
    assert 'class="alert success"' in answer.content.decode()
    line = steps(actor("utredare"), about_id=case.pk)[-1]
    assert (line.step, line.seq, line.to_state) == ("prioritise", 1, "prioritised")


@pytest.mark.django_db
def test_a_stale_page_shows_who_changed_what_and_keeps_the_text(as_: Login, actor: Find) -> None:
    case = make.case(actor("utredare"))
    client = as_("utredare2")
    form = form_with(client.get(url(case, "prioritise")).content, "version")
    make.step(
        case, "prioritise", actor("utredare"), "Mitt skäl.", level="C",
        criteria=make.CRITERIA, valid_until=moment.today(),
    )  # fmt: skip
    typed = {**priority(case), "version": form["version"], "reason": "Min egen text."}
    answer = client.post(url(case, "prioritise"), typed)
    assert answer.status_code == 409
    page = answer.content.decode()
    for text in (actor("utredare").name, "Mitt skäl.", "Min egen text.", "Tre tillfällen"):
        assert text in page
    again = form_with(answer.content, "version")
    assert again["version"] == "1"
    assert client.post(url(case, "prioritise"), again).status_code == 302


@pytest.mark.django_db
def test_a_step_that_the_change_made_impossible_keeps_the_text_too(as_: Login, actor: Find) -> None:
    case = make.case(actor("utredare"))
    make.step(case, "set_aside", actor("polischef"), "Fel enhet.", why="other_unit")
    answer = as_("utredare").post(
        url(case, "prioritise"), priority(case, version=0, reason="Min egen text.")
    )
    assert answer.status_code == 409
    assert "Min egen text." in answer.content.decode()
    assert "<form" not in answer.content.decode().split("<main")[1]


@pytest.mark.django_db
def test_a_colleague_without_the_right_gets_403_in_words(as_: Login, actor: Find) -> None:
    case = make.prioritised(actor("utredare"))
    client = as_("utredare")
    for method in (client.get, client.post):
        answer = method(url(case, "confirm"))
        assert answer.status_code == 403
    lines = readings(actor("utredare"), kind="refused", about_id=case.pk)
    assert len(lines) == 2
    assert lines[0].detail["reason"]
    assert [line.step for line in steps(actor("utredare"), about_id=case.pk)][-1] == "prioritise"


@pytest.mark.django_db
def test_a_step_out_of_order_is_409(as_: Login, actor: Find) -> None:
    case = make.case(actor("utredare"))
    client = as_("utredare")
    assert client.get(url(case, "start")).status_code == 409
    assert client.post(url(case, "start"), {"version": 0}).status_code == 409


@pytest.mark.django_db
def test_a_condition_that_does_not_hold_is_422(as_: Login, actor: Find) -> None:
    case = make.in_progress(actor("utredare"))
    make.intervention(case, actor("utredare"))
    look = {"version": case.version, "next_look": moment.today() + timedelta(days=9)}
    answer = as_("utredare").post(url(case, "begin_follow_up"), look)
    assert answer.status_code == 422


@pytest.mark.django_db
def test_a_missing_reason_is_422_with_a_summary(as_: Login, actor: Find) -> None:
    case = make.prioritised(actor("utredare"))
    answer = as_("utredare").post(url(case, "lower"), {"version": case.version, "reason": "  "})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'id="error-summary"' in page
    assert 'href="#id_reason"' in page


@pytest.mark.django_db
@pytest.mark.parametrize("version", ["x", "-1", "9" * 30, "1.0"])
def test_a_nonsense_version_is_400(as_: Login, actor: Find, version: str) -> None:
    case = make.case(actor("utredare"))
    sent = priority(case, version=version)
    assert as_("utredare").post(url(case, "prioritise"), sent).status_code == 400


@pytest.mark.django_db
def test_the_last_act_is_named_before_it_is_done(as_: Login, actor: Find) -> None:
    case = make.in_progress(actor("utredare"))
    client = as_("polischef")
    form = form_with(client.get(url(case, "close")).content, "version")
    sent = {**form, "outcome": "no_contact", "reason": "Två rader\noch “citat” <b>."}
    page = client.post(url(case, "close"), sent)
    assert page.status_code == 200
    assert len(steps(actor("utredare"), about_id=case.pk)) == 3
    hidden = form_with(page.content, "confirmed")
    assert client.post(url(case, "close"), hidden).status_code == 302
    line = steps(actor("utredare"), about_id=case.pk)[-1]
    assert (line.step, line.reason) == ("close", "Två rader\noch “citat” <b>.")


@pytest.mark.django_db
def test_other_methods_get_405(as_: Login, actor: Find) -> None:
    case = make.case(actor("utredare"))
    client = as_("utredare")
    for method in (client.put, client.delete, client.patch):
        assert method(url(case, "prioritise")).status_code == 405


@pytest.mark.django_db
def test_a_step_takes_12_questions_at_most(as_: Login, actor: Find) -> None:
    case = make.case(actor("utredare"))
    client = as_("utredare")
    client.get(url(case, "prioritise"))
    with CaptureQueriesContext(connection) as asked:
        client.post(url(case, "prioritise"), priority(case))
    assert len(asked) <= 12
