"""Starting a case, handing it over, following it up."""

from datetime import timedelta

import pytest

from casework.models import Case
from casework.workflow import moment
from tests import make
from tests.pages import Find, Login, form_with
from tests.test_step_pages import url

pytestmark = pytest.mark.django_db


def now(case: Case, actor: Find) -> Case:
    with make.acting(actor("utredare")):
        return Case.objects.get(pk=case.pk)


def test_a_case_worker_takes_it_herself(as_: Login, actor: Find) -> None:
    case = make.prioritised(actor("utredare"))
    client = as_("utredare2")
    form = form_with(client.get(url(case, "start")).content, "version")
    assert client.post(url(case, "start"), form).status_code == 302
    assert now(case, actor).handler_id == actor("utredare2").user_id


def test_a_case_worker_gives_it_to_nobody_else(as_: Login, actor: Find) -> None:
    case = make.prioritised(actor("utredare"))
    sent = {"version": 1, "handler": str(actor("utredare2").user_id)}
    assert as_("utredare").post(url(case, "start"), sent).status_code == 422
    assert now(case, actor).state == "prioritised"


def test_a_supervisor_assigns_it_within_the_unit(as_: Login, actor: Find) -> None:
    case = make.prioritised(actor("utredare"))
    client = as_("polischef")
    page = client.get(url(case, "start")).content.decode()
    assert actor("utredare2").name in page
    for stranger in ("utredare.granne", "socialsekreterare", "omradespolis"):
        assert str(actor(stranger).user_id) not in page
        sent = {"version": 1, "handler": str(actor(stranger).user_id)}
        assert client.post(url(case, "start"), sent).status_code == 422
    assert client.post(url(case, "start"), {"version": 1}).status_code == 422
    sent = {"version": 1, "handler": str(actor("utredare2").user_id)}
    assert client.post(url(case, "start"), sent).status_code == 302
    assert now(case, actor).handler_id == actor("utredare2").user_id


def test_handing_over_needs_another_person_and_a_reason(as_: Login, actor: Find) -> None:
    case = make.in_progress(actor("utredare"))
    client = as_("utredare")
    to = {"handler": str(actor("utredare2").user_id), "reason": "Semester."}
    same = to | {"handler": str(actor("utredare").user_id)}
    assert client.post(url(case, "hand_over"), same).status_code == 422
    assert client.post(url(case, "hand_over"), to | {"reason": ""}).status_code == 422
    assert as_("utredare2").post(url(case, "hand_over"), to).status_code == 403
    assert client.post(url(case, "hand_over"), to | {"version": case.version}).status_code == 302
    assert now(case, actor).handler_id == actor("utredare2").user_id


@pytest.mark.parametrize(("days", "status"), [(0, 422), (1, 302), (183, 302), (184, 422)])
def test_the_next_look_lies_within_six_months(
    as_: Login, actor: Find, days: int, status: int
) -> None:
    case = make.in_progress(actor("utredare"))
    sent = {"version": 2, "next_look": moment.today() + timedelta(days=days)}
    assert as_("utredare").post(url(case, "begin_follow_up"), sent).status_code == status
