"""One row of an import file: what it says as a flag, or every fault in it. Pure functions."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation

from casework.flags import Seen, Youth
from casework.identity import (
    OLDEST,
    BadNumber,
    PersonalNumber,
    age_on,
    name_key,
    personal_number,
    tidy,
)
from casework.importing.faults import Fault, columns_missing, columns_twice
from casework.importing.spreadsheet import CONTROLS, NoTable, fold, unescaped
from casework.models import Observation, Place

NAMES = {
    "personal_number": ("personal_number", "personnummer"),
    "given_name": ("given_name", "fornamn"),
    "family_name": ("family_name", "efternamn"),
    "birth_date": ("birth_date", "fodelsedatum"),
    "place": ("place", "plats"),
    "seen_at": ("seen_at", "tidpunkt"),
    "kind": ("kind", "typ"),
    "source": ("source", "kalla"),
    "suspicion": ("suspicion", "misstanke"),
    "text": ("text", "fritext"),
    "reference": ("reference", "er_referens"),
}
FIELDS = {name: field for field, names in NAMES.items() for name in names}
OURS = {"row", "rad", "fault", "fel"}  # what we add to the file of rejected rows
REQUIRED = ("place", "seen_at", "kind", "source", "suspicion")
WHO = ("given_name", "family_name", "birth_date")
MOST = {"given_name": 80, "family_name": 80, "text": 4000, "reference": 40}

K, S = Observation.Kind, Observation.Source
KINDS = {
    "use": K.USE, "own_use": K.USE, "eget_bruk": K.USE, "bruk": K.USE,
    "possession": K.POSSESSION, "innehav": K.POSSESSION,
    "transfer": K.TRANSFER, "overlatelse": K.TRANSFER,
    "sale": K.SALE, "forsaljning": K.SALE,
    "risk_setting": K.RISK_SETTING, "found_in_a_risk_setting": K.RISK_SETTING,
    "vistas_i_riskmiljo": K.RISK_SETTING,
    "antraffad_i_riskmiljo": K.RISK_SETTING, "riskmiljo": K.RISK_SETTING,
    "patraffad_i_riskmiljo": K.RISK_SETTING,
    "other": K.OTHER, "something_else": K.OTHER, "annat": K.OTHER,
}  # fmt: skip
SOURCES = {
    "own": S.OWN, "own_observation": S.OWN, "egen_iakttagelse": S.OWN, "egen": S.OWN,
    "patrol": S.PATROL, "field_patrol": S.PATROL, "faltpatrull": S.PATROL,
    "tip": S.TIP, "tips": S.TIP,
    "school": S.SCHOOL, "skola": S.SCHOOL,
    "report": S.REPORT, "anmalan": S.REPORT,
}  # fmt: skip
SUSPICIONS = {"ja": True, "yes": True, "j": True, "y": True, "1": True, "true": True, "sant": True,
              "nej": False, "no": False, "n": False, "0": False, "false": False,
              "falskt": False}  # fmt: skip
TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ]\s*(\d{1,2})[:.](\d\d)(?:[:.](\d\d)(?:[.,]\d+)?)?"
    r"\s*(Z|[+-]\d\d:?\d\d)?",
    re.ASCII | re.IGNORECASE,
)
DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)", re.ASCII)
NUMBER_LIKE = re.compile(r"\d{6,8}[-+ ]?\d{4}")  # a personal number, right or wrong
YEARS = (1900, 9000)  # outside of them time zones overflow
HERE = ZoneInfo(settings.TIME_ZONE)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what; `unused` are headers that mean nothing to us."""

    headers: list[str]
    index: dict[str, int]
    unused: list[str]
    separator: str

    def header(self, name: str) -> str:
        """The column's name as the file has it."""
        return self.headers[self.index[name]] if name in self.index else name


@dataclass(frozen=True, slots=True)
class Judged:
    """A row as it came, and what it is: a flag (youth and seen), or faults. Notes are advice."""

    row: int
    cells: list[str]
    youth: Youth | None = None
    seen: Seen | None = None
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)

    @property
    def identity(self) -> tuple[str, ...]:
        """Who is meant, as far as the file alone can tell."""
        assert self.youth  # noqa: S101 - asked of good rows only
        if self.youth.number:
            return (self.youth.number.twelve,)
        return self.named

    @property
    def named(self) -> tuple[str, ...]:
        assert self.youth  # noqa: S101 - asked of good rows only
        given, family = name_key(self.youth.given_name), name_key(self.youth.family_name)
        return (given, family, self.youth.birth_date.isoformat())

    @property
    def sameness(self) -> tuple[Any, ...]:
        """Equal for two rows that are the same flag (casework.flags.fingerprint says of what)."""
        assert self.seen  # noqa: S101 - asked of good rows only
        seen = self.seen
        minute = seen.seen_at.replace(second=0, microsecond=0)
        words = tidy(seen.text).casefold()
        return (
            *self.identity,
            seen.place.pk,
            minute,
            seen.kind,
            seen.source,
            seen.suspicion,
            words,
        )


def is_column(header: str) -> bool:
    return fold(header) in FIELDS


def columns_of(headers: Sequence[str], separator: str) -> Columns:
    """Find the columns by their names, in any order. Raises NoTable if one lacks or is double."""
    index: dict[str, int] = {}
    unused: list[str] = []
    twice: list[str] = []
    for number, header in enumerate(headers):
        name = FIELDS.get(fold(header))
        if name is None:
            unused += [header] if header and fold(header) not in OURS else []
        elif name in index:
            twice.append(header)
        else:
            index[name] = number
    if twice:
        raise NoTable(*columns_twice(twice))
    missing = [NAMES[name] for name in REQUIRED if name not in index]
    if "personal_number" not in index:
        missing += [NAMES[name] for name in WHO if name not in index]
    if missing:
        raise NoTable(*columns_missing(missing))
    return Columns(list(headers), index, unused, separator)


def judge_all(
    columns: Columns, rows: Iterable[tuple[int, list[str]]], places: Iterable[Place], now: datetime
) -> list[Judged]:
    """Every row of a file; a row that repeats an earlier one is at fault."""
    by_name = {name_key(place.name): place for place in places}
    first: dict[tuple[Any, ...], int] = {}
    found: list[Judged] = []
    for number, cells in rows:
        judged = judge(columns, number, cells, by_name, now)
        if not judged.faults and (before := first.setdefault(judged.sameness, number)) != number:
            judged.faults.append(Fault("repeat", {"row": before}))
        found.append(judged)
    return found


def judge(
    columns: Columns, number: int, cells: list[str], places: dict[str, Place], now: datetime
) -> Judged:
    """What one row says, or everything that is wrong with it."""
    judged = Judged(number, cells)
    if fault := shape_fault(columns, cells):
        judged.faults.append(fault)
        return judged
    row = Reading(columns, cells, judged.faults, judged.notes)
    youth = row.youth(timezone.localtime(now).date())
    seen_at = row.seen_at(now)
    if youth and seen_at:
        judged.faults.extend(age_faults(youth.birth_date, timezone.localtime(seen_at).date()))
    seen = row.seen(places, seen_at)
    if judged.faults or youth is None or seen is None:
        return judged
    return Judged(number, cells, youth, seen, notes=judged.notes)


def shape_fault(columns: Columns, cells: list[str]) -> Fault | None:
    """Too few or too many cells, or a cell that swallowed other rows."""
    wide = len(columns.headers)
    if any(cell.strip() for cell in cells[wide:]) or len(cells) < wide - 1:
        return Fault("columns", {"found": len(cells), "expected": wide})
    lines = (line for cell in cells if "\n" in cell for line in cell.splitlines())
    if any(line.count(columns.separator) >= wide - 1 for line in lines):
        return Fault("quote", {})
    return None


def age_faults(born: date, day: date) -> list[Fault]:
    if born > day:
        return [Fault("unborn", {})]
    age = age_on(born, day)
    return [Fault("adult", {"age": age, "limit": OLDEST})] if age >= OLDEST else []


@dataclass(slots=True)
class Reading:
    """Reads one row's cells; what can't be read goes to `faults`."""

    columns: Columns
    cells: list[str]
    faults: list[Fault]
    notes: list[Fault]

    def fault(self, code: str, **params: Any) -> None:
        self.faults.append(Fault(code, params))

    def raw(self, name: str) -> str:
        number = self.columns.index.get(name)
        if number is None or number >= len(self.cells):
            return ""
        return unescaped(self.cells[number])

    def text(self, name: str) -> str:
        """The cell's words, checked for length and for what isn't text."""
        words = self.raw(name)
        words = words.replace("\r\n", "\n").strip() if name == "text" else tidy(words)
        column = self.columns.header(name)
        if CONTROLS.search(words):
            self.fault("not_text", column=column)
        elif "\ufffd" in words:
            self.fault("lost_letter", column=column)
        elif len(words) > MOST[name]:
            self.fault("too_long", column=column, length=len(words), most=MOST[name])
        return words

    def youth(self, today: date) -> Youth | None:
        given, family = self.text("given_name"), self.text("family_name")
        number_text, born_text = tidy(self.raw("personal_number")), tidy(self.raw("birth_date"))
        born = self.birth_date(born_text)
        if number_text:
            number = self.number(number_text, today)
            if number and born and born != number.birth_date:
                self.fault("other_birth")
            return Youth(given, family, number.birth_date, number) if number else None
        missing = [
            name for name, value in zip(WHO, (given, family, born_text), strict=True) if not value
        ]
        if len(missing) == len(WHO):
            self.fault("no_person")
        elif missing:
            self.fault("half_person", missing=[self.columns.header(name) for name in missing])
        return Youth(given, family, born) if born and not missing else None

    def number(self, text: str, today: date) -> PersonalNumber | None:
        with translation.override(None):  # the fault keeps the words' key, not their translation
            try:
                return personal_number(text, today)
            except BadNumber as bad:
                self.fault("number", why=str(bad))
        return None

    def birth_date(self, text: str) -> date | None:
        if not text:
            return None
        found = DAY.fullmatch(text)
        try:
            if found:
                return date(*map(int, found.groups()))
        except ValueError:
            pass
        self.fault("birth_date")
        return None

    def seen_at(self, now: datetime) -> datetime | None:
        text = tidy(self.raw("seen_at"))
        if not text:
            self.fault("no_time")
            return None
        when = moment_of(text)
        if when is None:
            self.fault("date_only" if DAY.fullmatch(text) else "bad_time")
            return None
        settled = when.astimezone(UTC).astimezone(HERE)
        if when.tzinfo is HERE and settled.replace(tzinfo=None) != when.replace(tzinfo=None):
            self.fault("no_such_time")
            return None
        if when.tzinfo is HERE and when.utcoffset() != when.replace(fold=1).utcoffset():
            self.notes.append(Fault("twice", {}))
        if settled > now:
            self.fault("future")
            return None
        return settled

    def seen(self, places: dict[str, Place], seen_at: datetime | None) -> Seen | None:
        place = self.place(places)
        kind = self.choice("kind", KINDS)
        source = self.choice("source", SOURCES)
        suspicion = self.choice("suspicion", SUSPICIONS)
        text, reference = self.text("text"), self.text("reference")
        if place is None or seen_at is None or None in (kind, source, suspicion):
            return None
        return Seen(place, seen_at, str(kind), str(source), bool(suspicion), text, reference)

    def place(self, places: dict[str, Place]) -> Place | None:
        name = tidy(self.raw("place"))
        found = places.get(name_key(name))
        if not name:
            self.fault("no_place")
        elif found is None:
            self.fault("unknown_place", place=short(name))
        elif not found.active:
            self.fault("closed_place", place=short(name))
        return found

    def choice(self, name: str, known: dict[str, Any]) -> Any:
        text = self.raw(name)
        if not text.strip():
            self.fault(f"no_{name}")
        elif (found := known.get(fold(text))) is not None:
            return found
        else:
            self.fault(f"unknown_{name}", written=short(tidy(text)))
        return None


def short(text: str) -> str:
    """A few words of a cell, for the fault that quotes it; never a number in the wrong column."""
    clean = NUMBER_LIKE.sub("…", CONTROLS.sub("", text))
    return clean if len(clean) <= 40 else f"{clean[:39]}…"


def moment_of(text: str) -> datetime | None:
    """2026-08-27 20:50, 2026-08-08T12:15 or 2026-09-29 09.52: Swedish time unless it says else.

    A time that came twice (clocks going back) is the first of the two: summer time.
    """
    found = TIME.fullmatch(text)
    if not found:
        return None
    *parts, zone = found.groups()
    year, month, day, hour, minute, second = (int(part or 0) for part in parts)
    if not YEARS[0] <= year <= YEARS[1]:
        return None
    try:
        naive = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - zone is next
    except ValueError:
        return None
    if zone is None:
        return naive.replace(tzinfo=HERE)
    return datetime.fromisoformat(f"{naive.isoformat()}{offset(zone)}")


def offset(zone: str) -> str:
    if zone.upper() == "Z":
        return "+00:00"
    return zone if ":" in zone else f"{zone[:3]}:{zone[3:]}"
