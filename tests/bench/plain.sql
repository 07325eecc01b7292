-- Plain tables with the same rows: what the baseline view reads, what a step by hand changes.
CREATE TABLE IF NOT EXISTS bench_plain AS SELECT id, unit_id, reference, kinds, state, level, next_due FROM casework_case;
CREATE INDEX IF NOT EXISTS bench_plain_first ON bench_plain (unit_id, next_due, id);
GRANT SELECT ON bench_plain TO fortur_app;
CREATE TABLE IF NOT EXISTS bench_raw_case AS SELECT id, unit_id, state, version, level, rank, valid_until, next_due
    FROM casework_case WHERE is_open AND state IN ('flagged', 'prioritised');
ALTER TABLE bench_raw_case ADD PRIMARY KEY (id);
CREATE INDEX bench_raw_queue ON bench_raw_case (unit_id, next_due, rank, id);
CREATE TABLE bench_raw_line (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, case_id uuid NOT NULL, seq integer NOT NULL,
    from_state text NOT NULL, to_state text NOT NULL, actor uuid NOT NULL, reason text NOT NULL, at timestamptz NOT NULL);
CREATE UNIQUE INDEX bench_raw_seq ON bench_raw_line (case_id, seq);
GRANT SELECT, UPDATE ON bench_raw_case TO fortur_app;
GRANT SELECT, INSERT ON bench_raw_line TO fortur_app;
