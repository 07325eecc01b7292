-- One text per line, from its columns. Reason and facts are in it as a digest only, so that they
-- can be destroyed by law one day while the chain stays whole.
CREATE FUNCTION audit_step_payload(line public.audit_step) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_array(
        line.machine, line.thing_id, line.seq, line.step, line.from_state, line.to_state,
        line.actor_id, line.actor, line.role, line.unit_id, line.unit, line.authority_id, line.authority,
        line.request_id, line.about_id, line.about,
        encode(sha256(convert_to(line.reason || chr(10) || line.facts::text, 'UTF8')), 'hex'),
        to_char(line.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    )::text
$$;

-- The machines as data: which steps exist, from where to where, for which kind of authority.
ALTER TABLE audit_machine ALTER COLUMN relation TYPE regclass USING relation::regclass;
ALTER TABLE audit_edge ADD CONSTRAINT edge_of_machine FOREIGN KEY (machine) REFERENCES audit_machine (name);

ALTER TABLE audit_step
    ADD COLUMN prev_seq integer GENERATED ALWAYS AS (nullif(seq, 0) - 1) STORED,
    ADD COLUMN prev_state text GENERATED ALWAYS AS (nullif(from_state, '')) STORED,
    ALTER COLUMN actor_id SET NOT NULL,
    ALTER COLUMN unit_id SET NOT NULL,
    ALTER COLUMN authority_id SET NOT NULL,
    ALTER COLUMN about_id SET NOT NULL,
    ADD CONSTRAINT born_once CHECK ((seq = 0) = (from_state = '')),
    -- You leave the state that you were in, on the same machine ...
    ADD CONSTRAINT continues FOREIGN KEY (thing_id, prev_seq, machine, prev_state)
        REFERENCES audit_step (thing_id, seq, machine, to_state),
    -- ... by an edge that exists, for your authority.
    ADD CONSTRAINT allowed FOREIGN KEY (machine, step, from_state, to_state, authority) REFERENCES audit_edge;

-- Tables are named with their schema: a temporary table of the same name must not be found first.
CREATE FUNCTION audit_step_link() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER link BEFORE INSERT ON audit_step FOR EACH ROW EXECUTE FUNCTION audit_step_link();

CREATE FUNCTION audit_clock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.at := public.trail_now();
    RETURN NEW;
END $$;
CREATE TRIGGER clock BEFORE INSERT ON audit_change FOR EACH ROW EXECUTE FUNCTION audit_clock();
CREATE TRIGGER clock BEFORE INSERT ON audit_reading FOR EACH ROW EXECUTE FUNCTION audit_clock();

-- No line without its thing: at commit the thing has reached the line's version, in the line's unit.
-- It looks as the one who wrote the line: at commit the settings may name somebody else, or nobody.
CREATE FUNCTION audit_step_is_taken() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE reached integer; owner bigint;
    unit_before text := coalesce(current_setting('fortur.unit_id', true), '');
    user_before text := coalesce(current_setting('fortur.user_id', true), '');
BEGIN
    PERFORM set_config('fortur.unit_id', NEW.unit_id::text, true), set_config('fortur.user_id', NEW.actor_id::text, true);
    EXECUTE format(
        'SELECT version, unit_id FROM %s WHERE id = $1',
        (SELECT relation FROM public.audit_machine WHERE name = NEW.machine)
    ) INTO reached, owner USING NEW.thing_id;
    PERFORM set_config('fortur.unit_id', unit_before, true), set_config('fortur.user_id', user_before, true);
    IF reached IS NULL OR reached < NEW.seq OR owner <> NEW.unit_id THEN
        RAISE EXCEPTION 'line %/% has no thing that took the step', NEW.thing_id, NEW.seq USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER is_taken AFTER INSERT ON audit_step DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION audit_step_is_taken();

-- Written once, also by the owner. Per statement, so that it speaks even where row security hides every row.
CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is written once', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_step FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_change FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_reading FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();

-- Numbers are the database's too.
ALTER TABLE audit_step ALTER COLUMN id SET GENERATED ALWAYS;
ALTER TABLE audit_change ALTER COLUMN id SET GENERATED ALWAYS;
ALTER TABLE audit_reading ALTER COLUMN id SET GENERATED ALWAYS;

-- A day of millions of lines is found by block.
CREATE INDEX step_at ON audit_step USING brin (at);
CREATE INDEX change_at ON audit_change USING brin (at);
CREATE INDEX reading_at ON audit_reading USING brin (at);

-- A thing moves one taken step at a time, never back, and stays in its unit.
CREATE FUNCTION audit_one_step_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a state moves by one taken step' USING ERRCODE = 'check_violation';
END $$;

-- Makes a table stateful: it has id uuid, version integer, state text, unit_id bigint and
-- machine text GENERATED ALWAYS AS ('<name>') STORED. Called by the owner, in the migration that creates it.
CREATE FUNCTION make_stateful(relation regclass, machine text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.audit_machine (name, relation) VALUES (machine, relation);
    EXECUTE format(
        'ALTER TABLE %s ADD CONSTRAINT state_is_taken FOREIGN KEY (id, version, machine, state)
            REFERENCES public.audit_step (thing_id, seq, machine, to_state) MATCH FULL DEFERRABLE INITIALLY DEFERRED', relation);
    EXECUTE format(
        'CREATE TRIGGER one_step_on BEFORE UPDATE ON %s FOR EACH ROW
            WHEN (NOT (NEW.id = OLD.id AND NEW.unit_id = OLD.unit_id
                AND (NEW.version = OLD.version AND NEW.state = OLD.state OR NEW.version = OLD.version + 1)) IS TRUE)
            EXECUTE FUNCTION public.audit_one_step_on()', relation);
END $$;

-- Who reads: the unit its own lines, the authority's auditor all of the authority's, the verifier all.
-- Who writes: who acts, for the unit acted for. Comings and goings may lack a unit, and then name nobody as the one who acts.
ALTER TABLE audit_step ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_change ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_reading ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY own_unit ON audit_step FOR SELECT
    USING (unit_id = (SELECT acting_unit()) OR authority_id = (SELECT trail_authority()));
CREATE POLICY own_unit ON audit_change FOR SELECT
    USING (unit_id = (SELECT acting_unit()) OR authority_id = (SELECT trail_authority()));
CREATE POLICY own_unit ON audit_reading FOR SELECT
    USING (unit_id = (SELECT acting_unit()) OR authority_id = (SELECT trail_authority()));

CREATE POLICY everything ON audit_step FOR SELECT TO fortur_auditor USING (true);
CREATE POLICY everything ON audit_change FOR SELECT TO fortur_auditor USING (true);
CREATE POLICY everything ON audit_reading FOR SELECT TO fortur_auditor USING (true);

CREATE POLICY as_oneself ON audit_step FOR INSERT WITH CHECK (
    unit_id = (SELECT acting_unit()) AND actor_id = (SELECT acting_user()) AND authority_id = (SELECT acting_authority()));
CREATE POLICY as_oneself ON audit_change FOR INSERT WITH CHECK (
    unit_id IS NOT DISTINCT FROM (SELECT acting_unit())
    AND actor_id IS NOT DISTINCT FROM (SELECT acting_user())
    AND authority_id IS NOT DISTINCT FROM (SELECT acting_authority())
    -- Accounts of another authority: that authority's auditor reads who changed them.
    OR unit_id IS NULL AND actor_id = (SELECT acting_user()) AND (SELECT acting_unit()) IS NOT NULL
        AND starts_with(model, 'access.'));
CREATE POLICY as_oneself ON audit_reading FOR INSERT WITH CHECK (
    unit_id = (SELECT acting_unit()) AND actor_id = (SELECT acting_user()) AND authority_id = (SELECT acting_authority())
    OR unit_id IS NULL AND actor_id IS NULL AND actor = '' AND kind IN ('logged_in', 'login_failed', 'logged_out'));

REVOKE ALL ON audit_step, audit_change, audit_reading, audit_machine, audit_edge FROM PUBLIC;
GRANT SELECT, INSERT ON audit_step, audit_change, audit_reading TO fortur_app;
GRANT SELECT ON audit_machine, audit_edge TO fortur_app;
GRANT SELECT ON audit_step, audit_change, audit_reading, audit_machine, audit_edge TO fortur_auditor;
