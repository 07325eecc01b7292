"""The second factor: who must show one, and where its secret lies."""

from dataclasses import replace
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import forms
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn
from django import forms as fields
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from access import crypto
from access.models import User
from access.request import Request
from audit import trail
from audit.models import Reading

TOTP_PLACE = "mfa_authenticator.data:secret"
WITHOUT_FACTOR = ("account_logout", "account_reauthenticate", "set_language")
TO_SHOW_ONE = (*WITHOUT_FACTOR, "mfa_reauthenticate", "mfa_reauthenticate_webauthn")
TO_GET_ONE = (*WITHOUT_FACTOR, "mfa_index", "mfa_activate_totp", "mfa_add_webauthn")


def missing_factor(request: Request) -> str | None:
    """The page that a session without its second factor is sent to; None if it may pass."""
    if not settings.MFA_REQUIRED:
        return None
    records = get_authentication_records(request, request.user)
    if any(record.get("method") == "mfa" for record in records):
        return None
    has_one = Authenticator.objects.filter(user_id=request.user.pk).exists()
    open_pages = TO_SHOW_ONE if has_one else TO_GET_ONE
    if request.path in {reverse(name) for name in open_pages}:
        return None
    if not has_one:
        return reverse("mfa_index")
    back = request.get_full_path() if request.method == "GET" else "/"
    return f"{reverse('mfa_reauthenticate')}?{urlencode({'next': back})}"


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth ships no types
    """Secrets of the second factor lie encrypted."""

    def get_totp_issuer(self) -> str:
        return "Förtur"

    def get_totp_label(self, user: User) -> str:
        return user.username

    def encrypt(self, text: str) -> str:
        return crypto.encrypt(text, TOTP_PLACE).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt(bytes.fromhex(encrypted_text), TOTP_PLACE)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail leaves the service."""


class LoggedCode:
    """A wrong code leaves its line, like a wrong password."""

    user: User

    def clean_code(self) -> str:
        try:
            return str(super().clean_code())  # type: ignore[misc] # allauth's form
        except ValidationError:
            note_wrong_code(self.user)
            raise


class AuthenticateForm(LoggedCode, forms.AuthenticateForm):  # type: ignore[misc] # no types
    """The code that is asked for at login."""


class ReauthenticateForm(LoggedCode, forms.ReauthenticateForm):  # type: ignore[misc] # no types
    """The code that is asked for again."""


def note_wrong_code(user: User) -> None:
    """Visible to the account's authority; at login nobody acts yet."""
    stamp = trail.current()
    if stamp.actor_id is None:
        stamp = replace(stamp, authority_id=user.authority_id, authority=user.authority.kind)
    with trail.stamped(stamp):
        trail.reading(
            Reading.Kind.LOGIN_FAILED, about=user.username, detail={"why": "second_factor"}
        )


class AddWebAuthnForm(webauthn.AddWebAuthnForm):  # type: ignore[misc] # allauth ships no types
    """A new security key; allauth's field has no name that could be translated."""

    name = fields.CharField(
        label=_("Name of the key"),
        required=False,
        max_length=80,
        help_text=_("So that you can tell your keys apart."),
    )


class EditWebAuthnForm(webauthn.EditWebAuthnForm):  # type: ignore[misc] # allauth ships no types
    """Another name for a security key."""

    name = fields.CharField(label=_("Name of the key"), max_length=80)
