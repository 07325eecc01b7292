"""A restricted case, its person and its lines: seen by those named, and by nobody else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from access.actor import Actor
from access.models import Confined, Grant
from access.visible import readable, visible_to
from audit.models import Change, Reading, Step
from casework.models import Case, Person
from casework.workflow import moment
from tests import make

pytestmark = pytest.mark.django_db
Actors = Callable[[str], Actor]


def seen(who: Actor, case: Case) -> dict[str, tuple[bool, bool]]:
    """Of the case, its person and its lines: by policy and by queryset."""
    found = {}
    with make.acting(who):
        for name, rows in {
            "case": Case.objects.filter(pk=case.pk),
            "person": Person.objects.filter(pk=case.person_id),
        }.items():
            found[name] = rows.exists(), visible_to(rows, who).exists()
        for model in (Step, Change, Reading):
            lines = model.objects.filter(about_id__in=[case.pk, case.person_id])
            if model is Step or lines.exists():
                found[model.__name__] = lines.exists(), readable(lines, who).exists()
    return found


def everything(answer: dict[str, tuple[bool, bool]]) -> set[tuple[bool, bool]]:
    return set(answer.values())


def test_only_those_named_see_case_person_and_lines(actor: Actors) -> None:
    case = make.restricted(
        make.in_progress(by=actor("utredare")), actor("polischef"), actor("utredare")
    )
    assert case.restricted
    assert everything(seen(actor("utredare"), case)) == {(True, True)}
    for name in ("utredare2", "polischef", "ledare", "utredare.granne", "socialchef"):
        assert everything(seen(actor(name), case)) == {(False, False)}, name


def test_the_authoritys_auditor_reads_the_lines_but_not_the_case(actor: Actors) -> None:
    case = make.restricted(
        make.in_progress(by=actor("utredare")), actor("polischef"), actor("utredare")
    )
    answer = seen(actor("dataskydd.polis"), case)
    assert answer.pop("case") == answer.pop("person") == (False, False)
    assert everything(answer) == {(True, True)}


def test_all_cases_of_the_person_are_restricted_together(actor: Actors) -> None:
    by, chief = actor("utredare"), actor("polischef")
    number = make.number()
    first = make.closed(by=by, supervisor=chief, number=number)
    second = make.case(by=by, number=number)
    make.restricted(second, chief, by)
    assert everything(seen(by, first)) == {(True, True)}
    assert everything(seen(actor("utredare2"), first)) == {(False, False)}


def test_a_new_case_about_a_restricted_person_is_restricted(actor: Actors) -> None:
    by, chief = actor("utredare"), actor("polischef")
    number = make.number()
    first = make.restricted(make.in_progress(by=by, number=number), chief, by, chief)
    make.step(first, "close", chief, "Klart.", outcome="no_further_need")
    second = make.case(by=by, number=number)
    assert second.restricted
    assert everything(seen(chief, second)) == {(True, True)}
    assert everything(seen(actor("utredare2"), second)) == {(False, False)}


def test_lifting_it_opens_everything_again(actor: Actors) -> None:
    by, chief = actor("utredare"), actor("polischef")
    case = make.restricted(make.in_progress(by=by), chief, by, chief, protected="marked")
    assert case.protected_identity
    case = make.step(case, "unrestrict", chief, "Inte längre anställd.")
    assert not case.restricted
    assert not case.protected_identity
    assert everything(seen(actor("utredare2"), case)) == {(True, True)}
    with make.acting(chief):
        assert not Grant.objects.pending().exists()
        assert not Confined.objects.filter(ended_at=None).exists()


def test_a_supervisor_may_take_her_own_name_away(actor: Actors) -> None:
    by, chief = actor("utredare"), actor("polischef")
    case = make.restricted(make.in_progress(by=by), chief, by, chief)
    make.step(case, "unname", chief, "Behöver den inte.", person=chief)
    assert everything(seen(chief, case)) == {(False, False)}
    assert everything(seen(by, case)) == {(True, True)}


def test_whoever_is_shut_out_sees_nothing_whatever_names_her(actor: Actors) -> None:
    by, chief, other = actor("utredare"), actor("polischef"), actor("utredare2")
    case = make.step(make.in_progress(by=by), "shut_out", chief, "Jäv.", person=other, until=None)
    assert everything(seen(other, case)) == {(False, False)}
    assert everything(seen(by, case)) == {(True, True)}
    case = make.restricted(case, chief, other, chief)
    assert everything(seen(other, case)) == {(False, False)}
    case = make.step(case, "let_in", chief, "Inget jäv längre.", person=other)
    assert everything(seen(other, case)) == {(True, True)}


def test_whoever_is_shut_out_is_shut_out_of_new_cases_too(actor: Actors) -> None:
    by, chief, other = actor("utredare"), actor("polischef"), actor("utredare2")
    number = make.number()
    first = make.closed(by=by, supervisor=chief, number=number)
    make.step(first, "shut_out", chief, "Jäv.", person=other, until=None)
    second = make.case(by=by, number=number)
    assert everything(seen(other, second)) == {(False, False)}
    assert everything(seen(by, second)) == {(True, True)}


def test_a_supervisor_may_shut_herself_out(actor: Actors) -> None:
    by, chief = actor("utredare"), actor("polischef")
    case = make.step(make.in_progress(by=by), "shut_out", chief, "Jäv.", person=chief, until=None)
    assert everything(seen(chief, case)) == {(False, False)}


def test_an_exclusions_end_counts_at_once(actor: Actors) -> None:
    by, chief, other = actor("utredare"), actor("polischef"), actor("utredare2")
    soon = moment.now() + timedelta(milliseconds=700)
    case = make.step(make.in_progress(by=by), "shut_out", chief, "Jäv.", person=other, until=soon)
    assert everything(seen(other, case)) == {(False, False)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.8)")
    assert everything(seen(other, case)) == {(True, True)}


def test_a_hidden_persons_number_is_refused_without_a_word_about_her(
    actor: Actors, as_: Callable[[str], Any]
) -> None:
    by, chief = actor("utredare"), actor("polischef")
    number = make.number()
    make.restricted(make.case(by=by, number=number), chief, by)
    answer = as_("utredare2").post(
        "/cases/new/",
        {
            "personal_number": number, "given_name": "Nova", "family_name": "Ny",
            "place": "Sjölanda torg", "seen_at": "2026-11-01T12:00", "kind": "use",
            "source": "patrol", "suspicion": "yes", "text": "Iakttagelse.", "confirmed": "yes",
        },
    )  # fmt: skip
    text = answer.content.decode()
    assert answer.status_code in (409, 422), text[:2000]
    assert "P-2026-" not in text
