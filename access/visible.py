"""What an actor sees of a table: the queryset twin of the database's policy."""

from typing import TypeVar
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db.models import (
    BooleanField,
    Exists,
    F,
    Func,
    Model,
    OuterRef,
    Q,
    QuerySet,
    UUIDField,
    Value,
)

from access.actor import Actor
from access.models import Confined, Exclusion, Grant
from audit.models import Line, Stamped

M = TypeVar("M", bound=Model)


class NoneOf(Func):
    """value <> ALL (array): the array is made once a query, and no row is joined."""

    function = ""
    template = "%(expressions)s)"
    arg_joiner = " <> ALL ("
    output_field = BooleanField()


class AnyOf(NoneOf):
    """value = ANY (array): the same SQL however many there are."""

    arg_joiner = " = ANY ("


def any_of(field: str, ids: list[UUID]) -> AnyOf:
    return AnyOf(F(field), Value(ids, ArrayField(UUIDField())))


def visible_to(queryset: QuerySet[M], actor: Actor | None) -> QuerySet[M]:
    """Rows of the actor's unit; restricted ones only if an open grant names her; none that she
    is shut out of.

    A model without its own `restricted` names, in `restricted_by`, the foreign key to the row
    that has it ("case"); where that key may be empty, such a row is seen. Several keys count each
    ("" is the row itself). Or, in `names_needed`, its column with the thing a grant must name.
    Rows that are one person's own name her key in `belongs_to`; rows that are seen only while
    something holds say it as a Q, in `visible_while()`. `for_auditors`: the authority's auditor
    reads it too. Lines of the trail have their own rule (`readable`).
    """
    if actor is None:
        return queryset.none()
    model = queryset.model
    if issubclass(model, Stamped | Line):
        return readable(queryset, actor)
    if wider := seen_beyond(model, actor):
        return queryset.filter(wider)
    seen = queryset.filter(unit_id=actor.unit_id)
    if whose := getattr(model, "belongs_to", ""):
        seen = seen.filter(**{f"{whose}_id": actor.user_id})
    if while_it_holds := getattr(model, "visible_while", None):
        seen = seen.filter(while_it_holds())
    if column := getattr(model, "names_needed", ""):
        return seen.filter(
            Q(**{column: None}) | named(actor, column), NoneOf(F("pk"), out_of(actor))
        )
    for owner in restricted_through(model):
        seen = seen.filter(not_hidden(model, owner, actor))
    return seen


def seen_beyond(model: type[Model], actor: Actor) -> Q | None:
    """What holds instead of "her own unit's", where more people read the table."""
    if getattr(model, "for_auditors", False):
        return Q(unit_id=actor.unit_id) | Q(authority_id=actor.trail_authority or 0)
    return None


def not_hidden(model: type[Model], owner: str, actor: Actor) -> Q:
    """The row that has `restricted` is not restricted, or she is named for it, or there is none;
    and she isn't shut out of it."""
    prefix, key = (f"{owner}__", f"{owner}_id") if owner else ("", "pk")
    open_to_her = Q(**{f"{prefix}restricted": False}) | named(actor, key)
    # Not a join, and nothing asked row by row: the list's order keeps its index.
    may = open_to_her & Q(NoneOf(F(key), out_of(actor)))
    if owner and model._meta.get_field(owner.partition("__")[0]).null:
        may |= Q(**{f"{owner}__isnull": True})
    return may


def named(actor: Actor, key: str) -> Exists:
    """A grant names her for the row's key, or for what that is confined with."""
    confined = Confined.objects.filter(about_id=OuterRef(OuterRef(key)), ended_at=None)
    wanted = Q(thing_id=OuterRef(key)) | Q(thing_id__in=confined.values("thing_id"))
    return Exists(open_grants(actor).filter(wanted))


def out_of(actor: Actor) -> ArraySubquery:
    """The ids of what she is shut out of at this moment."""
    return ArraySubquery(shut_out(actor).values("about_id"))


def shut_out(actor: Actor) -> QuerySet[Exclusion]:
    held: QuerySet[Exclusion] = Exclusion.objects.open()
    return held.filter(user_id=actor.user_id, unit_id=actor.unit_id)


def but_shut_out(queryset: QuerySet[M], actor: Actor, key: str) -> QuerySet[M]:
    """Without the rows about what she is shut out of; `key` holds the id of what they are about."""
    return queryset.exclude(**{f"{key}__in": shut_out(actor).values("about_id")})


def open_grants(actor: Actor) -> QuerySet[Grant]:
    """The actor's grants that hold at this moment, by the database's clock."""
    held: QuerySet[Grant] = Grant.objects.open()
    return held.filter(user_id=actor.user_id, unit_id=actor.unit_id)


def kept_from(actor: Actor) -> QuerySet[Confined]:
    """What is confined to others: she doesn't read the lines about it."""
    mine = open_grants(actor).filter(
        Q(thing_id=OuterRef("thing_id")) | Q(thing_id=OuterRef("about_id"))
    )
    confined = Confined.objects.filter(unit_id=actor.unit_id, ended_at=None)
    return confined.exclude(Exists(mine))


def readable(lines: QuerySet[M], actor: Actor) -> QuerySet[M]:
    """Lines of the trail: an auditor her authority's, others their unit's but those about what is
    kept from them; nobody those about what she is shut out of.

    Asks once what that is: a list of ids costs a search in millions of lines nothing that is seen,
    a subquery in each of the three tables does.
    """
    closed = shut_out(actor).values_list("about_id", flat=True)
    if actor.is_auditor:
        seen = lines.filter(authority_id=actor.authority_id)
    else:
        seen = lines.filter(unit_id=actor.unit_id)
        closed = closed.union(kept_from(actor).values_list("about_id", flat=True))
    ids = set(closed)
    return seen.filter(Q(about_id=None) | ~Q(about_id__in=ids)) if ids else seen


def restricted_through(model: type[Model]) -> tuple[str, ...]:
    """Where `restricted` stands: "" on the row itself, a key's name; nothing for nowhere."""
    if through := getattr(model, "restricted_by", None):
        return (through,) if isinstance(through, str) else tuple(through)
    try:
        model._meta.get_field("restricted")
    except FieldDoesNotExist:
        return ()
    return ("",)
