"""Closing, setting aside, reopening; and observations along the way."""

import pytest

from casework.models import Case
from tests import make
from tests.pages import Find, Login, form_with
from tests.test_flag import seen
from tests.test_step_pages import url

pytestmark = pytest.mark.django_db
CLOSE = {"outcome": "no_contact", "reason": "Ingen kontakt.", "confirmed": "yes"}


def now(case: Case, actor: Find) -> Case:
    with make.acting(actor("utredare")):
        return Case.objects.get(pk=case.pk)


def test_a_supervisor_who_does_not_handle_it_closes_it(as_: Login, actor: Find) -> None:
    case = make.in_progress(actor("utredare"))
    assert as_("utredare").post(url(case, "close"), CLOSE).status_code == 403
    assert as_("polischef").post(url(case, "close"), CLOSE).status_code == 302
    assert (now(case, actor).state, now(case, actor).outcome) == ("closed", "no_contact")


def test_the_handler_never_closes_it_even_as_supervisor(as_: Login, actor: Find) -> None:
    case = make.in_progress(actor("utredare"), handler=actor("polischef"))
    assert as_("polischef").post(url(case, "close"), CLOSE).status_code == 403


@pytest.mark.parametrize("missing", ["outcome", "reason"])
def test_closing_asks_for_outcome_and_reason(as_: Login, actor: Find, missing: str) -> None:
    case = make.in_progress(actor("utredare"))
    sent = {name: value for name, value in CLOSE.items() if name != missing}
    assert as_("polischef").post(url(case, "close"), sent).status_code == 422


def test_setting_aside_is_confirmed_and_told_on_the_page(as_: Login, actor: Find) -> None:
    case = make.case(actor("utredare"))
    client = as_("polischef")
    sent = {"version": 0, "why": "duplicate", "reason": "Samma som ett annat."}
    page = client.post(url(case, "set_aside"), sent)
    done = client.post(url(case, "set_aside"), form_with(page.content, "confirmed"), follow=True)
    assert done.status_code == 200
    assert now(case, actor).state == "set_aside"
    assert "Samma som ett annat." in done.content.decode()


def test_reopening_waits_while_another_case_is_open(as_: Login, actor: Find) -> None:
    twelve = make.number()
    old = make.closed(actor("utredare"), actor("polischef"), number=twelve)
    client = as_("polischef")
    newer = make.case(actor("utredare"), number=twelve)
    again = {"reason": "Nya uppgifter."}
    assert client.post(url(old, "reopen"), again).status_code == 422
    make.step(newer, "set_aside", actor("polischef"), "Dubblett.", why="duplicate")
    assert client.post(url(old, "reopen"), again).status_code == 302
    assert now(old, actor).state == "flagged"


def test_an_observation_is_added_once(as_: Login, actor: Find) -> None:
    case = make.in_progress(actor("utredare"))
    client = as_("omradespolis")
    assert client.post(url(case, "add_observation"), seen()).status_code == 302
    assert client.post(url(case, "add_observation"), seen()).status_code == 422
    assert client.post(url(case, "add_observation"), seen(place="")).status_code == 422
    with make.acting(actor("utredare")):
        assert case.observations.count() == 2
        assert now(case, actor).kinds == "possession use"
