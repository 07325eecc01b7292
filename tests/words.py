"""The Swedish catalogue and what the source asks it for. No gettext programs are needed.

    python tests/words.py           bring the catalogue up to date: new texts empty, old ones gone
    python tests/words.py --check   only tell what is missing or left over (a test does the same)

`make words` compiles.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PROJECT = Path(__file__).resolve().parent.parent
SWEDISH = PROJECT / "locale" / "sv" / "LC_MESSAGES" / "django.po"
# Texts of the packages that people here see and that are missing or clumsy in their own Swedish.
BORROWED = PROJECT / "locale" / "borrowed.txt"
APPS = ("casework", "access", "audit")
KEYWORDS = DEFAULT_KEYWORDS | {
    f"{name}_{kind}": DEFAULT_KEYWORDS[name]
    for name in ("gettext", "ngettext", "pgettext", "npgettext")
    for kind in ("lazy", "noop")
}


def sources() -> Iterator[Path]:
    yield from sorted((PROJECT / "templates").rglob("*.html"))
    for app in APPS:
        yield from sorted(p for p in (PROJECT / app).rglob("*.py") if "migrations" not in p.parts)


def python_of(path: Path) -> bytes:
    """The source as Python: a template's tags become calls, its other text becomes noise."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        blanked = templatize(text, origin=path.name)
        text = "\n".join(line.strip() for line in blanked.splitlines())
    return text.encode()


def asked() -> Catalog:
    """Every text that the source gives to gettext, with the files that do."""
    catalog = Catalog(charset="utf-8")
    for path in sources():
        file = path.relative_to(PROJECT).as_posix()
        found = extract("python", io.BytesIO(python_of(path)), keywords=KEYWORDS)
        for _line, words, _comments, context in found:
            if words:
                catalog.add(words, locations=[(file, 0)], context=context)
    for line in BORROWED.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            words = tuple(line.split(" | ")) if " | " in line else line
            catalog.add(words, locations=[(f"locale/{BORROWED.name}", 0)])
    return catalog


def answered() -> Catalog:
    """The Swedish catalogue as it is committed."""
    with SWEDISH.open("rb") as file:
        return read_po(file, locale="sv")


def key(message: Message) -> tuple[str | None, str]:
    words = message.id
    return message.context, words if isinstance(words, str) else words[0]


def faults() -> list[str]:
    """What the catalogue lacks, holds too much of, or says with other placeholders."""
    wanted, have = asked(), answered()
    wanted_keys = {key(message): message for message in wanted if message.id}
    have_keys = {key(message): message for message in have if message.id}
    found = [f"not in the catalogue: {words!r}" for words in wanted_keys.keys() - have_keys.keys()]
    found += [f"nobody asks for it: {words!r}" for words in have_keys.keys() - wanted_keys.keys()]
    for words in wanted_keys.keys() & have_keys.keys():
        if bool(wanted_keys[words].pluralizable) != bool(have_keys[words].pluralizable):
            found.append(f"plural on one side only: {words!r}")
    for message in have:
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and not all(said):
            found.append(f"not translated: {message.id!r}")
        if message.id and message.fuzzy:
            found.append(f"only guessed (fuzzy): {message.id!r}")
    found += [f"{message.id!r}: {wrong}" for message, all_ in have.check() for wrong in all_]
    return sorted(found)


def update() -> None:
    """Write the catalogue anew: what is translated stays, references carry no line numbers."""
    catalog = answered()
    catalog.update(asked(), no_fuzzy_matching=True, update_creation_date=False)
    written = io.BytesIO()
    write_po(written, catalog, width=100, include_lineno=False, ignore_obsolete=True)
    if written.getvalue() != SWEDISH.read_bytes():  # else it would look newer than what is compiled
        SWEDISH.write_bytes(written.getvalue())


def main() -> int:
    if "--check" not in sys.argv[1:]:
        update()
    found = faults()
    sys.stdout.writelines(f"{fault}\n" for fault in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
