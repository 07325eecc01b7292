"""The trail's tables. Lines are written once, by audit.trail, and refer to nothing outside.

The database fills `at`, `tx`, `salt`, `payload`, `prev_hash`, `digest` and `hash`, whatever the
client sends, and refuses every change afterwards (migrations/0002_trail.sql, 0006_seal.sql).
"""

from functools import cache
from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.changes import ChangeManager
from audit.review_models import Review as Review  # Django finds models through this file
from audit.seals import Anchor as Anchor
from audit.seals import Check as Check
from audit.seals import Seal as Seal

INSERT = 'INSERT INTO "{table}" ({names}) VALUES ({marks})'


class Stamped(models.Model):
    """Who, for which unit, about what and when: names and roles as they were then."""

    actor_id = models.UUIDField(null=True)
    actor = models.TextField(default="")
    role = models.TextField(default="")
    unit_id = models.BigIntegerField(null=True)
    unit = models.TextField(default="")
    authority_id = models.BigIntegerField(null=True)
    authority = models.TextField(default="")  # its kind: police, social, municipality
    request_id = models.UUIDField(null=True)
    about_id = models.UUIDField(null=True)
    about = models.TextField(default="")
    at = models.DateTimeField(db_default=Now())
    # The transaction that wrote it (the place in the seals' tree), and what makes the digest of
    # its texts unguessable: gone with them, once they are destroyed by the decision named.
    tx = models.BigIntegerField(default=0)
    salt = models.UUIDField(null=True)
    destroyed_by = models.UUIDField(null=True)

    class Meta:
        abstract = True
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["about_id", "at"], name="%(class)s_about"),
            models.Index(fields=["unit_id", "-at", "-id"], name="%(class)s_unit"),
            models.Index(fields=["authority_id", "-at", "-id"], name="%(class)s_authority"),
            models.Index(fields=["actor_id", "at"], name="%(class)s_actor"),
            models.Index(fields=["tx"], name="%(class)s_tx"),
        ]

    def write(self, *, unseen: bool = False) -> None:
        """INSERT. A line without a unit is nobody's to read, so it gets no id back; nor does one
        that whoever writes it may have closed to herself (`unseen`)."""
        statement, fields = insert_of(type(self))
        values = [field.get_db_prep_save(getattr(self, field.attname), connection)
                  for field in fields]  # fmt: skip
        with connection.cursor() as cursor:
            if unseen or self.unit_id is None:
                cursor.execute(statement, values)
            else:
                cursor.execute(f"{statement} RETURNING id", values)
                (self.pk,) = cursor.fetchone()


@cache
def insert_of(model: type[Stamped]) -> tuple[str, list[Any]]:
    """Said once: every page writes a line, and Django would put the words together each time."""
    fields = [field for field in model._meta.concrete_fields
              if not field.primary_key and not field.has_db_default()]  # fmt: skip
    names = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    return INSERT.format(table=model._meta.db_table, names=names, marks=marks), fields


class Step(Stamped):
    """One taken step of one thing. A state exists only as the last of these."""

    thing_id = models.UUIDField()
    machine = models.TextField()
    seq = models.IntegerField()
    step = models.TextField()
    from_state = models.TextField(blank=True)  # empty: birth
    to_state = models.TextField()
    reason = models.TextField(default="")
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    payload = models.TextField(db_default="")
    prev_hash = models.BinaryField(db_default=b"")
    hash = models.BinaryField(db_default=b"")

    class Meta(Stamped.Meta):
        indexes: ClassVar[list[models.Index]] = [
            *Stamped.Meta.indexes,
            models.Index(fields=["about"], condition=models.Q(seq=0), name="step_births"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["thing_id", "seq"], name="step_number"),
            models.UniqueConstraint(
                fields=["thing_id", "seq", "machine", "to_state"], name="step_state"
            ),
            models.CheckConstraint(condition=models.Q(seq__gte=0), name="step_counts_from_0"),
        ]

    def __str__(self) -> str:
        return f"{self.machine} {self.about} {self.seq}"


class Change(Stamped):
    """Which fields of which row changed, old and new. The entry model of django-auditlog."""

    class Action(models.TextChoices):
        """What happened to the row. auditlog asks for these names."""

        CREATE = "created", _("Created")
        UPDATE = "changed", _("Changed")
        DELETE = "deleted", _("Deleted")
        ACCESS = "accessed", _("Opened")

    model = models.TextField()
    object_id = models.TextField()
    action = models.TextField(choices=Action.choices)
    changes = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    digest = models.BinaryField(default=b"")
    hash = models.BinaryField(default=b"")

    objects: ClassVar[ChangeManager] = ChangeManager()

    class Meta(Stamped.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"


class Reading(Stamped):
    """Someone saw, searched, revealed, took out or was refused something; or came and went."""

    class Kind(models.TextChoices):
        """What was done, without any trace in the case itself."""

        OPENED = "opened", _("Opened")
        SEARCHED = "searched", _("Searched")
        REVEALED = "revealed", _("Personal number shown")
        EXPORTED = "exported", _("Exported")
        PRINTED = "printed", _("Printed")
        REFUSED = "refused", _("Refused")
        LOGGED_IN = "logged_in", _("Logged in")
        LOGIN_FAILED = "login_failed", _("Failed login")
        LOGGED_OUT = "logged_out", _("Logged out")

    kind = models.TextField(choices=Kind.choices)
    purpose = models.TextField(default="")
    detail = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    address = models.GenericIPAddressField(null=True)
    digest = models.BinaryField(default=b"")
    hash = models.BinaryField(default=b"")

    class Meta(Stamped.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"


class Machine(models.Model):
    """A stateful table (regclass), registered by make_stateful()."""

    name = models.TextField(primary_key=True)
    relation = models.TextField()

    def __str__(self) -> str:
        return self.name


class Edge(models.Model):
    """A step that a machine allows to an authority's kind; '' as from_state is birth."""

    pk = models.CompositePrimaryKey("machine", "step", "from_state", "to_state", "authority")
    machine = models.TextField()
    step = models.TextField()
    from_state = models.TextField(blank=True)
    to_state = models.TextField()
    authority = models.TextField()

    def __str__(self) -> str:
        return f"{self.machine} {self.step}: {self.from_state} → {self.to_state}"


class Line(models.Model):
    """The three tables as one, for pages: the view audit_line, read as whoever asks."""

    class Source(models.TextChoices):
        """Which table the line stands in."""

        STEP = "step", _("Step")
        CHANGE = "change", pgettext_lazy("line", "Change")
        READING = "reading", _("Reading")

    pk = models.CompositePrimaryKey("source", "id")
    source = models.TextField(choices=Source.choices)
    id = models.BigIntegerField()
    at = models.DateTimeField()
    kind = models.TextField()  # the step's name, what happened to the row, the reading's kind
    machine = models.TextField()  # or the changed row's model
    thing_id = models.TextField()
    from_state = models.TextField()
    to_state = models.TextField()
    about_id = models.UUIDField(null=True)
    about = models.TextField()
    actor_id = models.UUIDField(null=True)
    actor = models.TextField()
    role = models.TextField()
    unit_id = models.BigIntegerField(null=True)
    unit = models.TextField()
    authority_id = models.BigIntegerField(null=True)
    reason = models.TextField()  # a reading's purpose
    detail = models.JSONField()  # facts, old and new values, what was asked for

    class Meta:
        managed = False
        db_table = "audit_line"

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.about}"

    def changes(self) -> list[tuple[str, Any]]:
        """Field and [old, new] (or "changed", for a secret) of a changed row, in a fixed order."""
        return sorted(self.detail.items()) if self.source == self.Source.CHANGE else []
