"""The only writer of the trail. If a line can't be written, the act doesn't happen."""

from typing import Any
from uuid import UUID

from django.db import models

from audit import stamp
from audit.changes import difference
from audit.models import Change, Reading, Step
from audit.stamp import NoStamp, Stamp, current, stamped

__all__ = ["NoStamp", "Stamp", "change", "current", "reading", "stamped", "step"]

TAKEN_OUT = (Reading.Kind.EXPORTED, Reading.Kind.PRINTED)


def step(
    *,
    machine: str,
    thing_id: UUID,
    seq: int,
    name: str,
    from_state: str,
    to_state: str,
    about_id: UUID,
    about: str,
    reason: str = "",
    facts: dict[str, Any] | None = None,
) -> Step:
    """Write that a thing took its step number seq (0 is birth); facts are codes, never names.

    The database refuses, as IntegrityError: a number taken twice, a step from a state that the
    thing isn't in, an edge that the machine or the authority doesn't have; and at commit a line
    whose thing didn't take the step.
    """
    line = Step(
        **stamp.columns(),
        machine=machine,
        thing_id=thing_id,
        seq=seq,
        step=name,
        from_state=from_state,
        to_state=to_state,
        about_id=about_id,
        about=about,
        reason=reason,
        facts=facts or {},
    )
    line.write()
    return line


def change(before: models.Model, after: models.Model) -> None:
    """Write which of the row's registered fields differ, if any does.

    For a writer that holds the row as it was: auditlog would ask the database for it again.
    """
    if changes := difference(before, after):
        Change.objects.log_create(after, action=Change.Action.UPDATE, changes=changes)


def reading(
    kind: Reading.Kind,
    *,
    about_id: UUID | None = None,
    about: str = "",
    purpose: str = "",
    detail: dict[str, Any] | None = None,
) -> Reading:
    """Write that someone read, searched, took out or was refused something, came or went.

    What is taken out has its kind in the detail's "what", a code with words ("taken_out").

    Only logins may lack a unit. Such a line is nobody's to read here (its id stays None): the
    authority's auditor sees it, if the stamp has an authority.
    """
    if kind in TAKEN_OUT and not (detail or {}).get("what"):
        raise ValueError("what is taken out has a kind")
    line = Reading(
        **stamp.columns(),
        kind=kind,
        about_id=about_id,
        about=about,
        purpose=purpose,
        detail=detail or {},
        address=current().address,
    )
    line.write()
    return line
