DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['casework_policeinvestigation', 'casework_socialinvestigation']
    LOOP
        EXECUTE format('DROP POLICY own_unit ON %I', name);
        EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I DROP CONSTRAINT state_is_taken, DROP COLUMN machine', name);
        EXECUTE format('DROP TRIGGER one_step_on ON %I', name);
        EXECUTE format('DROP TRIGGER stays ON %I', name);
        EXECUTE format('ALTER TABLE %I DROP CONSTRAINT case_of_own_unit', name);
    END LOOP;
END $$;

ALTER TABLE casework_socialinvestigation DROP CONSTRAINT joined_in_own_unit, DROP CONSTRAINT social_unit;
DELETE FROM audit_edge WHERE machine IN ('police_investigation', 'social_investigation');
DELETE FROM audit_machine WHERE name IN ('police_investigation', 'social_investigation');
REVOKE ALL ON casework_policeinvestigation, casework_socialinvestigation FROM fortur_app;
