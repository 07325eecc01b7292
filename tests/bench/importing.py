"""A file of new flags, imported by the command that anybody would use."""

import csv
import random
import time
from datetime import date, datetime, timedelta

from casework.identity import check_digit
from tests.bench.server import HOME, Server

COLUMNS = (
    "personal_number", "given_name", "family_name", "birth_date", "place", "seen_at", "kind",
    "source", "suspicion", "text", "reference",
)  # fmt: skip
UNIT = "Lokalpolisområde Sjölanda"


def rows_a_second(server: Server, database: str, rows: int) -> float:
    """From start to end of the command, reading and judging the file included."""
    path = HOME / "flags.csv"
    chance = random.Random(rows)  # noqa: S311 - nothing secret
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(COLUMNS)
        for row in range(rows):
            writer.writerow(flag(row, chance))
    began = time.perf_counter()
    server.run(database, "manage.py", "import_flags", str(path), "--unit", UNIT, "--as", "utredare")
    return rows / (time.perf_counter() - began)


def flag(row: int, chance: random.Random) -> tuple[str, ...]:
    """Half of them with a number from the series that is never given to anybody."""
    born = date(2007, 1, 1) + timedelta(days=row % 2900)
    nine = f"{born:%y%m%d}{238 + row // 2900 % 2}"
    number = f"{born:%Y%m%d}{nine[6:]}{check_digit(nine)}" if row < 5000 else ""
    seen = datetime(2026, 10, 1, 18) - timedelta(minutes=chance.randrange(60_000))  # noqa: DTZ001
    return (
        number, f"Förnamn{row % 89}", f"Efternamn{row}", str(born), "Sjölanda torg",
        f"{seen:%Y-%m-%d %H:%M}", "eget bruk", "tips", "nej", f"Påhittad iakttagelse {row}.",
        f"R-{row}",
    )  # fmt: skip
