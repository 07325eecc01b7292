"""Hostile statements against the log review and the access review (tests/hostile.py tries them)."""

import random
from typing import Any
from uuid import UUID

Item = tuple[int, UUID, int, int, UUID]  # a reviewed line: id, review, unit, authority, reader
FIXED = (
    "UPDATE audit_verdict SET finding = 'explained', by_id = acting_user()",
    "DELETE FROM audit_reviewitem",
    "DELETE FROM audit_signoff",
    "UPDATE audit_reviewitem SET actor_id = gen_random_uuid()",
    "UPDATE access_decision SET answer = 'keep'",
    "DELETE FROM access_accesssignoff",
)
FAULTS = {
    "a line judged by its own reader, or after the sign-off": """
        SELECT v.id FROM audit_verdict v JOIN audit_reviewitem i ON i.id = v.item_id
        LEFT JOIN audit_signoff s ON s.review_id = v.review_id
        WHERE v.by_id = i.actor_id OR v.at > s.at OR v.unit_id <> i.unit_id""",
    "a review signed off with a line unjudged": """
        SELECT s.id FROM audit_signoff s JOIN audit_reviewitem i ON i.review_id = s.review_id
        WHERE NOT EXISTS (SELECT FROM audit_verdict v WHERE v.item_id = i.id)""",
    "somebody decided about her own access": """
        SELECT id FROM access_decision WHERE by_id = user_id""",
}


def statement(dice: random.Random, items: list[Item], users: list[UUID]) -> tuple[str, list[Any]]:
    """A verdict on any line, by its own reader too, or about oneself; or a sign-off."""
    item, review, unit, authority, reader = dice.choice(items)
    who = [unit, authority, dice.choice([reader, dice.choice(users)])]
    return dice.choice(
        [
            ("INSERT INTO audit_verdict (unit_id, authority_id, by_id, by, role, note, review_id,"
             " item_id, finding) VALUES (%s, %s, %s, 'x', 'x', '', %s, %s, 'explained')",
             [*who, review, item]),
            ("INSERT INTO audit_signoff (unit_id, authority_id, by_id, by, role, note, review_id)"
             " VALUES (%s, %s, %s, 'x', 'x', '', %s)", [*who, review]),
            ("INSERT INTO access_decision (unit_id, authority_id, by_id, by, half, of, key,"
             " user_id, role, answer, wanted, reason)"
             " VALUES (%s, %s, %s, 'x', '2026-01-01', 'membership', '1', %s, '', 'keep', '', '')",
             [*who, reader]),
        ]
    )  # fmt: skip
