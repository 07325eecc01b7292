"""Whose lines are there: the own unit's; an auditor's whole authority; nobody else's."""

from collections.abc import Callable
from itertools import product

import pytest
from django.db import transaction

from access.actor import Actor
from access.session import acting_as
from audit.models import Change, Line, Reading, Step
from tests import make

WHO_SEES = {
    "utredare": True, "utredare2": True, "polischef": True, "dataskydd.polis": True,
    "utredare.granne": False, "socialsekreterare": False, "socialchef": False,
    "dataskydd.social": False, "samordnare": False, "admin": False,
}  # fmt: skip


@pytest.mark.django_db
def test_other_units_lines_are_not_there(
    actor: Callable[[str], Actor], subtests: pytest.Subtests
) -> None:
    case = make.prioritised(actor("utredare"))
    with make.acting(actor("utredare")):
        Reading(
            kind="opened", about_id=case.pk, actor_id=actor("utredare").user_id,
            unit_id=actor("utredare").unit_id, authority_id=actor("utredare").authority_id,
        ).write()  # fmt: skip
    for (who, sees), model in product(WHO_SEES.items(), (Step, Change, Reading, Line)):
        with subtests.test(who, table=model.__name__), make.acting(actor(who)):
            assert model._default_manager.filter(about_id=case.pk).exists() is sees


@pytest.mark.django_db
def test_nobody_sees_nothing() -> None:
    with transaction.atomic(), acting_as(None):
        assert not Line.objects.exists()
