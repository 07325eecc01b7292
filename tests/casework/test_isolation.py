"""The second wall: what PostgreSQL shows and takes as the service's own role, unit by unit."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.apps import apps

from access import exceptions
from access.actor import Actor
from access.checks import WITHOUT_POLICY
from access.grants import close_grant, open_grant
from access.models import Grant, User
from access.visible import visible_to
from audit import trail
from audit.models import Reading
from casework.models import Case, CaseAccess, FlagFile, Intervention
from casework.models.notice import tell
from casework.workflow import moment
from casework.workflow.steps import perform
from tests import joint, letters, make

Everybody = Callable[[str], Actor]
AsApp = Callable[..., psycopg.Connection]
OPEN_BY_DESIGN = WITHOUT_POLICY  # the start refuses any other table without a policy

# Behind a policy, but the same for everybody: sizes, roots, signatures.
FOR_EVERYBODY = {"audit_seal", "audit_anchor", "audit_check"}


@pytest.fixture
def town(own_db: str, actor: Everybody) -> dict[str, Case]:
    """A case with everything in it on each side, committed."""
    made, shown = {}, {}
    for login, chief in (("utredare", "polischef"), ("socialsekreterare", "socialchef")):
        by = actor(login)
        case = make.in_progress(by=by)
        support = make.intervention(case, by=by)
        support = make.step(
            support, "agree", by, consent_by="both", consent_on=moment.today(), consent_note=""
        )
        make.step(support, "add_note", by, text="Första samtalet blev av.")
        make.deadline(case, by=by)
        if login == "utredare":
            make.police_investigation(case, by=by)
        else:
            make.social_investigation(case, by=by)
        with make.acting(actor(chief)):
            tell(by.unit_id, by.user_id, "handed_over", case.pk)
            FlagFile.objects.create(unit_id=by.unit_id, uploaded_by_id=by.user_id, name="x.csv")
            until = moment.now() + timedelta(days=1)
            open_grant(case, User.objects.get(pk=by.user_id), actor(chief), "Släkting.", until)
            hidden = exceptional(by, actor(chief), actor(f"{login}2"))
        with make.acting(by):
            trail.reading(Reading.Kind.OPENED, about_id=case.pk, about=case.reference)
        for crossing in (case, hidden):
            letters.sent(crossing, by, sender=actor(chief))
        made[login], shown[login] = case, support
        make.reviewed(by, actor(chief))
        over = make.closed(by, actor(chief))
        make.destroyed(actor(chief))
        make.step(over, "hold", actor(chief), "Ett utdrag väntar.", until=None)
    coordinate(actor, made, shown)
    return made


def coordinate(actor: Everybody, made: dict[str, Case], shown: dict[str, Intervention]) -> None:
    """The two cases in an active coordination, an intervention of each on the joint plan."""
    police, social = actor("utredare"), actor("socialsekreterare")
    two = joint.Two(
        police, social, actor("polischef"), actor("socialchef"), made["utredare"],
        made["socialsekreterare"],
    )  # fmt: skip
    joint.link(two.social_case, two.police_case, social, police, two.social_chief)
    joint.active(two)
    for login, part in shown.items():
        make.step(part, "show", actor(login))


def exceptional(by: Actor, chief: Actor, other: Actor) -> Case:
    """One of every exception in the unit, by its supervisor."""
    until = moment.now() + timedelta(days=1)
    case = make.case(by=by)
    perform(case, "shut_out", chief, "Jäv.", person=other, until=None)
    exceptions.substitute(by.user_id, other.user_id, chief, "Semester.", moment.now(), until)
    people: dict[str, Any] = {"people": [by, chief], "until": until}
    perform(case, "restrict", chief, "Släkting.", ground="other", protected="", **people)
    glass = open_grant(
        case, User.objects.get(pk=other.user_id), chief, "Fara för barnet, bråttom.",
        moment.now() + timedelta(hours=1), kind=Grant.Kind.BREAK_GLASS, stake="child_at_risk",
    )  # fmt: skip
    exceptions.judge(glass, chief, "justified", "Det fanns fara.")
    return case


def tables(superuser: psycopg.Connection) -> list[str]:
    rows = superuser.execute(
        b"SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relname ~"
        b" '^(audit|access|casework)_' ORDER BY relname"
    )
    return [name for (name,) in rows]


def rows_seen(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()  # noqa: S608
    return int(row[0]) if row else 0


def test_every_table_shows_its_own_unit_only(
    town: dict[str, Case], superuser: psycopg.Connection, as_app: AsApp, actor: Everybody
) -> None:
    guarded = [name for name in tables(superuser) if name not in {*OPEN_BY_DESIGN, *FOR_EVERYBODY}]
    own = as_app(unit=actor("utredare").unit_id, user=actor("utredare").user_id)
    for login in ("socialsekreterare.granne", "utredare.granne", "samordnare", "admin"):
        other = as_app(unit=actor(login).unit_id, user=actor(login).user_id)
        assert {name: rows_seen(other, name) for name in guarded} == dict.fromkeys(guarded, 0)
    nobody = as_app()
    assert {name: rows_seen(nobody, name) for name in guarded} == dict.fromkeys(guarded, 0)
    social = as_app(unit=actor("socialsekreterare").unit_id)
    empty_for_her = {name for name in guarded if rows_seen(own, name) == 0}
    assert empty_for_her - {"casework_socialinvestigation"} == set()  # the other side's own kind
    assert rows_seen(social, "casework_socialinvestigation") == 1
    assert rows_seen(social, "casework_policeinvestigation") == 0


def test_a_new_table_without_a_policy_fails_here(superuser: psycopg.Connection) -> None:
    bare = superuser.execute(
        b"SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relname ~"
        b" '^(audit|access|casework)_' AND NOT (relrowsecurity AND relforcerowsecurity)"
    )
    assert {name for (name,) in bare} == set(OPEN_BY_DESIGN)


@pytest.mark.parametrize(
    "model", [model.__name__ for model in apps.get_app_config("casework").get_models()]
)
def test_no_row_can_be_given_to_another_unit(
    town: dict[str, Case], as_app: AsApp, actor: Everybody, model: str
) -> None:
    table = apps.get_model("casework", model)._meta.db_table
    if table in OPEN_BY_DESIGN or table == CaseAccess._meta.db_table:
        return
    me, other = actor("utredare"), actor("socialsekreterare")
    if model == "SocialInvestigation":
        me, other = other, me
    mine = as_app(unit=me.unit_id, user=me.user_id)
    with pytest.raises(psycopg.Error):
        mine.execute(f"UPDATE {table} SET unit_id = %s".encode(), [other.unit_id])  # noqa: S608


def test_the_role_has_no_delete_on_files(as_app: AsApp, superuser: psycopg.Connection) -> None:
    may_delete = superuser.execute(
        b"SELECT relname FROM pg_class WHERE relkind = 'r'"
        b" AND relname ~ '^(audit|access|casework)_'"
        b" AND has_table_privilege('fortur_app', oid, 'DELETE, TRUNCATE') ORDER BY relname"
    )
    assert [name for (name,) in may_delete] == [
        "casework_caseaccess", "casework_deliveryaccess",  # the shadow of a grant
    ]  # fmt: skip


def test_a_restricted_case_is_seen_by_the_named_only_and_the_end_counts_at_once(
    own_db: str, actor: Everybody, superuser: psycopg.Connection
) -> None:
    handler, colleague, chief = actor("utredare"), actor("utredare2"), actor("polischef")
    case = make.in_progress(by=handler)
    superuser.execute(b"SET session_replication_role = replica")
    superuser.execute(b"UPDATE casework_case SET restricted = true WHERE id = %s", [case.pk])
    with make.acting(chief):
        grant = open_grant(
            case,
            User.objects.get(pk=handler.user_id),
            chief,
            "Handlägger.",
            moment.now() + timedelta(hours=1),
        )

    def sees(by: Actor) -> tuple[bool, bool]:
        with make.acting(by):
            by_policy = Case.objects.filter(pk=case.pk).exists()
            by_query = visible_to(Case.objects.all(), by).filter(pk=case.pk).exists()
        return by_policy, by_query

    assert sees(handler) == (True, True)
    assert sees(colleague) == (False, False)
    with make.acting(chief):
        close_grant(grant, case)
    assert sees(handler) == (False, False)
