"""What an actor sees of a table: the queryset twin of the database's policy."""

from typing import TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from access.actor import Actor
from access.models import Grant

M = TypeVar("M", bound=Model)


def visible_to(queryset: QuerySet[M], actor: Actor | None) -> QuerySet[M]:
    """Rows of the actor's unit; restricted ones only if an open grant names her.

    A model without its own `restricted` names, in `restricted_by`, the foreign key to the row
    that has it ("case"); where that key may be empty, such a row is seen. Several keys count each
    ("" is the row itself); `seen_by` is a column with a user who sees it though she isn't named.
    Rows that are one person's own name her key in `belongs_to`.
    """
    if actor is None:
        return queryset.none()
    seen = queryset.filter(unit_id=actor.unit_id)
    if whose := getattr(queryset.model, "belongs_to", ""):
        seen = seen.filter(**{f"{whose}_id": actor.user_id})
    for owner in restricted_through(queryset.model):
        seen = seen.filter(not_hidden(queryset.model, owner, actor))
    return seen


def not_hidden(model: type[Model], owner: str, actor: Actor) -> Q:
    """The row that has `restricted` is not restricted, or she is named for it, or there is none."""
    prefix = f"{owner}__" if owner else ""
    named = Exists(open_grants(actor).filter(thing_id=OuterRef(f"{owner}_id" if owner else "pk")))
    may = Q(**{f"{prefix}restricted": False}) | named
    if owner and model._meta.get_field(owner.partition("__")[0]).null:
        may |= Q(**{f"{owner}__isnull": True})
    if not owner and (column := getattr(model, "seen_by", "")):
        may |= Q(**{column: actor.user_id})
    return may


def open_grants(actor: Actor) -> QuerySet[Grant]:
    """The actor's grants that hold at this moment, by the database's clock."""
    return Grant.objects.filter(
        user_id=actor.user_id,
        unit_id=actor.unit_id,
        since__lte=Now(),
        until__gt=Now(),
        closed_at__isnull=True,
    )


def restricted_through(model: type[Model]) -> tuple[str, ...]:
    """Where `restricted` stands: "" on the row itself, a key's name; nothing for nowhere."""
    if through := getattr(model, "restricted_by", None):
        return (through,) if isinstance(through, str) else tuple(through)
    try:
        model._meta.get_field("restricted")
    except FieldDoesNotExist:
        return ()
    return ("",)
