"""A question that is compiled once asks for each who asks, and for no one else."""

import sys
from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module
from uuid import UUID

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from access.actor import Actor
from access.compiled import Compiled, Tally
from access.models import Membership, User
from access.session import acting_as
from access.visible import visible_to
from audit.models import Reading
from casework import queue
from casework.models import Case, Destruction
from tests import make

pytestmark = pytest.mark.django_db
Who = Callable[[str], Actor]
OWN = Compiled[Case](lambda actor: visible_to(Case.objects.all(), actor), actor=Actor)
VALID = Compiled[Membership](
    lambda user_id, today: (
        Membership.objects.valid(today).filter(user_id=user_id).select_related("user", "unit")
    ),
    user_id=UUID,
    today=date,
)
MANY = Tally(
    lambda actor, today: visible_to(Case.objects.all(), actor).aggregate(
        every=Count("id"), late=Count("id", filter=queue.due_in("overdue", today))
    ),
    ("every", "late"),
    actor=Actor,
    today=date,
)


def test_each_sees_her_own(actor: Who) -> None:
    hers, next_door = actor("utredare"), actor("utredare.granne")
    here, there = make.case(by=hers), make.case(by=next_door)
    for who, case in ((hers, here), (next_door, there), (hers, here)):
        with transaction.atomic(), acting_as(who):
            assert OWN(actor=who) == [case]
            assert MANY(actor=who, today=timezone.localdate())["every"] == 1
    with transaction.atomic(), acting_as(next_door):
        assert OWN(actor=hers) == []  # the database's wall stands behind it
        assert MANY(actor=hers, today=timezone.localdate())["every"] == 0


def test_it_answers_as_the_queryset_does(actor: Who) -> None:
    user_id, today = actor("utredare").user_id, timezone.localdate()
    (found,) = VALID(user_id=user_id, today=today)
    asked = Membership.objects.valid().filter(user_id=user_id).select_related("user", "unit")[0]
    assert {k: v for k, v in vars(found).items() if k != "_state"} == {
        k: v for k, v in vars(asked).items() if k != "_state"
    }
    assert found._state.fields_cache == asked._state.fields_cache
    assert not found._state.adding


def test_a_day_counts_each_time(actor: Who) -> None:
    user_id = actor("utredare").user_id
    assert VALID(user_id=user_id, today=timezone.localdate())
    assert not VALID(user_id=user_id, today=date(1990, 1, 1))


@pytest.mark.parametrize(
    "frozen",
    [
        lambda user_id: Membership.objects.valid().filter(user_id=user_id),  # today, for ever
        lambda user_id: Membership.objects.filter(user_id=user_id, unit_id=1),
        lambda user_id: User.objects.filter(pk=user_id, last_login__gt=timezone.now()),
        lambda user_id: User.objects.filter(pk=user_id, session_epoch=2),
    ],
)
def test_what_would_be_the_first_askers_is_refused(
    frozen: Callable[..., object], actor: Who
) -> None:
    with pytest.raises(TypeError, match="no open value"):
        Compiled[User](frozen, user_id=UUID)(user_id=actor("utredare").user_id)


def test_a_value_that_it_forgets_is_refused(actor: Who) -> None:
    everything = Compiled[Case](lambda actor: Case.objects.all(), actor=Actor)
    with pytest.raises(TypeError, match=r"actor\.unit"):
        everything(actor=actor("utredare"))


def test_it_asks_nothing_while_it_is_made(actor: Who) -> None:
    """The lines of the trail depend on what is kept from her now."""
    lines = Compiled[Reading](lambda actor: visible_to(Reading.objects.all(), actor), actor=Actor)
    with (
        transaction.atomic(),
        acting_as(actor("utredare")),
        pytest.raises(TypeError, match="asked"),
    ):
        lines(actor=actor("utredare"))


def test_nothing_is_counted_while_it_is_made(actor: Who) -> None:
    nothing = Tally(lambda today: {}, (), today=date)
    with pytest.raises(TypeError, match="nothing"):
        nothing(today=timezone.localdate() + timedelta(days=1))


@pytest.mark.parametrize(
    "make_it",
    [
        lambda actor: Membership.objects.filter(unit_id=actor.unit_id, role=actor.role),
        lambda actor: Membership.objects.filter(unit_id=actor.unit_id, role__in=[actor.role]),
        lambda actor: (
            Membership.objects.filter(unit_id=actor.unit_id)
            if actor.role == "supervisor"
            else Membership.objects.filter(user_id=actor.user_id)
        ),
        lambda actor: Membership.objects.filter(
            unit_id=actor.unit_id if actor.qualified else actor.unit_id
        ),
        lambda actor: Membership.objects.filter(
            unit_id=actor.unit_id, kind={"police": "police"}.get(actor.authority, "social")
        ),
        lambda actor: visible_to(Destruction.objects.all(), actor),  # an auditor sees more
    ],
)
def test_what_she_is_decides_nothing(make_it: Callable[..., object], actor: Who) -> None:
    """A role is a word, and words are the same whoever asks: it would be the first asker's."""
    with pytest.raises(TypeError, match="what she is"):
        Compiled[Membership](make_it, actor=Actor)(actor=actor("utredare"))


def test_every_question_of_the_pages_can_be_made(db: None) -> None:
    """By nobody's values: what a page asks is found by importing all of them."""
    import_module(settings.ROOT_URLCONF)
    for module in [
        one for name, one in sys.modules.items() if name.startswith(("access.", "case"))
    ]:
        for value in vars(module).values():
            for question in value.values() if isinstance(value, dict) else [value]:
                if isinstance(question, Compiled):
                    assert question.compiler.words.sql
                elif isinstance(question, Tally):
                    assert question.words.sql
