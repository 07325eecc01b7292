"""A view's first line: who is let in, and what the others are told."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.translation import gettext
from django_htmx.http import HttpResponseClientRedirect

from access.actor import Actor
from access.rules import Rule
from access.visible import visible_to
from audit import trail
from audit.models import Reading

M = TypeVar("M", bound=Model)
View = Callable[..., HttpResponseBase]


class Refused(PermissionDenied):
    """A colleague without the right. Its text is the reason, shown on the 403 page.

    `back` is the address of the thing that she may see, if there is one.
    """

    def __init__(self, reason: str, back: str = "") -> None:
        super().__init__(reason)
        self.back = back


def found(queryset: QuerySet[M], actor: Actor | None, **lookup: Any) -> M:
    """The one row that the actor sees, or 404 with a line in the trail. Never tells which."""
    if actor is None:
        raise Http404
    try:
        row = visible_to(queryset, actor).filter(**lookup).first()
    except (ValueError, ValidationError) as nonsense:
        raise Http404 from nonsense
    return row or unseen(queryset.model, **lookup)


def unseen(model: type[Model], **lookup: Any) -> NoReturn:
    """404 for a row that isn't there, or that the actor doesn't see, with a line in the trail."""
    asked = {key: str(value)[:64] for key, value in lookup.items() if isinstance(value, UUID)}
    trail.reading(Reading.Kind.REFUSED, detail={"what": model._meta.label_lower, **asked})
    raise Http404


def allow(rule: Rule, actor: Actor, thing: Any = None, because: str = "") -> None:
    """Pass, or refuse with the reason in words and a line in the trail."""
    if rule(actor, thing):
        return
    refuse(because or only_for(rule), thing)


def only_for(rule: Rule) -> str:
    """Why somebody is refused: the rule itself, in words."""
    return gettext("This is open only to: %(who)s.") % {"who": str(rule)}


def refuse(reason: str, thing: Any = None) -> NoReturn:
    """Write the refusal down and answer 403 with the reason."""
    about_id, about = thing.about() if hasattr(thing, "about") else (None, "")
    trail.reading(
        Reading.Kind.REFUSED, about_id=about_id, about=about, detail={"reason": str(reason)}
    )
    raise Refused(reason, thing.get_absolute_url() if hasattr(thing, "get_absolute_url") else "")


def for_actor(rule: Rule) -> Callable[[View], View]:
    """A view for actors of whom the rule holds; others go to the login page or get 403."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor: Actor | None = request.actor  # type: ignore[attr-defined] # set by Acting
            if actor is None:
                return to_login(request)
            allow(rule, actor)
            return view(request, *args, **kwargs)

        guarded.rule = rule  # type: ignore[attr-defined] # the doors' test reads it
        return guarded

    return guard


def to_login(request: Any, target: str = "") -> HttpResponseBase:
    """The login page, which leads back here after a GET (or to the target).

    A part of a page that htmx asked for is no place for it: the whole page goes there.
    """
    login = resolve_url(settings.LOGIN_URL)
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(redirect_to_login(whole_page(request), login).url)
    if not target:
        target = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
    return redirect_to_login(target, login)


def whole_page(request: Any) -> str:
    """The page that htmx says it is on; its header can hold anything."""
    try:
        return request.htmx.current_url_abs_path or "/"
    except ValueError:
        return "/"
