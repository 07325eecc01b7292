"""The pages on one database: `python -m tests.bench.pages '{"rounds": 20}'` prints its figures."""

import json
import os
import sys
from datetime import timedelta
from typing import Any

import psycopg
from django.db import connection, transaction
from django.test import Client, override_settings
from django.utils import timezone

from access.actor import Actor, actor_of
from access.models import User
from access.session import acting_as
from casework import backlog
from casework.models import Case, Intervention
from casework.workflow.steps import begin, perform
from tests.bench import baseline, raw
from tests.bench.clock import asked_by, beside, by_hand, medians
from tests.bench.server import file

CASES = ('FROM "casework_case"', 'FROM "casework_person"')
LINES = ('FROM "audit_line"', 'FROM "audit_step"')


def measure(rounds: int) -> dict[str, Any]:
    with psycopg.connect(os.environ["BENCH_SUPERUSER_URL"], autocommit=True) as superuser:
        superuser.execute(file("plain.sql").read_bytes())
        with override_settings(ROOT_URLCONF="tests.bench.baseline"):
            return Bench(superuser, rounds).run()


def actor(name: str) -> Actor:
    found = actor_of(User.objects.get(username=name))
    assert found
    return found


def client(name: str) -> Client:
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(User.objects.get(username=name))
    return browser


class Bench:
    def __init__(self, superuser: psycopg.Connection, rounds: int) -> None:
        self.raw, self.rounds = superuser, rounds
        self.investigator, self.chief = actor("utredare"), actor("polischef")
        self.case = busy_case(self.investigator)
        self.facts = {
            "unit": self.investigator.unit_id,
            "authority": self.investigator.authority_id,
            "user": self.investigator.user_id,
            "case": self.case.pk,
            "day": str(timezone.localdate() - timedelta(days=200)),
        }

    def run(self) -> dict[str, Any]:
        return {**self.pages(), **self.database(), **self.trail(), **self.step()}

    def get(self, browser: Client, url: str) -> Any:
        def ask() -> None:
            answer = browser.get(url)
            assert answer.status_code == 200, f"{url}: {answer.status_code}"

        return ask

    # --- through the whole stack ------------------------------------------------------------------

    def pages(self) -> dict[str, Any]:
        plain = Client(SERVER_NAME="localhost")
        with override_settings(MIDDLEWARE=baseline.MIDDLEWARE):
            plain.handler.load_middleware()
        hers, his = client("utredare"), client("polischef")
        works = {
            "baseline": self.get(plain, f"/baseline/{self.facts['unit']}/"),
            "inside": self.get(hers, f"/baseline/{self.facts['unit']}/"),
            "queue": self.get(hers, "/cases/"),
            "queue_of_all": self.get(hers, "/cases/?mine=all"),
            "case": self.get(hers, f"/cases/{self.case.pk}/"),
            "backlog": self.get(his, "/backlog/"),
        }
        figures: dict[str, Any] = {
            f"{name}_ms": spent for name, spent in medians(works, self.rounds).items()
        }
        for name, work in works.items():
            figures[f"{name}_queries"], figures[f"{name}_db_ms"] = asked_by(work, self.rounds)
        return figures

    # --- the database's part ----------------------------------------------------------------------

    def database(self) -> dict[str, Any]:
        hers = client("utredare")
        questions = {
            "queue": (self.get(hers, "/cases/"), raw.QUEUE),
            "queue_of_all": (self.get(hers, "/cases/?mine=all"), raw.QUEUE_OF_ALL),
            "counters": (self.stock, raw.COUNTERS),
        }
        figures: dict[str, Any] = {}
        for name, (work, statements) in questions.items():
            hand = by_hand(self.raw, statements, self.facts)
            sql, by = beside(work, CASES, hand, self.rounds)
            figures |= {f"{name}_sql_ms": sql, f"{name}_raw_ms": by}
        return figures

    def stock(self) -> None:
        with transaction.atomic(), acting_as(self.chief):
            backlog.stock(self.chief)

    def trail(self) -> dict[str, Any]:
        auditor = client("dataskydd.polis")
        day = self.facts["day"]
        questions = {
            "lines_of_case": (f"/audit/?case={self.case.reference}", raw.LINES_OF_CASE),
            "lines_of_actor": (f"/audit/?person={self.facts['user']}", raw.LINES_OF_ACTOR),
            "lines_of_day": (f"/audit/?since={day}&until={day}", raw.LINES_OF_DAY),
        }
        figures: dict[str, Any] = {}
        for name, (url, statements) in questions.items():
            work = self.get(auditor, url)
            figures[f"{name}_ms"] = medians({"page": work}, self.rounds)["page"]
            hand = by_hand(self.raw, statements, self.facts)
            sql, by = beside(work, LINES, hand, self.rounds)
            figures |= {f"{name}_sql_ms": sql, f"{name}_raw_ms": by}
        return figures

    # --- a step, from the posted form to the redirect ---------------------------------------------

    def step(self) -> dict[str, Any]:
        hers = client("utredare")
        found = self.raw.execute(
            "SELECT id FROM casework_case WHERE unit_id = %s AND state = 'prioritised'"
            " AND NOT restricted ORDER BY id LIMIT 20",
            [self.facts["unit"]],
        ).fetchall()
        cases = iter([case_id for (case_id,) in found] * self.rounds)
        typed = {
            "level": "B",
            "criterion_repeated": "on",
            "fact_repeated": "Andra gången på sex veckor.",
            "reason": "Upprepat på kort tid.",
            "valid_until": str(timezone.localdate() + timedelta(days=30)),
        }

        def post() -> None:
            answer = hers.post(f"/cases/{next(cases)}/steps/prioritise/", typed)
            assert answer.status_code == 302, answer.status_code

        queries, spent = asked_by(post, self.rounds)
        return {
            "step_ms": medians({"step": post}, self.rounds)["step"],
            "step_queries": queries,
            "step_db_ms": spent,
        }


def busy_case(by: Actor) -> Case:
    """A case with a life: several steps, three interventions with notes."""
    with transaction.atomic(), acting_as(by):
        cases = Case.objects.filter(unit_id=by.unit_id, restricted=False)
        case = cases.filter(state="prioritised").order_by("id").last()
        assert case
        case = perform(case, "start", by, handler=by)
        for number in range(3):
            part: Any = begin(
                Intervention, "propose", by, part_of={"case": case}, handler=by,
                title=f"Insats {number}", goal="Ett påhittat mål",
                planned_from=timezone.localdate(), planned_until=None,
            )  # fmt: skip
            part = perform(
                part,
                "agree",
                by,
                consent_by="both",
                consent_on=timezone.localdate(),
                consent_note="",
            )
            for note in range(3):
                part = perform(part, "add_note", by, text=f"Påhittad anteckning {note}")
        return case


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    figures = measure(given["rounds"])
    connection.close()
    sys.stdout.write(json.dumps(figures) + "\n")
