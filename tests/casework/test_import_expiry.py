"""What is left of an import goes when its days are over; what still waits or is newer stays."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from access.actor import Actor
from casework.importing import expiry, imports
from casework.models import FlagFile
from tests import make
from tests.casework import flagfiles
from tests.pages import Find

pytestmark = pytest.mark.django_db
FAULTY = flagfiles.made([flagfiles.row(tidpunkt="i går")])


def chosen(by: Actor) -> FlagFile:
    with make.acting(by):
        return imports.receive(by, "Alva Påhitt.csv", FAULTY)


def now(file: FlagFile, by: Actor) -> FlagFile:
    with make.acting(by):
        return FlagFile.objects.get(pk=file.pk)


def test_a_preview_that_nobody_confirmed_goes_after_its_days(actor: Find) -> None:
    sides = [(by, chosen(by)) for by in (actor("utredare"), actor("socialsekreterare.granne"))]
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        assert expiry.forget_old() == 0
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert expiry.forget_old() == 2
        assert expiry.forget_old() == 0
    for by, file in sides:
        left = now(file, by)
        assert (left.content, left.rejected, left.name) == (None, None, "–")
        assert left.faults == 1


def test_one_that_waits_for_the_worker_stays(actor: Find) -> None:
    by = actor("utredare")
    file = chosen(by)
    with make.acting(by):
        FlagFile.objects.filter(pk=file.pk).update(status=imports.Status.QUEUED)
    with time_machine.travel(timezone.now() + timedelta(days=99)):
        assert expiry.forget_old() == 0
    assert now(file, by).content is not None
