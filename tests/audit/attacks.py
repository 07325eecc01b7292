"""What a database superuser could do to the trail, and how each is found. Keys stay elsewhere."""

from dataclasses import dataclass

CASE = b"(SELECT thing_id FROM audit_step WHERE machine = 'case' ORDER BY id LIMIT 1)"
LAST = b"(SELECT max(id) FROM audit_reading)"
FIRST = b"(SELECT min(id) FROM audit_reading)"


@dataclass(frozen=True, slots=True)
class Attack:
    """A statement, run with all triggers and keys switched off, and what verify_trail says."""

    name: str
    statements: tuple[bytes, ...]
    found: str  # a regular expression


def _honest(table: bytes, where: bytes) -> tuple[bytes, ...]:
    """Make the changed lines' digests and hashes fit again, as the database would have."""
    if table == b"step":
        return (
            b"UPDATE audit_step AS line SET payload = audit_step_payload(line) WHERE " + where,
            b"DO $$ DECLARE one record; before bytea; BEGIN"
            b" FOR one IN SELECT id, thing_id, seq FROM audit_step ORDER BY thing_id, seq LOOP"
            b" SELECT hash INTO before FROM audit_step"
            b"   WHERE thing_id = one.thing_id AND seq = one.seq - 1;"
            b" UPDATE audit_step SET prev_hash = coalesce(before, ''),"
            b"   hash = sha256(coalesce(before, ''::bytea) || convert_to(payload, 'UTF8'))"
            b"   WHERE id = one.id; before := NULL;"
            b" END LOOP; END $$",
        )
    return (
        b"UPDATE audit_%b AS line SET digest = audit_%b_digest(line) WHERE %b"
        % (table, table, where),
        b"UPDATE audit_%b AS line SET hash = sha256(convert_to(audit_%b_payload(line), 'UTF8'))"
        b" WHERE %b" % (table, table, where),
    )


ATTACKS = (
    Attack(
        "edit a step's reason",
        (b"UPDATE audit_step SET reason = 'Annat' WHERE thing_id = " + CASE + b" AND seq = 1",),
        r"/1 different",
    ),
    Attack(
        "edit a reading's person",
        (b"UPDATE audit_reading SET actor = 'Annan' WHERE id = " + LAST,),
        r"reading \d+ altered",
    ),
    Attack(
        "edit a reading's purpose",
        (b"UPDATE audit_reading SET purpose = 'service' WHERE id = " + LAST,),
        r"reading \d+ altered",
    ),
    Attack(
        "edit a change's old value",
        (b"UPDATE audit_change SET changes = '{}' WHERE id = (SELECT max(id) FROM audit_change)",),
        r"change \d+ altered",
    ),
    Attack(
        "call a text destroyed",
        (b"UPDATE audit_reading SET purpose = '', detail = '{}', salt = NULL,"
         b" destroyed_by = gen_random_uuid() WHERE id = " + LAST,),
        r"reading \d+ undecided",
    ),
    Attack(
        "edit a reading and its hash",
        (b"UPDATE audit_reading SET actor = 'Annan' WHERE id = " + LAST,
         *_honest(b"reading", b"id = " + LAST)),
        r"reading \d+ under seal \d+ altered",
    ),
    Attack(
        "edit a step and its whole chain",
        (b"UPDATE audit_step SET actor = 'Annan' WHERE thing_id = " + CASE + b" AND seq = 0",
         *_honest(b"step", b"thing_id = " + CASE)),
        r"step \d+ under seal \d+ altered",
    ),
    Attack(
        "delete a reading",
        (b"DELETE FROM audit_reading WHERE id = " + FIRST,),
        r"a line .* under seal \d+ missing",
    ),
    Attack(
        "delete a step in the middle",
        (b"DELETE FROM audit_step WHERE thing_id = " + CASE + b" AND seq = 1",),
        r"/1 missing",
    ),
    Attack(
        "cut a chain's tail",
        (b"DELETE FROM audit_step WHERE thing_id = " + CASE + b" AND seq = 2",),
        r"a line after .* under seal \d+ missing",
    ),
    Attack(
        "remove a whole case",
        (b"CREATE TEMP TABLE gone AS SELECT " + CASE + b" AS id",
         b"DELETE FROM audit_step WHERE about_id = (SELECT id FROM gone)",
         b"DELETE FROM audit_change WHERE about_id = (SELECT id FROM gone)",
         b"DELETE FROM audit_reading WHERE about_id = (SELECT id FROM gone)",
         b"DELETE FROM casework_case WHERE id = (SELECT id FROM gone)"),
        r"a line .* under seal \d+ missing",
    ),
    Attack(
        "insert a reading that never was",
        (b"INSERT INTO audit_reading (actor, role, unit, authority, about, kind, purpose, detail,"
         b" digest, hash, tx, at) OVERRIDING SYSTEM VALUE SELECT 'Annan', role, unit, authority,"
         b" about, kind, '', '{}', '', '', tx, at FROM audit_reading WHERE id = " + FIRST,
         *_honest(b"reading", b"id = " + LAST)),
        r"reading \d+ under seal \d+ extra",
    ),
    Attack(
        "insert a reading with the last number there is",
        (b"INSERT INTO audit_reading (id, actor, role, unit, authority, about, kind, purpose,"
         b" detail, digest, hash, tx, at) OVERRIDING SYSTEM VALUE SELECT 9223372036854775807,"
         b" 'Annan', role, unit, authority, about, kind, '', '{}', '', '', tx, at"
         b" FROM audit_reading WHERE id = " + FIRST,
         *_honest(b"reading", b"id = 9223372036854775807")),
        r"reading \d+ under seal \d+ extra",
    ),
    *(
        Attack(
            f"insert a reading that stands {where}",
            (b"ALTER TABLE audit_reading ALTER COLUMN tx DROP NOT NULL",
             b"INSERT INTO audit_reading (actor, role, unit, authority, about, kind, purpose,"
             b" detail, digest, hash, tx, at) OVERRIDING SYSTEM VALUE SELECT 'Annan', role, unit,"
             b" authority, about, kind, '', '{}', '', '', %b, at FROM audit_reading WHERE id = "
             % place + FIRST,
             *_honest(b"reading", b"id = " + LAST)),
            r"reading \d+ extra",
        )
        for where, place in (("before the first", b"-5"), ("nowhere", b"NULL"))
    ),
    Attack(
        "lengthen a chain by a step that stands before the first",
        (b"CREATE TEMP TABLE more AS SELECT * FROM audit_step WHERE thing_id = " + CASE
         + b" ORDER BY seq DESC LIMIT 1",
         b"ALTER TABLE more DROP COLUMN prev_seq, DROP COLUMN prev_state, ALTER tx DROP NOT NULL",
         b"UPDATE more SET id = (SELECT max(id) + 1 FROM audit_step), seq = seq + 1, tx = -5,"
         b" from_state = to_state, actor = 'Annan'",
         b"INSERT INTO audit_step (id, tx, machine, thing_id, seq, step, from_state, to_state,"
         b" actor_id, actor, role, unit_id, unit, authority_id, authority, request_id, about_id,"
         b" about, reason, facts, salt, at, prev_hash, payload, hash) OVERRIDING SYSTEM VALUE"
         b" SELECT id, tx, machine, thing_id, seq, step, from_state, to_state, actor_id, actor,"
         b" role, unit_id, unit, authority_id, authority, request_id, about_id, about, reason,"
         b" facts, salt, at, prev_hash, payload, hash FROM more",
         *_honest(b"step", b"actor = 'Annan'")),
        r"/\d+ extra",
    ),
    Attack(
        "have the verifier find another convert_to() first",
        (b"CREATE SCHEMA evil",
         b"CREATE FUNCTION evil.convert_to(text, name) RETURNS bytea LANGUAGE sql AS"
         b" $$ SELECT pg_catalog.convert_to(replace($1, 'Annan', 'Asa'), $2) $$",
         b"GRANT USAGE ON SCHEMA evil TO PUBLIC",
         b"DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = evil, pg_catalog',"
         b" current_database()); END $$",
         b"UPDATE audit_reading SET actor = 'Asa' WHERE id = " + LAST,
         *_honest(b"reading", b"id = " + LAST),
         b"UPDATE audit_reading SET actor = 'Annan' WHERE id = " + LAST),
        r"reading \d+ altered",
    ),
    Attack(
        "exchange two readings",
        (b"ALTER TABLE audit_reading ALTER COLUMN id SET GENERATED BY DEFAULT",
         b"CREATE TEMP TABLE two AS SELECT a.id AS a, a.tx AS a_tx, b.id AS b, b.tx AS b_tx"
         b" FROM audit_reading AS a, audit_reading AS b WHERE a.id = " + FIRST
         + b" AND b.id = " + LAST,
         b"UPDATE audit_reading SET id = -1 FROM two WHERE id = two.a",
         b"UPDATE audit_reading SET id = two.a, tx = two.a_tx FROM two WHERE id = two.b",
         b"UPDATE audit_reading SET id = two.b, tx = two.b_tx FROM two WHERE id = -1"),
        r"reading \d+ under seal \d+ (altered|reordered)",
    ),
    Attack(
        "reorder within one transaction",
        (b"ALTER TABLE audit_change ALTER COLUMN id SET GENERATED BY DEFAULT",
         b"CREATE TEMP TABLE two AS SELECT tx, max(id) - 1 AS a, max(id) AS b FROM audit_change"
         b" GROUP BY tx HAVING count(*) > 1 ORDER BY tx DESC LIMIT 1",
         b"UPDATE audit_change SET id = -1 WHERE id = (SELECT a FROM two)",
         b"UPDATE audit_change SET id = (SELECT a FROM two) WHERE id = (SELECT b FROM two)",
         b"UPDATE audit_change SET id = (SELECT b FROM two) WHERE id = -1"),
        r"change \d+ under seal \d+ (altered|reordered)",
    ),
    Attack(
        "cut the tail and the seals over it",
        (b"DELETE FROM audit_seal WHERE number = (SELECT max(number) FROM audit_seal)",
         b"DELETE FROM audit_reading WHERE id = " + LAST),
        r"seal \d+ missing",  # by the anchor
    ),
    Attack(
        "remove the first seal",
        (b"DELETE FROM audit_seal WHERE number = 1",),
        r"seal 1 missing",
    ),
    Attack(
        "remove a seal in the middle",
        (b"DELETE FROM audit_seal WHERE number = 2",),
        r"seal 3 forged",
    ),
    Attack(
        "move a seal's time",
        (b"UPDATE audit_seal SET at = at + interval '1 day' WHERE number = 2",),
        r"seal 2 forged",
    ),
    Attack(
        "rewrite a seal's peaks and marks",
        (b"UPDATE audit_reading SET actor = 'Annan' WHERE id = " + LAST,
         *_honest(b"reading", b"id = " + LAST),
         b"UPDATE audit_seal SET marks = (SELECT string_agg(substr(sha256('\\x00'::bytea ||"
         b" set_byte('\\x00', 0, source) || hash), 1, 4), '' ORDER BY tx, source, id)"
         b" FROM audit_leaf AS leaf WHERE (leaf.tx, leaf.source, leaf.id) <="
         b" (last_tx, last_source, last_id) AND (leaf.tx, leaf.source, leaf.id) >"
         b" coalesce((SELECT row(b.last_tx, b.last_source, b.last_id) FROM audit_seal AS b"
         b" WHERE b.number = audit_seal.number - 1), row(-1::bigint, 0::smallint, 0::bigint)))"),
        r"seal \d+ forged",
    ),
)  # fmt: skip
