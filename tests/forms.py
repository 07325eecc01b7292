"""A browser without a screen: reads a page's links, tables and forms, and sends what they hold."""

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from django.test import Client

from casework.demo.people import PASSWORD

Given = dict[str, str]
VOID = {"script", "style"}
URLENCODED = "application/x-www-form-urlencoded"


class Form:
    """A form as it would be sent untouched, and every field that it has."""

    def __init__(self, given: Given) -> None:
        self.action = given.get("action", "")
        self.method = given.get("method", "get").lower()
        self.files = given.get("enctype") == "multipart/form-data"
        self.sent: dict[str, list[str]] = {}
        self.offers: dict[str, dict[str, str]] = {}  # per field: value → label of each choice
        self.names: list[str] = []

    def add(self, name: str, value: str | None) -> None:
        """A field; None: it is there, and an untouched form doesn't send it."""
        if name not in self.names:
            self.names.append(name)
        if value is not None:
            self.sent.setdefault(name, []).append(value)

    def filled(self, values: dict[str, Any]) -> dict[str, list[str]]:
        """The fields with these values; a choice may be named by its words. None: left out."""
        data = {name: list(found) for name, found in self.sent.items()}
        for name, value in values.items():
            assert name in self.names, f"no field {name}: {self.names}"
            data.pop(name, None)
            if value is not None:
                data[name] = [self.choice(name, str(one)) for one in listed(value)]
        return data

    def choice(self, name: str, value: str) -> str:
        offers = self.offers.get(name, {})
        if value in offers:
            return value
        worded = (key for key, words in offers.items() if words.startswith(value))
        return next(worded, value)


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class Page(HTMLParser):
    """What a page holds."""

    def __init__(self, address: str, status: int, source: str) -> None:
        super().__init__()
        self.address, self.status, self.source = address, status, source
        self.title = self.text = ""
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.rows: list[list[str]] = []  # of tables: the words of each cell
        self.inline: list[str] = []  # what a strict policy would stop
        self.open: list[str] = []
        self.select = self.textarea = self.option = ""
        self.by_id: dict[str, Form] = {}
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.open.append(tag)
        self.look_inline(tag, given)
        if tag == "a":
            self.links.append(given.get("href", ""))
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
        elif tag == "form":
            self.forms.append(Form(given))
            self.by_id[given.get("id", "")] = self.forms[-1]
        else:
            self.look_field(tag, given)

    def look_inline(self, tag: str, given: Given) -> None:
        stopped = [name for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in given):
            stopped.append(tag)
        if any(value.strip().lower().startswith("javascript:") for value in given.values()):
            stopped.append("javascript:")
        self.inline += [f"<{tag}> {name}" for name in stopped]

    def look_field(self, tag: str, given: Given) -> None:
        form = self.by_id.get(given.get("form", "-")) or (self.forms[-1] if self.forms else None)
        name = given.get("name", "")
        if form is None:
            return
        if tag == "select":
            self.select = name
            form.add(name, None)
        elif tag == "textarea":
            self.textarea = name
            form.add(name, "")
        elif tag == "option" and self.select:
            self.option = given.get("value", "")
            form.offers.setdefault(self.select, {})[self.option] = ""
            if "selected" in given:
                form.add(self.select, self.option)
        elif tag in ("input", "button") and name:
            self.look_input(form, name, given, is_button=tag == "button")

    def look_input(self, form: Form, name: str, given: Given, *, is_button: bool) -> None:
        kind = "submit" if is_button else given.get("type", "text")
        value = given.get("value", "on" if kind in ("checkbox", "radio") else "")
        silent = kind in ("submit", "file") or (
            kind in ("checkbox", "radio") and "checked" not in given
        )
        form.add(name, None if silent else value)
        if kind in ("radio", "checkbox", "submit"):
            form.offers.setdefault(name, {})[value] = ""

    def handle_data(self, data: str) -> None:
        if VOID & set(self.open[-1:]):
            return
        words = " ".join(data.split())
        if self.open[-1:] == ["title"]:
            self.title += words
        if self.textarea and self.forms:
            self.forms[-1].sent[self.textarea][-1] += data
        elif self.option and self.select:
            self.forms[-1].offers[self.select][self.option] += words
        self.text += f" {words}" if words else ""
        if self.rows and self.rows[-1] and words and {"td", "th"} & set(self.open):
            self.rows[-1][-1] = f"{self.rows[-1][-1]} {words}".strip()

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass
        if tag == "textarea" and self.textarea and self.forms:
            kept = self.forms[-1].sent[self.textarea]
            kept[-1] = kept[-1].removeprefix("\r\n").removeprefix("\n")
            self.textarea = ""
        elif tag == "option":
            self.option = ""
        elif tag == "select":
            self.select = self.option = ""

    def form(self, *names: str) -> Form:
        """The first form with all these fields."""
        found = [form for form in self.forms if set(names) <= set(form.names)]
        assert found, f"{self.address} ({self.status}) has no form with {names}: {self.text[:800]}"
        return found[0]

    def has_form(self, *names: str) -> bool:
        return any(set(names) <= set(form.names) for form in self.forms)

    def link(self, ending: str) -> str:
        """The first link that ends so."""
        found = [link for link in self.links if link.endswith(ending)]
        assert found, f"{self.address} ({self.status}) has no link to …{ending}"
        return found[0]

    def has_link(self, ending: str) -> bool:
        return any(link.endswith(ending) for link in self.links)


class Walker:
    """One person's browser: cookies, CSRF checks, redirects, and every address it has been at."""

    def __init__(self, login: str = "", language: str = "en-gb") -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.addresses: list[str] = []
        self.pages: list[Page] = []
        if login:
            self.log_in(login, language)

    def log_in(self, login: str, language: str = "en-gb") -> Page:
        page = self.go("/accounts/login/")
        page = self.send(page.form("login", "password"), login=login, password=PASSWORD)
        assert "/accounts/login/" not in page.address, f"{login} was not let in"
        form = page.form("language")
        return self.send(form, language=language) if language in form.offers["language"] else page

    def go(self, address: str, status: int = 200, **query: str) -> Page:
        """Follows a link, or types an address."""
        if query:
            address = f"{address}?{urlencode(query)}"
        return self._read("get", address, None, "", status)

    def send(self, form: Form, status: int = 200, /, **values: Any) -> Page:
        """Fills in a form of the page that is open, and sends it."""
        data = form.filled(values)
        here = self.pages[-1].address
        target = urljoin(here, form.action) if form.action else here
        if form.method == "get":
            target = f"{urlsplit(target).path}?{urlencode(data, doseq=True)}"
            return self._read("get", target, None, "", status)
        if form.files:
            body = data | {name: values[name] for name in values if hasattr(values[name], "read")}
            return self._read("post", target, body, "", status)
        return self._read("post", target, urlencode(data, doseq=True), URLENCODED, status)

    def _read(self, method: str, address: str, body: Any, kind: str, status: int) -> Page:
        how: dict[str, Any] = {"content_type": kind} if kind else {}
        answer = getattr(self.client, method)(address, body, **how)
        self.addresses.append(address)
        for _hop in range(5):
            if answer.status_code not in (301, 302, 303):
                break
            address = urljoin(address, answer["Location"])
            self.addresses.append(address)
            answer = self.client.get(address)
        source = answer.content.decode()
        page = Page(address, answer.status_code, source)
        self.pages.append(page)
        assert page.status == status, f"{method} {address}: {page.status}, {page.text[:800]}"
        return page
