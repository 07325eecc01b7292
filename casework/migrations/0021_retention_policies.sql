-- Rules are public and written once, also by the owner; a new version is a new row.
GRANT SELECT, INSERT ON casework_retentionrule TO fortur_app;
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON casework_retentionrule
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();

ALTER TABLE casework_hold ADD CONSTRAINT case_of_own_unit FOREIGN KEY (case_id, unit_id)
    REFERENCES casework_case (id, unit_id) DEFERRABLE INITIALLY DEFERRED;
GRANT SELECT, INSERT, UPDATE (lifted_at) ON casework_hold TO fortur_app;
ALTER TABLE casework_hold ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_unit ON casework_hold
    USING (unit_id = (SELECT acting_unit()) AND EXISTS (SELECT FROM casework_case c WHERE c.id = case_id))
    WITH CHECK (unit_id = (SELECT acting_unit()));
CREATE FUNCTION hold_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a hold that was lifted stays so' USING ERRCODE = 'check_violation'; END $$;
CREATE TRIGGER ends_once BEFORE UPDATE ON casework_hold FOR EACH ROW
    WHEN (OLD.lifted_at IS NOT NULL OR NEW.lifted_at IS NULL) EXECUTE FUNCTION hold_ends_once();
