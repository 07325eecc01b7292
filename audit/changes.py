"""What django-auditlog asks of its entry model, without its foreign keys and its middleware.

A model may say which case a row belongs to with `about() -> (uuid, reference)`, and which fields
must never be shown with `audit_secret: ClassVar[set[str]]`: for these the line says only "changed".
"""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models

from audit import stamp

if TYPE_CHECKING:
    from audit.models import Change

SECRET = "changed"  # noqa: S105 - what the line says instead of the secret


class ChangeManager(models.Manager["Change"]):
    """Writes a line per changed row, in the transaction of the change."""

    def log_create(
        self, instance: models.Model, force_log: bool = False, **entry: Any
    ) -> "Change | None":
        """A row was created, changed or deleted. None if no field of its own changed."""
        changes = shown(instance, entry.get("changes") or {})
        if not changes and not force_log:
            return None
        return self.write(instance, entry["action"], changes)

    def log_m2m_changes(
        self,
        changed_queryset: models.QuerySet[models.Model],
        instance: models.Model,
        operation: str,
        field_name: str,
        **entry: Any,
    ) -> "Change | None":
        """Rows were added to or taken from a many-to-many field: their keys, never their names."""
        keys = [str(key) for key in changed_queryset.values_list("pk", flat=True)]
        if not keys:
            return None
        before, after = (keys, []) if operation == "delete" else ([], keys)
        changes = shown(instance, {field_name: [before, after]})
        return self.write(instance, self.model.Action.UPDATE, changes)

    def write(self, instance: models.Model, action: str, changes: dict[str, Any]) -> "Change":
        """The line itself, stamped with who acts now."""
        about_id, about = about_of(instance)
        return self.create(
            **stamp.columns(),
            about_id=about_id,
            about=about,
            model=instance._meta.label_lower,
            object_id=str(instance.pk),
            action=action,
            changes=changes,
        )


def about_of(instance: models.Model) -> tuple[UUID | None, str]:
    """The case that the row concerns and its reference, where the model knows."""
    about = getattr(instance, "about", None)
    return about() if callable(about) else (None, "")


def shown(instance: models.Model, changes: dict[str, Any]) -> dict[str, Any]:
    """The changes of the row's own columns; auditlog also reports what points to the row."""
    secret: set[str] = getattr(instance, "audit_secret", set())
    meta = instance._meta
    own = {field.name for field in (*meta.concrete_fields, *meta.many_to_many)}
    return {
        name: SECRET if name in secret else plain(value)
        for name, value in changes.items()
        if name in own
    }


def plain(value: Any) -> Any:
    """Sets and tuples as lists, all the way in, so that they fit into JSON."""
    if isinstance(value, set | frozenset):
        return sorted(plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value
