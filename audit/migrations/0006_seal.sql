-- Added to the number of the transaction: 0, until a dump is restored into a server that counts from the beginning
-- again (manage.py continue_trail). A function, so that it costs nothing and travels with the dump.
CREATE FUNCTION audit_offset() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 0::bigint $$;
CREATE FUNCTION audit_tx() RETURNS bigint LANGUAGE sql VOLATILE AS
    $$ SELECT pg_current_xact_id()::text::bigint + public.audit_offset() $$;
-- Every transaction below it has ended: nothing can be written any more under a tree of its lines.
CREATE FUNCTION audit_horizon() RETURNS bigint LANGUAGE sql STABLE AS
    $$ SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + public.audit_offset() $$;

-- One text per line, from its columns; what somebody wrote is in it as a salted digest only. Where the text was
-- destroyed by law, the digest is all that is left of it.
CREATE OR REPLACE FUNCTION audit_step_payload(line public.audit_step) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_array(
        line.machine, line.thing_id, line.seq, line.step, line.from_state, line.to_state,
        line.actor_id, line.actor, line.role, line.unit_id, line.unit, line.authority_id, line.authority,
        line.request_id, line.about_id, line.about,
        CASE WHEN line.destroyed_by IS NULL
            THEN encode(sha256(convert_to(coalesce(line.salt::text, '') || line.reason || chr(10) || line.facts::text, 'UTF8')), 'hex')
            ELSE line.payload::jsonb ->> 16 END,
        to_char(line.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    )::text
$$;
CREATE FUNCTION audit_change_digest(line public.audit_change) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT sha256(convert_to(coalesce(line.salt::text, '') || line.changes::text, 'UTF8')) $$;
CREATE FUNCTION audit_change_payload(line public.audit_change) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_array(
        'change', line.model, line.object_id, line.action,
        line.actor_id, line.actor, line.role, line.unit_id, line.unit, line.authority_id, line.authority,
        line.request_id, line.about_id, line.about, encode(line.digest, 'hex'),
        to_char(line.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    )::text
$$;
CREATE FUNCTION audit_reading_digest(line public.audit_reading) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(convert_to(
        coalesce(line.salt::text, '') || line.purpose || chr(10) || line.detail::text || chr(10) || coalesce(host(line.address), ''), 'UTF8'))
$$;
CREATE FUNCTION audit_reading_payload(line public.audit_reading) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_array(
        'reading', line.kind,
        line.actor_id, line.actor, line.role, line.unit_id, line.unit, line.authority_id, line.authority,
        line.request_id, line.about_id, line.about, encode(line.digest, 'hex'),
        to_char(line.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    )::text
$$;

-- The database says what stands in these columns, whatever the client sends.
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
    NEW.tx := public.audit_tx();
    NEW.salt := gen_random_uuid();
    NEW.destroyed_by := NULL;
    NEW.payload := public.audit_step_payload(NEW);
    NEW.hash := sha256(NEW.prev_hash || convert_to(NEW.payload, 'UTF8'));
    RETURN NEW;
END $$;
CREATE FUNCTION audit_change_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.at := public.trail_now();
    NEW.tx := public.audit_tx();
    NEW.salt := gen_random_uuid();
    NEW.destroyed_by := NULL;
    NEW.digest := public.audit_change_digest(NEW);
    NEW.hash := sha256(convert_to(public.audit_change_payload(NEW), 'UTF8'));
    RETURN NEW;
END $$;
CREATE FUNCTION audit_reading_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.at := public.trail_now();
    NEW.tx := public.audit_tx();
    NEW.salt := gen_random_uuid();
    NEW.destroyed_by := NULL;
    NEW.digest := public.audit_reading_digest(NEW);
    NEW.hash := sha256(convert_to(public.audit_reading_payload(NEW), 'UTF8'));
    RETURN NEW;
END $$;
DROP TRIGGER clock ON audit_change;
DROP TRIGGER clock ON audit_reading;
CREATE TRIGGER link BEFORE INSERT ON audit_change FOR EACH ROW EXECUTE FUNCTION audit_change_link();
CREATE TRIGGER link BEFORE INSERT ON audit_reading FOR EACH ROW EXECUTE FUNCTION audit_reading_link();

-- Lines from before get their hash now, without salt. The owner sees them only while row security isn't forced.
ALTER TABLE audit_change NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER written_once;
ALTER TABLE audit_reading NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER written_once;
UPDATE audit_change AS line SET digest = public.audit_change_digest(line);
UPDATE audit_reading AS line SET digest = public.audit_reading_digest(line);
UPDATE audit_change AS line SET hash = sha256(convert_to(public.audit_change_payload(line), 'UTF8'));
UPDATE audit_reading AS line SET hash = sha256(convert_to(public.audit_reading_payload(line), 'UTF8'));
ALTER TABLE audit_change FORCE ROW LEVEL SECURITY, ENABLE TRIGGER written_once;
ALTER TABLE audit_reading FORCE ROW LEVEL SECURITY, ENABLE TRIGGER written_once;

-- Raw statements that load old lines leave these out.
ALTER TABLE audit_step ALTER COLUMN tx SET DEFAULT 0;
ALTER TABLE audit_change ALTER COLUMN tx SET DEFAULT 0;
ALTER TABLE audit_reading ALTER COLUMN tx SET DEFAULT 0;

-- The leaves of the tree; their order is (tx, source, id).
CREATE VIEW audit_leaf WITH (security_invoker = true) AS
SELECT tx, 0::smallint AS source, id, hash FROM audit_step
UNION ALL SELECT tx, 1::smallint, id, hash FROM audit_change
UNION ALL SELECT tx, 2::smallint, id, hash FROM audit_reading;

-- A seal continues the one before it, and grows.
CREATE FUNCTION audit_seal_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before public.audit_seal;
BEGIN
    SELECT * INTO before FROM public.audit_seal ORDER BY number DESC LIMIT 1;
    IF NEW.number IS DISTINCT FROM coalesce(before.number, 0) + 1
        OR NEW.previous_size IS DISTINCT FROM coalesce(before.tree_size, 0)
        OR NEW.tree_size <= NEW.previous_size
        OR NEW.steps + NEW.changes + NEW.readings IS DISTINCT FROM NEW.tree_size
        OR before.number IS NOT NULL AND (
            NEW.previous_root IS DISTINCT FROM before.root OR NEW.at < before.at
            OR (NEW.last_tx, NEW.last_source, NEW.last_id) <= (before.last_tx, before.last_source, before.last_id)
        ) THEN
        RAISE EXCEPTION 'seal % does not continue seal %', NEW.number, coalesce(before.number, 0) USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER follows BEFORE INSERT ON audit_seal FOR EACH ROW EXECUTE FUNCTION audit_seal_follows();

CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_anchor FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_check FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
ALTER TABLE audit_anchor ALTER COLUMN id SET GENERATED ALWAYS;
ALTER TABLE audit_check ALTER COLUMN id SET GENERATED ALWAYS;

-- Sizes, roots and signatures: everybody may read them, the sealer writes them. A file is kept by who takes it.
ALTER TABLE audit_seal ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_anchor ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_check ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY everybody ON audit_seal FOR SELECT USING (true);
CREATE POLICY everybody ON audit_anchor FOR SELECT USING (true);
CREATE POLICY everybody ON audit_check FOR SELECT USING (true);
CREATE POLICY sealer ON audit_seal FOR INSERT TO fortur_sealer WITH CHECK (true);
CREATE POLICY sealer ON audit_check FOR INSERT TO fortur_sealer WITH CHECK (true);
CREATE POLICY sealer ON audit_anchor FOR INSERT TO fortur_sealer WITH CHECK (kind = 'timestamp');
CREATE POLICY keeper ON audit_anchor FOR INSERT TO fortur_app WITH CHECK (kind = 'file' AND authority_id = (SELECT acting_authority()));
-- The sealer reads of a line its place and its hash, nothing else.
CREATE POLICY sealer ON audit_step FOR SELECT TO fortur_sealer USING (true);
CREATE POLICY sealer ON audit_change FOR SELECT TO fortur_sealer USING (true);
CREATE POLICY sealer ON audit_reading FOR SELECT TO fortur_sealer USING (true);

REVOKE ALL ON audit_seal, audit_anchor, audit_check, audit_leaf FROM PUBLIC;
GRANT SELECT ON audit_seal, audit_anchor, audit_check TO fortur_app, fortur_auditor, fortur_sealer;
GRANT SELECT ON audit_leaf TO fortur_auditor, fortur_sealer;
GRANT SELECT (tx, id, hash) ON audit_step, audit_change, audit_reading TO fortur_sealer;
GRANT INSERT ON audit_seal, audit_check, audit_anchor TO fortur_sealer;
GRANT INSERT ON audit_anchor TO fortur_app;
