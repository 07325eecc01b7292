"""What every answer tells the browser to keep to, whoever asks and however it ends."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.http import HttpResponseBase
from django.test import Client

from access.actor import Actor
from audit.models import Step
from casework.demo.people import PASSWORD
from casework.models import FlagFile
from casework.views import case as case_view
from tests import make
from tests.forms import Page, Walker
from tests.pages import Find
from tests.test_doors import addresses

pytestmark = pytest.mark.django_db
WHO = ("", "utredare", "polischef", "dataskydd.polis", "samordnare", "admin")
POLICY = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self'",
    "connect-src": "'self'", "form-action": "'self'", "base-uri": "'none'",
    "frame-ancestors": "'none'",
}  # fmt: skip
EXACTLY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
CHANGING = [
    "/cases/{case_id}/reveal/", "/cases/assign/", "/import/{file_id}/confirm/", "/audit/export/",
    "/profile/unit/", "/profile/sessions/", "/language/",
]  # fmt: skip


@pytest.fixture
def town(actor: Find) -> dict[str, UUID]:
    """A police case in progress, an intervention and a chosen file."""
    by = actor("utredare")
    case = make.in_progress(by=by)
    part = make.intervention(case, by=by)
    with make.acting(by):
        file = FlagFile.objects.create(unit_id=by.unit_id, uploaded_by_id=by.user_id, name="a.csv")
    return {"case_id": case.pk, "part_id": part.pk, "file_id": file.pk}


NOWHERE = str(UUID(int=0))


def places(town: dict[str, UUID]) -> list[str]:
    """Every address of ours, filled in."""
    values = {key: str(value) for key, value in town.items()}
    paths = []
    for pattern in addresses():
        step = {"name": "replan" if "part_id" in pattern else "hand_over"}
        known = {**values, **step}
        if not pattern.startswith(("static/", "admin/")) and "^" not in pattern:
            filled = re.sub(
                r"<(\w+):(\w+)>",
                lambda found: known.get(found[2], NOWHERE if found[1] == "uuid" else "1"),  # noqa: B023
                pattern,
            )
            paths.append(f"/{filled}")
    return [*dict.fromkeys(paths), "/admin/", "/admin/login/"]


def browser(login: str) -> Client:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    if login:
        walker = Walker(login)
        client.cookies = walker.client.cookies
    return client


def faults(answer: HttpResponseBase) -> list[str]:
    """What this answer lacks."""
    has = answer.headers
    found = [
        f"{name}: {has.get(name)}" for name, value in EXACTLY.items() if has.get(name) != value
    ]
    policy = dict(
        part.strip().split(" ", 1) for part in has.get("Content-Security-Policy", "x y").split(";")
    )
    found += [f"{name} {policy.get(name)}" for name in POLICY if policy.get(name) != POLICY[name]]
    if "unsafe" in str(policy):
        found.append("unsafe")
    if not has.get("Referrer-Policy", "").startswith("no-referrer"):
        found.append("Referrer-Policy")
    if "no-store" not in has.get("Cache-Control", ""):
        found.append("Cache-Control")
    if "camera=()" not in has.get("Permissions-Policy", ""):
        found.append("Permissions-Policy")
    return found


def inline(answer: Any) -> list[str]:
    if "html" not in answer.headers.get("Content-Type", ""):
        return []
    return Page("", answer.status_code, answer.content.decode()).inline


@pytest.mark.parametrize("login", WHO)
def test_every_answer_is_strict(town: dict[str, UUID], login: str) -> None:
    client, wrong, seen = browser(login), [], set()
    for path in places(town):
        for method in ("get", "post") if login else ("get", "post", "put"):
            answer = getattr(client, method)(path)
            seen.add(answer.status_code)
            found = faults(answer) + inline(answer)
            wrong += [f"{method} {path} {answer.status_code}: {one}" for one in found]
    assert wrong == []
    assert {302, 403, 405} <= seen
    assert max(seen) < 500


@pytest.mark.parametrize(
    ("status", "how"),
    [
        (400, {"path": "/cases/?q=%00"}),
        (400, {"path": "/", "headers": {"Host": "elsewhere.example"}}),
        (404, {"path": f"/cases/{uuid4()}/"}),
        (404, {"path": "/nowhere/"}),
        (301, {"path": "/cases"}),
        (422, {"path": "/cases/?place=nowhere"}),
    ],
)
def test_errors_are_as_strict(status: int, how: dict[str, Any]) -> None:
    answer = browser("utredare").get(**how)
    assert answer.status_code == status
    assert faults(answer) + inline(answer) == []


def test_conflict_and_fault_are_as_strict(
    town: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    case, who = f"/cases/{town['case_id']}/", Walker("polischef")
    stale = who.go(f"{case}steps/hand_over/").form("version").filled({"version": "0"})
    answer = who.client.post(f"{case}steps/hand_over/", stale)
    assert (answer.status_code, faults(answer) + inline(answer)) == (409, [])

    def broken(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(case_view, "page_of", broken)
    who.client.raise_request_exception = False
    answer = who.client.get(case)
    assert (answer.status_code, faults(answer) + inline(answer)) == (500, [])


@pytest.mark.parametrize("path", CHANGING)
@pytest.mark.parametrize("login", ["utredare", "polischef", "dataskydd.polis"])
def test_what_changes_something_is_never_a_get(
    town: dict[str, UUID], as_: Callable[[str], Client], path: str, login: str
) -> None:
    assert as_(login).get(path.format(**town)).status_code == 405


def test_a_post_without_the_forms_token_changes_nothing(town: dict[str, UUID], actor: Find) -> None:
    steps = count(actor("utredare"))
    client = browser("utredare")
    for path in places(town):
        if path in ("/healthz", "/readyz"):
            continue
        answer = client.post(path, {"text": "x", "confirmed": "yes"})
        assert answer.status_code in (403, 405), path
    assert count(actor("utredare")) == steps


def count(by: Actor) -> int:
    with make.acting(by):
        return Step.objects.count()


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example/", "//elsewhere.example/", "///elsewhere.example",
        "/\\elsewhere.example", "\\\\elsewhere.example", "http:elsewhere.example",
        "javascript:alert(1)", "/\t/elsewhere.example", "\t//elsewhere.example",
        "https:/elsewhere.example", "//[elsewhere", "http://testserver@elsewhere.example/",
        "data:text/html,x", "\x00//elsewhere.example", "/\r\nSet-Cookie: x=y", "x" * 5000,
    ],
)  # fmt: skip
@pytest.mark.parametrize("address", ["/accounts/login/", "/language/", "/admin/login/"])
def test_no_form_leads_out_of_the_house(address: str, target: str) -> None:
    client = Client(raise_request_exception=False)
    given = {"login": "utredare", "password": PASSWORD, "language": "sv", "next": target}
    for answer in (client.get(address, {"next": target}), client.post(address, given)):
        assert answer.status_code < 500
        location = answer.headers.get("Location", "/")
        assert re.match(r"/(?![/\\\t])|\?", location) or location.startswith("x"), location
        assert "\n" not in location


def test_the_session_ends_with_the_browser_and_is_out_of_scripts_reach() -> None:
    client = Client()
    client.get("/accounts/login/")
    before = client.cookies.get(settings.SESSION_COOKIE_NAME)
    client.post("/accounts/login/", {"login": "utredare", "password": PASSWORD})
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert before is None or before.value != cookie.value
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert (cookie["path"], cookie["domain"]) == ("/", "")
    assert (cookie["max-age"], cookie["expires"]) == ("", "")


def test_logging_out_clears_the_browser_and_ends_the_session() -> None:
    who = Walker("utredare")
    old = who.client.cookies[settings.SESSION_COOKIE_NAME].value
    form = next(one for one in who.go("/").forms if one.action == "/accounts/logout/")
    answer = who.client.post(form.action, form.filled({}))
    assert '"cookies"' in answer["Clear-Site-Data"]
    again = Client()
    again.cookies[settings.SESSION_COOKIE_NAME] = old
    assert again.get("/cases/").status_code == 302
