"""The certificate of destruction in words, for the page and for paper, and the list behind its
checksum.

What is counted are rows; what stands here is what they were to the people who worked with them.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit import pdf, words
from casework.models import Certificate, DestructionItem
from casework.words import keeping as keeping_words

TEMPLATE = Path(__file__).with_suffix(".typ")
Pairs = list[tuple[str, str]]
GONE: dict[str, Promise] = {
    "casework_case": _("Cases"),
    "casework_person": _("Young people"),
    "casework_observation": _("Observations"),
    "casework_priority": _("Priorities"),
    "casework_intervention": _("Interventions"),
    "casework_interventionnote": _("Notes on interventions"),
    "casework_policeinvestigation": _("Police investigations"),
    "casework_socialinvestigation": _("Social investigations"),
    "casework_deadline": _("Deadlines"),
    "casework_disclosure": _("Disclosures to others"),
    "casework_delivery": _("Letters from others"),
    "casework_coordination": _("Coordinations with another authority"),
    "casework_planitem": _("Items of the joint plan"),
    "casework_notice": _("Notices on the start page"),
    "casework_hold": _("Decisions to keep the case"),
    "casework_caseaccess": _("Accesses to restricted cases"),
    "casework_deliveryaccess": _("Accesses to restricted letters"),
}
words.teach(
    "taken_out",
    {"certificate": _("certificate of destruction"), "destroyed rows": _("ids of destroyed rows")},
)
EMPTIED: dict[str, Promise] = {
    "audit_step emptied": _("Steps, emptied of reasons and facts"),
    "audit_change emptied": _("Changes, emptied of values"),
    "audit_reading emptied": _("Openings, emptied of purpose and details"),
}


def facts(paper: Certificate) -> Pairs:
    """Whose, how many, who reviewed, when."""
    found = paper.destruction
    return [
        (gettext("List"), found.reference),
        (gettext("Authority"), paper.authority.name),
        (gettext("Unit"), paper.unit.name),
        (gettext("Cases destroyed"), str(paper.cases)),
        (gettext("Cases left"), str(paper.left)),
        (gettext("First reviewer"), paper.first_reviewer),
        (gettext("Second reviewer"), paper.second_reviewer),
        (gettext("Destruction begun"), when(paper.started_at)),
        (gettext("Destruction done"), when(paper.finished_at)),
    ]


def when(at: Any) -> str:
    return str(date_format(timezone.localtime(at), "DATETIME_FORMAT"))


def rules(items: list[DestructionItem]) -> Pairs:
    """What each rule is about, how long it keeps that, and where it stands."""
    used = {item.rule for item in items if item.done_at}
    return [
        (
            keeping_words.about(rule.code),
            f"{keeping_words.time_of(rule)} ({rule.source}, {rule.valid_from.isoformat()})",
        )
        for rule in sorted(used, key=lambda rule: (rule.code, rule.valid_from))
    ]


def counted(paper: Certificate, kinds: dict[str, Promise]) -> Pairs:
    """How many of each kind; a kind that this version doesn't know goes by its own name."""
    known = [(str(words), str(paper.rows[kind])) for kind, words in kinds.items()
             if paper.rows.get(kind)]  # fmt: skip
    if kinds is not GONE:
        return known
    strange = set(paper.rows) - set(GONE) - set(EMPTIED)
    return known + [(kind, str(paper.rows[kind])) for kind in sorted(strange)]


def references(items: list[DestructionItem]) -> str:
    return ", ".join(item.reference for item in items if item.done_at)


def kept(items: list[DestructionItem]) -> Pairs:
    """What stood on the list and stays, and why."""
    return [
        (item.reference, item.get_struck_display() or item.get_left_why_display())
        for item in items
        if item.struck or item.left_why
    ]


def parts(paper: Certificate) -> list[dict[str, Any]]:
    """The certificate's tables, each with its heading; those that hold something."""
    items = list(paper.destruction.items.select_related("rule"))
    tables = [
        (gettext("By which rules"), rules(items)),
        (gettext("What was taken away"), counted(paper, GONE)),
        (gettext("Lines of the log that were emptied"), counted(paper, EMPTIED)),
        (gettext("Cases destroyed"), [(gettext("References"), references(items))]),
        (gettext("Cases that stay"), kept(items)),
    ]
    return [{"title": title, "facts": rows} for title, rows in tables if any(v for _k, v in rows)]


def as_data(paper: Certificate) -> dict[str, Any]:
    """All that stands on paper, in the language that is active."""
    return {
        "title": gettext("Certificate of destruction"),
        "language": translation.get_language().split("-")[0],
        "header": f"Förtur · {paper.unit.name} · {paper.destruction.reference}",
        "banner": gettext("The data are invented. No person here exists.") if settings.DEMO else "",
        "facts": facts(paper),
        "parts": parts(paper),
        "check": gettext("How to check it"),
        "digest": paper.digest,
        "notes": notes(),
    }


def notes() -> list[str]:
    return [
        gettext("Every row that was taken away has an id, which tells nothing about anybody. The"
                " checksum is SHA-256 of all these ids, sorted, one a line."),
        gettext("The list of the ids can be fetched from the list’s page in Förtur. Run sha256sum"
                " on that file: the number must be the one above. The same number stands in the"
                " log’s line about the end of the destruction, which is sealed."),
    ]  # fmt: skip


def as_pdf(paper: Certificate) -> bytes:
    return pdf.pdf(TEMPLATE, as_data(paper))


def ids(paper: Certificate) -> bytes:
    """What the checksum is of: kind:id of every row, sorted, one a line."""
    done = [item for item in paper.destruction.items.all() if item.done_at]
    keys = sorted(key for item in done for key in item.ids)
    return "".join(f"{key}\n" for key in keys).encode()
