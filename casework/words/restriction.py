"""The words of the steps about who sees a case (casework.events tells everything else)."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit import words
from casework.models.person import Protection
from casework.workflow.restriction import Ground, Stake

Facts = Mapping[str, Any]
WHAT: dict[tuple[str, str], Promise] = {
    ("case", "restrict"): _("Restricted to named people"),
    ("case", "name"): _("More people named"),
    ("case", "unname"): _("A name taken away"),
    ("case", "unrestrict"): _("Restriction lifted"),
    ("case", "break_glass"): _("Opened in an emergency"),
    ("case", "shut_out"): _("Shut out for conflict of interest"),
    ("case", "let_in"): _("Let in again"),
}


def people(facts: Facts) -> str:
    return str(facts.get("people", ""))


def person(facts: Facts) -> str:
    return str(facts.get("person_name", ""))


def restricted(facts: Facts) -> str:
    ground = dict(Ground.choices).get(facts.get("ground", ""), "")
    said = {"ground": str(ground).lower(), "people": people(facts)}
    return gettext("%(ground)s; named: %(people)s") % said


def glass(facts: Facts) -> str:
    return str(dict(Stake.choices).get(facts.get("stake", ""), "")).lower()


HOW: dict[tuple[str, str], Callable[[Facts], str]] = {
    ("case", "restrict"): restricted,
    ("case", "name"): people,
    ("case", "unname"): person,
    ("case", "break_glass"): glass,
    ("case", "shut_out"): person,
    ("case", "let_in"): person,
}


def teach() -> None:
    words.teach(
        "fact",
        {
            "ground": _("Ground"),
            "protected": _("Protected identity"),
            "people": _("Named"),
            "person": _("Person’s id"),
            "person_name": _("Person"),
            "stake": _("What is at stake"),
        },
    )
    for model in ("case", "person"):
        fields = {"protected": _("Protected identity"), "restricted_case": _("Restricted with")}
        words.teach(f"casework.{model}.field", fields)
    codes = {"ground": Ground, "protected": Protection, "stake": Stake}
    for name, choices in codes.items():
        words.teach(f"fact.{name}", dict(choices.choices))
