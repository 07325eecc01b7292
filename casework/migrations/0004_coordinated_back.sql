DELETE FROM audit_edge WHERE machine = 'case' AND 'coordinated' IN (from_state, to_state);
ALTER TABLE casework_case DROP COLUMN is_open;
ALTER TABLE casework_case ADD COLUMN is_open boolean
    GENERATED ALWAYS AS (state IN ('flagged', 'prioritised', 'in_progress', 'follow_up')) STORED;
CREATE INDEX case_queue ON casework_case (unit_id, next_due, rank, id)
    INCLUDE (restricted, state, handler_id, level) WHERE is_open;
CREATE INDEX case_queue_of_handler ON casework_case (unit_id, handler_id, next_due, rank, id)
    INCLUDE (restricted, state) WHERE is_open;
CREATE INDEX case_oldest ON casework_case (unit_id, opened_at) WHERE is_open;
CREATE INDEX case_archive ON casework_case (unit_id, closed_at DESC, id) WHERE NOT is_open;
CREATE UNIQUE INDEX one_open_case_a_person ON casework_case (unit_id, person_id) WHERE is_open;
