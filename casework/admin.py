"""What administrators look after of this room: places. No case is here."""

from django.contrib import admin

from access.admin import Kept
from casework.models import Place


@admin.register(Place)
class PlaceAdmin(Kept, admin.ModelAdmin[Place]):
    list_display = ("name", "municipality", "exposed", "active")
    list_filter = ("municipality", "exposed", "active")
    search_fields = ("name",)
