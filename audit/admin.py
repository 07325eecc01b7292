"""The trail isn't in the administration: administrators see no case, and nobody edits a line."""

import auditlog.admin  # noqa: F401 - registers its entry model, so that we can take it away
from django.contrib import admin

from audit.models import Change

admin.site.unregister(Change)
