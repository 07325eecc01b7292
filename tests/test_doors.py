"""Every address × everybody. An address that is missing here fails the test."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from access.actor import Actor
from access.models import Membership
from access.review_models import RoleRequest
from audit import trail
from audit.models import Reading
from casework.models import FlagFile
from casework.models.notice import tell
from tests import joint, letters, make

# One column a person; the rows below have one answer for each, in this order.
PEOPLE = (
    "nobody", "omradespolis", "utredare", "utredare2", "ledare", "polischef",
    "faltassistent", "socialsekreterare", "socialsekreterare2", "socialchef",
    "utredare.granne", "socialsekreterare.granne",
    "dataskydd.polis", "dataskydd.social", "samordnare", "admin",
)  # fmt: skip
DOORS: dict[str, str] = {
    "GET ":
        "302 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200",
    "GET cases/":
        "302 200 200 200 200 200 200 200 200 200 200 200 403 403 403 403",
    "POST cases/":
        "302 302 302 302 302 302 302 302 302 302 302 302 403 403 403 403",
    "POST cases/assign/":
        "302 403 403 403 403 422 403 403 403 422 403 403 403 403 403 403",
    "GET cases/new/":
        "302 200 200 200 403 403 200 200 200 403 200 200 403 403 403 403",
    "POST cases/new/":
        "302 422 422 422 403 403 422 422 422 403 422 422 403 403 403 403",
    "GET cases/<uuid:case_id>/":
        "302 200 200 200 200 200 404 404 404 404 404 404 403 403 403 403",
    "POST cases/<uuid:case_id>/reveal/":
        "302 200 200 200 200 200 404 404 404 404 404 404 403 403 403 403",
    "POST cases/<uuid:case_id>/print/":
        "302 200 200 200 200 200 404 404 404 404 404 404 403 403 403 403",
    "GET cases/<uuid:case_id>/log/":
        "302 200 200 200 200 200 404 404 404 404 404 404 403 403 403 403",
    "GET cases/<uuid:case_id>/readers/":
        "302 403 200 403 403 200 404 404 404 404 404 404 403 403 403 403",
    "GET cases/<uuid:case_id>/steps/<slug:name>/":
        "302 200 200 200 403 200 404 404 404 404 404 404 403 403 403 403",
    "POST cases/<uuid:case_id>/steps/<slug:name>/":
        "302 422 422 422 403 422 404 404 404 404 404 404 403 403 403 403",
    "GET cases/<uuid:case_id>/disclosures/new/":
        "302 200 200 200 200 200 404 404 404 404 404 404 403 403 403 403",
    "POST cases/<uuid:case_id>/disclosures/new/":
        "302 422 422 422 422 422 404 404 404 404 404 404 403 403 403 403",
    "GET cases/<uuid:case_id>/disclosures/<uuid:disclosure_id>/":
        "302 200 200 200 200 200 404 404 404 404 404 404 403 403 403 403",
    "POST cases/<uuid:case_id>/disclosures/<uuid:disclosure_id>/reveal/":
        "302 200 200 200 200 200 404 404 404 404 404 404 403 403 403 403",
    "GET cases/<uuid:case_id>/disclosures/<uuid:disclosure_id>/steps/<slug:name>/":
        "302 200 200 200 200 200 404 404 404 404 404 404 403 403 403 403",
    "POST cases/<uuid:case_id>/disclosures/<uuid:disclosure_id>/steps/<slug:name>/":
        "302 422 422 422 422 422 404 404 404 404 404 404 403 403 403 403",
    "GET inbox/":
        "302 200 200 200 200 200 200 200 200 200 200 200 403 403 403 403",
    "GET inbox/<uuid:delivery_id>/":
        "302 200 200 200 200 200 404 404 404 404 404 404 403 403 403 403",
    "POST inbox/<uuid:delivery_id>/reveal/":
        "302 200 200 200 200 200 404 404 404 404 404 404 403 403 403 403",
    "GET inbox/<uuid:delivery_id>/steps/<slug:name>/":
        "302 200 200 200 403 200 404 404 404 404 404 404 403 403 403 403",
    "POST inbox/<uuid:delivery_id>/steps/<slug:name>/":
        "302 422 422 422 403 422 404 404 404 404 404 404 403 403 403 403",
    "GET cases/<uuid:case_id>/interventions/new/":
        "302 403 200 200 403 200 404 404 404 404 404 404 403 403 403 403",
    "POST cases/<uuid:case_id>/interventions/new/":
        "302 403 422 422 403 422 404 404 404 404 404 404 403 403 403 403",
    "GET cases/<uuid:case_id>/interventions/<uuid:part_id>/":
        "302 200 200 200 200 200 404 404 404 404 404 404 403 403 403 403",
    "GET cases/<uuid:case_id>/interventions/<uuid:part_id>/steps/<slug:name>/":
        "302 403 200 403 403 200 404 404 404 404 404 404 403 403 403 403",
    "POST cases/<uuid:case_id>/interventions/<uuid:part_id>/steps/<slug:name>/":
        "302 403 422 403 403 422 404 404 404 404 404 404 403 403 403 403",
    "GET cases/<uuid:case_id>/investigations/new/":
        "302 403 200 200 200 403 404 404 404 404 404 404 403 403 403 403",
    "POST cases/<uuid:case_id>/investigations/new/":
        "302 403 422 422 422 403 404 404 404 404 404 404 403 403 403 403",
    "GET cases/<uuid:case_id>/investigations/<uuid:investigation_id>/":
        "302 200 200 200 200 200 404 404 404 404 404 404 403 403 403 403",
    "GET cases/<uuid:case_id>/investigations/<uuid:investigation_id>/steps/<slug:name>/":
        "302 403 403 403 200 403 404 404 404 404 404 404 403 403 403 403",
    "POST cases/<uuid:case_id>/investigations/<uuid:investigation_id>/steps/<slug:name>/":
        "302 403 403 403 422 403 404 404 404 404 404 404 403 403 403 403",
    "POST notices/<uuid:notice_id>/seen/":
        "302 404 302 404 404 404 404 404 404 404 404 404 403 403 403 403",
    "GET cases/<uuid:case_id>/coordinations/new/":
        "302 403 200 403 403 200 404 404 404 404 404 404 403 403 403 403",
    "POST cases/<uuid:case_id>/coordinations/new/":
        "302 403 422 403 403 422 404 404 404 404 404 404 403 403 403 403",
    "GET coordinations/":
        "302 200 200 200 200 200 200 200 200 200 200 200 403 403 403 403",
    "GET coordinations/<uuid:coordination_id>/":
        "302 200 200 200 200 200 404 404 404 404 404 404 403 403 403 403",
    "GET coordinations/<uuid:coordination_id>/steps/<slug:name>/":
        "302 403 200 403 403 200 404 404 404 404 404 404 403 403 403 403",
    "POST coordinations/<uuid:coordination_id>/steps/<slug:name>/":
        "302 403 422 403 403 422 404 404 404 404 404 404 403 403 403 403",
    "GET import/":
        "302 200 200 200 403 403 200 200 200 403 200 200 403 403 403 403",
    "POST import/":
        "302 422 422 422 403 403 422 422 422 403 422 422 403 403 403 403",
    "GET import/<uuid:file_id>/":
        "302 200 200 200 403 403 404 404 404 403 404 404 403 403 403 403",
    "POST import/<uuid:file_id>/confirm/":
        "302 403 302 403 403 403 404 404 404 403 404 404 403 403 403 403",
    "GET import/<uuid:file_id>/rejected/":
        "302 302 302 302 403 403 404 404 404 403 404 404 403 403 403 403",
    "GET backlog/":
        "302 403 403 403 403 200 403 403 403 200 403 403 403 403 403 403",
    "GET exceptions/":
        "302 200 200 200 200 200 200 200 200 200 200 200 200 200 403 403",
    "GET exceptions/break-glass/":
        "302 200 200 200 200 200 200 200 200 200 200 200 403 403 403 403",
    "POST exceptions/break-glass/":
        "302 422 422 422 422 422 422 422 422 422 422 422 403 403 403 403",
    "GET exceptions/review/":
        "302 403 403 403 403 200 403 403 403 200 403 403 200 200 403 403",
    "GET exceptions/review/<uuid:grant_id>/":
        "302 403 403 403 403 200 403 403 403 404 403 403 200 404 403 403",
    "POST exceptions/review/<uuid:grant_id>/":
        "302 403 403 403 403 422 403 403 403 404 403 403 422 404 403 403",
    "GET exceptions/substitutes/":
        "302 403 403 403 403 200 403 403 403 200 403 403 403 403 403 403",
    "POST exceptions/substitutes/":
        "302 403 403 403 403 422 403 403 403 422 403 403 403 403 403 403",
    "GET exceptions/substitutes/<uuid:substitution_id>/close/":
        "302 403 403 403 403 200 403 403 403 404 403 403 403 403 403 403",
    "POST exceptions/substitutes/<uuid:substitution_id>/close/":
        "302 403 403 403 403 302 403 403 403 404 403 403 403 403 403 403",
    "GET exceptions/grants/<uuid:grant_id>/close/":
        "302 403 403 403 403 200 403 403 403 404 403 403 403 403 403 403",
    "POST exceptions/grants/<uuid:grant_id>/close/":
        "302 403 403 403 403 422 403 403 403 404 403 403 403 403 403 403",
    "GET exceptions/exclusions/<uuid:exclusion_id>/close/":
        "302 403 403 403 403 200 403 403 403 404 403 403 403 403 403 403",
    "POST exceptions/exclusions/<uuid:exclusion_id>/close/":
        "302 403 403 403 403 422 403 403 403 404 403 403 403 403 403 403",
    "GET exceptions/restricted/<uuid:confined_id>/lift/":
        "302 403 403 403 403 200 403 403 403 404 403 403 403 403 403 403",
    "POST exceptions/restricted/<uuid:confined_id>/lift/":
        "302 403 403 403 403 422 403 403 403 404 403 403 403 403 403 403",
    "GET exceptions/restricted/<uuid:confined_id>/name/":
        "302 403 403 403 403 200 403 403 403 404 403 403 403 403 403 403",
    "POST exceptions/restricted/<uuid:confined_id>/name/":
        "302 403 403 403 403 422 403 403 403 404 403 403 403 403 403 403",
    "GET accounts/login/":
        "200 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302",
    "POST accounts/login/":
        "200 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302",
    "GET accounts/logout/":
        "302 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200",
    "POST accounts/logout/":
        "302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302",
    "GET profile/":
        "302 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200",
    "POST profile/unit/":
        "302 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422",
    "POST profile/sessions/":
        "302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302",
    "POST language/":
        "302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302",
    "GET audit/":
        "302 403 403 403 403 200 403 403 403 200 403 403 200 200 403 403",
    "GET audit/integrity/":
        "302 403 403 403 403 200 403 403 403 200 403 403 200 200 403 403",
    "POST audit/anchors/":
        "302 403 403 403 403 403 403 403 403 403 403 403 422 422 403 403",
    "POST audit/export/":
        "302 403 403 403 403 200 403 403 403 200 403 403 200 200 403 403",
    "GET audit/access/":
        "302 403 403 403 403 200 403 403 403 200 403 403 200 200 403 403",
    "GET audit/access/sign/":
        "302 403 403 403 403 200 403 403 403 200 403 403 403 403 403 403",
    "POST audit/access/sign/":
        "302 403 403 403 403 422 403 403 403 422 403 403 403 403 403 403",
    "GET audit/access/leavers/<uuid:user_id>/":
        "302 403 403 403 403 404 403 403 403 404 403 403 403 403 403 403",
    "POST audit/access/leavers/<uuid:user_id>/":
        "302 403 403 403 403 404 403 403 403 404 403 403 403 403 403 403",
    "GET audit/access/requests/":
        "302 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200",
    "POST audit/access/requests/<int:request_id>/done/":
        "302 403 403 403 403 403 403 403 403 403 403 403 403 403 403 302",
    "GET audit/access/<slug:of>/<slug:key>/":
        "302 403 403 403 403 200 403 403 403 404 403 403 403 404 403 403",
    "POST audit/access/<slug:of>/<slug:key>/":
        "302 403 403 403 403 422 403 403 403 404 403 403 403 404 403 403",
    "POST audit/access/<slug:of>/<slug:key>/keep/":
        "302 403 403 403 403 302 403 403 403 404 403 403 403 404 403 403",
    "GET subject-access/":
        "302 403 403 403 403 200 403 403 403 200 403 403 403 403 403 403",
    "POST subject-access/":
        "302 403 403 403 403 422 403 403 403 422 403 403 403 403 403 403",
    "POST subject-access/file/":
        "302 403 403 403 403 422 403 403 403 422 403 403 403 403 403 403",
    "GET audit/extract/":
        "302 403 403 403 403 403 403 403 403 403 403 403 200 200 403 403",
    "POST audit/extract/":
        "302 403 403 403 403 403 403 403 403 403 403 403 422 422 403 403",
    "GET audit/review/":
        "302 403 403 403 403 200 403 403 403 200 403 403 200 200 403 403",
    "POST audit/review/make/":
        "302 403 403 403 403 422 403 403 403 422 403 403 422 422 403 403",
    "GET audit/review/<uuid:review_id>/":
        "302 403 403 403 403 200 403 403 403 404 403 403 200 404 403 403",
    "POST audit/review/<uuid:review_id>/items/<int:item_id>/":
        "302 403 403 403 403 422 403 403 403 404 403 403 422 404 403 403",
    "GET audit/review/<uuid:review_id>/sign/":
        "302 403 403 403 403 200 403 403 403 404 403 403 200 404 403 403",
    "POST audit/review/<uuid:review_id>/sign/":
        "302 403 403 403 403 422 403 403 403 404 403 403 422 404 403 403",
    "GET admin/":
        "302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 200",
    "POST admin/":
        "302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 200",
    "GET destruction/":
        "302 403 403 403 403 200 403 403 403 200 403 403 200 200 403 403",
    "POST destruction/propose/":
        "302 403 403 403 403 302 403 403 403 302 403 403 403 403 403 403",
    "GET destruction/<uuid:destruction_id>/":
        "302 403 403 403 403 200 403 403 403 404 403 403 200 404 403 403",
    "POST destruction/<uuid:destruction_id>/certificate/":
        "302 403 403 403 403 400 403 403 403 404 403 403 400 404 403 403",
    "GET destruction/<uuid:destruction_id>/steps/<slug:name>/":
        "302 403 403 403 403 200 403 403 403 404 403 403 200 404 403 403",
    "POST destruction/<uuid:destruction_id>/steps/<slug:name>/":
        "302 403 403 403 403 422 403 403 403 404 403 403 422 404 403 403",
    "GET healthz":
        "200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200",
    "GET readyz":
        "200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200",
}  # fmt: skip
Town = dict[str, UUID | int | str]
# allauth's and Django's own pages, each behind its own test (tests/access).
ELSEWHERE = re.compile(r"accounts/(2fa|reauthenticate|password)/|admin/.+|static/")


def addresses(resolver: Any = None, before: str = "") -> Iterator[str]:
    for one in (resolver or get_resolver()).url_patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one, path)
        elif isinstance(one, URLPattern):
            yield path


@pytest.fixture
def town(own_db: str, actor: Callable[[str], Actor]) -> Town:
    """A police case in progress with an intervention, and a file on its way in."""
    by = actor("utredare")
    case = make.in_progress(by=by)
    part = make.intervention(case, by=by)
    investigation = make.police_investigation(case, by=by)
    with make.acting(by):
        told = tell(by.unit_id, by.user_id, "handed_over", case.pk)
        given = FlagFile.objects.create(unit_id=by.unit_id, uploaded_by_id=by.user_id, name="a.csv")
        trail.reading(Reading.Kind.OPENED, about_id=case.pk, about=case.reference)
    draft = letters.disclosure(case, by)
    letter = letters.arrived(actor("socialsekreterare"), by, sender=actor("socialchef"))
    review = make.review(by)
    exempt = make.exceptions(case, actor("polischef"), by, actor("utredare2"))
    hers = Membership.objects.get(user__username="utredare2")
    with make.acting(by):
        item = review.items.get()
        asked = RoleRequest.objects.create(membership=hers, wanted="supervisor", asked_by="Chefen")
    joint.link(case, make.case(by=actor("socialsekreterare")), by, actor("socialsekreterare"))
    coordination = joint.accepted(joint.pair(actor), actor("socialsekreterare"))
    make.closed(by, actor("polischef"))
    return {
        "destruction_id": make.listed(actor("polischef")).pk,
        "certified_id": make.destroyed(actor("polischef")).pk,
        "coordination_id": coordination.pk,
        "case_id": case.pk, "part_id": part.pk, "file_id": given.pk, "review_id": review.pk,
        "item_id": item.pk, "notice_id": told.pk, "investigation_id": investigation.pk,
        "disclosure_id": draft.pk, "delivery_id": letter.pk, **exempt,
        "of": "membership", "key": hers.pk, "user_id": hers.user_id, "request_id": asked.pk,
    }  # fmt: skip


def filled(path: str, town: Town) -> str:
    values = {**{key: str(value) for key, value in town.items()}, "name": "add_observation"}
    if "part_id" in path:
        values["name"] = "replan"
    if "investigation_id" in path:
        values["name"] = "open"
    if "coordination_id" in path:
        values["name"] = "record_basis"
    if "disclosure_id" in path:
        values["name"] = "redraft"
    if "destruction_id" in path:
        values["name"] = "reject"
    if path.endswith("certificate/"):
        values["destruction_id"] = values["certified_id"]
    if "delivery_id" in path:
        values["name"] = "accept"
    return "/" + re.sub(r"<\w+:(\w+)>", lambda found: values[found[1]], path)


def answers(client: Client, path: str, method: str) -> int:
    status: int = getattr(client, method)(path).status_code
    return status


def browser(login: str, as_: Callable[[str], Client]) -> Client:
    return Client() if login == "nobody" else as_(login)


def test_every_address_is_in_the_table() -> None:
    own = {path for path in addresses() if not ELSEWHERE.match(path)}
    named = {door.split(" ", 1)[1] for door in DOORS}
    assert named == own


def test_any_other_method_is_refused(town: Town, as_: Callable[[str], Client]) -> None:
    client = as_("polischef")
    for path in {door.split(" ", 1)[1] for door in DOORS}:
        for method in ("GET", "POST", "PUT", "DELETE"):
            allauths = path.startswith(("accounts/", "admin/"))
            if f"{method} {path}" not in DOORS and not allauths:
                assert answers(client, filled(path, town), method.lower()) == 405, (method, path)


@pytest.mark.parametrize("door", DOORS)
def test_who_gets_in(town: Town, as_: Callable[[str], Client], door: str) -> None:
    method, path = door.split(" ", 1)
    found = {
        login: answers(browser(login, as_), filled(path, town), method.lower()) for login in PEOPLE
    }
    assert " ".join(str(found[login]) for login in PEOPLE) == DOORS[door]


def test_an_unknown_row_looks_like_a_foreign_one(town: Town, as_: Callable[[str], Client]) -> None:
    client = as_("socialsekreterare")
    foreign = client.get(f"/cases/{town['case_id']}/")
    unknown = client.get(f"/cases/{uuid4()}/")
    assert foreign.status_code == unknown.status_code == 404

    def words(response: Any) -> str:
        return re.sub(r"[0-9a-f-]{36}|\w{32,64}", "", response.content.decode())

    assert words(foreign) == words(unknown)
