"""Where the log's references lead: to cases and lists for destruction that still are there."""

from uuid import UUID

from django.db.models import Value
from django.urls import reverse

from audit import shown
from casework.models import Case, Destruction


@shown.add_pages
def pages_of(ids: set[UUID]) -> dict[UUID | None, str]:
    """Only those that the database shows to whoever asks."""
    cases, lists = (
        model._default_manager.filter(pk__in=ids).annotate(page=Value(page)).values_list(
            "pk", "page"
        )
        for model, page in ((Case, "case"), (Destruction, "destruction"))
    )  # fmt: skip
    return {pk: reverse(page, args=[pk]) for pk, page in cases.union(lists, all=True)}
