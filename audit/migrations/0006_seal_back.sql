DROP POLICY everybody ON audit_seal;
DROP POLICY everybody ON audit_anchor;
DROP POLICY everybody ON audit_check;
DROP POLICY sealer ON audit_seal;
DROP POLICY sealer ON audit_check;
DROP POLICY sealer ON audit_anchor;
DROP POLICY keeper ON audit_anchor;
DROP POLICY sealer ON audit_step;
DROP POLICY sealer ON audit_change;
DROP POLICY sealer ON audit_reading;
DROP VIEW audit_leaf;
REVOKE ALL ON audit_step, audit_change, audit_reading FROM fortur_sealer;
REVOKE SELECT (tx, id, hash) ON audit_step, audit_change, audit_reading FROM fortur_sealer;
DROP TRIGGER written_once ON audit_seal;
DROP TRIGGER written_once ON audit_anchor;
DROP TRIGGER written_once ON audit_check;
DROP FUNCTION audit_seal_follows CASCADE;
DROP FUNCTION audit_change_link CASCADE;
DROP FUNCTION audit_reading_link CASCADE;
DROP FUNCTION audit_change_payload;
DROP FUNCTION audit_change_digest;
DROP FUNCTION audit_reading_payload;
DROP FUNCTION audit_reading_digest;
CREATE TRIGGER clock BEFORE INSERT ON audit_change FOR EACH ROW EXECUTE FUNCTION audit_clock();
CREATE TRIGGER clock BEFORE INSERT ON audit_reading FOR EACH ROW EXECUTE FUNCTION audit_clock();
-- Lines that were salted meanwhile don't verify with the older text.
CREATE OR REPLACE FUNCTION audit_step_payload(line public.audit_step) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_array(
        line.machine, line.thing_id, line.seq, line.step, line.from_state, line.to_state,
        line.actor_id, line.actor, line.role, line.unit_id, line.unit, line.authority_id, line.authority,
        line.request_id, line.about_id, line.about,
        encode(sha256(convert_to(line.reason || chr(10) || line.facts::text, 'UTF8')), 'hex'),
        to_char(line.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    )::text
$$;
CREATE OR REPLACE FUNCTION audit_step_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.prev_hash := '\x';
    IF NEW.seq > 0 THEN
        SELECT hash INTO NEW.prev_hash FROM public.audit_step WHERE thing_id = NEW.thing_id AND seq = NEW.seq - 1;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'line %/% has no line before it', NEW.thing_id, NEW.seq USING ERRCODE = 'foreign_key_violation';
        END IF;
    END IF;
    NEW.at := public.trail_now();
    NEW.payload := public.audit_step_payload(NEW);
    NEW.hash := sha256(NEW.prev_hash || convert_to(NEW.payload, 'UTF8'));
    RETURN NEW;
END $$;
DROP FUNCTION audit_horizon;
DROP FUNCTION audit_tx;
DROP FUNCTION audit_offset;
