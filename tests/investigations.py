"""What tests of investigations' pages share: addresses, what a form is sent, a step by its page."""

from datetime import date, timedelta
from typing import Any

from django.test import Client

from casework.models import Case, PoliceInvestigation, SocialInvestigation
from casework.workflow import moment
from tests import make
from tests.pages import Find, form_with

TODAY = moment.today()
A_WEEK_AGO = TODAY - timedelta(days=7)
Part = PoliceInvestigation | SocialInvestigation


def born(age: int) -> date:
    """The birth date of somebody who turned that age a month ago."""
    return (TODAY - timedelta(days=31)).replace(year=TODAY.year - age, day=1)


def police(actor: Find, age: int = 16) -> Case:
    return make.in_progress(actor("utredare"), birth_date=born(age))


def social(actor: Find, age: int = 16) -> Case:
    return make.in_progress(actor("socialsekreterare"), birth_date=born(age))


def new(case: Case) -> str:
    return f"/cases/{case.pk}/investigations/new/"


def page(part: Part, step: str = "") -> str:
    return f"/cases/{part.case_id}/investigations/{part.pk}/" + (f"steps/{step}/" if step else "")


def report(**given: Any) -> dict[str, Any]:
    sent = {"number": "5000-K123456-26", "offence": "NSL_NORMAL", "deed_from": A_WEEK_AGO, **given}
    return {name: value for name, value in sent.items() if value is not None}


def receive(**given: Any) -> dict[str, Any]:
    return {"received_at": f"{A_WEEK_AGO} 10.15", "report": "worry", **given}


def taken(client: Client, part: Part, step: str, **sent: Any) -> None:
    """The step by its page, as a browser does it; confirmed where it is asked."""
    form = form_with(client.get(page(part, step)).content, "version")
    done = client.post(page(part, step), {**form, **sent, "confirmed": "yes"})
    assert done.status_code == 302, (step, done.status_code)
    assert done["Location"] == page(part)
