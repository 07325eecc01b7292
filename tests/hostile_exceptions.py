"""Hostile statements about exceptions, and what must never come of them (tests/hostile.py)."""

import random
from typing import Any
from uuid import UUID, uuid4

Unit = tuple[int, int, str]  # unit, authority, kind


def statement(dice: random.Random, units: list[Unit], users: list[UUID]) -> tuple[str, list[Any]]:
    """Ends put off or taken back, openers who judge themselves, people of another authority."""
    unit, authority, _ = dice.choice(units)
    one, other, thing = dice.choice(users), dice.choice(users), uuid4()
    tries: list[tuple[str, list[Any]]] = (
        [
            ("UPDATE access_grant SET closed_at = NULL, until = until + interval '1 year'", []),
            ("UPDATE access_grant SET closed_at = NULL WHERE closed_at IS NOT NULL", []),
            ("UPDATE access_exclusion SET closed_at = NULL, user_id = %s", [one]),
            ("UPDATE access_substitution SET closed_at = NULL, until = until + interval '1 y'", []),
            ("UPDATE access_confined SET ended_at = NULL WHERE ended_at IS NOT NULL", []),
            ("UPDATE access_judgement SET verdict = 'justified'", []),
            ("DELETE FROM access_grant", []),
            ("DELETE FROM access_exclusion", []),
            ("DELETE FROM access_confined", []),
            ("INSERT INTO access_judgement (id, unit_id, authority_id, grant_id, opener_id,"
             " judge_id, verdict, note, judged_at) SELECT gen_random_uuid(), unit_id,"
             " authority_id, id, %s, user_id, 'justified', 'x', now() FROM access_grant"
             " WHERE kind = 'break_glass'", [one]),
            ("INSERT INTO access_grant (id, unit_id, authority_id, kind, thing_id, about, user_id,"
             " reason, stake, opened_by, since, until) VALUES (%s, %s, %s, 'break_glass', %s, '',"
             " %s, 'x', 'x', 'x', now(), now() + interval '4 hours')",
             [uuid4(), unit, authority, thing, one]),
            ("INSERT INTO access_grant (id, unit_id, authority_id, kind, thing_id, about, user_id,"
             " reason, stake, opened_by, since, until) VALUES (%s, %s, %s, 'named', %s, '', %s,"
             " 'x', '', 'x', now(), now() + interval '2 years')",
             [uuid4(), unit, authority, thing, one]),
            ("INSERT INTO access_substitution (id, unit_id, authority_id, absent_id, substitute_id,"
             " reason, opened_by, since, until) VALUES (%s, %s, %s, %s, %s, 'x', 'x', now(),"
             " now() + interval '1 day')", [uuid4(), unit, authority, one, other]),
        ]
    )  # fmt: skip
    return dice.choice(tries)


FAULTS = {
    "an opener who judged herself": """
        SELECT j.id FROM access_judgement j JOIN access_grant g ON g.id = j.grant_id
        WHERE j.judge_id = g.user_id""",
    "an exception without end, or across authorities": """
        SELECT g.id FROM access_grant g JOIN access_user u ON u.id = g.user_id
        WHERE g.until > g.since + interval '367 days' OR u.authority_id <> g.authority_id
            OR g.kind = 'break_glass' AND g.until > g.since + interval '3 hours'
        UNION ALL SELECT s.id FROM access_substitution s JOIN access_user u ON u.id = s.absent_id
            JOIN access_user v ON v.id = s.substitute_id
        WHERE s.until > s.since + interval '367 days' OR u.authority_id <> v.authority_id""",
}
