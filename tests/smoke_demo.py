"""As a stranger would: make demo, log in, take a step, Ctrl-C. Run by `make smoke`, in CI too.

Knows the addresses and field names that are kept stable, and reads all else from the pages.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
HOME = PROJECT / ".run" / "smoke"
FIRST_START = 180  # seconds that a newcomer waits at most
NEXT_START = 10
CASE = re.compile(r"/cases/[0-9a-f-]{36}/")
Fields = list[tuple[str, str]]


class Page(HTMLParser):
    """A page's links and forms, as a browser without JavaScript has them."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address = address
        self.text = text
        self.links: list[str] = []
        self.forms: list[tuple[str, Fields]] = []
        self.select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collects links, forms and what each form would send untouched."""
        have = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(have.get("href", ""))
        elif tag == "form":
            self.forms.append((have.get("action", ""), []))
        elif tag == "select":
            self.select = have.get("name", "")
        elif self.forms and (name := self._sends(tag, have)):
            self.forms[-1][1].append((name, have.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        """Leaves a select."""
        if tag == "select":
            self.select = ""

    def _sends(self, tag: str, have: dict[str, str]) -> str:
        if tag == "option" and self.select and "selected" in have:
            return self.select
        if tag not in {"input", "textarea"} or have.get("type") == "submit":
            return ""
        if have.get("type") in {"checkbox", "radio"} and "checked" not in have:
            return ""
        return have.get("name", "")

    def form(self, field: str) -> tuple[str, dict[str, str]]:
        """Address and fields of the form that has this field."""
        for action, fields in self.forms:
            if field in dict(fields):
                return urllib.parse.urljoin(self.address, action), dict(fields)
        sys.exit(f"{self.address} has no form with {field}:\n{self.text}")


class Browser:
    """Cookies and addresses."""

    def __init__(self, root: str) -> None:
        self.root = root
        jar = urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def get(self, address: str) -> Page:
        """The page at an address."""
        return self._open(urllib.parse.urljoin(self.root, address), None)

    def send(self, address: str, fields: dict[str, str]) -> Page:
        """The page after posting a form, redirects followed."""
        return self._open(address, urllib.parse.urlencode(fields).encode())

    def _open(self, address: str, body: bytes | None) -> Page:
        try:
            with self.opener.open(address, body, timeout=20) as answer:
                return Page(answer.url, answer.read().decode())
        except urllib.error.HTTPError as fault:
            sys.exit(f"{address} answered {fault.code}:\n{fault.read().decode()}")


@contextmanager
def demo(port: int, within: int, **more: str) -> Iterator[Browser]:
    """`make demo`, up within so many seconds; a Ctrl-C at the end leaves nothing running."""
    environment = os.environ | {"PORT": str(port), "FORTUR_HOME": str(HOME)} | more
    began = time.monotonic()
    made = subprocess.Popen(
        ["make", "demo"],  # noqa: S607 - make is wherever it is
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        for line in made.stdout or ():
            sys.stdout.write(line)
            if "Ctrl-C" in line:
                break
        took = time.monotonic() - began
        if took > within or made.poll() is not None:
            sys.exit(f"make demo took {took:.0f} s, more than {within} s, or it ended")
        yield Browser(f"http://localhost:{port}/")
    finally:
        os.killpg(made.pid, signal.SIGINT)
        made.communicate(timeout=60)
    if is_taken(port) or server_runs():
        sys.exit("Something is still running after Ctrl-C")


def is_taken(port: int) -> bool:
    """True when something listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def server_runs() -> bool:
    """True when the demo's database server is up."""
    ask = [sys.executable, "-m", "access.embedded", "status", "--home", str(HOME)]
    return subprocess.run(ask, cwd=PROJECT, capture_output=True).returncode == 0  # noqa: S603


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def log_in(browser: Browser, username: str) -> None:
    """Through the login page."""
    address, fields = browser.get("/accounts/login/").form("login")
    page = browser.send(address, fields | {"login": username, "password": "fortur-demo"})
    if "/accounts/login/" in page.address:
        sys.exit(f"{username} could not log in:\n{page.text}")


def start_a_case(browser: Browser) -> str:
    """Takes the first prioritised case of the queue into work. Returns its address."""
    links = browser.get("/cases/?state=prioritised").links
    for case in dict.fromkeys(found[0] for link in links if (found := CASE.match(link))):
        if not any(link.endswith("/steps/start/") for link in browser.get(case).links):
            continue
        address, fields = browser.get(f"{case}steps/start/").form("version")
        after = browser.send(address, fields)
        if after.address.endswith(case):
            return case
        sys.exit(f"The step was not taken:\n{after.text}")
    sys.exit("The queue has no prioritised case that could be started")


def main() -> None:
    """Two starts: the first with an empty home, the second finds what was done."""
    with demo(free_port(), FIRST_START, RESET="1") as browser:
        log_in(browser, "utredare")
        case = start_a_case(browser)
    with demo(free_port(), NEXT_START, RESET="") as browser:
        log_in(browser, "utredare")
        if any(link.endswith("/steps/start/") for link in browser.get(case).links):
            sys.exit("The step taken before the restart is gone")
    sys.stdout.write("\nThe demo starts, logs in, takes a step, keeps it and stops.\n")


if __name__ == "__main__":
    main()
