"""The room that knows who may."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "access"
    verbose_name = _("Access")
    default = True


class AdministrationConfig(admin.AdminConfig):
    """Django's admin with our own doors."""

    default_site = "access.admin_site.Administration"
    default = False
