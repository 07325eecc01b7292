"""Tags for what every page shows: icons, chips, deadlines in words, dates, bars, sorting."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import template
from django.template import Context, defaultfilters
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

register = template.Library()

SOON = 7  # days

LEVELS = {
    "A": gettext_lazy("Acute"),
    "B": gettext_lazy("High"),
    "C": gettext_lazy("Normal"),
    "D": gettext_lazy("Watch"),
}

# Own drawings on a 20 × 20 sheet, strokes only.
ICONS = {
    "arrow": "M4 10h12m-5-5 5 5-5 5",
    "back": "M12 4l-6 6 6 6",
    "bell": "M5 14V9a5 5 0 0 1 10 0v5l1.5 1.5h-13zM8.5 17.5h3",
    "check": "M4 10.5l4 4 8-9",
    "clock": "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4.2l2.8 1.8",
    "cross": "M5 5l10 10M15 5L5 15",
    "document": "M5 2.5h7l3 3v12H5zM12 2.5v3h3M8 10h4M8 13.5h4",
    "down": "M5 8l5 5 5-5",
    "error": "M7 2.5h6l4.5 4.5v6L13 17.5H7L2.5 13V7zM10 6v5M10 14v.01",
    "filter": "M3 5h14M6 10h8M8.5 15h3",
    "globe": "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM2.5 10h15M10 2.5c5 4.5 5 10.5 0 15"
    "c-5-4.5-5-10.5 0-15",
    "info": "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM10 9v5M10 6v.01",
    "inbox": "M3 11l2.5-7h9L17 11v5.500H3zM3 11h4l1 2h4l1-2h4",
    "lock": "M4.5 9h11v8h-11zM7 9V6.500a3 3 0 0 1 6 0V9",
    "menu": "M3 5h14M3 10h14M3 15h14",
    "minus": "M5 10h10",
    "person": "M10 3a3.2 3.2 0 1 0 0 6.400A3.2 3.2 0 0 0 10 3zM3.5 17c.5-4 3-5.5 6.5-5.5"
    "s6 1.5 6.5 5.5",
    "up": "M5 12l5-5 5 5",
    "warning": "M10 3l8 14H2zM10 8v4M10 14.500v.01",
}
DRAWN = {
    name: format_html(
        '<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        path,
    )
    for name, path in ICONS.items()
}
ALERT_ICONS = {"info": "info", "success": "check", "warning": "warning", "error": "error"}


@register.simple_tag
def icon(name: str) -> SafeString:
    """An ornament beside words that say the same; hidden from screen readers."""
    return DRAWN[name]


@register.simple_tag
def chip(label: object, kind: str = "", symbol: str = "") -> SafeString:
    """Kinds: info, ok, warn, danger, later, none; no kind is neutral (a state)."""
    return format_html(
        '<span class="chip {}">{}{}</span>', kind, icon(symbol) if symbol else "", label
    )


@register.simple_tag
def level(code: str | None, label: object = "") -> SafeString:
    """The priority level: letter and word. Nothing set says so."""
    if not code:
        return chip(_("Not prioritised"), "none")
    return format_html(
        '<span class="chip level level-{}"><b>{}</b> {}</span>',
        code.lower(),
        code,
        label or LEVELS[code],
    )


def as_day(when: date | datetime) -> date:
    """The Swedish calendar day of a date or a moment."""
    if isinstance(when, datetime):
        return timezone.localtime(when).date() if timezone.is_aware(when) else when.date()
    return when


def deadline_words(
    when: date | datetime | None, today: date | None = None, soon: int = SOON
) -> tuple[str, str, str]:
    """(words, kind, icon) of a deadline seen from today; `soon` is from how many days before."""
    if when is None:
        return _("No deadline"), "none", "minus"
    days = (as_day(when) - (today or timezone.localdate())).days
    if days < 0:
        late = ngettext("%(days)d day overdue", "%(days)d days overdue", -days)
        return late % {"days": -days}, "overdue", "warning"
    if days == 0:
        return pgettext("deadline", "Today"), "today", "bell"
    left = ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
    return (left, "soon", "clock") if days <= soon else (left, "later", "clock")


@register.simple_tag
def deadline(when: date | datetime | None, soon: int = SOON) -> SafeString:
    """A chip in words and the date beside it."""
    words, kind, symbol = deadline_words(when, soon=soon)
    if when is None:
        return chip(words, kind, symbol)
    return format_html('<span class="deadline">{} {}</span>', chip(words, kind, symbol), day(when))


@register.simple_tag
def day(when: date | datetime | None, form: str = "SHORT_DATE_FORMAT") -> SafeString | str:
    """A date in a valid <time>. SHORT_DATE_FORMAT for tables, DATE_FORMAT for prose."""
    if when is None:
        return ""
    local = as_day(when)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), _date(local, form))


@register.simple_tag
def moment(when: datetime | None, form: str = "SHORT_DATETIME_FORMAT") -> SafeString | str:
    """A point in time in a valid <time>. "TIME_FORMAT" shows the clock alone."""
    if when is None:
        return ""
    local = timezone.localtime(when)
    return format_html(
        '<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), _date(local, form)
    )


@register.simple_tag
def until(when: datetime | None) -> SafeString | str:
    """A point in time at which something ends; the start of a day is told as the day before."""
    if when is None:
        return ""
    local = timezone.localtime(when)
    if local.time() != time.min:
        return moment(when)
    day = (local - timedelta(days=1)).date()
    return format_html(
        '<time datetime="{}">{}</time>', day.isoformat(), _date(day, "SHORT_DATE_FORMAT")
    )


def _date(when: date | datetime, form: str) -> str:
    return str(defaultfilters.date(when, form))


@register.inclusion_tag("components/summary.html")
def summary(rows: Sequence[Sequence[object]]) -> dict[str, object]:
    """Label, value and perhaps a note per row. Rows whose value is None or "" are left out."""
    filled = [(*row, "")[:3] for row in rows if row[1] is not None and row[1] != ""]
    return {"rows": filled}


@register.filter
def open_ones(offers: Sequence[Any]) -> list[Any]:
    """The steps that can be taken now."""
    return [offer for offer in offers if offer.open]


@register.filter
def closed_ones(offers: Sequence[Any]) -> list[Any]:
    """The steps that can't be taken now; each tells why."""
    return [offer for offer in offers if not offer.open]


@register.simple_block_tag
def panel(content: SafeString, title: object = "", kind: str = "", id: str = "") -> SafeString:
    """A surface with a heading. Kinds: next, danger."""
    return mark_safe(  # noqa: S308  -- the template escapes; content is rendered template text
        render_to_string(
            "components/panel.html",
            {"content": content, "title": title, "kind": kind, "id": id},
        )
    )


@register.simple_block_tag
def alert(
    content: SafeString, kind: str = "info", title: object = "", focus: bool = False
) -> SafeString:
    """Kinds: info, success, warning, error. focus=True takes the focus when the page opens."""
    return mark_safe(  # noqa: S308  -- as above
        render_to_string(
            "components/alert.html",
            {"body": content, "kind": kind, "title": title, "focus": focus},
        )
    )


@register.simple_tag
def alert_icon(kind: str) -> SafeString:
    """The icon of an alert's kind; Django's message levels count too."""
    return icon(ALERT_ICONS.get(kind, "info"))


@register.simple_tag
def bar(value: float, most: float) -> SafeString:
    """A bar as part of the longest one. The number stands beside it in words."""
    share = 0 if not most else round(100 * max(0.0, min(value / most, 1.0)), 1)
    return format_html(
        '<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="track" width="100" height="10"/><rect width="{}" height="10"/></svg>',
        share,
    )


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(context: Context, label: object, key: str, numeric: bool = False) -> dict[str, Any]:
    """A column head that sorts by ?sort=key or ?sort=-key and drops the page's cursor."""
    request = context["request"]
    now = request.GET.get("sort", context.get("sort", ""))
    query = request.GET.copy()
    for name in ("before", "after"):
        query.pop(name, None)
    query["sort"] = f"-{key}" if now == key else key
    order = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    return {"label": label, "url": f"?{query.urlencode()}", "order": order, "numeric": numeric}
