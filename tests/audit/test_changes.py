"""Changed rows: old and new of each field, secrets as "changed" only, stamped with who acts."""

from collections.abc import Callable

import pytest

from access.actor import Actor
from access.models import User
from audit.changes import CHANGED
from audit.models import Change
from casework.models import Case, Person
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(actor: Callable[[str], Actor]) -> Case:
    return make.case(actor("utredare"))


def test_a_new_row_tells_its_values(case: Case, actor: Callable[[str], Actor]) -> None:
    with make.acting(actor("utredare")):
        line = Change.objects.get(model="casework.person", object_id=case.person_id)
    assert line.action == Change.Action.CREATE
    assert line.changes["unit"] == [None, actor("utredare").unit_id]
    assert line.changes["given_name"] == CHANGED
    assert line.actor == actor("utredare").name


def test_what_a_step_moves_is_told_once_with_its_case(actor: Callable[[str], Actor]) -> None:
    case = make.in_progress(actor("utredare"))
    plan = make.intervention(case, actor("utredare"))
    with make.acting(actor("utredare")):
        started = Change.objects.filter(object_id=case.pk).latest("id")
        births = Change.objects.filter(model="casework.intervention", object_id=plan.pk)
        assert not births.exists()  # the step's own line tells of the birth
    assert started.changes == {"handler": [None, str(actor("utredare").user_id)]}
    assert (started.about_id, started.about) == (case.pk, case.reference)


def test_a_changed_row_tells_old_and_new_of_what_changed(
    case: Case, actor: Callable[[str], Actor]
) -> None:
    with make.acting(actor("utredare")):
        user = User.objects.get(username="utredare")
        user.language = "en-gb"
        user.save()
        line = Change.objects.filter(model="access.user").latest("id")
    assert line.action == Change.Action.UPDATE
    assert line.changes == {"language": ["sv", "en-gb"]}


def test_nothing_changed_is_no_line(case: Case, actor: Callable[[str], Actor]) -> None:
    with make.acting(actor("utredare")):
        before = Change.objects.count()
        User.objects.get(username="utredare").save()
        assert Change.objects.count() == before


def test_a_secret_is_only_said_to_have_changed(case: Case, actor: Callable[[str], Actor]) -> None:
    with make.acting(actor("utredare")):
        person = Person.objects.get(pk=case.person_id)
        born = Change.objects.get(model="casework.person", object_id=person.pk)
        person.set_number(make.number(person.birth_date), actor("utredare").authority_id)
        person.save()
        moved = Change.objects.filter(model="casework.person").latest("id")
        number = person.number()
    assert born.changes["number_cipher"] == CHANGED
    assert moved.changes["number_cipher"] == CHANGED
    for line in (born, moved):
        assert number not in str(line.changes)
        assert number[-4:] not in str(line.changes)
