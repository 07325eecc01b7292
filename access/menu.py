"""The main menu: each entry with the rule for who sees it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from access import rules
from access.actor import Actor
from access.rules import Rule


@dataclass(frozen=True, slots=True)
class Entry:
    """An address of the menu."""

    url: str
    label: str | Promise
    may: Rule


ENTRIES = (
    Entry("/cases/", _("Work queue"), rules.case_staff),
    Entry("/cases/new/", _("Flag"), rules.flagger),
    Entry("/import/", _("Import"), rules.flagger),
    Entry("/inbox/", _("Inbox"), rules.case_staff),
    Entry("/coordinations/", _("Coordinations"), rules.case_staff),
    Entry("/backlog/", _("Backlog"), rules.supervisor),
    Entry("/exceptions/", _("Exceptions"), rules.case_staff | rules.auditor),
    Entry("/destruction/", _("Destruction"), rules.supervisor | rules.auditor),
    Entry("/subject-access/", _("Subject access"), rules.supervisor),
    Entry("/audit/", _("Audit"), rules.supervisor | rules.auditor),
    Entry("/audit/access/requests/", _("Requested roles"), rules.administrator),
    Entry("/admin/", _("Administration"), rules.administrator),
)


def menu_for(actor: Actor | None, path: str) -> list[dict[str, object]]:
    """The entries open to her; the one that the path lies deepest under is current."""
    if actor is None:
        return []
    mine = [entry for entry in ENTRIES if entry.may(actor)]
    under = [entry.url for entry in mine if path.startswith(entry.url)]
    here = max(under, key=len, default="")
    return [{"url": e.url, "label": e.label, "current": e.url == here} for e in mine]
