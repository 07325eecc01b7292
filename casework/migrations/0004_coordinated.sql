-- Dropping the column drops the four indexes and the unique one that ask it.
ALTER TABLE casework_case DROP COLUMN is_open;
ALTER TABLE casework_case ADD COLUMN is_open boolean
    GENERATED ALWAYS AS (state IN ('flagged', 'prioritised', 'in_progress', 'coordinated', 'follow_up')) STORED;
CREATE INDEX case_queue ON casework_case (unit_id, next_due, rank, id)
    INCLUDE (restricted, state, handler_id, level) WHERE is_open;
CREATE INDEX case_queue_of_handler ON casework_case (unit_id, handler_id, next_due, rank, id)
    INCLUDE (restricted, state) WHERE is_open;
CREATE INDEX case_oldest ON casework_case (unit_id, opened_at) WHERE is_open;
CREATE INDEX case_archive ON casework_case (unit_id, closed_at DESC, id) WHERE NOT is_open;
CREATE UNIQUE INDEX one_open_case_a_person ON casework_case (unit_id, person_id) WHERE is_open;

INSERT INTO audit_edge (machine, step, from_state, to_state, authority)
SELECT 'case', step, from_state, to_state, authority FROM (VALUES
    ('coordinate', 'in_progress', 'coordinated'),
    ('leave_coordination', 'coordinated', 'in_progress'),
    ('add_observation', 'coordinated', 'coordinated'),
    ('hand_over', 'coordinated', 'coordinated'),
    ('begin_follow_up', 'coordinated', 'follow_up')
) AS edge (step, from_state, to_state), (VALUES ('police'), ('social')) AS side (authority);

-- Days that the trail knows already. The owner sees the rows for this only.
ALTER TABLE casework_case NO FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_step NO FORCE ROW LEVEL SECURITY;
UPDATE casework_case c SET prioritised_since = (
    SELECT (max(s.at) AT TIME ZONE 'Europe/Stockholm')::date FROM audit_step s
    WHERE s.thing_id = c.id AND s.step = 'prioritise' AND s.from_state = 'flagged')
WHERE c.level <> '';
UPDATE casework_case c SET begun_on = (
    SELECT (max(s.at) AT TIME ZONE 'Europe/Stockholm')::date FROM audit_step s
    WHERE s.thing_id = c.id AND s.step = 'start')
WHERE c.state IN ('in_progress', 'follow_up', 'closed');
ALTER TABLE audit_step FORCE ROW LEVEL SECURITY;
ALTER TABLE casework_case FORCE ROW LEVEL SECURITY;
