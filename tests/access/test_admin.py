"""The administration: for administrators, about people and places, never about a case."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.utils import timezone

from access import secrecy
from access.actor import Actor
from access.models import Decider, LegalGround, Membership, Unit, User
from access.session import acting_as
from audit.models import Change

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.access.probe")]
As = Callable[[str], Client]
Actors = Callable[[str], Actor]
EVERYBODY_ELSE = ["utredare", "ledare", "polischef", "omradespolis", "socialsekreterare",
                  "faltassistent", "socialchef", "dataskydd.polis", "samordnare"]  # fmt: skip
LOOKED_AFTER = ["authority", "unit", "user", "membership", "legalground"]


def changes(by: Actor, **lookup: object) -> list[Change]:
    with transaction.atomic(), acting_as(by):
        return list(Change.objects.filter(**lookup).order_by("id"))


@pytest.mark.parametrize("name", EVERYBODY_ELSE)
def test_nobody_else_enters(as_: As, name: str) -> None:
    client = as_(name)
    assert client.get("/admin/", follow=True).status_code == 403
    assert client.get("/admin/access/user/", follow=True).status_code == 403


def test_a_stranger_is_sent_to_the_one_login_page() -> None:
    answer = Client().get("/admin/access/user/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/login/")
    assert "next=/admin/access/user/" in answer.redirect_chain[-1][0].replace("%2F", "/")


@pytest.mark.parametrize("page", ["", *(f"access/{model}/" for model in LOOKED_AFTER),
                                  *(f"access/{model}/add/" for model in LOOKED_AFTER)])  # fmt: skip
def test_an_administrator_sees_the_pages(as_: As, page: str) -> None:
    assert as_("admin").get(f"/admin/{page}").status_code == 200


def test_every_row_opens(as_: As, cast: dict[str, User]) -> None:
    client = as_("admin")
    for model in LOOKED_AFTER:
        row = apps.get_model("access", model).objects.first()
        assert client.get(f"/admin/access/{model}/{row.pk}/change/").status_code == 200
        assert client.get(f"/admin/access/{model}/{row.pk}/history/").status_code == 200
        assert client.get(f"/admin/access/{model}/{row.pk}/delete/").status_code == 403


def test_no_case_is_anywhere_in_it(as_: As, cast: dict[str, User]) -> None:
    ours = {
        model._meta.label_lower
        for model in admin.site._registry
        if model._meta.app_label in ("casework", "audit", "access")
    }
    looked_after = {f"access.{model}" for model in [*LOOKED_AFTER, "decider"]}
    public = {"casework.place", "casework.rule", "casework.retentionrule"}
    assert ours <= looked_after | public
    allowed = {
        f"{model._meta.app_label}.{model._meta.model_name}"
        for model in apps.get_models()
        if user_may(cast["admin"], model._meta.app_label, str(model._meta.model_name))
    }
    assert all(name.startswith("access.") or name in public for name in allowed)


def user_may(user: User, app: str, model: str) -> bool:
    user.acting = Actor(
        user_id=user.pk, username="admin", name="", role="administrator", qualified=False,
        unit_id=1, unit="", authority_id=1, authority="municipality",
    )  # fmt: skip
    return any(user.has_perm(f"{app}.{act}_{model}") for act in ("view", "add", "change", "delete"))


def test_a_new_user_and_membership_leave_their_lines(
    as_: As, actor: Actors, cast: dict[str, User]
) -> None:
    client = as_("admin")
    added = client.post(
        "/admin/access/user/add/",
        {"username": "Ny.Utredare", "name": "Ny Utredare", "usable_password": "true",
         "authority": cast["utredare"].authority_id,
         "password1": "en lång mening om ingenting", "password2": "en lång mening om ingenting"},
    )  # fmt: skip
    assert added.status_code == 302
    user = User.objects.get(username="ny.utredare")
    joined = client.post(
        "/admin/access/membership/add/",
        {"user": user.pk, "unit": actor("utredare").unit_id, "role": "investigator",
         "since": "2026-01-01", "until": ""},
    )  # fmt: skip
    assert joined.status_code == 302
    mine = changes(actor("admin"), action="created")
    assert [line.model for line in mine] == ["access.user", "access.membership"]
    assert mine[0].object_id == str(user.pk)
    assert "pbkdf2" not in str(mine[0].changes)
    assert "md5$" not in str(mine[0].changes)


@pytest.mark.parametrize(
    ("unit_of", "role"), [("socialchef", "supervisor"), ("utredare.granne", "social_worker")]
)
def test_what_the_database_would_refuse_is_said_in_the_form(
    as_: As, actor: Actors, cast: dict[str, User], unit_of: str, role: str
) -> None:
    answer = as_("admin").post(
        "/admin/access/membership/add/",
        {"user": cast["utredare"].pk, "unit": actor(unit_of).unit_id, "role": role,
         "since": "2026-01-01", "until": ""},
    )  # fmt: skip
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors
    assert not Membership.objects.filter(role=role, user=cast["utredare"]).exists()


def test_a_membership_is_ended_not_rewritten(as_: As, cast: dict[str, User]) -> None:
    held = Membership.objects.get(user=cast["utredare"])
    as_("admin").post(
        f"/admin/access/membership/{held.pk}/change/", {"role": "supervisor", "until": "2026-12-31"}
    )
    held.refresh_from_db()
    assert held.role == "investigator"
    assert str(held.until) == "2026-12-31"


def test_a_password_set_by_an_administrator_ends_the_users_sessions(
    as_: As, cast: dict[str, User]
) -> None:
    hers = as_("utredare")
    new = "en lång mening om ingenting"
    done = as_("admin").post(
        f"/admin/access/user/{cast['utredare'].pk}/password/",
        {"usable_password": "true", "password1": new, "password2": new},
    )
    assert done.status_code == 302
    assert hers.get("/").content == b"nobody"


def test_removing_a_second_factor_ends_the_sessions(as_: As, cast: dict[str, User]) -> None:
    hers = as_("utredare")
    done = as_("admin").post(
        "/admin/access/user/",
        {"action": "remove_second_factor", "_selected_action": [str(cast["utredare"].pk)]},
    )
    assert done.status_code == 302
    assert hers.get("/").content == b"nobody"


def test_administrators_are_staff_only_while_they_act(cast: dict[str, User]) -> None:
    assert not cast["admin"].is_staff
    assert not cast["admin"].has_perm("access.view_user")


def test_a_unit_stays_in_its_authority(as_: As, actor: Actors) -> None:
    unit = Unit.objects.get(pk=actor("utredare").unit_id)
    as_("admin").post(
        f"/admin/access/unit/{unit.pk}/change/",
        {"name": unit.name, "short": unit.short, "authority": actor("socialchef").authority_id},
    )
    unit.refresh_from_db()
    assert unit.authority_id == actor("utredare").authority_id


def newer(of: str = "UNGA21", **changed: Any) -> dict[str, Any]:
    """The form of a new version, as it is filled in for her."""
    row = LegalGround.objects.filter(code=of).latest("valid_from")
    sent = {"code": of, "valid_from": timezone.localdate(), "name": row.name,
            "source": row.source, "source_url": row.source_url, "verified": row.verified,
            "decides": row.decides, "questions": row.questions, "note": row.note,
            "ways": json.dumps(row.ways)}  # fmt: skip
    if row.needs_review:
        sent["needs_review"] = "on"
    return {**sent, **changed}


def test_a_new_version_of_a_ground_begins_with_the_newest(as_: As, actor: Actors) -> None:
    client, address = as_("admin"), "/admin/access/legalground/add/"
    shown = client.get(f"{address}?code=UNGA21").content.decode()
    assert "10 kap. 18 a" in shown
    assert client.get(f"{address}?code=nonsense").status_code == 200
    assert client.post(address, newer(decides=["social_worker"])).status_code == 302
    found = secrecy.in_force("UNGA21", timezone.localdate())
    assert found is not None
    assert found.decides == ["social_worker"]
    (line,) = changes(actor("admin"), model="access.legalground")
    assert line.action == "created"


@pytest.mark.parametrize(
    "wrong",
    [
        {"valid_from": "2026-01-01"},
        {"valid_from": ""},
        {"decides": []},
        {"decides": ["auditor"]},
        {"ways": "nonsense"},
        {"ways": '[{"from": "police"}]'},
        {"ways": '[{"from":"social","to":"police","subject":"gossip","initiative":"own"}]'},
        {"questions": ["nonsense"]},
        {"code": "GOSSIP"},
        {"source": ""},
    ],
    ids=str,
)
def test_a_faulty_version_is_refused_in_words(as_: As, wrong: dict[str, Any]) -> None:
    before = LegalGround.objects.count()
    answer = as_("admin").post("/admin/access/legalground/add/", newer(**wrong))
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors
    assert LegalGround.objects.count() == before


def test_no_version_is_changed_through_the_administration(as_: As) -> None:
    row = LegalGround.objects.latest("id")
    address = f"/admin/access/legalground/{row.pk}/change/"
    client = as_("admin")
    assert client.get(address).status_code == 200
    assert client.post(address, newer(row.code, name="Annat")).status_code == 403


def test_a_delegation_is_added(as_: As, cast: dict[str, User]) -> None:
    client, address = as_("admin"), "/admin/access/decider/add/"
    sent = {"authority": cast["socialchef"].authority_id, "ground_code": "BROTT_6M",
            "valid_from": timezone.localdate(), "decides": ["investigator"]}  # fmt: skip
    assert client.get(address).status_code == 200
    assert client.post(address, sent).status_code == 200  # no role of theirs
    assert client.post(address, sent | {"decides": ["social_worker"]}).status_code == 302
    row = Decider.objects.get()
    assert client.get(f"/admin/access/decider/{row.pk}/change/").status_code == 200
    assert client.get("/admin/access/decider/").status_code == 200
