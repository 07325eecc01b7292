"""Whatever is sent, to whatever address: an answer below 500, and nothing half done.

Each try runs in a savepoint that is taken back, so that all of them meet the same town.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from itertools import count
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from access.session import tell
from casework.models import FlagFile
from casework.workflow import moment
from tests import make
from tests.forms import URLENCODED, Form, Page
from tests.pages import Find
from tests.test_doors import addresses

PEOPLE = ("", "utredare", "ledare", "polischef", "dataskydd.polis", "admin")
MANY = int(os.environ.get("FORTUR_GARBAGE", "2"))  # values tried a field; 99: all of them
TRIED: list[str] = []
LONG = "å" * 500_000  # a megabyte as UTF-8
NASTY = [
    "", " ", "\0", "a\0b", "\u202eabc", "👩🏽‍🚒", "\ud800", "\ufeff", "\x1b[0m", "\r\nX: y",
    "%00", "%", "'", '"', "' OR 1=1 --", "<script>alert(1)</script>", "{{ 7*7 }}", "../../etc",
    "null", "0", "-1", "1e999", "NaN", str(2**31), str(2**63), "9" * 400, "٣", "²", "1_000",
    "0000-00-00", "0001-01-01", "9999-12-31", "0001-01-01 00:00", "9999-12-31 23:59",
    "2026-02-30", "2026-03-29 02:30", "00000000-0000-0000-0000-000000000000", "P-0000-0000",
    "P-9999-999999", "198001012389", "True", "on", "yes", "[]", "x" * 10_000, "//[",
]  # fmt: skip
BYTES = ["%ED%A0%80", "%FF%FE", "%C0%80", "%", "%zz", "%E2%80%AE", "%00", "a=1;b=2", "&&=&="]
QUERY = ("q", "place", "handler", "state", "level", "due", "mine", "needs", "after", "page", "told",
         "next", "person", "case", "kind", "since", "until", "before")  # fmt: skip
PARTS = ["%ED%A0%80", "%FF", "%E2%80%AE", "..", "%2F%2F", "%5C", ";x=1", "0", "-1", "9" * 400,
         quote("👩🏽‍🚒"), "x" * 9000, "00000000-0000-0000-0000-000000000000", "%0d%0aX: y",
         "DDDDDDDD-dddd-DDDD-dddd-DDDDDDDDDDDD", "%25%30%30", "prioritise%00"]  # fmt: skip
NASTY_HEADERS = ["", "a\0b", "å" * 9000, "//[", "http://[::1", "-1", "1e9", "' OR 1=1 --", "\u202e",
                 "sv;q=nan,*;q=-1", "1.2.3.4:99, x", "\udcff", "99999999999999999999"]  # fmt: skip
TYPES = ["text/xml", "application/json", "multipart/form-data", "multipart/form-data; boundary=",
         "multipart/form-data; boundary=å", "application/x-www-form-urlencoded; charset=utf-16",
         "application/x-www-form-urlencoded; charset=nonsense", "a/b; c*=utf-8''%ff"]  # fmt: skip
COOKIES = ("SESSION", "CSRF", "LANGUAGE")
FILES = [b"", b"\0" * 999, b"\xff\xfe" + "personnummer;plats".encode("utf-16-le"), b"PK\x03\x04",
         b"personnummer;plats;tidpunkt;typ\n\0;\0;\0;\0\n", b"plats\n" + b'"' * 9999,
         "personnummer;plats;tidpunkt;typ\n٣;👩;9999-12-31 23:59;-1\n".encode(),
         b"personnummer;plats;tidpunkt;typ\n\xed\xa0\x80;;0000-00-00;\n", b";" * 99_999,
         b"personnummer;plats;tidpunkt;typ\n" + b"x" * 1_000_000]  # fmt: skip
HEADERS = (
    "HTTP_HOST", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_PORT", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "REMOTE_ADDR", "HTTP_USER_AGENT",
    "HTTP_ACCEPT_LANGUAGE", "HTTP_ACCEPT", "HTTP_REFERER", "HTTP_ORIGIN", "HTTP_X_REQUEST_ID",
    "HTTP_X_CORRELATION_ID", "HTTP_TRACEPARENT", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_NONE_MATCH",
    "HTTP_RANGE", "HTTP_AUTHORIZATION", "HTTP_X_CSRFTOKEN", "HTTP_X_REQUESTED_WITH",
    "HTTP_X_HTTP_METHOD_OVERRIDE", "HTTP_HX_REQUEST", "HTTP_HX_CURRENT_URL", "HTTP_HX_PROMPT",
    "HTTP_HX_CURRENT_URL_URI_AUTOENCODED", "HTTP_HX_TARGET", "HTTP_HX_TRIGGERING_EVENT",
    "HTTP_TRANSFER_ENCODING", "CONTENT_TYPE", "CONTENT_LENGTH",
)  # fmt: skip
COUNTS = """
SELECT (SELECT count(*) FROM audit_step), (SELECT count(*) FROM casework_case),
       (SELECT count(*) FROM casework_observation), (SELECT count(*) FROM casework_intervention),
       (SELECT count(*) FROM casework_person), (SELECT count(*) FROM casework_flagfile),
       (SELECT count(*) FROM casework_policeinvestigation), (SELECT count(*) FROM casework_deadline)
"""


class Town:
    """A police case in work with an intervention, a flagged case, a chosen file, and browsers."""

    known: Any = None

    def __init__(self, actor: Find, as_: Callable[[str], Client]) -> None:
        self.by = actor("utredare")
        case = make.in_progress(by=self.by, number=make.number())
        flagged, part = make.case(by=self.by), make.intervention(case, by=self.by)
        waiting = make.prioritised(by=self.by, level="A")
        with make.acting(self.by):
            file = FlagFile.objects.create(
                unit_id=self.by.unit_id, uploaded_by_id=self.by.user_id, name="a.csv"
            )
        reported = make.police_investigation(case, by=self.by)
        self.ids: dict[str, UUID] = {
            "case_id": case.pk, "part_id": part.pk, "file_id": file.pk,
            "investigation_id": reported.pk,
        }  # fmt: skip
        self.case, self.flagged = f"/cases/{case.pk}/", f"/cases/{flagged.pk}/"
        self.waiting, self.part = f"/cases/{waiting.pk}/", f"{self.case}interventions/{part.pk}/"
        self.reported = f"{self.case}investigations/{reported.pk}/"
        self.clients = {login: as_(login) if login else Client() for login in PEOPLE}
        for client in self.clients.values():
            client.raise_request_exception = False

    def rows(self) -> tuple[int, ...]:
        tell(self.by)
        with connection.cursor() as cursor:
            cursor.execute(COUNTS)
            return tuple(cursor.fetchone())

    def places(self) -> Iterator[str]:
        """Every address, filled in."""
        known = {key: str(value) for key, value in self.ids.items()} | {"name": "add_observation"}
        for pattern in dict.fromkeys(addresses()):
            if not pattern.startswith("static/") and "^" not in pattern:
                yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda x: known.get(x[1], "1"), pattern)

    def forms(self) -> list[tuple[str, str, Form]]:
        """Who, where, and the form there: every form that changes something in a case."""
        steps = [
            ("utredare", f"{self.flagged}steps/prioritise/"),
            ("utredare", f"{self.waiting}steps/start/"),
            ("utredare", f"{self.waiting}steps/lower/"), ("utredare", "/cases/new/"),
            ("utredare", f"{self.case}steps/add_observation/"),
            ("polischef", f"{self.flagged}steps/set_aside/"),
            ("polischef", f"{self.waiting}steps/confirm/"),
            ("polischef", f"{self.case}steps/hand_over/"),
            ("utredare", f"{self.case}interventions/new/"),
            ("utredare", f"{self.case}investigations/new/"),
            *(("ledare", f"{self.reported}steps/{name}/") for name in ("open", "discontinue")),
            *(("utredare", f"{self.part}steps/{name}/") for name in ("replan", "agree", "decline")),
        ]  # fmt: skip
        return [(who, path, self.form(who, path)) for who, path in steps]

    def form(self, who: str, path: str) -> Form:
        with taken_back():
            answer = self.clients[who].get(path)
        page = Page(path, answer.status_code, answer.content.decode())
        assert page.status == 200, path
        return next(one for one in page.forms if one.method == "post" and len(one.names) > 1
                    and one.action in ("", path) and "q" not in one.names)  # fmt: skip


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def town(actor: Find, as_: Callable[[str], Client]) -> Town:
    return Town(actor, as_)


def attempt(town: Town, who: str, method: str, path: str, /, **how: Any) -> int:
    """One request. Refused: nothing was written. Taken: the database agrees, as at commit."""
    TRIED.append(path)
    with taken_back():
        before = town.rows()
        answer = town.clients[who].generic(method, path, **how)
        status = answer.status_code
        assert status < 500, (who, method, path[:200], {k: str(v)[:200] for k, v in how.items()})
        if status >= 400:
            assert town.rows() == before, (who, method, path[:200], how)
        elif method == "POST":
            tell(town.by)
            connection.check_constraints()
    return int(status)


def wire(text: str) -> str:
    """A header as WSGI hands it over."""
    return text.encode(errors="surrogateescape").decode("latin-1")


def some(values: list[str], number: int) -> list[str]:
    """A few of the values, others for each number."""
    return [
        values[(number * MANY + place) % len(values)] for place in range(min(MANY, len(values)))
    ]


def insider(path: str) -> str:
    """Somebody who gets in there."""
    doors = {"/admin/": "admin", "/audit/": "dataskydd.polis", "/backlog/": "polischef",
             "/accounts/login/": ""}  # fmt: skip
    return next((who for door, who in doors.items() if path.startswith(door)), "utredare")


def sane(form: Form) -> dict[str, str]:
    """Good values for every field of a form."""
    values = {name: kept[0] for name, kept in form.sent.items()}
    for name in form.names:
        offers = [value for value in form.offers.get(name, {}) if value]
        if offers and not values.get(name) and not name.startswith("criterion_"):
            values[name] = offers[0]
    day = moment.today() - timedelta(days=1)
    good = {
        "seen_at": f"{day} 12.00", "text": "Sågs.", "given_name": "Bo", "family_name": "Påhitt",
        "birth_date": "2011-05-05", "reason": "Skäl.", "criterion_repeated": "on", "title": "Prat",
        "number": "5000-K99-26", "deed_from": str(day), "deed_until": "",
        "fact_repeated": "Tre.", "goal": "Mål.", "consent_on": str(day), "confirmed": "yes",
    }  # fmt: skip
    known = (*form.names, "confirmed") if "version" in form.names else form.names
    return values | {name: value for name, value in good.items() if name in known}


def body(values: dict[str, Any]) -> dict[str, str]:
    encoded = urlencode(values, doseq=True, encoding="utf-8", errors="surrogatepass")
    return {"data": encoded, "content_type": URLENCODED}


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Operational logging off: it would print each refusal."""
    monkeypatch.setattr("logging.Logger.handle", lambda *_: None)


@pytest.fixture(scope="module", autouse=True)
def _tell() -> Iterator[None]:
    """With pytest -s: how many it were, for docs/reliability.md."""
    yield
    sys.stdout.write(f"\n{len(TRIED)} malformed requests were tried.\n")


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_small")]


def test_every_form_takes_what_is_right(town: Town) -> None:
    for who, path, form in town.forms():
        assert attempt(town, who, "POST", path, **body(sane(form))) == 302, path


def test_every_field_of_every_form(town: Town) -> None:
    number = count()
    for who, path, form in town.forms():
        good = sane(form)
        for name in [*form.names, "confirmed", "nonsense"]:
            for value in some(NASTY, next(number)):
                attempt(town, who, "POST", path, **body(good | {name: value}))
            twice = good | {name: ["1", "2"], f"{name}[]": "1"}
            attempt(town, who, "POST", path, **body(twice))


def test_all_fields_at_once(town: Town) -> None:
    number = count()
    for who, path, form in town.forms():
        for value in [*some(NASTY, next(number)), LONG]:
            attempt(town, who, "POST", path, **body(dict.fromkeys(form.names, value)))
        for raw in some(BYTES, next(number)):
            data = "&".join(f"{name}={raw}" for name in form.names)
            attempt(town, who, "POST", path, data=data, content_type=URLENCODED)


@settings(max_examples=5 * MANY, deadline=None, derandomize=True,
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(data=st.data())
def test_a_form_filled_in_by_chance(town: Town, data: st.DataObject) -> None:
    town.known = town.known or town.forms()
    who, path, form = data.draw(st.sampled_from(town.known))
    words = st.one_of(st.sampled_from(NASTY), st.text(max_size=40), st.integers().map(str))
    wrong = data.draw(st.dictionaries(st.sampled_from(form.names), words, min_size=1, max_size=3))
    attempt(town, who, "POST", path, **body(sane(form) | wrong))


def test_every_query_parameter_of_every_address(town: Town) -> None:
    for number, path in enumerate(town.places()):
        for value in some(NASTY, number):
            query = urlencode(dict.fromkeys(QUERY, value), errors="surrogatepass")
            attempt(town, insider(path), "GET", f"{path}?{query}")
        for raw in some(BYTES, number):
            query = "&".join(f"{name}={raw}" for name in QUERY)
            attempt(town, insider(path), "GET", f"{path}?{query}")
        twice = "&".join(f"{name}=1&{name}=x&{name}[]=2" for name in QUERY)
        attempt(town, insider(path), "GET", f"{path}?{twice}")
        attempt(town, "", "GET", f"{path}?{twice}")


def test_every_part_of_every_address(town: Town) -> None:
    number = count()
    for path in town.places():
        for broken in {path.replace(str(value), "@") for value in town.ids.values()} | {
            path.replace("add_observation", "@"), f"{path}@", f"{path}@/", f"/@{path}",
        }:  # fmt: skip
            for value in ["%00", *some(PARTS, next(number))]:
                if "@" in broken:
                    attempt(town, insider(path), "GET", broken.replace("@", value))


def test_every_method_at_every_address(town: Town) -> None:
    methods = ["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY", "x" * 99]
    for number, path in enumerate(town.places()):
        for method in some(methods, number):
            attempt(town, insider(path), method, path, data="text=x", content_type=URLENCODED)


def test_no_header_loses_a_write(town: Town) -> None:
    """What was sent right is saved whatever stands in the headers, or refused whole."""
    path = f"{town.case}steps/add_observation/"
    sent = body(sane(town.form("utredare", path)))
    for header in HEADERS:
        with_header(town, path, sent, header)


def with_header(town: Town, path: str, sent: dict[str, str], header: str) -> None:
    decisive = header in ("HTTP_HOST", "CONTENT_TYPE", "CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING")
    values = some(NASTY_HEADERS, HEADERS.index(header))
    for value in [*NASTY_HEADERS, *TYPES] if decisive else ["//[", *values]:
        extra: dict[str, Any] = {header: wire(value)}
        if header == "CONTENT_LENGTH":  # the test client's own body insists on the truth
            extra["wsgi.input"] = BytesIO(sent["data"].encode())
        status = attempt(town, "utredare", "POST", path, **sent | extra)
        assert status == 302 or decisive, (header, value[:80], status)
        attempt(town, "", "GET", "/cases/", **{"HTTP_HX_REQUEST": "true"} | extra)


def test_no_cookie_breaks_a_page(town: Town) -> None:
    names = [getattr(django_settings, f"{name}_COOKIE_NAME") for name in COOKIES]
    tries = [(name, value) for value in NASTY_HEADERS for name in [*names, "messages"]]
    for cookie, value in tries:
        sent = {"HTTP_COOKIE": wire(f"{cookie}={value}")}
        attempt(town, "", "GET", "/accounts/login/", **sent)
        attempt(town, "", "GET", "/cases/", **sent)
        login = body({"login": "utredare", "password": "x"})
        attempt(town, "", "POST", "/accounts/login/", **login | sent)


def test_no_file_breaks_the_import(town: Town) -> None:
    names = ["a.csv", "\u202evsc.exe", "👩🏽‍🚒" * 100, "../../a", "", "a\0b.csv", "x" * 5000]
    tries = [
        (content, name) for number, content in enumerate(FILES) for name in some(names, number)
    ]
    for content, name in tries:
        with taken_back():
            before, file = town.rows(), SimpleUploadedFile("a.csv", content)
            setattr(file, "_name", name)  # noqa: B010 - what a browser wouldn't send
            answer = town.clients["utredare"].post("/import/", {"file": file, "text": "\0"})
            assert answer.status_code < 500
            assert answer.status_code == 302 or town.rows() == before
