"""A closed case's panel: when it may be destroyed, and what keeps it."""

from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.actor import Actor
from casework.destruction import keeping
from casework.models import Case, RetentionRule
from casework.retention import Window
from casework.templatetags.ui import day
from casework.words import keeping as keeping_words
from casework.workflow import moment
from casework.workflow.steps import offered_apart

STEPS = ("hold", "lift_hold")
AFTER_PROSECUTION = "PBDL_ATAL"
TOO_EARLY = gettext_lazy(
    "Counted from the decision to prosecute. The law counts from when the judgment became final, "
    "which isn’t known here: keep the case with a hold until that day is known."
)


def panel_of(case: Case, actor: Actor) -> dict[str, Any]:
    """Beside it the steps apart: those about who sees the case, and those of this panel."""
    steps = offered_apart(case, actor)
    found: dict[str, Any] = {
        "apart": [step for step in steps if step.name not in ("let_in", *STEPS)]
    }
    if not case.is_open:
        found["kept"] = rows(case, actor)
        found["keeping_steps"] = [step for step in steps if step.name in STEPS]
    return found


def rows(case: Case, actor: Actor) -> list[Any]:
    window = keeping.windows_of([case], actor.authority, moment.today())[case.pk]
    held = case.open_hold()
    return [
        *(window_rows(window) if window else [(_("May be destroyed"), _("Never"))]),
        (_("Kept because"), held.reason if held else "", until(held)),
    ]


def window_rows(window: Window) -> list[Any]:
    rule = cast(RetentionRule, window.rule)
    return [
        (_("May be destroyed from"), day(window.earliest, "DATE_FORMAT")),
        (_("Must be gone by"), day(window.latest, "DATE_FORMAT")),
        (
            _("By the rule"),
            f"{keeping_words.about(rule.code)}: {keeping_words.time_of(rule)}",
            f"{rule.source}, {rule.valid_from.isoformat()}",
        ),
        (_("Mind"), TOO_EARLY if rule.code == AFTER_PROSECUTION else ""),
    ]


def until(held: Any) -> str:
    if held is None:
        return ""
    if held.until is None:
        return _("Until it is lifted.")
    return _("Until %(day)s.") % {"day": day(held.until, "DATE_FORMAT")}
