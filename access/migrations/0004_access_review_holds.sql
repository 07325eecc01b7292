-- A unit's decisions name its own authority, and people of it.
ALTER TABLE access_decision
    ADD CONSTRAINT unit_authority FOREIGN KEY (unit_id, authority_id) REFERENCES access_unit (id, authority_id),
    ADD CONSTRAINT own_authority FOREIGN KEY (user_id, authority_id) REFERENCES access_user (id, authority_id);
ALTER TABLE access_accesssignoff
    ADD CONSTRAINT unit_authority FOREIGN KEY (unit_id, authority_id) REFERENCES access_unit (id, authority_id);

CREATE FUNCTION access_half_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.at := public.trail_now();
    PERFORM pg_advisory_xact_lock(hashtextextended('access_half ' || NEW.unit_id || NEW.half, 0));
    IF EXISTS (SELECT FROM public.access_accesssignoff s WHERE s.unit_id = NEW.unit_id AND s.half = NEW.half) THEN
        RAISE EXCEPTION 'the half-year is signed off' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER holds BEFORE INSERT ON access_decision FOR EACH ROW EXECUTE FUNCTION access_half_open();
CREATE TRIGGER holds BEFORE INSERT ON access_accesssignoff FOR EACH ROW EXECUTE FUNCTION access_half_open();

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['access_decision', 'access_accesssignoff']
    LOOP
        EXECUTE format('CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()', name);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY own_unit ON %I FOR SELECT
            USING (unit_id = (SELECT acting_unit()) OR authority_id = (SELECT trail_authority()))', name);
        EXECUTE format('CREATE POLICY as_oneself ON %I FOR INSERT
            WITH CHECK (unit_id = (SELECT acting_unit()) AND by_id = (SELECT acting_user()))', name);
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC', name);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO fortur_app', name);
    END LOOP;
END $$;

-- What is asked for stays; it is done once.
CREATE FUNCTION access_done_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'done is done' USING ERRCODE = 'check_violation'; END $$;
CREATE TRIGGER done_once BEFORE UPDATE ON access_rolerequest FOR EACH ROW
    WHEN (OLD.done_at IS NOT NULL) EXECUTE FUNCTION access_done_once();
REVOKE ALL ON access_rolerequest FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE (done_at, done_by) ON access_rolerequest TO fortur_app;

-- The auditor reads which named accesses are open, as she reads the memberships.
CREATE POLICY auditor_reads ON access_grant FOR SELECT USING (authority_id = (SELECT trail_authority()));
