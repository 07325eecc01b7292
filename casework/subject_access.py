"""Subject access: what one unit holds about one young person, as a file for whoever asks.

Every part stands in the file by its name, with what it holds or with the ground on which it is
withheld. A part is withheld or handed out whole, and may be withheld though it is empty: that it
is withheld doesn't tell that there is something.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import crypto
from access.actor import Actor
from access.extract_views import FOR_WHOM
from access.kinds import Kind
from access.models import Unit
from access.visible import visible_to
from audit import pdf, trail, words
from audit.models import Reading
from casework import subject_access_parts as parts
from casework.identity import personal_number, tidy
from casework.models import Case, Person
from casework.models.retention import CountedFrom, RetentionRule, Side, rules_on
from casework.search import is_number_like
from casework.subject_access_parts import Asked, Make, Record
from casework.words import keeping as keeping_words

SCHEMA = "fortur-subject-access/1"  # docs/subject-access.schema.json
TEMPLATE = Path(__file__).with_suffix(".typ")
HAND_OUT = "hand_out"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the file: its title, what it holds in words, and who reads it."""

    title: Promise
    holds: Promise
    make: Make


PARTS: dict[str, Part] = {
    "person": Part(
        gettext_lazy("The person"), gettext_lazy("Name, birth date, personal number"), parts.person
    ),
    "cases": Part(
        gettext_lazy("Cases"), gettext_lazy("Reference, status, days, outcome"), parts.cases
    ),
    "observations": Part(
        gettext_lazy("Observations"),
        gettext_lazy("Place, time, what was seen, how it came in, own words"),
        parts.observations,
    ),
    "priorities": Part(
        gettext_lazy("Priorities"),
        gettext_lazy("Level, criteria with their facts, reason"),
        parts.priorities,
    ),
    "interventions": Part(
        gettext_lazy("Interventions"), gettext_lazy("Plan, consent, notes"), parts.interventions
    ),
    "investigations": Part(
        gettext_lazy("Investigations and deadlines"),
        gettext_lazy("What is investigated, days, decisions, statutory deadlines"),
        parts.investigations,
    ),
    "sources": Part(
        gettext_lazy("Who reported"), gettext_lazy("Reporters by name or office"), parts.sources
    ),
    "recipients": Part(
        gettext_lazy("Disclosed to others"),
        gettext_lazy("To whom, on which ground, word for word"),
        parts.recipients,
    ),
    "received": Part(
        gettext_lazy("Received from others"),
        gettext_lazy("From whom, on which ground, word for word"),
        parts.received,
    ),
    "coordination": Part(
        gettext_lazy("Coordination with another authority"),
        gettext_lazy("With whom, consent, meetings, joint plan"),
        parts.coordination,
    ),
    "history": Part(
        gettext_lazy("What has been done"),
        gettext_lazy("Every step with its reason, but those of a withheld part"),
        parts.history,
    ),
    "opened_by": Part(
        gettext_lazy("Who has opened the data"),
        gettext_lazy("Every opening, search, print and export"),
        parts.opened_by,
    ),
}
WHY: dict[str, Promise] = {
    "investigation": gettext_lazy("It can be assumed to harm an investigation"),
    "third_person": gettext_lazy("It is about another person"),
    "protected": gettext_lazy("It would tell where somebody with a protected identity is"),
    "guardian": gettext_lazy("The child would be harmed if the guardian was told"),
}
OSL = "offentlighets- och sekretesslagen (2009:400)"
# Where the ground stands: words for the file, which nothing is decided by.
STANDS_IN = {
    "investigation": f"{OSL} 18 kap. 1 §",
    "protected": f"{OSL} 21 kap. 3 §, 22 kap. 1 §",
    "guardian": f"{OSL} 12 kap. 3 §",
}
THIRD_PERSON = {Kind.POLICE: f"{OSL} 35 kap. 1 §", Kind.SOCIAL: f"{OSL} 26 kap. 1 §"}
IDENTITY: dict[str, Promise] = {
    "id_document": gettext_lazy("Identity document, shown here"),
    "e_identification": gettext_lazy("Electronic identification"),
    "known": gettext_lazy("Known to whoever hands it out"),
    "post": gettext_lazy("Sent to the address in the population register"),
}
ASKERS = {code: label for code, label in FOR_WHOM.items() if code != "own_check"}
words.teach("taken_out", {"subject access": gettext_lazy("subject access file")})
words.teach("fact.where", {"subject access": gettext_lazy("Subject access")})
words.teach("fact.part", {"subject access": gettext_lazy("Subject access")})
words.teach("fact.parts", {code: part.title for code, part in PARTS.items()})
words.teach("fact.withheld", {code: part.title for code, part in PARTS.items()} | WHY)
words.teach("fact.identity", IDENTITY)
words.teach(
    "fact",
    {
        "request": gettext_lazy("The request’s reference"),
        "identity": gettext_lazy("How identity was checked"),
        "parts": gettext_lazy("Parts"),
        "withheld": gettext_lazy("Withheld"),
        "format": gettext_lazy("Format"),
        "sha256": gettext_lazy("Checksum"),
        "cases": gettext_lazy("Cases"),
    },
)


# --- who is meant --------------------------------------------------------------------------------


def found_by(text: str, actor: Actor) -> Asked | None:
    """By a whole personal number or a case's whole reference; None for what she doesn't see.

    Raises BadNumber for a number that can't be one.
    """
    text = tidy(text)
    if is_number_like(text):
        twelve = personal_number(text, timezone.localdate()).twelve
        index = crypto.blind_index(actor.authority_id, twelve)
        persons = Person.objects.filter(number_index=index)
    else:
        named = visible_to(Case.objects.filter(reference=text.upper()), actor)
        persons = Person.objects.filter(pk__in=named.values("person"))
    person = visible_to(persons, actor).first()
    if person is None:
        return None
    cases = visible_to(Case.objects.filter(person=person), actor).select_related("handler")
    held = list(cases.order_by("-opened_at", "id"))
    return Asked(actor, person, held) if held else None


def shown(asked: Asked) -> dict[str, list[Record]]:
    """What each part holds, for whoever judges it; the personal number masked, as on any page."""
    held = {code: list(part.make(asked)) for code, part in PARTS.items()}
    masked = asked.person.masked_number
    held["person"] = [
        replace(
            one, facts=[replace(f, value=masked) if f.code == "number" else f for f in one.facts]
        )
        for one in held["person"]
    ]
    return held


# --- the file ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Request:
    """What the supervisor chose: language, format, and per part the ground to withhold it or ""."""

    language: str
    format: str
    asker: str
    reference: str
    identity: str
    withheld: dict[str, str]


def made(asked: Asked, request: Request) -> bytes:
    """The file, with its one line in the trail; nothing of it is kept."""
    with translation.override(request.language):
        data = as_data(asked, request)
        file = FORMATS[request.format](data)
    write_down(asked, request, file)
    return file


def as_data(asked: Asked, request: Request) -> dict[str, Any]:
    """All of the file, in the language that is active; nothing of what is withheld."""
    held = Asked(asked.actor, asked.person, asked.cases, frozenset(request.withheld))
    unit = Unit.objects.select_related("authority").get(pk=asked.actor.unit_id)
    now = timezone.now()
    return {
        "schema": SCHEMA,
        "title": _("What we hold about you")
        if hers(request)
        else _("What we hold about the young person"),
        "language": translation.get_language().split("-")[0],
        "invented": settings.DEMO,
        "made_at": timezone.localtime(now).isoformat(timespec="seconds"),
        "authority": unit.authority.name,
        "unit": unit.name,
        "facts": list(map(asdict, head(unit, request, asked.actor, now))),
        "notes": notes(hers(request)),
        "parts": [
            part_as_data(code, held, request.withheld.get(code, ""), unit.authority.kind)
            for code in PARTS
        ],
        "kept": {
            "title": _("How long it is kept"),
            "facts": list(map(asdict, kept(unit.authority.kind, timezone.localdate(now)))),
        },
        "end": end(),
    }


def head(unit: Unit, request: Request, actor: Actor, now: datetime) -> list[parts.Fact]:
    return [
        parts.Fact("authority", _("Authority"), unit.authority.name),
        parts.Fact("unit", _("Unit"), unit.name),
        parts.Fact("made", _("Made by"), f"{actor.role_label}, {parts.in_words(now)}"),
        parts.Fact("asker", _("Why"), str(ASKERS[request.asker])),
        parts.Fact("request", _("The request’s reference"), request.reference),
        parts.Fact("identity", _("How identity was checked"), str(IDENTITY[request.identity])),
    ]


def part_as_data(code: str, asked: Asked, ground: str, kind: str) -> dict[str, Any]:
    part, withheld = PARTS[code], None
    records: list[Record] = []
    if ground:
        stands_in = STANDS_IN.get(ground) or THIRD_PERSON[Kind(kind)]
        withheld = {"code": ground, "reason": str(WHY[ground]), "source": stands_in}
    else:
        records = list(part.make(asked))
    return {
        "code": code,
        "title": str(part.title),
        "withheld": withheld,
        "records": [asdict(record) for record in records],
    }


def hers(request: Request) -> bool:
    """The file is for the young person, not for somebody in her place."""
    return request.asker == "young_person"


def notes(to_her: bool) -> list[str]:
    held = _("This is what this unit holds about you in Förtur.")
    if not to_her:
        held = _("This is what this unit holds about the young person in Förtur.")
    others = _("Other units and other authorities hold what is theirs, and answer for it"
               " themselves: ask them.")  # fmt: skip
    return [
        f"{held} {others}",
        _("A part that is withheld is named, with the reason. It can be withheld though there is"
          " nothing in it."),
    ]  # fmt: skip


def kept(kind: str, today: date) -> list[parts.Fact]:
    """Every rule of the side, not only those of her data: which they are would tell what it is."""
    return [
        parts.Fact(code, keeping_words.about(code), f"{duration(rule)} ({rule.source})")
        for code, rule in rules_on(today).items()
        if rule.side in (kind, Side.BOTH)
    ]


def duration(rule: RetentionRule) -> str:
    """How long, from when, until when at the latest."""
    if rule.keep_forever or rule.counted_from == CountedFrom.CASE:
        return keeping_words.time_of(rule)
    words_of = (keeping_words.time_of, keeping_words.start_of, keeping_words.end_of)
    return " · ".join(say(rule) for say in words_of)


def end() -> list[str]:
    return [
        _("Is something wrong, or should it not be here? Ask the unit to correct or erase it. Are "
          "you not content with the answer, or with what is withheld? Turn to the authority’s data "
          "protection officer, or complain to the Swedish Authority for Privacy Protection (IMY)."),
    ]  # fmt: skip


def as_json(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=2).encode()


def as_pdf(data: dict[str, Any]) -> bytes:
    """The same with the words that the page itself needs."""
    said = {
        "header": f"Förtur · {data['unit']}",
        "withheld": _("Withheld"),
        "nothing": _("Nothing is held."),
        "banner": _("The data are invented. No person here exists.") if data["invented"] else "",
    }
    return pdf.pdf(TEMPLATE, {**data, "said": said})


FORMATS = ({"pdf": as_pdf} if pdf.POSSIBLE else {}) | {"json": as_json}
TYPES = {"json": "application/json", "pdf": "application/pdf"}


def write_down(asked: Asked, request: Request, file: bytes) -> None:
    newest = asked.cases[0]
    trail.reading(
        Reading.Kind.EXPORTED,
        about_id=newest.pk,
        about=newest.reference,
        purpose=request.asker,
        detail={
            "what": "subject access",
            "format": request.format,
            "request": request.reference,
            "identity": request.identity,
            "cases": [case.reference for case in asked.cases],
            "parts": [code for code in PARTS if code not in request.withheld],
            "withheld": request.withheld,
            "sha256": sha256(file).hexdigest(),
        },
    )
