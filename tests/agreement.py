"""Policy, queryset and rule: for every table, every login and every row, do they agree?

    python -m pytest tests/casework/test_agreement.py            (a short run)
    AGREEMENT_ROUNDS=60 python -m pytest tests/casework/test_agreement.py -s

A town with one of everything on both sides is changed at random – cases restricted, named, lifted,
people shut out and let in, substitutes, emergency openings, all with ends in the past, now and in
the future – and after each round everybody's view of every row is asked three times: what the
database's policy gives for a bare SELECT, what `visible_to` gives to a superuser, whom no policy
helps, and what `Rule` below says, which is written from the facts alone, in plain Python, and
shares no code with either.
"""

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import models
from psycopg import sql
from psycopg.rows import dict_row

from access import exceptions as doors
from access import rules
from access.actor import Actor
from access.grants import close_grant, open_on
from access.models import Exclusion, User
from access.visible import visible_to
from casework.exceptions import for_one_step
from casework.models import Case
from casework.workflow import moment
from casework.workflow.steps import Closed, perform
from tests import make

SEEN_BY_ALL = {"access.membership"}  # asked at login; no row security (access.checks)
Row = dict[str, Any]


def compared() -> list[type[models.Model]]:
    """Every table with an owner: those with a column `unit`."""
    found = []
    for room in ("access", "casework", "audit"):
        for model in apps.get_app_config(room).get_models():
            names = {one.attname for one in model._meta.concrete_fields}
            if "unit_id" in names and model._meta.label_lower not in SEEN_BY_ALL:
                found.append(model)
    return [model for model in found if model._meta.db_table != "audit_line"]


# --- the rule -------------------------------------------------------------------------------------


class Rule:
    """Who sees which row, said once more from the facts: all rows, as a superuser reads them."""

    def __init__(self, superuser: psycopg.Connection) -> None:
        self.now: datetime = superuser.execute("SELECT now()").fetchone()[0]  # type: ignore[index]
        self.rows: dict[str, dict[Any, Row]] = {}
        for model in compared():
            query = sql.SQL("SELECT * FROM {}").format(sql.Identifier(model._meta.db_table))
            with superuser.cursor(row_factory=dict_row) as cursor:
                held = cursor.execute(query).fetchall()
            self.rows[model._meta.label_lower] = {row["id"]: row for row in held}

    def holds(self, row: Row, end: str = "closed_at") -> bool:
        ends = row["until"]
        return row[end] is None and row["since"] <= self.now and (not ends or ends > self.now)

    def granted(self, who: Actor) -> set[UUID]:
        """What open grants name her for, and what is confined with it."""
        mine = {
            row["thing_id"]
            for row in self.rows["access.grant"].values()
            if row["user_id"] == who.user_id and row["unit_id"] == who.unit_id and self.holds(row)
        }
        together = {
            row["about_id"]
            for row in self.rows["access.confined"].values()
            if row["ended_at"] is None and row["thing_id"] in mine and row["unit_id"] == who.unit_id
        }
        return mine | together

    def shut_out(self, who: Actor) -> set[UUID]:
        return {
            row["about_id"]
            for row in self.rows["access.exclusion"].values()
            if row["user_id"] == who.user_id and row["unit_id"] == who.unit_id and self.holds(row)
        }

    def seen(self, model: type[models.Model], who: Actor) -> set[Any]:
        """The keys of the rows that she sees."""
        granted, shut_out = self.granted(who), self.shut_out(who)
        held = self.rows[model._meta.label_lower]
        return {key for key, row in held.items() if self.sees(model, row, who, granted, shut_out)}

    def sees(
        self, model: type[models.Model], row: Row, who: Actor, granted: set[UUID], out: set[UUID]
    ) -> bool:
        room, name = model._meta.app_label, model._meta.model_name
        own = row["unit_id"] == who.unit_id
        if room == "audit" and "about_id" in row:
            return self.reads(row, who, granted, out)
        if room in ("access", "audit"):
            return own or (who.is_auditor and row["authority_id"] == who.authority_id)
        if not own:
            return False
        if name == "person":
            needed = row["restricted_case"]
            return row["id"] not in out and (needed is None or needed in granted)
        if name == "notice" and row["user_id"] != who.user_id:
            return False
        if name == "planitem" and not self.shared(row):
            return False
        hidden = (self.hidden(row, granted, out), self.hidden(self.case_of(row), granted, out))
        return not any(hidden)

    def reads(self, row: Row, who: Actor, granted: set[UUID], out: set[UUID]) -> bool:
        about = row["about_id"]
        if about in out:
            return False
        if who.is_auditor and row["authority_id"] == who.authority_id:
            return True
        kept = {
            one["about_id"]
            for one in self.rows["access.confined"].values()
            if one["ended_at"] is None and one["unit_id"] == who.unit_id
        }
        return row["unit_id"] == who.unit_id and (about not in kept or about in granted)

    def hidden(self, row: Row | None, granted: set[UUID], out: set[UUID]) -> bool:
        if row is None:
            return False
        return bool(row.get("restricted") and row["id"] not in granted) or row["id"] in out

    def case_of(self, row: Row) -> Row | None:
        """The case that the row is a part of, at whatever depth."""
        for column, table in (
            ("case_id", "casework.case"),
            ("intervention_id", "casework.intervention"),
            ("coordination_id", "casework.coordination"),
        ):
            if row.get(column):
                over = self.rows[table][row[column]]
                return over if table == "casework.case" else self.case_of(over)
        return None

    def shared(self, row: Row) -> bool:
        """A consent is in force, or both sides have a ground; the coordination is active."""
        over, today = self.rows["casework.coordination"][row["coordination_id"]], moment.today()
        if over["state"] != "active" or over["ends_on"] < today:
            return False
        if over["basis"] == "consent":
            within = over["consent_from"] <= today <= over["consent_until"]
            return within and over["consent_withdrawn_on"] is None
        return (
            over["basis"] == "ground"
            and over["ground_id"] is not None
            and bool(over["other_ground"])
        )


# --- the comparison -------------------------------------------------------------------------------


@dataclass
class Tally:
    triples: int = 0
    hidden: int = 0  # of them: rows that she doesn't see
    disagreements: list[str] = field(default_factory=list)


def compare(superuser: psycopg.Connection, people: list[Actor], tally: Tally) -> None:
    """Ask all three about every row for everybody, in one state of the town."""
    rule = Rule(superuser)
    for who in people:
        with make.acting(who):
            for model in compared():
                every = rule.rows[model._meta.label_lower]
                said = rule.seen(model, who)
                rows: models.QuerySet[Any] = model._default_manager.order_by()
                by_policy = set(rows.values_list("pk", flat=True))
                by_query = keys(superuser, visible_to(rows, who))
                tally.triples += len(every)
                tally.hidden += len(every) - len(said)
                for key in set(every) & (said ^ by_policy | said ^ by_query | by_policy ^ by_query):
                    tally.disagreements.append(
                        f"{model.__name__} {key} for {who.username}: rule {key in said},"
                        f" policy {key in by_policy}, queryset {key in by_query}"
                    )
                if model is Case:
                    tally.disagreements += other_units(rows.filter(pk__in=by_query), who)


def keys(superuser: psycopg.Connection, rows: models.QuerySet[Any]) -> set[Any]:
    """What the queryset alone gives: asked as a superuser, whom no policy helps."""
    try:
        query, values = rows.values_list("pk").query.sql_with_params()
    except EmptyResultSet:
        return set()
    return {key for (key,) in superuser.execute(query.encode(), values)}


def other_units(cases: models.QuerySet[Any], who: Actor) -> Iterator[str]:
    """No rule holds for a case that isn't her unit's; `anyone_in_unit` holds for all she sees."""
    for case in cases:
        if not rules.anyone_in_unit(who, case):
            yield f"Case {case.pk} for {who.username}: a rule says no"


# --- what happens to the town ---------------------------------------------------------------------


@dataclass
class Changes:
    """Random exceptions by the supervisors of both sides."""

    dice: random.Random
    chiefs: list[Actor]
    colleagues: dict[int, list[Actor]]  # by unit
    cases: dict[int, list[UUID]]

    def happen(self, times: int) -> None:
        acts = [self.restrict, self.lift, self.shut_out, self.let_in, self.grant, self.close,
                self.stand_in]  # fmt: skip
        for _ in range(times):
            chief = self.dice.choice(self.chiefs)
            with make.acting(chief):
                self.dice.choice(acts)(chief)

    def someone(self, chief: Actor) -> Actor:
        return self.dice.choice(self.colleagues[chief.unit_id])

    def case(self, chief: Actor) -> UUID:
        return self.dice.choice(self.cases[chief.unit_id])

    def until(self) -> datetime:
        return moment.now() + timedelta(days=self.dice.randint(1, 300))

    def take(self, chief: Actor, name: str, **facts: Any) -> None:
        with for_one_step(self.case(chief), chief, "Prov.") as case:
            if case is not None:
                with suppress(Closed):
                    perform(case, name, chief, "Prov.", **facts)

    def restrict(self, chief: Actor) -> None:
        people = list(
            {one.user_id: one for one in [self.someone(chief), self.someone(chief)]}.values()
        )
        given = {"ground": "other", "protected": ""}
        self.take(chief, "restrict", people=people, until=self.until(), **given)

    def lift(self, chief: Actor) -> None:
        self.take(chief, "unrestrict")

    def shut_out(self, chief: Actor) -> None:
        until = self.dice.choice([None, self.until()])
        self.take(chief, "shut_out", person=self.someone(chief), until=until)

    def let_in(self, chief: Actor) -> None:
        held = Exclusion.objects.pending().filter(unit_id=chief.unit_id).first()
        if held:
            doors.let_in(held.user_id, [held.about_id])

    def grant(self, chief: Actor) -> None:
        """Past, present or to come; for a case or for nothing at all."""
        first = moment.now() + timedelta(days=self.dice.choice([-20, -5, -1, 3]))
        last = first + timedelta(days=self.dice.choice([2, 10, 200]))
        thing = Case(pk=self.case(chief))
        user = User(pk=self.someone(chief).user_id)
        make.grant(thing, user, chief, "Prov.", last, since=first)

    def close(self, chief: Actor) -> None:
        thing = Case(pk=self.case(chief))
        for grant in open_on(thing.pk)[:1]:
            close_grant(grant, thing)

    def stand_in(self, chief: Actor) -> None:
        one, other = self.someone(chief), self.someone(chief)
        if one.user_id != other.user_id:
            now = moment.now()
            doors.substitute(one.user_id, other.user_id, chief, "Prov.", now, self.until())


def known_to(superuser: psycopg.Connection, unit_id: int) -> list[UUID]:
    table = sql.Identifier(Case._meta.db_table)
    query = sql.SQL("SELECT id FROM {} WHERE unit_id = %s ORDER BY reference").format(table)
    return [key for (key,) in superuser.execute(query, [unit_id])]
