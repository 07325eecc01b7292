"""The queue's rows. Written here: twenty-five rows of template cost more than asking for them."""

from collections.abc import Sequence
from functools import cache

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape as escaped
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from casework.queue import Row
from casework.templatetags import ui

register = template.Library()


@register.simple_tag
def queue_rows(rows: Sequence[Row], pick: bool = False) -> SafeString:
    """Rows of a queue's group; `pick` gives each a box to tick."""
    if not rows:
        return mark_safe("")
    first = rows[0].case.pk
    before, after = reverse("case", args=[first]).split(str(first))
    # Each level, deadline and date once, in the reader's language.
    level, chip, day = cache(ui.level), cache(ui.chip), cache(ui.day)
    years = cache(lambda age: escaped(_("%(age)s years old") % {"age": age}))
    secret = " " + ui.chip(_("Secrecy marked"), "danger", "lock")
    priority, status, handler = (
        f'data-label="{escaped(said)}"' for said in (_("Priority"), _("Status"), _("Handler"))
    )
    closed, deadline = escaped(_("Closed on")), escaped(_("Deadline"))
    nobody, choose = escaped(_("Nobody yet")), _("Choose %(reference)s")

    def box(row: Row) -> str:
        said = escaped(choose % {"reference": row.case.reference})
        return (
            f'<td class="pick"><label><input type="checkbox" name="case" value="{row.case.pk}">'
            f'<span class="hidden-visually">{said}</span></label></td>'
        )

    def who(row: Row) -> str:
        link = (
            f'<a class="ref" href="{before}{row.case.pk}{after}">{escaped(row.case.reference)}</a>'
        )
        name = f'<span class="name">{escaped(row.name)}</span>' if row.name else ""
        kinds = f" · {escaped(row.kinds)}" if row.kinds else ""
        sub = f'<span class="sub">{escaped(row.place)} · {years(row.age)}{kinds}</span>'
        return f"{link}{secret if row.case.restricted else ''}\n{name}{sub}"

    def when(row: Row) -> str:
        if row.band == "closed":
            return f'<td data-label="{closed}">{day(row.case.closed_at)}</td>'
        said = str(chip(row.words, row.tone, row.symbol))
        if row.due:
            said += f' <span class="sub">{day(row.due)} · {escaped(row.task)}</span>'
        return f'<td class="due" data-label="{deadline}"><div>{said}</div></td>'

    def line(row: Row) -> str:
        mark = ' class="overdue"' if row.band == "overdue" else ""
        return (
            f'<tr{mark}>{box(row) if pick else ""}<th scope="row">{who(row)}</th>'
            f"<td {priority}>{level(row.case.level)}</td>{when(row)}"
            f"<td {status}>{escaped(row.state)}</td>"
            f'<td class="who" {handler}>{escaped(row.handler) if row.handler else nobody}</td></tr>'
        )

    return mark_safe("\n".join(map(line, rows)))  # noqa: S308 - every word is escaped above
