"""Files to import, made here: invented names, numbers of the never-given series 238x/239x."""

import csv
import io
import random
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from casework.demo.people import PLACES
from casework.identity import check_digit

HEADERS = ("er_referens", "personnummer", "fornamn", "efternamn", "fodelsedatum", "plats",
           "tidpunkt", "typ", "kalla", "misstanke", "fritext")  # fmt: skip
KINDS = ("eget bruk", "innehav", "överlåtelse", "försäljning", "vistas i riskmiljö", "annat")
SOURCES = ("egen iakttagelse", "fältpatrull", "tips", "skola", "anmälan")
WORDS = ("Uppgift från vuxen på platsen.", "Upprepade tillfällen samma vecka.",
         'Sa "vi ses";\nlämnade platsen', '=HYPERLINK("http://example.invalid","klicka")',
         "<script>alert(1)</script> & <b>fet</b>", "")  # fmt: skip
GIVEN = ("Alva", "Örjan", "Leia", "Noor", "Sixten", "Ebba")
FAMILY = ("Löv", "Ek", "Åström", "Berg", "Strand", "Dahl", "Holm")
NBSP = "\N{NO-BREAK SPACE}"
GOOD, PEOPLE = 212, 105

# index in the file: the column and what is wrong with it. As many of each as the sample file has.
FAULTY = {
    "number": 6, "place": 4, "future": 2, "time": 2, "adult": 2, "nobody": 2, "kind": 3, "long": 1,
    "nul": 1,
}  # fmt: skip
REPEATS = 5

Row = dict[str, str]


def number(birth: date, serial: int = 238) -> str:
    nine = f"{birth:%y%m%d}{serial}"
    return f"{birth:%Y%m%d}{serial}{check_digit(nine)}"


def row(**given: str) -> Row:
    """A good row; what is given replaces what is in it."""
    good = {
        "er_referens": "R1", "personnummer": number(date(2010, 5, 12)), "fornamn": "Alva",
        "efternamn": "Löv", "fodelsedatum": "", "plats": "Busstorget",
        "tidpunkt": "2025-08-27 20:50", "typ": "eget bruk", "kalla": "tips", "misstanke": "nej",
        "fritext": "",
    }  # fmt: skip
    return good | given


def made(
    rows: Iterable[Row],
    headers: Sequence[str] = HEADERS,
    separator: str = ";",
    encoding: str = "utf-8-sig",
) -> bytes:
    """The rows as a file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(headers)
    writer.writerows([[each.get(header, "") for header in headers] for each in rows])
    return text.getvalue().encode(encoding)


def sample() -> list[Row]:
    """240 rows with the faults that real exports have, the same ones every time."""
    chance = random.Random(7)  # noqa: S311 - the same file each time
    people = [person(index) for index in range(PEOPLE)]
    rows = [good_row(index, people[index % PEOPLE], chance) for index in range(GOOD)]
    bad = [
        spoilt(kind, good_row(500 + index, people[index], chance))
        for index, kind in enumerate(kind for kind, many in FAULTY.items() for _ in range(many))
    ]
    for each in bad:
        rows.insert(chance.randrange(1, len(rows)), each)
    originals = [each for each in rows if each not in bad][:REPEATS]
    rows += [each | {"er_referens": f"again-{each['er_referens']}"} for each in originals]
    return rows


def person(index: int) -> Row:
    born = date(2009, 1, 1) + timedelta(days=index * 17)
    named = {"fornamn": GIVEN[index % 6], "efternamn": FAMILY[index % 7]}
    if index % 10 == 9:
        return named | {"personnummer": "", "fodelsedatum": born.isoformat()}
    return named | {"personnummer": number(born), "fodelsedatum": ""}


def good_row(index: int, who: Row, chance: random.Random) -> Row:
    when = datetime(2025, 8, 1, 7) + timedelta(hours=7 * (index % 300), minutes=index)  # noqa: DTZ001
    form = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H.%M")[index % 3]
    twelve = who["personnummer"]
    written = (twelve, f"{twelve[:8]}-{twelve[8:]}", f"{twelve[2:8]}-{twelve[8:]}")[index % 3]
    place = list(PLACES)[index % 8]
    return who | {
        "er_referens": f"R-{index:04}",
        "personnummer": written if twelve else "",
        "fornamn": f" {who['fornamn']} " if index % 30 == 1 else who["fornamn"],
        "plats": place.replace(" ", NBSP) if index % 20 == 2 else place,
        "tidpunkt": when.strftime(form),
        "typ": chance.choice(KINDS),
        "kalla": chance.choice(SOURCES),
        "misstanke": chance.choice(("ja", "nej")),
        "fritext": chance.choice(WORDS),
    }


def spoilt(kind: str, good: Row) -> Row:
    right = number(date(2010, 5, 12))
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    changed: dict[str, Row] = {
        "number": {"personnummer": wrong, "fodelsedatum": ""},
        "place": {"plats": ""},
        "future": {"tidpunkt": "2031-01-15 20:00"},
        "time": {"tidpunkt": "i fredags kväll"},
        "adult": {"personnummer": "", "fodelsedatum": "1991-05-17"},
        "nobody": {"personnummer": "", "fornamn": "", "efternamn": "", "fodelsedatum": ""},
        "kind": {"typ": "parkeringsbot"},
        "long": {"fritext": "x" * 30_000},
        "nul": {"fritext": "a\0b"},
    }
    return good | changed[kind]
