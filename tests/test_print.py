"""Taking a case out on paper is an act of its own, with its line."""

import pytest

from audit.models import Reading
from tests import make
from tests.pages import Find, Login, readings

pytestmark = pytest.mark.django_db


def test_it_is_logged_and_says_who_takes_it_out(actor: Find, as_: Login) -> None:
    case = make.case(by=actor("utredare"))
    page = as_("utredare").post(f"/cases/{case.pk}/print/")
    assert page.status_code == 200
    assert f"{actor('utredare').name}, {actor('utredare').unit}" in page.content.decode()
    [line] = readings(actor("utredare"), kind=Reading.Kind.PRINTED)
    assert (line.about_id, line.about) == (case.pk, case.reference)


def test_the_number_stays_masked_on_paper(actor: Find, as_: Login) -> None:
    twelve = make.number()
    case = make.case(by=actor("utredare"), number=twelve)
    page = as_("utredare").post(f"/cases/{case.pk}/print/").content.decode()
    assert f"{twelve[:8]}-****" in page
    assert twelve[8:] not in page


def test_the_other_side_gets_404(actor: Find, as_: Login) -> None:
    case = make.case(by=actor("utredare"))
    assert as_("socialsekreterare").post(f"/cases/{case.pk}/print/").status_code == 404
