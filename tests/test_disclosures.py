"""A disclosure's pages: what was previewed is sent, by whoever decides, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest

from access.actor import role_words
from casework.models import Case, Delivery, Disclosure
from casework.workflow import moment
from tests import letters, make
from tests.pages import Find, Login, form_with, readings, steps

pytestmark = pytest.mark.django_db


def page(draft: Disclosure, step: str = "") -> str:
    tail = f"steps/{step}/" if step else ""
    return f"/cases/{draft.case_id}/disclosures/{draft.pk}/{tail}"


def now(draft: Disclosure, by: Any) -> Disclosure:
    with make.acting(by):
        return Disclosure.objects.get(pk=draft.pk)


def test_looking_at_one_leaves_a_line(as_: Login, actor: Find) -> None:
    by = actor("utredare")
    draft = letters.disclosure(make.case(by), by)
    shown = as_("utredare").get(page(draft)).content.decode()
    assert draft.case.reference in shown
    opened = readings(by, kind="opened")
    assert [line.detail for line in opened] == [{"part": "disclosure", "part_id": str(draft.pk)}]


def test_what_changed_since_the_preview_is_not_sent(as_: Login, actor: Find) -> None:
    by = actor("utredare")
    case = make.case(by)
    draft = letters.disclosure(case, by, fields=["name", "observation"])
    client = as_("utredare")
    form = form_with(client.get(page(draft, "send")).content, "shown")
    make.step(
        case, "add_observation", by, place=make.place(), seen_at=moment.now(), kind="sale",
        source="own", suspicion=True, text="", fingerprint=b"x",
    )  # fmt: skip
    answer = client.post(page(draft, "send"), form)
    assert answer.status_code == 409
    fresh = form_with(answer.content, "shown")
    assert fresh["shown"] != form["shown"]
    confirmed = client.post(page(draft, "send"), {**form, "confirmed": "yes"})
    assert confirmed.status_code == 409
    assert now(draft, by).state == "draft"
    assert client.post(page(draft, "send"), {**fresh, "confirmed": "yes"}).status_code == 302
    assert now(draft, by).content_hash == fresh["shown"]


@pytest.mark.parametrize("shown", ["", "0" * 64, "rubbish", "x" * 65])
def test_nothing_is_sent_without_the_previews_checksum(as_: Login, actor: Find, shown: str) -> None:
    by = actor("utredare")
    draft = letters.disclosure(make.case(by), by)
    sent = {"shown": shown, "confirmed": "yes", "version": 0}
    assert as_("utredare").post(page(draft, "send"), sent).status_code in (409, 422)
    assert now(draft, by).state == "draft"


def test_a_stale_page_sends_nothing(as_: Login, actor: Find) -> None:
    by = actor("utredare")
    draft = letters.disclosure(make.case(by), by)
    client = as_("utredare")
    form = form_with(client.get(page(draft, "send")).content, "shown")
    names = ("to_unit", "subject", "initiative", "ground", "answers", "fields")
    with make.acting(by):
        kept = {name: getattr(draft, name) for name in names}
    make.step(draft, "redraft", by, **kept | {"fields": ["name"]})
    assert client.post(page(draft, "send"), {**form, "confirmed": "yes"}).status_code == 409
    assert now(draft, by).state == "draft"


def test_who_may_not_decide_is_told_who_can(as_: Login, actor: Find) -> None:
    worker = actor("socialsekreterare")
    draft = letters.disclosure(make.case(worker), worker)
    client = as_("socialsekreterare")
    answer = client.get(page(draft, "send"))
    assert answer.status_code == 403
    head = role_words("supervisor").lower()
    assert head in answer.content.decode().lower()
    assert head in client.get(page(draft)).content.decode().lower()
    assert as_("socialchef").get(page(draft, "send")).status_code == 200


def test_deciding_against_it_is_recorded(as_: Login, actor: Find) -> None:
    worker, chief = actor("socialsekreterare"), actor("socialchef")
    draft = letters.disclosure(make.case(worker), worker)
    client = as_("socialchef")
    asked = client.post(page(draft, "refuse"), {"reason": "Insatserna går bra."})
    hidden = form_with(asked.content, "confirmed")
    assert client.post(page(draft, "refuse"), hidden).status_code == 302
    fresh = now(draft, chief)
    assert (fresh.state, fresh.refused_why) == ("refused", "Insatserna går bra.")
    assert steps(chief, thing_id=draft.pk, step="refuse")[0].reason == "Insatserna går bra."
    with make.acting(actor("utredare")):
        assert not Delivery.objects.exists()


def test_a_draft_is_changed(as_: Login, actor: Find) -> None:
    by = actor("utredare")
    draft = letters.disclosure(make.case(by), by)
    client = as_("utredare")
    form = form_with(client.get(page(draft, "redraft")).content, "child_assessment")
    sent = {**form, "fields": ["name", "place"], "informed": "yes", "channel": "service",
            "text": "Sågs ensam."}  # fmt: skip
    assert client.post(page(draft, "redraft"), sent).status_code == 302
    assert now(draft, by).fields == ["name", "place"]
    assert "Sågs ensam." in client.get(page(draft)).content.decode()
    log = client.get(f"/cases/{draft.case_id}/log/").content.decode()
    assert "namn, födelsedatum" in log.lower(), "the log tells a list of facts in words"


def test_one_that_is_told_by_phone_is_written_down_and_not_delivered(actor: Find) -> None:
    by = actor("socialsekreterare")
    made = letters.sent(make.case(by), by, subject="acute", channel="phone")
    with make.acting(actor("utredare")):
        assert not Delivery.objects.exists()
    assert now(made, by).content_hash


def test_other_units_find_nothing(as_: Login, actor: Find) -> None:
    by = actor("utredare")
    draft = letters.disclosure(make.case(by), by)
    for name in ("socialsekreterare", "utredare.granne"):
        assert as_(name).get(page(draft)).status_code == 404
        assert as_(name).post(page(draft, "send"), {}).status_code == 404
    assert as_("utredare").get(page(draft, "draft")).status_code == 404


def test_it_is_found_under_its_own_case_only(as_: Login, actor: Find) -> None:
    by = actor("utredare")
    draft, other = letters.disclosure(make.case(by), by), make.case(by)
    address = f"/cases/{other.pk}/disclosures/{draft.pk}/"
    assert as_("utredare").get(address).status_code == 404


def test_what_waits_is_on_the_start_page_of_whoever_decides(as_: Login, actor: Find) -> None:
    worker = actor("socialsekreterare")
    draft = letters.disclosure(make.case(worker), worker)
    assert page(draft) in as_("socialchef").get("/").content.decode()
    assert page(draft) not in as_("socialsekreterare").get("/").content.decode()


def test_the_case_page_tells_what_crossed(as_: Login, actor: Find) -> None:
    by, there = actor("utredare"), actor("socialsekreterare")
    number = make.number()
    case, theirs = make.case(by, number=number), make.case(there, number=number)
    made = letters.sent(case, by)
    with make.acting(there):
        letter = Delivery.objects.get(disclosure_id=made.pk)
    make.step(letter, "accept", there, case=theirs)
    assert page(made) in as_("utredare").get(f"/cases/{case.pk}/").content.decode()
    shown = as_("socialsekreterare").get(f"/cases/{theirs.pk}/").content.decode()
    assert f"/inbox/{letter.pk}/" in shown
    assert as_("socialsekreterare").get(f"/cases/{theirs.pk}/log/").status_code == 200


# --- protected identity ---------------------------------------------------------------------------


def protected(actor: Find) -> Case:
    by, chief = actor("utredare"), actor("polischef")
    until = moment.now() + timedelta(days=9)
    return make.step(
        make.case(by), "restrict", chief, "Skyddad.", ground="protected_identity",
        protected="marked", people=[by, chief], until=until,
    )  # fmt: skip


def test_a_protected_identity_is_confirmed_once_more(as_: Login, actor: Find) -> None:
    by = actor("utredare")
    draft = letters.disclosure(protected(actor), by)
    client = as_("utredare")
    form = form_with(client.get(page(draft, "send")).content, "certain")
    form.pop("certain", None)
    assert client.post(page(draft, "send"), {**form, "confirmed": "yes"}).status_code == 422
    sent = {**form, "certain": "on", "confirmed": "yes"}
    assert client.post(page(draft, "send"), sent).status_code == 302
    with make.acting(actor("socialchef")):
        assert Delivery.objects.get(disclosure_id=draft.pk).restricted


@pytest.mark.parametrize(
    "more", [{"fields": ["place"]}, {"fields": ["observation"]}, {"text": "Bor hos sin moster."}],
    ids=str,
)  # fmt: skip
def test_no_place_and_no_free_words_about_a_protected_identity(
    actor: Find, more: dict[str, Any]
) -> None:
    by, case = actor("utredare"), protected(actor)
    with pytest.raises(letters.NotNow):
        letters.disclosure(case, by, **more)
