"""Querysets of audited models: what the trail can't see one row at a time is refused."""

from typing import Any, NoReturn, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


class BulkRefused(TypeError):
    """A write of many rows at once, which would leave no line in the trail."""


class AuditedQuerySet(models.QuerySet[M]):
    """Reads like any other; writes row by row only: `save()`, `create()`, a row's `delete()`."""

    def _refuse(self, write: str) -> NoReturn:
        raise BulkRefused(f"{write} of {self.model.__name__} would leave no trail: save each row")

    def update(self, **values: Any) -> NoReturn:
        self._refuse("update()")

    def delete(self) -> NoReturn:
        self._refuse("delete()")

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def bulk_create(self, *objs: Any, **options: Any) -> NoReturn:
        self._refuse("bulk_create()")

    def bulk_update(self, *objs: Any, **options: Any) -> NoReturn:
        self._refuse("bulk_update()")


class AuditedManager(models.Manager[M]):
    """The manager of an audited model."""

    def get_queryset(self) -> AuditedQuerySet[M]:
        return AuditedQuerySet(self.model, using=self._db)
