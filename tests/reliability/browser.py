"""A browser on one persistent connection: cookies, forms, nothing else."""

import re
import time
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from typing import NamedTuple
from urllib.parse import urlencode

from casework.demo.people import PASSWORD

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
FORM = "application/x-www-form-urlencoded"


class Answer(NamedTuple):
    """What came back; `status` 0 is no answer at all."""

    status: int
    text: str
    location: str


NOTHING = Answer(0, "", "")


class Browser:
    """Logs in as somebody of the cast and stays."""

    def __init__(self, port: int, username: str, patience: float = 30.0) -> None:
        self.username = username
        self.port, self.token = port, ""
        self.cookies: dict[str, str] = {}
        self.connection = HTTPConnection("127.0.0.1", port, timeout=20)
        self._log_in(username, time.monotonic() + patience)

    def _log_in(self, username: str, until: float) -> None:
        while time.monotonic() < until:
            self.get("/accounts/login/")
            answer = self.post("/accounts/login/", {"login": username, "password": PASSWORD})
            if answer.status == 302:
                return
            time.sleep(0.2)
        raise RuntimeError(f"{username} can't log in")

    def get(self, path: str, **headers: str) -> Answer:
        """The page, and its token for the next form."""
        answer = self._ask("GET", path, None, headers)
        if found := TOKEN.search(answer.text):
            self.token = found[1]
        return answer

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        """Send a form. An answer of 302 is the promise that what was sent is kept."""
        body = urlencode({"csrfmiddlewaretoken": self.token, **fields})
        return self._ask("POST", path, body, {"Content-Type": FORM, **headers})

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            self.connection.request(method, path, body, {"Cookie": cookie, **headers})
            answer = self.connection.getresponse()
            text = answer.read().decode(errors="replace")
        except (OSError, HTTPException):
            self.connection.close()  # the next request opens a new one
            return NOTHING
        for line in answer.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return Answer(answer.status, text, answer.headers.get("Location") or "")
