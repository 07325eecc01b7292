"""Who administrators look after. Nothing is deleted; what was decided is ended, not rewritten."""

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from access.models import Authority, Membership, Unit, User


class Kept:
    """No row is deleted, and some fields are only set once, when it is added."""

    set_once: tuple[str, ...] = ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.set_once if obj else ()


@admin.register(Authority)
class AuthorityAdmin(Kept, admin.ModelAdmin):  # type: ignore[type-arg] # not subscriptable at runtime
    list_display = ("name", "short", "kind")
    set_once = ("kind",)


@admin.register(Unit)
class UnitAdmin(Kept, admin.ModelAdmin):  # type: ignore[type-arg] # not subscriptable at runtime
    list_display = ("name", "short", "authority", "reference_prefix")
    list_filter = ("authority",)
    list_select_related = ("authority",)
    set_once = ("authority", "reference_prefix")
    fields = ("authority", "name", "short", "reference_prefix", "counterpart")


class NewUserForm(AdminUserCreationForm):  # type: ignore[type-arg] # not subscriptable at runtime
    """Username, name, authority and a first password."""

    class Meta:
        model = User
        fields = ("username", "name", "authority")

    def clean_username(self) -> str:
        """In small letters, and free."""
        self.cleaned_data["username"] = self.cleaned_data["username"].lower()
        username = super().clean_username()
        return str(username if username is not None else self.cleaned_data["username"])


class UserForm(UserChangeForm):  # type: ignore[type-arg] # not subscriptable at runtime
    class Meta:
        model = User
        fields = ("name", "email", "language", "is_active", "password")


@admin.register(User)
class PeopleAdmin(Kept, UserAdmin):  # type: ignore[type-arg] # not subscriptable at runtime
    """Accounts. Deactivating one ends its sessions at once."""

    form = UserForm
    add_form = NewUserForm
    list_display = ("username", "name", "authority", "is_active", "last_login")
    list_filter = ("authority", "is_active")
    list_select_related = ("authority",)
    search_fields = ("username", "name")
    ordering = ("name",)
    filter_horizontal = ()
    set_once = ("username", "authority")
    fieldsets = (
        (None, {"fields": ("username", "name", "email", "authority", "language")}),
        (None, {"fields": ("is_active", "password", "last_login")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": ("username", "name", "authority"),
                "description": _("Nobody gets in without a membership: add one afterwards."),
            },
        ),
        (None, {"fields": ("usable_password", "password1", "password2")}),
    )
    actions = ("remove_second_factor",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*super().get_readonly_fields(request, obj), "last_login")

    @admin.action(description=_("Remove the second factor and end all sessions"))
    def remove_second_factor(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """For a lost phone: she sets up a new one at her next login."""
        for user in users:
            Authenticator.objects.filter(user=user).delete()
            user.end_sessions()
        messages.success(request, _("Done. They set up a new one at the next login."))


class MembershipForm(forms.ModelForm):  # type: ignore[type-arg] # not subscriptable at runtime
    class Meta:
        model = Membership
        fields = ("user", "unit", "role", "qualified", "since", "until")


@admin.register(Membership)
class MembershipAdmin(Kept, admin.ModelAdmin):  # type: ignore[type-arg] # not subscriptable at runtime
    """Another role is another membership: the old one is ended and stays to be read."""

    form = MembershipForm
    list_display = ("user", "unit", "role", "qualified", "since", "until")
    list_filter = ("unit", "role")
    list_select_related = ("user", "unit")
    search_fields = ("user__username", "user__name")
    set_once = ("user", "unit", "role", "qualified", "since")
