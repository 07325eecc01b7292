"""Where somebody stood still: a lone supervisor and a restriction, a marked letter and no case."""

from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest

from access import exceptions as doors
from access.actor import Actor
from access.models import Confined, Exclusion, User
from audit.models import Change, Reading, Step
from casework.models import Case, Delivery, Notice
from casework.workflow import moment
from tests import letters, make
from tests.pages import Find, Login, form_with, readings

AsApp = Callable[..., psycopg.Connection]
db = pytest.mark.django_db


def confined(case: Case, chief: Actor) -> str:
    with make.acting(chief):
        row = Confined.objects.get(about_id=case.pk, ended_at=None)
    return f"/exceptions/restricted/{row.pk}/"


@db
def test_a_supervisor_who_is_not_named_lifts_a_restriction_and_those_named_are_told(
    as_: Login, actor: Find
) -> None:
    officer, chief = actor("utredare"), actor("polischef")
    case = make.restricted(make.in_progress(by=officer), chief, officer)
    client, url = as_("polischef"), confined(case, chief) + "lift/"
    assert client.get(f"/cases/{case.pk}/").status_code == 404
    assert url in client.get("/exceptions/").text
    page = client.get(url).text
    assert case.reference in page
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "Hotet är borta."}).status_code == 302
    assert client.get(f"/cases/{case.pk}/").status_code == 200
    with make.acting(officer):
        assert Step.objects.filter(about_id=case.pk, step="unrestrict").count() == 1
        told = Notice.objects.get(user_id=officer.user_id, kind="restricted_lifted")
        assert told.facts == {"reference": case.reference}


@db
def test_while_a_supervisor_is_named_it_is_hers(as_: Login, actor: Find) -> None:
    officer, chief = actor("utredare"), actor("polischef")
    case = make.restricted(make.in_progress(by=officer), chief, officer, chief)
    for step in ("lift/", "name/"):
        answer = as_("polischef").get(confined(case, chief) + step)
        assert answer.status_code == 409
        assert "namngiven" in answer.text


@db
def test_while_others_are_named_she_names_colleagues_and_not_herself(
    as_: Login, actor: Find
) -> None:
    officer, chief, other = actor("utredare"), actor("polischef"), actor("utredare2")
    case = make.restricted(make.in_progress(by=officer), chief, officer)
    client, url = as_("polischef"), confined(case, chief) + "name/"
    until = (moment.today() + timedelta(days=9)).isoformat()
    sent = {"people": [str(chief.user_id)], "reason": "Semester.", "until": until}
    assert str(chief.user_id) not in client.get(url).text
    assert client.post(url, sent).status_code == 422
    assert client.post(url, {**sent, "people": [str(other.user_id)]}).status_code == 302
    assert as_("utredare2").get(f"/cases/{case.pk}/").status_code == 200
    assert client.get(f"/cases/{case.pk}/").status_code == 404


@db
def test_whoever_broke_the_glass_does_not_lift_it_this_way_either(as_: Login, actor: Find) -> None:
    officer, chief = actor("utredare"), actor("polischef")
    case = make.restricted(make.in_progress(by=officer), chief, officer)
    client = as_("polischef")
    why = "Samtal om att barnet är i fara i kväll."
    sent = {"reference": case.reference, "stake": "child_at_risk", "reason": why}
    assert client.post("/exceptions/break-glass/", sent).status_code == 302
    answer = client.post(confined(case, chief) + "lift/", {"reason": "Hotet är borta."})
    assert answer.status_code == 409
    with make.acting(officer):
        assert Case.objects.get(pk=case.pk).restricted


# --- a marked letter and no case ------------------------------------------------------------------


def marked(actor: Find) -> Delivery:
    """A secrecy marked letter that waits at social services, who have no case."""
    officer, chief = actor("utredare"), actor("polischef")
    case = make.case(officer)
    case = make.restricted(case, chief, officer, chief)
    made = letters.sent(case, officer, chief)
    with make.acting(actor("socialchef")):
        return Delivery.objects.get(disclosure_id=made.pk)


@db
def test_a_supervisor_names_somebody_for_a_marked_letter_who_then_opens_a_case(
    as_: Login, actor: Find
) -> None:
    letter, worker = marked(actor), actor("socialsekreterare")
    address = f"/inbox/{letter.pk}/"
    assert letter.restricted
    assert as_("socialsekreterare").get(address).status_code == 404
    client = as_("socialchef")
    assert client.get(f"{address}steps/open_case/").status_code == 403
    assert f"{address}steps/name/" in client.get(address).text
    until = (moment.today() + timedelta(days=9)).isoformat()
    sent = {"people": [str(worker.user_id)], "until": until, "reason": "Tar emot."}
    assert client.post(f"{address}steps/name/", {**sent, "people": []}).status_code == 422
    assert client.post(f"{address}steps/name/", sent).status_code == 302
    assert client.get(address).status_code == 200
    hers = as_("socialsekreterare")
    assert hers.get(address).status_code == 200
    assert as_("socialsekreterare2").get(address).status_code == 404
    assert "namngiven" in hers.get("/").text
    form = form_with(hers.get(f"{address}steps/open_case/").content, "place")
    place = str(make.place().pk)
    filled = {**form, "place": form.get("place") or place, "kind": form.get("kind") or "use"}
    filled["suspicion"] = "no"
    filled["seen_at"] = form.get("seen_at") or f"{moment.today().isoformat()}T00:00"
    answer = hers.post(f"{address}steps/open_case/", filled)
    assert answer.status_code == 302, answer.text
    with make.acting(worker):
        letter = Delivery.objects.get(pk=letter.pk)
        assert letter.case_id
        lines = [one.step for one in Step.objects.filter(thing_id=letter.pk).order_by("seq")]
    assert lines == ["arrive", "name", "open_case"]


@db
def test_naming_is_the_supervisors_and_for_what_is_marked(as_: Login, actor: Find) -> None:
    letter = letters.arrived(actor("utredare"), actor("socialsekreterare"))
    address = f"/inbox/{letter.pk}/steps/name/"
    assert as_("socialsekreterare").get(address).status_code == 403
    assert as_("socialchef").get(address).status_code == 409


# --- what was said of what happened ---------------------------------------------------------------


@db
def test_what_comes_about_somebody_with_an_open_case_opens_none(as_: Login, actor: Find) -> None:
    there, number = actor("socialsekreterare"), make.number()
    case = make.case(there, number=number)
    sent = make.case(actor("utredare"), number=number)
    fields = ["name", "birth_date", "personal_number", "place", "observation"]
    made = letters.sent(sent, actor("utredare"), fields=fields)
    with make.acting(there):
        letter = Delivery.objects.get(disclosure_id=made.pk)
    client, address = as_("socialsekreterare"), f"/inbox/{letter.pk}/steps/open_case/"
    form = form_with(client.get(address).content, "personal_number")
    answer = client.post(address, {**form, "suspicion": "no"}, follow=True)
    assert "var redan öppet" in answer.text
    assert "Ärende öppnat" not in answer.text.split("<main")[0]
    with make.acting(there):
        assert Delivery.objects.get(pk=letter.pk).case_id == case.pk
        assert Step.objects.filter(thing_id=letter.pk).latest("seq").step == "accept"


# --- what shows a number --------------------------------------------------------------------------


@db
def test_a_letter_masks_its_numbers_and_showing_them_is_a_reveal(as_: Login, actor: Find) -> None:
    there, number = actor("socialsekreterare"), make.number()
    officer = actor("utredare")
    made = letters.sent(
        make.case(officer, number=number), officer,
        fields=["name", "personal_number"], text=f"Kallas {number[2:8]}-{number[8:]} i 2026-0042.",
    )  # fmt: skip
    with make.acting(there):
        letter = Delivery.objects.get(disclosure_id=made.pk)
    for client, address, who in (
        (as_("socialsekreterare"), f"/inbox/{letter.pk}/", there),
        (as_("utredare"), f"/cases/{made.case_id}/disclosures/{made.pk}/", officer),
    ):
        seen = client.get(address).text
        assert number[8:] not in seen
        assert f"{number[:8]}-****" in seen
        assert f"{number[2:8]}-****" in seen
        assert "2026-0042" in seen
        assert readings(who, kind="revealed") == []
        shown = client.post(f"{address}reveal/").text
        assert f"{number[:8]}-{number[8:]}" in shown
        assert len(readings(who, kind="revealed")) == 1
        assert client.get(f"{address}reveal/").status_code == 405


@db
def test_the_page_that_sends_shows_every_byte_and_is_a_reveal(as_: Login, actor: Find) -> None:
    officer, number = actor("utredare"), make.number()
    draft = letters.disclosure(
        make.case(officer, number=number), officer, fields=["name", "personal_number"]
    )
    address = f"/cases/{draft.case_id}/disclosures/{draft.pk}/steps/send/"
    assert f"{number[:8]}-{number[8:]}" in as_("utredare").get(address).text
    assert [line.kind for line in readings(officer)] == ["revealed"]


# --- what the lines tell --------------------------------------------------------------------------


@db
def test_a_search_that_shows_several_names_only_what_everybody_may_see(
    as_: Login, actor: Find
) -> None:
    officer, chief = actor("utredare"), actor("polischef")
    kept = make.restricted(make.case(officer, family_name="Sökarsson"), chief, officer)
    plain = make.case(officer, family_name="Sökarsson")
    as_("utredare").get("/cases/?q=Sökarsson&mine=all")
    (line,) = readings(officer, kind="searched")
    assert line.detail["found"] == [plain.reference]
    assert line.detail["kept"] == 1
    with make.acting(chief):
        assert not Reading.objects.filter(detail__icontains=kept.reference).exists()


@db
def test_lines_about_an_exclusion_are_kept_from_whoever_is_shut_out(actor: Find) -> None:
    officer, chief, other = actor("utredare"), actor("polischef"), actor("utredare2")
    case = make.in_progress(by=officer)
    with make.acting(chief):
        doors.shut_out(other.user_id, case.pk, [(case.pk, case.reference)], chief, "Släkt.", None)
    for who, sees in ((chief, True), (officer, True), (other, False)):
        with make.acting(who):
            lines = Change.objects.filter(model="access.exclusion", about_id=case.pk)
            assert lines.exists() == sees
            told = Change.objects.filter(
                changes__icontains=case.reference, model="access.exclusion"
            )
            assert told.exists() == sees


@db
def test_a_supervisor_can_shut_herself_out(actor: Find) -> None:
    officer, chief = actor("utredare"), actor("polischef")
    case = make.in_progress(by=officer)
    make.step(case, "shut_out", chief, "Släkt.", person=chief, until=None)
    with make.acting(chief):
        assert not Change.objects.filter(changes__icontains=case.reference).exists()
        assert Exclusion.objects.filter(user_id=chief.user_id).exists()


# --- who stands in for whom -----------------------------------------------------------------------


def test_another_units_substitutions_are_nobodys_to_read(
    own_db: str, actor: Find, as_app: AsApp
) -> None:
    chief, officer, other = actor("polischef"), actor("utredare"), actor("utredare2")
    now = moment.now()
    with make.acting(chief):
        doors.substitute(
            officer.user_id, other.user_id, chief, "Semester.", now, now + timedelta(days=2)
        )
    count = b"SELECT count(*) FROM access_substitution"
    stands = b"SELECT cardinality(stands_in_for(%s, %s))"
    asked = [other.user_id, other.unit_id]
    seen = {}
    for login in ("utredare", "socialchef", "utredare2"):
        who = actor(login)
        as_her = as_app(unit=who.unit_id, user=who.user_id)
        seen[login] = (as_her.execute(count).fetchone(), as_her.execute(stands, asked).fetchone())
        as_her.rollback()
    assert seen["utredare"] == ((1,), (1,))
    assert seen["utredare2"] == ((1,), (1,))
    assert seen["socialchef"] == ((0,), (0,))
    nobody = as_app()
    assert nobody.execute(count).fetchone() == (0,)
    assert nobody.execute(stands, asked).fetchone() == (1,)  # login asks before anybody acts
    nobody.rollback()
    assert actor("utredare2").stands_in_for == {officer.user_id}
    assert User.objects.exists()
