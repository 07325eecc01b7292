"""The rules about time as people read them: in the administration and in docs/law.md."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from casework.clocks import Measure
from casework.models import RetentionRule, Rule
from casework.models.rule import Ground
from casework.words import clocks as clocks_words
from casework.words import keeping as keeping_words

HEAD = (
    "code", "duty", "source", "valid from", "starts when", "length", "limit", "extended by",
    "grounds", "warns, days before", "known from",
)  # fmt: skip


def told(rule: Rule) -> list[tuple[str, str]]:
    """What a version says, label and words."""
    return [
        (_("Source"), rule.source),
        (_("Address of the source"), rule.source_url),
        (_("Starts when"), rule.get_start_event_display()),
        (_("Length"), clocks_words.time_of(rule.code, rule.measure, rule.length)),
        (_("Limit"), limit(rule)),
        (_("Can be extended by"), rule.extender),
        (_("Grounds for extension"), grounds(rule)),
        (_("Warns before, days"), days(rule)),
        (_("Verified"), rule.get_verified_display()),
        (_("Checked on"), rule.checked_on.isoformat()),
        (_("Note"), rule.note),
    ]


def differences(old: Rule | None, new: Rule) -> list[tuple[str, str, str, bool]]:
    """(label, before, now, whether it differs) of everything that the new version says."""
    before = dict(told(old)) if old else {}
    return [
        (label, before.get(label, ""), now, before.get(label, "") != now)
        for label, now in told(new)
    ]


def example(rule: Rule | None, start: date) -> str:
    """When a clock of that version would be due, started on that day."""
    if rule is None or rule.measure == Measure.BY_REQUESTER:
        return ""
    return rule.due(start).isoformat()


def limit(rule: Rule) -> str:
    return _("hard") if rule.hard else _("soft")


def grounds(rule: Rule) -> str:
    return ", ".join(str(Ground(code).label).lower() for code in rule.grounds)


def days(rule: Rule) -> str:
    return ", ".join(map(str, rule.warn_days))


def markdown() -> str:
    """The table of docs/law.md, in English."""
    with translation.override("en-gb"):
        cells = [list(HEAD), ["---"] * len(HEAD), *lines()]
    return "\n".join("| " + " | ".join(line) + " |" for line in cells)


def lines() -> Iterator[list[Any]]:
    for rule in Rule.objects.order_by("code", "valid_from"):
        yield [
            rule.code,
            clocks_words.duty_of(rule.code),
            rule.source,
            rule.valid_from.isoformat(),
            rule.get_start_event_display(),
            clocks_words.time_of(rule.code, rule.measure, rule.length),
            limit(rule),
            rule.extender.lower(),
            grounds(rule) or "–",
            days(rule),
            f"{rule.get_verified_display()}, {rule.checked_on}",
        ]


KEPT = (
    "code", "what", "side", "valid from", "kept", "counted from", "must be gone", "source",
    "known from",
)  # fmt: skip


def retention() -> str:
    """The table of docs/law.md about how long files are kept, in English."""
    with translation.override("en-gb"):
        cells = [list(KEPT), ["---"] * len(KEPT)]
        cells += [
            [
                rule.code,
                keeping_words.about(rule.code),
                rule.get_side_display(),
                rule.valid_from.isoformat(),
                keeping_words.time_of(rule),
                keeping_words.start_of(rule),
                keeping_words.end_of(rule),
                rule.source,
                f"{rule.get_verified_display()}, {rule.checked_on}",
            ]
            for rule in RetentionRule.objects.order_by("code", "valid_from")
        ]
    return "\n".join("| " + " | ".join(line) + " |" for line in cells)
