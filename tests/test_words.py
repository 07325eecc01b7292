"""The Swedish catalogue is whole and says only what may be said; pages hold no other language."""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from django.test import Client
from django.utils import translation

from access.actor import Actor
from casework.models import Case, Intervention, PoliceInvestigation, SocialInvestigation
from casework.workflow import steps
from tests import make, words

Login = Callable[[str], Client]
Find = Callable[[str], Actor]

SHOUTS = re.compile(r"\b(?!JSON\b)[A-ZÅÄÖ]{4,}\b")
# "Misstänkt" is said where the suspicion is reasonable, or of whom it isn't true.
SUSPECT = re.compile(r"(?<!inte )(?<!skäligen )misstänkt", re.IGNORECASE)
# Marks that Swedish doesn't use: other quotation marks, a hyphen for a dash, dots for an ellipsis.
FOREIGN_MARKS = re.compile(r"[“„«»]|\B'|'\B| - |\.\.\.|  |\s[.,:;?!](\s|$)")
# Words that are English and never Swedish, nor a name in the tests' town.
ENGLISH = re.compile(
    r"\b(the|of|and|with|you|your|this|that|which|have|been|were|will|not|no|yes|handler|handled"
    r"|supervisor|deadline|priority|prioritised|reason|case|cases|flag|flags|flagged|search|show"
    r"|save|cancel|back|step|steps|next|name|date|until|since|confirmed|valid|changed|opened"
    r"|closed|reference|please|add|remove|delete|edit|password|page|rows?|lines?)\b",
    re.IGNORECASE,
)
PEOPLE = (
    "utredare", "omradespolis", "ledare", "polischef", "socialsekreterare", "faltassistent",
    "socialchef", "dataskydd.polis", "samordnare", "admin",
)  # fmt: skip
START = (
    "/", "/profile/", "/cases/", "/cases/?mine=all", "/cases/?q=zzz", "/cases/?state=nonsense",
    "/cases/new/", "/import/", "/backlog/", "/audit/", "/nowhere/", "/accounts/password/change/",
    "/accounts/2fa/", "/accounts/reauthenticate/", "/accounts/logout/",
)  # fmt: skip
ENOUGH = 60  # pages a person: further ones look the same


def said(message: Message) -> Iterator[str]:
    yield from message.string if isinstance(message.string, tuple) else [str(message.string)]


SAID = [
    (str(message.id), text) for message in words.answered() if message.id for text in said(message)
]


def test_the_catalogue_is_whole() -> None:
    assert words.faults() == [], "python tests/words.py brings it up to date; then translate"


def test_the_catalogue_is_compiled() -> None:
    compiled = words.SWEDISH.with_suffix(".mo")
    assert compiled.exists(), "make words"
    assert compiled.stat().st_mtime >= words.SWEDISH.stat().st_mtime, "make words"


def found(pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    return [(asked, text) for asked, text in SAID if pattern.search(text)]


def test_nobody_is_called_what_nobody_should_be_called() -> None:
    label = re.compile(r"missbruk|langar|kriminell|knarkare", re.IGNORECASE)
    assert found(label) == []
    assert found(SUSPECT) == []
    beside = [path.name for path in words.sources() if label.search(path.read_text("utf-8"))]
    assert beside == []  # the invented town's stories, too


def test_plain_friendly_swedish() -> None:
    """No capitals for loudness, no begging, no plural you; Swedish marks."""
    assert found(SHOUTS) == []
    assert found(re.compile(r"\b(vänligen|var god|ni|er|era|ert|skall|ej)\b", re.IGNORECASE)) == []
    assert found(FOREIGN_MARKS) == []


def test_a_sentence_ends_as_its_original() -> None:
    ends = tuple(".:?!")
    assert [
        (asked, text)
        for message in words.answered()
        if message.id
        for asked in [message.id if isinstance(message.id, str) else message.id[0]]
        for text in said(message)
        if (asked.rstrip()[-1:] in ends or text.rstrip()[-1:] in ends)
        and "borrowed" not in message.locations[0][0]
        and asked.rstrip()[-1:] != text.rstrip()[-1:]
    ] == []


def test_what_the_source_asks_for_is_english() -> None:
    known = ("Förtur", "å, ä and ö")
    assert [
        asked
        for asked, _text in SAID
        if re.search("[åäöÅÄÖ]", asked) and not any(word in asked for word in known)
    ] == []


def test_no_template_says_anything_past_the_catalogue() -> None:
    """What stands outside tags, variables and translated blocks holds no word but our name."""
    tags = re.compile(
        r"{%\s*(blocktranslate|comment)\b.*?{%\s*end\1\s*%}|{%\s*block\s+\w+_class\b.*?{%\s*endblock"
        r"|{%.*?%}|{{.*?}}|{#.*?#}",
        re.DOTALL,
    )
    markup = re.compile(r"<!--.*?-->|<(?:[^<>\"]|\"[^\"]*\")*>|&\w+;", re.DOTALL)
    told = [
        (path.name, word)
        for path in words.sources()
        if path.suffix == ".html"
        and path.name not in ("500.html", "503.html")  # made without Django, in both languages
        for word in re.findall(
            r"[^\W\d_]{2,}", markup.sub(" ", tags.sub("", path.read_text(encoding="utf-8")))
        )
        if word not in ("Förtur", "In", "English", "På", "svenska")
    ]
    assert told == []


@pytest.mark.parametrize("model", [Case, Intervention, PoliceInvestigation, SocialInvestigation])
def test_the_machines_read_as_swedish(model: type[steps.Stateful]) -> None:
    with translation.override("sv"):
        told = [cell for row in steps.table(model) for key, cell in row.items() if key != "name"]
    assert [cell for cell in told if ENGLISH.search(str(cell))] == []


class Text(HTMLParser):
    """A page's words as they are read: its text, labels and alternatives; and its links."""

    SILENT = frozenset({"script", "style", "code"})
    VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "source", "wbr", "use", "path"})
    READ_TOO = ("aria-label", "title", "alt", "placeholder", "data-label", "data-failed")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.words: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        silent = tag in self.SILENT or given.get("lang", "sv") != "sv" or self.silent
        if tag not in self.VOID:
            self.open.append((tag, silent))
        if not silent:
            self.words += [given[name] for name in self.READ_TOO if name in given]
        if tag == "a" and given.get("href", "").startswith("/"):
            self.links.append(given["href"])

    def handle_endtag(self, tag: str) -> None:
        while tag in [name for name, _ in self.open] and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.words.append(" ".join(data.split()))

    @property
    def silent(self) -> bool:
        return bool(self.open) and self.open[-1][1]


def wander(client: Client, start: tuple[str, ...]) -> Iterator[tuple[str, Text]]:
    """The pages from here on, each kind of address a few times."""
    waiting, seen = list(start), set(start)
    kinds: dict[str, int] = {}
    for _ in range(ENOUGH):
        if not waiting:
            return
        path = waiting.pop(0)
        answer = client.get(path)
        if "text/html" not in answer.get("Content-Type", "") or not answer.content:
            continue
        page = Text(answer.content.decode())
        yield path, page
        for link in page.links:
            kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+|[?].*", "*", link)
            kinds[kind] = kinds.get(kind, 0) + 1
            if (
                link not in seen
                and kinds[kind] <= 3
                and not link.startswith(("/static/", "/admin/"))
            ):
                seen.add(link)
                waiting.append(link)


@pytest.fixture
def town(db: None, actor: Find) -> None:
    """Cases in every state on both sides."""
    for worker, boss in (("utredare", "polischef"), ("socialsekreterare", "socialchef")):
        by, chief = actor(worker), actor(boss)
        make.case(by)
        make.prioritised(by, level="A")
        make.intervention(make.in_progress(by), by)
        make.follow_up(by)
        make.closed(by, chief)


@pytest.mark.parametrize("who", PEOPLE)
def test_pages_hold_no_english(town: None, as_: Login, who: str) -> None:
    left = {
        (path, text)
        for path, page in wander(as_(who), START)
        for text in page.words
        if ENGLISH.search(text)
    }
    assert left == set()


def test_the_login_and_its_refusal_are_swedish(db: None, client: Client) -> None:
    pages = [client.get("/accounts/login/"), client.get("/nowhere/")]
    pages.append(client.post("/accounts/login/", {"login": "nobody", "password": "wrong"}))
    for answer in pages:
        assert not [text for text in Text(answer.content.decode()).words if ENGLISH.search(text)]


def test_the_administration_is_swedish(town: None, as_: Login) -> None:
    admin = as_("admin")
    for path in ("", "access/user/", "access/user/add/", "access/membership/", "casework/place/"):
        page = Text(admin.get(f"/admin/{path}").content.decode())
        left = {text for text in page.words if ENGLISH.search(text)}
        assert left <= {"Search"}, path  # a picture's text, written out in Django's own template


def test_the_catalogue_lies_where_django_looks() -> None:
    assert Path(words.SWEDISH).is_relative_to(words.PROJECT / "locale")
    with translation.override("sv"):
        assert translation.gettext("Work queue") == "Arbetskö"
