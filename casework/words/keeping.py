"""The words of retention, holds and destruction."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from audit import words
from casework.models.retention import RetentionRule, Span
from casework.words.saying import day
from casework.workflow.destruction import State, WhyStruck

Facts = Mapping[str, Any]
WHAT: dict[tuple[str, str], Promise] = {
    ("case", "hold"): _("Kept from destruction"),
    ("case", "lift_hold"): _("No longer kept from destruction"),
    ("destruction", "propose"): _("Destruction proposed"),
    ("destruction", "strike"): _("Case struck from the list"),
    ("destruction", "review"): _("First review signed"),
    ("destruction", "approve"): _("Destruction approved"),
    ("destruction", "reject"): _("Proposal rejected"),
    ("destruction", "run"): _("Destruction begun"),
    ("destruction", "finish"): _("Destruction done"),
}


def held(facts: Facts) -> str:
    if not facts.get("until"):
        return gettext("until it is lifted")
    return gettext("until %(day)s") % {"day": day(facts["until"])}


def counted(facts: Facts) -> str:
    count = facts.get("cases", 0)
    return ngettext("%(count)d case", "%(count)d cases", count) % {"count": count}


def struck(facts: Facts) -> str:
    why = dict(WhyStruck.choices).get(facts.get("why_struck", ""), "")
    return f"{facts.get('struck', '')}: {why}"


HOW: dict[tuple[str, str], Callable[[Facts], str]] = {
    ("case", "hold"): held,
    ("destruction", "propose"): counted,
    ("destruction", "strike"): struck,
    ("destruction", "finish"): counted,
}
# What each rule is about, by its code.
ABOUT: dict[str, Promise] = {
    "SOL_UTREDNING": _("A social case with an investigation about a child"),
    "SOL_EJ_INLEDD": _("A preliminary assessment that led to no investigation"),
    "SOL_UTAN_UTREDNING": _("A social case without an investigation"),
    "PBDL_EJ_DELAD": _("A police case without an investigation"),
    "PBDL_NEDLAGD": _("A police investigation that ended without prosecution"),
    "PBDL_ATAL": _("A police investigation that led to prosecution"),
    "FOLJER_ARENDET": _("What was sent and received, coordination, consents, deadlines"),
    "NOTISER": _("Notices on the start page"),
    "IMPORTFILER": _("Import files that were not confirmed, and rows that were not taken"),
    "SANT_TILLBAKA": _("What was sent back to its sender"),
    "EJ_INTAGET": _("What arrived and was never taken into a case"),
    "LOGG": _("The log’s own lines"),
}


def about(code: str) -> str:
    return str(ABOUT.get(code, code))


def time_of(rule: RetentionRule) -> str:
    """How long, in words."""
    if rule.keep_forever:
        return gettext("for ever")
    if rule.counted_from == "case":
        return gettext("as long as its case")
    said = {"count": rule.length}
    if rule.measure == Span.DAYS:
        text = ngettext("%(count)d day", "%(count)d days", rule.length) % said
    else:
        text = ngettext("%(count)d year", "%(count)d years", rule.length) % said
    if rule.never_before_age:
        age = {"age": rule.never_before_age}
        text += "; " + gettext("never before the age of %(age)d") % age
    return text


def start_of(rule: RetentionRule) -> str:
    start = rule.get_counted_from_display()
    if rule.from_year_end:
        return gettext("%(event)s, from the end of that year") % {"event": start}
    return start


def end_of(rule: RetentionRule) -> str:
    """The last day, in words."""
    if rule.keep_forever or rule.counted_from == "case":
        return "–"
    if rule.until_next_year_end:
        return gettext("by the end of the next calendar year")
    if rule.lead_days:
        said = {"count": rule.lead_days}
        text = ngettext(
            "that day; may go %(count)d day before",
            "that day; may go up to %(count)d days before",
            rule.lead_days,
        )
        return text % said
    return gettext("that day")


def teach() -> None:
    signed = {
        "reviewed_by": _("First reviewer"), "approved_by": _("Second reviewer"),
        "started_at": _("Started"),
    }  # fmt: skip
    words.teach("casework.destruction.field", signed)
    steps = {step: text for (whose, step), text in WHAT.items() if whose == "destruction"}
    words.teach("destruction.step", steps)
    words.teach("destruction.state", dict(State.choices))
    words.teach(
        "fact",
        {
            "cases": _("Cases"), "left": _("Left"), "digest": _("Checksum"),
            "struck": _("Struck"), "why_struck": _("Why"),
        },
    )  # fmt: skip
    words.teach("fact.why_struck", dict(WhyStruck.choices))
    words.teach("casework.hold.field", {"until": _("Until"), "lifted_at": _("Lifted")})
