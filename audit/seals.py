"""What stands for the whole trail: seals, where they are kept, and how the last check went.

They hold sizes, roots and signatures, no personal data: whoever is logged in may read them.
"""

from datetime import UTC, datetime
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from audit.chain import Fault


class Seal(models.Model):
    """The root of a Merkle tree (RFC 9162, 2.1) over every line up to `last`, signed.

    Leaves stand in the order (tx, source, id): a transaction is sealed only when no older one can
    still commit, so a line committed late always comes after. Written by fortur_sealer only.
    """

    number = models.IntegerField(primary_key=True)
    tree_size = models.BigIntegerField()
    root = models.BinaryField()
    previous_size = models.BigIntegerField()
    previous_root = models.BinaryField()
    steps = models.BigIntegerField()  # lines of each table in the whole tree
    changes = models.BigIntegerField()
    readings = models.BigIntegerField()
    last_tx = models.BigIntegerField()  # the last line's place
    last_source = models.SmallIntegerField()
    last_id = models.BigIntegerField()
    at = models.DateTimeField()
    key = models.TextField()  # the first 16 hex digits of sha256 over the public key
    signature = models.BinaryField()
    peaks = models.BinaryField()  # the tree's right edge: sealing costs the new lines only
    marks = models.BinaryField()  # 4 bytes of each new leaf: they name the line that is broken

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def place(self) -> tuple[int, int, int]:
        """Where the last line stands in the order of the leaves."""
        return self.last_tx, self.last_source, self.last_id

    @property
    def fresh(self) -> int:
        """How many lines it added."""
        return self.tree_size - self.previous_size

    @property
    def short_root(self) -> str:
        """The first 16 hex digits of the root, for people to compare."""
        return bytes(self.root).hex()[:16]

    def statement(self) -> bytes:
        """What is signed: one text for one seal, wherever it is made (docs/outsider.md)."""
        return (
            "fortur seal 1\n"
            f"number {self.number}\n"
            f"size {self.tree_size}\n"
            f"root {bytes(self.root).hex()}\n"
            f"previous {self.previous_size} {bytes(self.previous_root).hex()}\n"
            f"lines {self.steps} {self.changes} {self.readings}\n"
            f"last {self.last_tx} {self.last_source} {self.last_id}\n"
            f"at {moment(self.at)}\n"
            f"key {self.key}\n"
        ).encode()

    def record(self) -> dict[str, object]:
        """The seal as anchors and exports carry it."""
        return {
            "number": self.number,
            "size": self.tree_size,
            "root": bytes(self.root).hex(),
            "previous_size": self.previous_size,
            "previous_root": bytes(self.previous_root).hex(),
            "lines": [self.steps, self.changes, self.readings],
            "last": list(self.place),
            "at": moment(self.at),
            "key": self.key,
            "signature": bytes(self.signature).hex(),
        }


def moment(at: datetime) -> str:
    """UTC, to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Anchor(models.Model):
    """A seal that somebody outside the database keeps: the other authority, or a time-stamp."""

    class Kind(models.TextChoices):
        """Who keeps it."""

        FILE = "file", _("File")
        TIMESTAMP = "timestamp", _("Time-stamp")

    kind = models.TextField(choices=Kind.choices)
    seal = models.IntegerField()
    tree_size = models.BigIntegerField()
    root = models.BinaryField()
    authority_id = models.BigIntegerField(null=True)
    authority = models.TextField(default="")  # its kind: police, social, municipality
    token = models.BinaryField(default=b"")  # RFC 3161, as it came
    stamped_at = models.DateTimeField(null=True)  # the time that the token says
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "-at"], name="anchor_newest")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.seal}"


class Check(models.Model):
    """One verification of the whole trail by the worker, and what it found."""

    at = models.DateTimeField(db_default=Now())
    lines = models.BigIntegerField()
    seal = models.IntegerField()  # the last one that was checked; 0: none
    seconds = models.FloatField()
    fault = models.TextField(default="")  # empty: whole; otherwise which line and how, no names

    def __str__(self) -> str:
        return f"{self.at} {self.fault}"

    @property
    def said(self) -> str:
        """What kind of break the fault is, in a sentence."""
        kind = self.fault.rpartition(" ")[2]
        return str(FAULTS[Fault(kind)]) if kind in FAULTS else ""


FAULTS = {
    Fault.MISSING: _("A line or a seal is missing."),
    Fault.UNLINKED: _("A step doesn’t continue the one before it."),
    Fault.ALTERED: _("A line isn’t as it was written."),
    Fault.DIFFERENT: _("A line’s fields don’t say what was written."),
    Fault.UNDECIDED: _("A text is gone, and no decision to destroy it is in the log."),
    Fault.EXTRA: _("A line was added afterwards."),
    Fault.REORDERED: _("A line was moved."),
    Fault.FORGED: _("A seal or a time-stamp is not genuine."),
    Fault.FORKED: _("A seal is not the one that somebody outside keeps."),
}
