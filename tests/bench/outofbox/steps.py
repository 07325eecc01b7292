"""The step as the packages' documentation would have it: lock, ask guardian, transition, save."""

import json
import sys
from typing import Any

import django_fsm as fsm
from auditlog.context import set_actor
from django.contrib.auth.models import User
from django.db import transaction

from tests.bench.client import CRITERIA, LEVEL, REASON, UNTIL, work
from tests.bench.outofbox.models import BoxCase


def main() -> None:
    by = User.objects.get(username=f"person{json.loads(sys.argv[1])['share'] % 8}")

    def step(case_id: Any) -> None:
        with transaction.atomic(), set_actor(by):
            case = BoxCase._default_manager.select_for_update().get(pk=case_id)
            assert fsm.has_transition_perm(case.prioritise, by)
            case.prioritise(by, LEVEL, CRITERIA, REASON, UNTIL)
            case.save()

    work(step, "SELECT id FROM outofbox_boxcase")


if __name__ == "__main__":
    main()
