"""The request before anything believes it: its id, where it came from, and no nonsense in it."""

from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponseBase, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.views.defaults import bad_request

if TYPE_CHECKING:
    from access.actor import Actor

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# Answered without session, transaction or actor, so that they work when the database doesn't.
HEALTH = frozenset({"/healthz", "/readyz"})
NUL = "\0"
UNREADABLE = (
    SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError,
    ValueError,  # a Content-Length that is no number
)  # fmt: skip


class Request(HttpRequest):
    """What views get: Django's request after our middleware."""

    request_id: UUID
    address: str | None
    actor: "Actor | None"


class SafeRequest:
    """Gives the request an id of ours and the client's address, and keeps pages out of caches."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        request.request_id = uuid4()
        request.address = client_address(request)
        request.actor = None
        response = self.answer(request)
        response.headers["X-Request-ID"] = str(request.request_id)
        response.headers.setdefault("Cache-Control", "no-store, private")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    def answer(self, request: Request) -> HttpResponseBase:
        try:
            nonsense = has_nul(request)
        except UNREADABLE as unreadable:
            return bad_request(request, unreadable)
        if nonsense:
            return bad_request(request, BadRequest("NUL byte"))
        return self.get_response(request)


def has_nul(request: HttpRequest) -> bool:
    """PostgreSQL stores no NUL in text: one anywhere would end as a fault of ours."""
    if NUL in request.path or has_nul_value(request.COOKIES.items()):
        return True
    if any(has_nul_value((key, value) for value in values) for key, values in request.GET.lists()):
        return True
    if request.method in ("GET", "HEAD"):
        return False
    return any(
        has_nul_value((key, value) for value in values) for key, values in request.POST.lists()
    )


def has_nul_value(pairs: Iterable[tuple[str, str | list[object]]]) -> bool:
    return any(NUL in key or NUL in value for key, value in pairs)


def client_address(request: HttpRequest) -> str | None:
    """The nearest address that isn't a proxy of ours; X-Forwarded-For counts only from those."""
    near = parsed(request.META.get("REMOTE_ADDR", ""))
    if near is None or not is_trusted(near):
        return str(near) if near else None
    address = near
    for hop in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        farther = parsed(hop)
        if farther is None:
            break
        address = farther
        if not is_trusted(farther):
            break
    return str(address)


def parsed(text: str) -> IPv4Address | IPv6Address | None:
    """The address without a zone, or None where it is none."""
    try:
        address = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_trusted(address: IPv4Address | IPv6Address) -> bool:
    return any(address in ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES)
