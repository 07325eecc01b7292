"""A file is read whatever it is: as rows and their faults, or as an answer in words."""

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings as ours
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.demo.people import PLACES as TOWN
from casework.importing import spreadsheet
from casework.importing.faults import WORDS
from casework.importing.flagrow import FIELDS, Judged, columns_of, is_column, judge_all
from casework.importing.spreadsheet import NoTable
from casework.models import Place
from tests.casework import flagfiles
from tests.casework.flagfiles import HEADERS, NBSP, made, row

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PLACES = [Place(pk=1, name="Busstorget"), Place(pk=2, name="Gångtunneln Västra"),
          Place(pk=3, name="Gamla kajen", active=False)]  # fmt: skip


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en-gb"):
        yield


def judged(content: bytes) -> list[Judged]:
    table = spreadsheet.read(content, is_column)
    return judge_all(columns_of(table.headers, table.separator), table.rows, PLACES, NOW)


def only(**given: str) -> Judged:
    (found,) = judged(made([row(**given)]))
    return found


def codes(found: Judged) -> list[str]:
    return [fault.code for fault in found.faults]


def words_for(content: bytes) -> str:
    with pytest.raises(NoTable) as caught:
        judged(content)
    return caught.value.words


def test_a_good_row_is_a_flag() -> None:
    found = only(fritext="Vid bänkarna", misstanke="ja")
    assert found.faults == []
    assert found.youth
    assert found.seen
    assert (found.youth.given_name, found.youth.family_name) == ("Alva", "Löv")
    assert found.youth.number
    assert found.youth.number.twelve == row()["personnummer"]
    assert found.seen.place.name == "Busstorget"
    assert found.seen.seen_at.isoformat() == "2025-08-27T20:50:00+02:00"
    assert (found.seen.kind, found.seen.source, found.seen.suspicion) == ("use", "tip", True)
    assert found.seen.text == "Vid bänkarna"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-1", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_any_encoding_and_separator(encoding: str, separator: str) -> None:
    content = made([row(fritext="Å; ä, ö\tsedan")], separator=separator, encoding=encoding)
    (found,) = judged(content)
    assert found.seen
    assert found.seen.text == "Å; ä, ö\tsedan"


def test_windows_letters_outside_of_latin_1_are_kept() -> None:
    (found,) = judged(made([row(fritext="“Hej” – sa han")], encoding="cp1252"))
    assert found.seen
    assert found.seen.text == "“Hej” – sa han"


@pytest.mark.parametrize("ends", ["\r\n", "\n", "\r"])
def test_any_line_ends(ends: str) -> None:
    content = made([row(), row(tidpunkt="2025-08-28 20:50")]).replace(b"\r\n", ends.encode())
    assert [found.faults for found in judged(content)] == [[], []]


def test_headers_in_english_any_order_and_case() -> None:
    english = {
        "Reference": "R1", "TEXT": "", "Suspicion": "no", "source": "Tip", "kind": "own use",
        "Seen at": "2025-08-27 20:50", "place": "BUSSTORGET", "Personal Number": "100512-2385",
    }  # fmt: skip
    (found,) = judged(made([english], headers=list(english), separator=","))
    assert found.faults == []


def test_headers_with_swedish_letters() -> None:
    swedish = {"Källa": "skola", "Förnamn": "Alva", "Efternamn": "Löv", "Födelsedatum": "20100512",
               "Plats": "Busstorget", "Tidpunkt": "2025-08-27T20:50:00", "Typ": "Bruk",
               "Misstänkt?": "x", "Misstanke": "Nej"}  # fmt: skip
    table = spreadsheet.read(made([swedish], headers=list(swedish)), is_column)
    columns = columns_of(table.headers, table.separator)
    assert columns.unused == ["Misstänkt?"]
    assert judge_all(columns, table.rows, PLACES, NOW)[0].faults == []


def test_every_documented_header_is_known() -> None:
    documented = (
        "personal_number|personnummer given_name|fornamn family_name|efternamn"
        " birth_date|fodelsedatum place|plats seen_at|tidpunkt kind|typ source|kalla"
        " suspicion|misstanke text|fritext reference|er_referens"
    )
    assert set(documented.replace("|", " ").split()) == set(FIELDS)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b" \r\n \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"%PDF-1.7 \x00\x01", "PDF"),
        (b"PK\x03\x04" + bytes(200), ".xlsx"),
        (b"\xd0\xcf\x11\xe0" + bytes(200), ".xls"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "picture"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "picture"),
        (b"<html><table></table>", "web page"),
        ("personnummer;plats".encode("utf-16"), "UTF-16"),
        ("personnummer;plats\r\n".encode("utf-16-le"), "no text"),
        (bytes(range(256)) * 50, "no text"),
        (b"a" * 100_000, "first row"),
        (b"hej\r\nhopp\r\n", "first row"),
        (made([]), "no rows"),
        (made([], headers=("plats",)), "no rows"),
        (made([row()], headers=("plats", "tidpunkt", "typ")), "kalla"),
        (made([row()], headers=(*HEADERS, "Plats")), "twice: Plats"),
        (made([row()]) + b'"x;y;z\r\n' * 3, "row 4 on a quotation mark"),
        ("plats;typ;tidpunkt\r\nÅ;Ä;Ö\r\n".encode() + b"caf\xe9\r\n", "Line 3"),
        (made([row()] * 20_001), "At most 20"),
    ],
)  # fmt: skip
def test_what_is_no_table_gets_an_answer_in_words(content: bytes, says: str) -> None:
    words = words_for(content)
    assert says in words
    assert len(words.split(".")) >= 3  # what it is, and what to do


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: made([{}]) + text.encode()))
def test_no_bytes_at_all_are_a_fault_of_ours(content: bytes) -> None:
    with suppress(NoTable):
        judged(content)


cell = st.text(max_size=60) | st.sampled_from(
    [
        "0001-01-01 00:00",
        "9999-12-31 23:59+14:00",
        "2025-02-30 25:61",
        "=1+1",
        "٢٠١٠٠٥١٢-٢٣٨٤",
        "1e400",
    ]
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.fixed_dictionaries({header: cell for header in HEADERS}))
def test_whatever_stands_in_a_cell_the_row_is_taken_or_told(cells: dict[str, str]) -> None:
    content = made([{key: f" {value}".replace("\r", "") for key, value in cells.items()}],
                   encoding="utf-8")  # fmt: skip
    with suppress(NoTable):
        for found in judged(content):
            assert found.faults or found.seen
            assert all(str(fault) for fault in found.faults)


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"personnummer": "20100512-2380"}, "number"),
        ({"personnummer": "20101332-2384"}, "number"),
        ({"personnummer": "hej"}, "number"),
        ({"personnummer": "٢٠١٠٠٥١٢-٢٣٨٤"}, "number"),
        ({"fodelsedatum": "2010-05-13"}, "other_birth"),
        ({"personnummer": "", "fornamn": "", "efternamn": ""}, "no_person"),
        ({"personnummer": "", "fodelsedatum": ""}, "half_person"),
        ({"personnummer": "", "fodelsedatum": "13/5 2010"}, "birth_date"),
        ({"personnummer": "", "fodelsedatum": "1991-05-17"}, "adult"),
        ({"personnummer": "", "fodelsedatum": "2025-08-28"}, "unborn"),
        ({"plats": ""}, "no_place"),
        ({"plats": f" {NBSP} "}, "no_place"),
        ({"plats": "Stortorget i Lund"}, "unknown_place"),
        ({"plats": "gamla kajen"}, "closed_place"),
        ({"tidpunkt": ""}, "no_time"),
        ({"tidpunkt": "2025-08-27"}, "date_only"),
        ({"tidpunkt": "i fredags kväll"}, "bad_time"),
        ({"tidpunkt": "2025-02-30 20:00"}, "bad_time"),
        ({"tidpunkt": "2025-08-27 24:00"}, "bad_time"),
        ({"tidpunkt": "2031-01-15 20:00"}, "future"),
        ({"tidpunkt": "2025-03-30 02:30"}, "no_such_time"),
        ({"typ": ""}, "no_kind"),
        ({"typ": "parkeringsbot"}, "unknown_kind"),
        ({"kalla": ""}, "no_source"),
        ({"kalla": "en fågel"}, "unknown_source"),
        ({"misstanke": ""}, "no_suspicion"),
        ({"misstanke": "kanske"}, "unknown_suspicion"),
        ({"fritext": "x" * 4001}, "too_long"),
        ({"fornamn": "x" * 81}, "too_long"),
        ({"er_referens": "x" * 41}, "too_long"),
        ({"fritext": "a\0b"}, "not_text"),
        ({"efternamn": "L\ufffdv"}, "lost_letter"),
    ],
)  # fmt: skip
def test_each_fault_is_told(given: dict[str, str], fault: str) -> None:
    born = {"fodelsedatum": "2010-05-12"} if given.get("personnummer") == "" else {}
    nobody = {"fodelsedatum": ""} if fault == "no_person" else {}
    found = only(**{**born, **given, **nobody})
    assert codes(found) == [fault]
    assert found.faults[0].what
    assert "%(" not in str(found.faults[0])


@pytest.mark.parametrize("language", [code for code, _name in ours.LANGUAGES])
@pytest.mark.parametrize("column", ["typ", "kalla"])
def test_what_we_tell_people_to_write_is_taken(language: str, column: str) -> None:
    with translation.override(language):
        advice = only(**{column: "?"}).faults[0].mend
    for word in advice.split(":")[1].strip(" .").split(", "):
        assert only(**{column: word}).faults == []


def test_several_faults_in_a_row_are_all_told() -> None:
    found = only(plats="Nowhere", typ="", tidpunkt="igår", personnummer="1", misstanke="?")
    assert codes(found) == ["number", "bad_time", "unknown_place", "no_kind", "unknown_suspicion"]


def test_a_fault_never_repeats_the_number_or_a_name() -> None:
    found = only(personnummer="20100512-2380", fornamn="Alva", plats="Nowhere", fodelsedatum="x")
    words = " ".join(map(str, found.faults))
    assert "2380" not in words
    assert "Alva" not in words


def test_every_fault_has_words() -> None:
    assert all(what or mend for what, mend in WORDS.values())


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2025-08-27 20:50", "2025-08-27T20:50:00+02:00"),
        ("2025-08-08T12:15", "2025-08-08T12:15:00+02:00"),
        ("2025-09-29 09.52", "2025-09-29T09:52:00+02:00"),
        (f"2025-09-29{NBSP}9.52", "2025-09-29T09:52:00+02:00"),
        ("2025-12-01 20:50:31", "2025-12-01T20:50:31+01:00"),
        ("2025-12-01T20:50:31.123Z", "2025-12-01T21:50:31+01:00"),
        ("2025-12-01T20:50+0300", "2025-12-01T18:50:00+01:00"),
    ],
)
def test_ways_to_write_the_time(written: str, read: str) -> None:
    found = only(tidpunkt=written)
    assert found.seen
    assert found.seen.seen_at.isoformat() == read


def test_a_time_that_came_twice_is_the_first_and_is_told() -> None:
    found = only(tidpunkt="2025-10-26 02:30")
    assert found.seen
    assert found.seen.seen_at.isoformat() == "2025-10-26T02:30:00+02:00"
    assert [note.code for note in found.notes] == ["twice"]


@pytest.mark.parametrize(
    "written", ["20100512-2385", "201005122385", "100512-2385", " 100512 2385 "]
)
def test_ways_to_write_the_number(written: str) -> None:
    found = only(personnummer=written)
    assert found.youth
    assert found.youth.number
    assert found.youth.number.twelve == "201005122385"


def test_the_day_before_turning_21_is_in_time() -> None:
    born = {"personnummer": "", "fodelsedatum": "2005-05-12"}
    assert codes(only(tidpunkt="2026-05-11 23:59", **born)) == []
    assert codes(only(tidpunkt="2026-05-12 00:00", **born)) == ["adult"]


def test_a_repeat_counts_once_whatever_its_reference_and_spelling() -> None:
    rows = [row(), row(typ="innehav"),
            row(er_referens="R2", plats=f"busstorget{NBSP}",
                personnummer="100512-2385")]  # fmt: skip
    first, second, third = judged(made(rows))
    assert (codes(first), codes(second), codes(third)) == ([], [], ["repeat"])
    assert third.faults[0].params == {"row": 2}


def test_row_numbers_are_the_spreadsheets() -> None:
    lines = made([row(fritext="a\nb"), row(typ="")]).replace(b"\r\nR1", b"\r\n;;\r\nR1", 1)
    assert [(found.row, codes(found)) for found in judged(lines)] == [(3, []), (4, ["no_kind"])]


def test_too_few_or_too_many_cells_are_told() -> None:
    content = (
        made([row()])
        + b"R1;2\r\n"
        + made([row(typ="annat")]).split(b"\r\n", 1)[1].replace(b"\r\n", b";more;\r\n")
    )
    assert [codes(found) for found in judged(content)] == [[], ["columns"], ["columns"]]


def test_an_open_quotation_mark_does_not_swallow_rows_unseen() -> None:
    good = made([row()]).split(b"\r\n")[1]
    broken = good[: good.rindex(b";")] + b';"Sa han\r\n'
    closing = good[: good.rindex(b";")] + b';"Slut\r\n'
    content = made([row(typ="annat")]) + broken + good + b"\r\n" + closing
    assert [codes(found) for found in judged(content)][:2] == [[], ["quote"]]


def test_rejected_rows_come_back_as_they_were() -> None:
    rows = [["=1+1", "-2", "a;b", 'sa "hej"', "två\nrader", "'"], ["", "@x", "\t", "+4", "x", "å"]]
    content = spreadsheet.write(["plats", *"abcde"], rows, ";")
    assert b'"=' not in content
    assert b"\n=" not in content
    again = spreadsheet.read(content, is_column).rows
    assert [[spreadsheet.unescaped(cell) for cell in cells] for _number, cells in again] == rows


def test_the_sample_has_exactly_its_faults() -> None:
    places = [Place(pk=index, name=name) for index, name in enumerate(TOWN, 1)]
    table = spreadsheet.read(made(flagfiles.sample()), is_column)
    found = judge_all(columns_of(table.headers, table.separator), table.rows, places, NOW)
    told: dict[str, Any] = {}
    for each in found:
        for fault in each.faults:
            told[fault.code] = told.get(fault.code, 0) + 1
    assert len(found) == 240
    assert sum(not each.faults for each in found) == flagfiles.GOOD
    assert told == {
        "number": 6, "no_place": 4, "future": 2, "bad_time": 2, "adult": 2, "no_person": 2,
        "unknown_kind": 3, "too_long": 1, "not_text": 1, "repeat": 5,
    }  # fmt: skip


def test_a_full_file_is_judged_in_seconds() -> None:
    good = [row(tidpunkt=f"2025-08-{day:02} {hour:02}:{minute:02}", er_referens=str(day))
            for day in range(1, 15) for hour in range(24) for minute in range(59)]  # fmt: skip
    content = made(good[:19_000])
    began = time.process_time()
    assert not any(found.faults for found in judged(content))
    assert time.process_time() - began < 15
