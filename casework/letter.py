"""What a disclosure says: the facts that can be sent, and the text that is sent, word for word.

The text is Swedish whatever language its writer reads: it is a letter between two authorities. One
line a fact, in the order of the registry; a blank line between the head, the facts and the words.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import crypto
from access.kinds import Kind
from access.questions import QUESTIONS
from access.subjects import SUBJECTS
from casework.identity import tidy

BOTH = (Kind.POLICE, Kind.SOCIAL)
POLICE, SOCIAL = (Kind.POLICE,), (Kind.SOCIAL,)
LETTER = "sv"
# What may be said to a reporter (SoL 19:6, OSL 26:9 a): opened or not, or running. Nothing more.
FEEDBACK = ("their_reference", "investigation_state", "decided_on")
# The answer to a request for a statement is a document of its own: only its dates are sent.
STATEMENT = ("name", "birth_date", "personal_number", "case_reference", "their_reference",
             "statement_asked_on", "statement_sent_on", "contact")  # fmt: skip
ONLY = {"feedback": FEEDBACK, "statement": STATEMENT}
WHO = ("name", "birth_date", "personal_number", "case_reference", "contact")
NOTICE = (*WHO, "offence", "deed")
# What a draft that a step prepares holds, by its subject; else who it is about.
USUAL = {
    "suspicion_u18": (*NOTICE, "suspicion", "mediation"),
    "suspicion_u15": (*NOTICE, "inquiry"),
    "drug_test_u15": (*NOTICE, "test_result"),
    "inquiry_protocol": (*NOTICE, "protocol_on"),
    "feedback": FEEDBACK,
    "statement": STATEMENT,
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that a disclosure can hold. `make` reads it; "" where there is none to send."""

    code: str
    label: Promise
    make: Callable[[Any], str]
    authorities: tuple[str, ...] = BOTH
    where: bool = False  # tells where somebody is or was: never about a protected identity


def day(value: Any) -> str:
    return str(date_format(value, "Y-m-d")) if value else ""


def number(letter: Any) -> str:
    digits = letter.case.person.number()
    return f"{digits[:8]}-{digits[8:]}" if digits else ""


def name(letter: Any) -> str:
    person = letter.case.person
    return f"{person.given_name} {person.family_name}".strip()


def observed(letter: Any) -> str:
    """What was seen and when: the newest observation, never its free text."""
    seen = letter.case.observations.order_by("-seen_at", "id").first()
    if seen is None:
        return ""
    words = f"{seen.get_kind_display()}, {timezone.localtime(seen.seen_at):%Y-%m-%d %H:%M}"
    return words if seen.suspicion else _("%(what)s, not suspected") % {"what": words}


def of_part(field: str) -> Callable[[Any], str]:
    """A field of the investigation that the disclosure came from."""

    def read_part(letter: Any) -> str:
        found = getattr(letter.part(), field, "")
        return str((found() if callable(found) else found) or "")

    return read_part


def deed(letter: Any) -> str:
    part = letter.part()
    first, last = getattr(part, "deed_from", None), getattr(part, "deed_until", None)
    if not first or not last or first == last:
        return day(first or last)
    return f"{day(first)}–{day(last)}"


def suspicion(letter: Any) -> str:
    since = getattr(letter.part(), "suspected_on", None)
    return _("Reasonably suspected since %(day)s") % {"day": day(since)} if since else ""


def their_reference(letter: Any) -> str:
    answered = letter.answered_delivery()
    return letter.request_ref or (answered.reference if answered else "")


def contact(letter: Any) -> str:
    handler, own = letter.case.handler, letter.unit
    return f"{handler.name}, {own.name}" if handler else str(own.name)


def answer(code: str) -> Callable[[Any], str]:
    """What was answered to one of the ground's questions, in words."""

    def read_answer(letter: Any) -> str:
        given = str(letter.answers.get(code) or "")
        return str(dict(QUESTIONS[code].choices).get(given, given))

    return read_answer


FACTS = (
    Fact("name", gettext_lazy("Name"), name),
    Fact("birth_date", gettext_lazy("Birth date"), lambda one: day(one.case.person.birth_date)),
    Fact("personal_number", gettext_lazy("Personal number"), number),
    Fact("case_reference", gettext_lazy("Our reference"), lambda one: str(one.case.reference)),
    Fact("their_reference", gettext_lazy("Your reference"), their_reference),
    Fact("offence", gettext_lazy("Offence"), of_part("get_offence_display"), POLICE),
    Fact("deed", gettext_lazy("When it happened"), deed, POLICE),
    Fact("suspicion", gettext_lazy("Degree of suspicion"), suspicion, POLICE),
    Fact("mediation", gettext_lazy("Mediation offered"), answer("mediation"), POLICE),
    Fact("inquiry", gettext_lazy("The notice is about"), answer("inquiry"), POLICE),
    Fact("test_result", gettext_lazy("The drug test showed"), answer("test_result"), POLICE),
    Fact("protocol_on", gettext_lazy("Protocol finished on"), answer("protocol_on"), POLICE),
    Fact("place", gettext_lazy("Place"), lambda one: str(one.case.place.name), where=True),
    Fact("observation", gettext_lazy("What was seen"), observed, where=True),
    Fact("investigation_state", gettext_lazy("The investigation"), answer("feedback"), SOCIAL),
    Fact("decided_on", gettext_lazy("From the day"), answer("decided_on"), SOCIAL),
    Fact("statement_asked_on", gettext_lazy("Statement asked for on"),
         answer("statement_asked_on"), SOCIAL),
    Fact("statement_sent_on", gettext_lazy("Statement sent on"), answer("statement_sent_on"),
         SOCIAL),
    Fact("contact", gettext_lazy("Contact"), contact),
    Fact("feedback_wanted", gettext_lazy("Feedback"), lambda one: _("We ask for feedback."),
         POLICE),
)  # fmt: skip
FIELDS: dict[str, Fact] = {fact.code: fact for fact in FACTS}


def open_fields(subject: str, from_kind: str, protected: bool) -> list[Fact]:
    """The facts that a disclosure about that subject may hold, in their order."""
    only = ONLY.get(subject)
    return [
        fact
        for fact in FACTS
        if from_kind in fact.authorities
        and not (protected and fact.where)
        and (only is None or fact.code in only)
    ]


def takes_text(subject: str, protected: bool) -> bool:
    """Whether it may hold free words."""
    return not protected and subject not in ONLY


def usual(subject: str) -> list[str]:
    """What a draft about that subject holds when nobody has chosen."""
    return ordered(USUAL.get(subject, WHO))


def ordered(codes: Iterable[str]) -> list[str]:
    chosen = set(codes)
    known = [fact.code for fact in FACTS if fact.code in chosen]
    return known + sorted(chosen - set(known))


# --- the text -----------------------------------------------------------------------------------


def compose(letter: Any) -> str:
    """The text of a disclosure as it is sent."""
    with translation.override(LETTER):
        blocks = [head(letter), facts(letter), [plain(letter.text)] if letter.text else []]
        return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def head(letter: Any) -> list[str]:
    own, to, ground = letter.unit, letter.to_unit, letter.ground
    lines = [
        (_("From"), f"{own.name}, {own.authority.name}"),
        (_("To"), f"{to.name}, {to.authority.name}"),
        (_("Receiver"), letter.receiver),
        (_("About"), str(SUBJECTS[letter.subject].label)),
        (_("Legal ground"), f"{ground.name} ({ground.source})"),
        (_("Mark"), mark(letter)),
    ]
    return [line(label, value) for label, value in lines if value]


def mark(letter: Any) -> str:
    """Sixteen characters that only this text holds: nobody can try out texts against its hash,
    which the trail keeps when the text itself is destroyed by law."""
    return crypto.blind_index(letter.unit.authority_id, f"letter:{letter.pk}").hex()[:16]


def facts(letter: Any) -> list[str]:
    """A line for each fact that was chosen; one without a value says so."""
    nothing = _("not known")
    chosen = [FIELDS[code] for code in letter.fields]
    return [line(str(fact.label), fact.make(letter) or nothing) for fact in chosen]


def sent_back(delivery: Any, to: Any, why: str) -> str:
    """The text that goes with a delivery that is sent back."""
    with translation.override(LETTER):
        own = delivery.unit
        lines = [
            (_("From"), f"{own.name}, {own.authority.name}"),
            (_("To"), f"{to.name}, {to.authority.name}"),
            (_("About"), str(SUBJECTS["returned"].label)),
            (_("What was sent"), str(SUBJECTS[delivery.subject].label)),
        ]
        return "\n".join(line(*row) for row in lines) + f"\n\n{plain(why)}\n"


def line(label: str, value: str) -> str:
    return f"{label}: {tidy(value)}"


def plain(text: str) -> str:
    """Free words without blank lines: none of them can pass for another part of the letter."""
    rows = (row.strip() for row in text.splitlines())
    return "\n".join(row for row in rows if row)


def words(text: str, fields: list[str]) -> str:
    """The free words of a text that arrived, without its head and its facts."""
    blocks = text.rstrip("\n").split("\n\n")[2 if fields else 1 :]
    return blocks[0] if blocks else ""


def read(text: str, fields: list[str]) -> dict[str, str]:
    """The facts of a text that arrived, by code; those that nobody knew are left out."""
    blocks = text.split("\n\n")
    lines = blocks[1].split("\n") if fields and len(blocks) > 1 else []
    with translation.override(LETTER):
        nothing = _("not known")
    found = {code: row.partition(": ")[2].strip() for code, row in zip(fields, lines, strict=False)}
    return {code: value for code, value in found.items() if value and value != nothing}
