"""The same questions by hand: the SQL that somebody would write who knows the right index.

Asked by the superuser, so without row security, and with nothing else in the way.
"""

CASES = """
    SELECT c.id, c.reference, c.kinds, c.state, c.level, c.rank, c.next_due, c.opened_at,
        c.version, c.valid_until, c.prioritised_at, c.confirmed_at, c.next_look,
        p.given_name, p.family_name, p.birth_date, place.name, h.name
    FROM casework_case c JOIN casework_person p ON p.id = c.person_id
        JOIN casework_place place ON place.id = c.place_id
        LEFT JOIN access_user h ON h.id = c.handler_id
    WHERE c.unit_id = %(unit)s AND c.is_open AND NOT c.restricted
"""
FIRST = " ORDER BY c.next_due, c.rank, c.id LIMIT 26"
COUNTS = """
    SELECT count(*) FILTER (WHERE next_due < current_date),
        count(*) FILTER (WHERE next_due = current_date),
        count(*) FILTER (WHERE next_due > current_date AND next_due <= current_date + 7),
        count(*) FILTER (WHERE next_due > current_date + 7 AND next_due < '9999-12-31'),
        count(*) FILTER (WHERE next_due = '9999-12-31')
    FROM (SELECT next_due FROM casework_case c
        WHERE unit_id = %(unit)s AND is_open AND NOT restricted {whose}
        ORDER BY next_due, rank, id LIMIT 1001) AS part
"""
# The queue as it opens: mine, and nobody's.
QUEUE = (
    f"{CASES} AND c.handler_id = %(user)s {FIRST}",
    f"{CASES} AND c.handler_id IS NULL ORDER BY c.handler_id, c.next_due, c.rank, c.id LIMIT 26",
    COUNTS.format(whose="AND (handler_id = %(user)s OR handler_id IS NULL)"),
)
# The whole unit's.
QUEUE_OF_ALL = (f"{CASES} {FIRST}", COUNTS.format(whose=""))
COUNTERS = (
    """
    SELECT state, level, handler_id, count(*), count(*) FILTER (WHERE next_due < current_date)
    FROM casework_case WHERE unit_id = %(unit)s AND is_open AND NOT restricted
    GROUP BY state, level, handler_id
    """,
)
LINES = """
    (SELECT 'step' AS source, id, at, step, from_state, to_state, about, actor, role, unit
        FROM audit_step WHERE {where} ORDER BY at DESC, id DESC LIMIT 51)
    UNION ALL (SELECT 'change', id, at, action, '', '', about, actor, role, unit
        FROM audit_change WHERE {where} ORDER BY at DESC, id DESC LIMIT 51)
    UNION ALL (SELECT 'reading', id, at, kind, '', '', about, actor, role, unit
        FROM audit_reading WHERE {where} ORDER BY at DESC, id DESC LIMIT 51)
    ORDER BY at DESC, source DESC, id DESC LIMIT 51
"""
LINES_OF_CASE = (LINES.format(where="about_id = %(case)s"),)
LINES_OF_ACTOR = (LINES.format(where="actor_id = %(user)s"),)
LINES_OF_DAY = (
    LINES.format(
        where="authority_id = %(authority)s AND at >= %(day)s::date AND at < %(day)s::date + 1"
    ),
)
HASHES = """
    COPY (SELECT thing_id, seq, prev_hash, hash, convert_to(payload, 'UTF8')
        FROM audit_step ORDER BY thing_id, seq) TO STDOUT (FORMAT BINARY)
"""
UPDATE = """
    UPDATE bench_raw_case SET state = 'prioritised', version = version + 1,
        level = %s, rank = %s, valid_until = %s, next_due = %s
    WHERE id = %s RETURNING version
"""
INSERT = """
    INSERT INTO bench_raw_line (case_id, seq, from_state, to_state, actor, reason, at)
    VALUES (%s, %s, 'prioritised', 'prioritised', %s, %s, now())
"""
