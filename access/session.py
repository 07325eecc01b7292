"""Tells PostgreSQL who asks, inside a transaction that it owns."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.db import connection, transaction
from django.http import HttpResponseBase, HttpResponseRedirect
from django.utils import translation
from psycopg.pq import TransactionStatus

from access.actor import Actor, acting_in
from access.guards import View, to_login
from access.menu import menu_for
from access.models import Membership, Role, User
from access.request import HEALTH, GetResponse, Request
from access.second_factor import missing_factor
from audit import trail
from audit.models import Reading
from audit.trail import Stamp

ABSOLUTE_SECONDS = 8 * 60 * 60
SEEN_EVERY_SECONDS = 60  # a session row is written at most this often for being used
NOBODY = Stamp(
    actor_id=None, actor="", role="", unit_id=None, unit="", authority_id=None, authority=""
)
TELL = (
    "SELECT set_config('fortur.user_id', %s, true), set_config('fortur.unit_id', %s, true),"
    " set_config('fortur.authority_id', %s, true), set_config('fortur.trail_authority', %s, true)"
)
ASK = (
    "SELECT current_setting('fortur.user_id', true), current_setting('fortur.unit_id', true),"
    " current_setting('fortur.authority_id', true), current_setting('fortur.trail_authority', true)"
)


class OneTransaction:
    """One request, one transaction, the page's rendering included.

    A fault (≥ 500) takes everything back; a refusal (403, 404, 409, 422) commits, so that its
    line in the trail stays.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        if request.path in HEALTH:
            return self.get_response(request)
        with transaction.atomic():
            response = self.get_response(request)
            if response.streaming:
                raise RuntimeError("A streamed body would be made outside the transaction")
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response


class Acting:
    """Finds out who acts and tells PostgreSQL and the trail, for this request only."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        if request.path in HEALTH:
            return self.get_response(request)
        request.actor = actor_in(request)
        tell(request.actor)
        with trail.stamped(stamp_of(request)):
            if request.actor and (why := overdue(request.session)):
                end(request, why)
                return to_login(request)
            if request.actor and (where := missing_factor(request)):
                return HttpResponseRedirect(where)
            return self.get_response(request)

    def process_view(
        self, request: Request, view: View, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Closed unless said otherwise: without an actor only views marked login_not_required."""
        if request.actor is None and getattr(view, "login_required", True):
            return to_login(request)
        return None


def stamp_of(request: Request) -> Stamp:
    """What the trail keeps of whoever made this request."""
    if request.actor is None:
        return replace(NOBODY, request_id=request.request_id, address=request.address)
    return request.actor.stamp(request.request_id, request.address)


def actor_in(request: Request) -> Actor | None:
    """The session's user in her chosen unit. A session without a valid one ends here."""
    user = request.user
    if not isinstance(user, User):
        if SESSION_KEY in request.session:  # she was deactivated, or her sessions were ended
            request.session.flush()
        return None
    valid: list[Membership] = user.valid_memberships
    if not valid:
        request.session.flush()
        request.user = AnonymousUser()
        return None
    chosen = request.session.get("unit")
    membership = next((one for one in valid if one.unit_id == chosen), valid[0])
    actor = acting_in(membership, user)
    user.acting = actor
    translation.activate(user.language)
    request.LANGUAGE_CODE = translation.get_language()
    return actor


def overdue(session: SessionBase) -> str:
    """Why the session is over, or "". Notes that it was used."""
    now = time.time()
    began, seen = session.get("began"), session.get("seen")
    if began is None or seen is None:
        session["began"] = session["seen"] = now
        return ""
    if now - began > ABSOLUTE_SECONDS:
        return "absolute"
    if now - seen > settings.SESSION_IDLE_SECONDS:
        return "idle"
    if now - seen >= SEEN_EVERY_SECONDS:
        session["seen"] = now
    return ""


def end(request: Request, why: str) -> None:
    """End the session that ran out, with its line."""
    trail.reading(Reading.Kind.LOGGED_OUT, detail={"why": why})
    request.session.flush()
    request.user = AnonymousUser()
    request.actor = None


def tell(actor: Actor | None) -> None:
    """Set PostgreSQL's four settings for the rest of this transaction; '' is nobody."""
    values: list[object] = ["", "", "", ""]
    if actor is not None:
        values = [actor.user_id, actor.unit_id, actor.authority_id, actor.trail_authority or ""]
    set_settings([str(value) for value in values])


def set_settings(values: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(TELL, values)


def current_settings() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(ASK)
        row: tuple[str | None, ...] = cursor.fetchone() or ()
    return [value or "" for value in row]


@contextmanager
def acting_as(
    actor: Actor | None, request_id: UUID | None = None, address: str | None = None
) -> Iterator[None]:
    """Act as her for a while: PostgreSQL's settings and the trail's stamp, then back.

    For commands, the worker, the moment of login, and tests. Only inside transaction.atomic().
    """
    if not connection.in_atomic_block:
        raise RuntimeError("acting_as() needs a transaction")
    before = current_settings()
    tell(actor)
    if actor is None:
        stamp = replace(NOBODY, request_id=request_id, address=address)
    else:
        stamp = actor.stamp(request_id, address)
    try:
        with trail.stamped(stamp):
            yield
            connection.check_constraints()  # those deferred to commit look at rows that she sees
    finally:
        if not is_broken():
            set_settings(before)


def is_broken() -> bool:
    """Whether the transaction, or the savepoint in it that took the settings, can only be rolled
    back, which takes the settings with it."""
    if connection.needs_rollback:
        return True
    return bool(connection.connection.info.transaction_status == TransactionStatus.INERROR)


def page(request: Request) -> dict[str, Any]:
    """For every template: who acts, the menu, and whether this is the demo."""
    actor = getattr(request, "actor", None)
    context = {"actor": actor, "menu": menu_for(actor, request.path), "demo": settings.DEMO}
    if settings.DEMO and actor is None:
        context["demo_logins"] = [
            {"username": one.username, "who": one.unit.name, "role": Role(one.role).label}
            for one in settings.DEMO_PEOPLE
        ]
    return context
