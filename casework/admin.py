"""What administrators look after of this room: places, and the rules about time. No case."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.admin import Added, Kept
from casework import lawbook
from casework.forms.rule import RuleForm
from casework.models import Place, RetentionRule, Rule
from casework.words import clocks as clocks_words
from casework.words import keeping as keeping_words


@admin.register(Place)
class PlaceAdmin(Kept, admin.ModelAdmin[Place]):
    list_display = ("name", "municipality", "exposed", "active")
    list_filter = ("municipality", "exposed", "active")
    search_fields = ("name",)


@admin.register(RetentionRule)
class RetentionRuleAdmin(Added, admin.ModelAdmin[RetentionRule]):
    """Versions are added. A proposal to destroy keeps the version it was made by."""

    list_display = ("code", "about", "valid_from", "time", "side", "source", "verified", "version")
    list_filter = ("side", "verified", "code")

    @admin.display(description=gettext_lazy("What it is about"))
    def about(self, rule: RetentionRule) -> str:
        return keeping_words.about(rule.code)

    @admin.display(description=gettext_lazy("Kept"))
    def time(self, rule: RetentionRule) -> str:
        return keeping_words.time_of(rule)

    @admin.display(description=gettext_lazy("New version"))
    def version(self, rule: RetentionRule) -> str:
        address = reverse("admin:casework_retentionrule_add")
        return format_html('<a href="{}?code={}">{}</a>', address, rule.code, _("Write one"))

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        code = request.GET.get("code", "")
        newest = RetentionRule.objects.filter(code=code).order_by("-valid_from")
        found = model_to_dict(newest[0], exclude=["id"]) if newest else {}
        return found | {"valid_from": timezone.localdate(), "checked_on": timezone.localdate()}

    def formfield_for_dbfield(self, db_field: Any, request: Any, **options: Any) -> Any:
        """A rule that the service knows; another rule needs code too."""
        field = super().formfield_for_dbfield(db_field, request, **options)
        if db_field.name == "code" and field is not None:
            words = [(code, f"{code}: {text}") for code, text in keeping_words.ABOUT.items()]
            return forms.ChoiceField(label=field.label, choices=words)
        return field


@admin.register(Rule)
class RuleAdmin(Added, admin.ModelAdmin[Rule]):
    """A new version begins with what the newest says, and is shown beside it before it is saved."""

    form = RuleForm
    list_display = ("code", "duty", "valid_from", "time", "hard", "source", "verified", "version")
    list_filter = ("verified", "hard", "code")
    search_fields = ("code", "source")

    @admin.display(description=gettext_lazy("What is to be done"))
    def duty(self, rule: Rule) -> str:
        return clocks_words.duty_of(rule.code)

    @admin.display(description=gettext_lazy("Length"))
    def time(self, rule: Rule) -> str:
        return clocks_words.time_of(rule.code, rule.measure, rule.length)

    @admin.display(description=gettext_lazy("New version"))
    def version(self, rule: Rule) -> str:
        address = reverse("admin:casework_rule_add")
        return format_html('<a href="{}?code={}">{}</a>', address, rule.code, _("Write one"))

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        newest = Rule.objects.filter(code=request.GET.get("code", "")).order_by("-valid_from")
        found = model_to_dict(newest[0], exclude=["id"]) if newest else {}
        return found | {"valid_from": timezone.localdate(), "checked_on": timezone.localdate()}

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """First the version beside the one in force; saved when that page's button says so."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST" and "_confirmed" not in request.POST:
            form = RuleForm(request.POST)
            if form.is_valid():
                return self.preview(request, form)
        return super().add_view(request, form_url, extra_context)

    def preview(self, request: HttpRequest, form: RuleForm) -> HttpResponse:
        new: Rule = form.instance
        versions = Rule.objects.filter(code=new.code, valid_from__lte=new.valid_from)
        old = versions.order_by("-valid_from").first()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Check the new version"),
            "opts": self.opts,
            "rule": new,
            "old": old,
            "duty": clocks_words.duty_of(new.code),
            "rows": lawbook.differences(old, new),
            "examples": (
                lawbook.example(old, new.valid_from),
                lawbook.example(new, new.valid_from),
            ),
            "sent": [
                (name, value)
                for name, values in request.POST.lists()
                for value in values
                if name in form.fields
            ],
        }
        return TemplateResponse(request, "admin/casework/rule/preview.html", context)
