"""Username and password, what administrators may, and the lines that comings and goings leave."""

from datetime import date
from typing import Any
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.backends import BaseBackend
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from access.actor import actor_of
from access.compiled import Compiled
from access.models import Membership, User
from access.request import Request
from access.session import acting_as
from audit import trail
from audit.models import Reading
from audit.trail import Stamp

ADMINISTERED = frozenset({"add", "change", "view"})  # never delete
CASEWORK = frozenset({("casework", "place"), ("casework", "rule")})

MEMBERSHIPS = Compiled[Membership](
    lambda user_id, today: (
        Membership.objects.valid(today)
        .standing_in()
        .filter(user_id=user_id)
        .select_related("user__authority", "unit")
    ),
    user_id=UUID,
    today=date,
)


class Backend(BaseBackend):
    """Checks the password, and answers what the administration may show."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **credentials: Any,
    ) -> User | None:
        """The active user with that password and a valid membership. Takes as long either way."""
        if username is None or password is None:
            return None
        user = known(username)
        if user is None:
            User().set_password(password)
            return None
        if not user.check_password(password) or not user.is_active:
            return None
        return user if Membership.objects.valid().filter(user=user).exists() else None

    def get_user(self, user_id: UUID) -> User | None:
        """The active user with all her valid memberships, in one query."""
        memberships = MEMBERSHIPS(user_id=UUID(str(user_id)), today=timezone.localdate())
        if not memberships:
            return None
        user: User = memberships[0].user
        user.valid_memberships = memberships
        return user

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Administrators look after access, places and rules, nothing else, and delete nothing."""
        if not getattr(user_obj, "is_staff", False):
            return False
        app, _, codename = perm.partition(".")
        act, _, model = codename.partition("_")
        return act in ADMINISTERED and (app == "access" or (app, model) in CASEWORK)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return getattr(user_obj, "is_staff", False) and app_label in ("access", "casework")


def known(username: str) -> User | None:
    """The user with that name, however it is cased."""
    return User.objects.filter(username=username.strip().lower()).first()


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """Comings and goings leave their line; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        try:
            return bool(super().is_safe_url(url))
        except ValueError:  # "//[": no address at all
            return False

    def get_client_ip(self, request: Request) -> str:
        return request.address or "0.0.0.0"  # noqa: S104 - a key for rate limits, not a binding

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("profile")

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponseBase:
        """Deactivated between the two factors."""
        return HttpResponseRedirect(reverse("account_login"))

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The page that follows says enough."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail leaves the service."""

    def login(self, request: Request, user: User) -> None:
        super().login(request, user)
        with acting_as(actor_of(user), request.request_id, request.address):
            trail.reading(Reading.Kind.LOGGED_IN)

    def logout(self, request: Request) -> None:
        if request.actor is not None:
            trail.reading(Reading.Kind.LOGGED_OUT)
        super().logout(request)

    def pre_authenticate(self, request: Request, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            failed(request, known(credentials.get("username", "")), "too_many")
            raise

    def authentication_failed(self, request: Request, **credentials: Any) -> None:
        failed(request, known(credentials.get("username", "")), "password")


def failed(request: Request, user: User | None, why: str) -> None:
    """A failed login's line. A known account's authority sees it; an unknown name isn't kept."""
    if request.actor is not None:  # she confirms her password again
        trail.reading(Reading.Kind.LOGIN_FAILED, detail={"why": why})
        return
    stamp = Stamp(
        actor_id=None,
        actor="",
        role="",
        unit_id=None,
        unit="",
        authority_id=user.authority_id if user else None,
        authority=user.authority.kind if user else "",
        request_id=request.request_id,
        address=request.address,
    )
    with trail.stamped(stamp):
        trail.reading(
            Reading.Kind.LOGIN_FAILED, about=user.username if user else "", detail={"why": why}
        )
