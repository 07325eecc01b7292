"""The rules about secrecy as people read them in docs/law.md: made from the rows, in English."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from access.grounds import Initiative, LegalGround
from access.kinds import Kind, Role
from access.offences import OFFENCES, passes
from access.secrecy import Offered, all_in_force, of_way
from access.subjects import SUBJECTS

Line = list[str]
GROUNDS = ("code", "ground", "source", "valid from", "kind", "who decides", "drafter may decide",
           "known from")  # fmt: skip
WAYS = ("from", "to", "about", "on whose initiative", "grounds, in the order of offering")
SCALES = ("offence", "scale in months", "completed: OSL 10:23", "attempt: OSL 10:23")


def markdown(on: date) -> str:
    """The three tables, one after the other."""
    with translation.override("en-gb"):
        grounds = all_in_force(on)
        tables = (
            table(GROUNDS, map(ground_line, grounds)),
            table(WAYS, way_lines(grounds)),
            table(SCALES, scale_lines()),
        )
    return "\n\n".join(tables)


def table(head: Iterable[str], lines: Iterable[Line]) -> str:
    cells = [list(head), ["---"] * len(list(head)), *lines]
    return "\n".join("| " + " | ".join(line) + " |" for line in cells)


def ground_line(ground: LegalGround) -> Line:
    return [
        ground.code,
        ground.get_code_display(),
        f"[{ground.source}]({ground.source_url})",
        ground.valid_from.isoformat(),
        character(ground),
        roles(ground.decides),
        _("yes") if ground.drafter_may_decide else _("no"),
        ground.get_verified_display(),
    ]


def character(ground: LegalGround) -> str:
    if ground.duty:
        return "a duty"
    return "weighed; some ways only after a legal review" if (
        ground.needs_review
    ) else "weighed"  # fmt: skip


def roles(codes: Iterable[str]) -> str:
    return ", ".join(str(Role(code).label).lower() for code in codes)


def way_lines(grounds: list[LegalGround]) -> Iterator[Line]:
    """A line for each direction and subject, and for each initiative where they differ."""
    for start in Kind:
        for end in Kind:
            for subject in SUBJECTS.values():
                told = {
                    whose: carried(grounds, start, end, subject.code, whose)
                    for whose in Initiative.values
                }
                for whose, words in merged(told):
                    yield [str(start.label), str(end.label), str(subject.label), whose, words]


def carried(grounds: list[LegalGround], start: str, end: str, subject: str, whose: str) -> str:
    ways = (of_way(ground, start, end, subject, whose) for ground in grounds)
    return ", ".join(way_words(way) for way in ways if way)


def way_words(way: Offered) -> str:
    """The ground, and where this way says other than its row: who decides, or a legal review."""
    here = [roles(way.decides)] if way.decides and differs(way) else []
    if way.needs_review:
        here.append("after a legal review")
    return f"{way.code} ({'; '.join(here)})" if here else way.code


def differs(way: Offered) -> bool:
    return way.drafter_may_decide != way.ground.drafter_may_decide


def merged(told: dict[str, str]) -> Iterator[tuple[str, str]]:
    own, request = (told[whose] for whose in Initiative.values)
    if own and own == request:
        yield "either", own
        return
    for whose, words in told.items():
        if words:
            yield str(Initiative(whose).label).lower(), words


def scale_lines() -> Iterator[Line]:
    for one in OFFENCES.values():
        yield [
            str(one.label),
            f"{one.least}–{one.most}" if one.least else f"up to {one.most}",
            "passes" if passes(one.code, False) else "does not pass",
            "passes" if passes(one.code, True) else "does not pass",
        ]
