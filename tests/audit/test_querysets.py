"""Many rows at once would leave no line: audited models refuse it."""

from collections.abc import Callable

import pytest
from auditlog.registry import auditlog
from django.apps import apps

from audit.querysets import AuditedManager, BulkRefused
from casework.models import Person

WRITES: dict[str, Callable[[], object]] = {
    "update": lambda: Person.objects.filter(given_name="x").update(given_name="y"),
    "delete": lambda: Person.objects.filter(given_name="x").delete(),
    "bulk_create": lambda: Person.objects.bulk_create([Person(given_name="x")]),
    "bulk_update": lambda: Person.objects.bulk_update([Person(given_name="x")], ["given_name"]),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_a_bulk_write_is_refused(write: Callable[[], object]) -> None:
    with pytest.raises(BulkRefused):
        write()


def test_every_audited_model_of_casework_refuses_bulk_writes() -> None:
    audited = set(auditlog.get_models()) & set(apps.get_app_config("casework").get_models())
    assert audited
    for model in audited:
        assert isinstance(model._default_manager, AuditedManager), model
