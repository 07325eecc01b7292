"""What changed in a row, and what django-auditlog asks of its entry model.

auditlog notices that a row is saved; what it says about it is ours: without foreign keys, without
its middleware, and without a word of what must stay secret. A model may say which case its rows
belong to with `about() -> (uuid, reference)`, whose data protection officer must know with
`concerned_authority() -> (id, kind)`, and which fields are never shown with
`audit_secret: ClassVar[set[str]]`.
"""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from auditlog import receivers
from auditlog.registry import auditlog
from django.core.exceptions import ValidationError
from django.db import models

from audit import stamp

CHANGED = "changed"  # what the line says instead of a secret's old and new value
NOTHING: tuple[Any, ...] = (None, "", [], {})


class ChangeManager(models.Manager[Any]):
    """Writes a line per changed row, in the transaction of the change."""

    def log_create(self, instance: models.Model, force_log: bool = False, **entry: Any) -> Any:
        """A row was created, changed or deleted. None if nothing of it changed."""
        changes = entry.get("changes") or {}
        if not changes and not force_log:
            return None
        return self._write(instance, entry["action"], changes)

    def log_m2m_changes(
        self,
        changed_queryset: models.QuerySet[models.Model],
        instance: models.Model,
        operation: str,
        field_name: str,
        **entry: Any,
    ) -> Any:
        """Rows were added to or taken from a many-to-many field: their keys, never their names."""
        keys = [str(key) for key in changed_queryset.values_list("pk", flat=True)]
        if not keys:
            return None
        pair = [keys, []] if operation == "delete" else [[], keys]
        shown = CHANGED if field_name in secrets_of(instance) else pair
        return self._write(instance, self.model.Action.UPDATE, {field_name: shown})

    def _write(self, instance: models.Model, action: str, changes: dict[str, Any]) -> Any:
        about_id, about = about_of(instance)
        columns: dict[str, Any] = {
            **stamp.columns(),
            "about_id": about_id,
            "about": about,
            "model": instance._meta.label_lower,
            "object_id": str(instance.pk),
            "action": action,
            "changes": changes,
        }
        line = self.model(**columns)
        line.write(unseen=True)
        if theirs := elsewhere(instance):
            self.model(**columns | theirs).write()
        return line


def about_of(instance: models.Model) -> tuple[UUID | None, str]:
    """The case that the row concerns and its reference, where the model knows. A row that names
    what it concerns in columns (`about_id` or `thing_id`, and `about`) is read by who reads that.
    """
    about = getattr(instance, "about", None)
    if callable(about):
        found: tuple[UUID | None, str] = about()
        return found
    thing_id = getattr(instance, "about_id", None) or getattr(instance, "thing_id", None)
    return thing_id, (about or "") if thing_id else ""


def elsewhere(instance: models.Model) -> dict[str, Any] | None:
    """The columns of a second line, where another authority than the actor's own is concerned.

    Like a failed login's it has no unit: that authority's data protection officer reads it.
    """
    concerned = getattr(instance, "concerned_authority", None)
    who = stamp.current()
    if who.actor_id is None or not callable(concerned):
        return None
    authority_id, kind = concerned()
    if authority_id == who.authority_id:
        return None
    return {"unit_id": None, "authority_id": authority_id, "authority": kind}


def secrets_of(instance: models.Model) -> set[str]:
    """The fields whose values never stand in the trail."""
    return getattr(instance, "audit_secret", set())


def difference(
    old: models.Model | None,
    new: models.Model | None,
    fields_to_check: Collection[str] | None = None,
    use_json_for_changes: bool = True,
) -> dict[str, Any] | None:
    """Field → [old, new], or "changed" for a secret; None if the row's own columns are as before.

    Foreign keys appear as keys: nothing is fetched, no row is asked for its name.
    """
    row = new or old
    if row is None:
        return None
    secret = secrets_of(row)
    changes: dict[str, Any] = {}
    for field in watched(row, fields_to_check):
        before, after = value_of(old, field), value_of(new, field)
        if before != after:
            changes[field.name] = CHANGED if field.name in secret else [before, after]
    return changes or None


def watched(row: models.Model, only: Collection[str] | None) -> Iterator["models.Field[Any, Any]"]:
    """The columns that are registered with auditlog, are loaded and are being saved."""
    rule = auditlog.get_model_fields(type(row))
    absent = row.get_deferred_fields()
    for field in row._meta.concrete_fields:
        if field.generated or field.attname in absent or field.name in rule["exclude_fields"]:
            continue
        if rule["include_fields"] and field.name not in rule["include_fields"]:
            continue
        if not only or field.name in only or field.attname in only:
            yield field


def value_of(row: models.Model | None, field: "models.Field[Any, Any]") -> Any:
    """The column's value as the model means it; None for nothing at all."""
    if row is None:
        return None
    value = getattr(row, field.attname)
    if isinstance(value, bytes | memoryview):
        value = bytes(value)
    elif hasattr(value, "resolve_expression"):
        value = str(value)  # the database computes it; the line says what was asked for
    else:
        try:
            value = field.to_python(value)
        except ValidationError:
            value = str(value)
    return None if value in NOTHING else value


# auditlog's own comparison reads bytes as text (an encrypted field's save would fail), and lists
# what points to the row as if it were the row's.
receivers.model_instance_diff = difference
