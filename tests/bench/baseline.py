"""The page that others are measured against: one indexed query, fifty rows of HTML, no more."""

from functools import cache
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

MIDDLEWARE = [  # as startproject writes it
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
PAGE = """<!doctype html><html lang="sv"><title>Rows</title><body><table>
<tr><th>Reference<th>Kinds<th>State<th>Level<th>Due</tr>
{% for row in rows %}<tr><td><a href="/rows/{{ row.id }}/">{{ row.reference }}</a></td>
<td>{{ row.kinds }}</td><td>{{ row.state }}</td><td>{{ row.level }}</td>
<td>{{ row.next_due|date:"Y-m-d" }}</td></tr>{% endfor %}
</table></body></html>"""


class Row(models.Model):
    """A plain table with the same rows: no row security, no join."""

    id = models.UUIDField(primary_key=True)
    unit_id = models.BigIntegerField()
    reference = models.TextField()
    kinds = models.TextField()
    state = models.TextField()
    level = models.TextField()
    next_due = models.DateField()

    class Meta:
        app_label = "bench"
        managed = False
        db_table = "bench_plain"

    def __str__(self) -> str:
        return self.reference


def baseline(request: HttpRequest, unit_id: int) -> HttpResponse:
    rows = Row._default_manager.filter(unit_id=unit_id).order_by("next_due", "id")[:50]
    return HttpResponse(template().render({"rows": rows}))


@cache
def template() -> Any:
    return engines["django"].from_string(PAGE)


urlpatterns = [
    path("baseline/<int:unit_id>/", baseline),
    path("", include("casework.urls")),
]
