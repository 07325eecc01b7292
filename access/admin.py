"""Who administrators look after. Nothing is deleted; what was decided is ended, not rewritten."""

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db.models import QuerySet
from django.forms.models import model_to_dict
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from access.ground_forms import DeciderForm, GroundForm
from access.models import Authority, Decider, LegalGround, Membership, Unit, User


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
    fields = (
        "authority", "name", "short", "reference_prefix", "counterpart", "shows_restricted"
    )  # fmt: skip


class Added(Kept):
    """Rows that are only added: what was decided refers to the version of its day."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(LegalGround)
class GroundAdmin(Added, admin.ModelAdmin):  # type: ignore[type-arg] # not subscriptable at runtime
    """The law as rows. A new version begins with what the newest one says."""

    form = GroundForm
    list_display = ("code", "name", "source", "valid_from", "verified", "new_version")
    list_filter = ("verified", "code")

    @admin.display(description=_("New version"))
    def new_version(self, ground: LegalGround) -> str:
        address = reverse("admin:access_legalground_add")
        return format_html('<a href="{}?code={}">{}</a>', address, ground.code, _("Write one"))

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        code = request.GET.get("code", "")
        newest = LegalGround.objects.filter(code=code).order_by("-valid_from").first()
        found = model_to_dict(newest) if newest else {}
        return found | {"valid_from": timezone.localdate()}


@admin.register(Decider)
class DeciderAdmin(Added, admin.ModelAdmin):  # type: ignore[type-arg] # not subscriptable at runtime
    """Who decides in one authority, where its order of delegation says something else."""

    form = DeciderForm
    list_display = ("authority", "ground_code", "decides", "drafter_may_decide", "valid_from")
    list_filter = ("authority",)
    list_select_related = ("authority",)


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
