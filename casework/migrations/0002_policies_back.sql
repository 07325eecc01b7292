DO $$
DECLARE name text; rule text;
BEGIN
    FOR name, rule IN SELECT tablename, policyname FROM pg_policies WHERE tablename LIKE 'casework\_%' LOOP
        EXECUTE format('DROP POLICY %I ON %I', rule, name);
        EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY', name);
    END LOOP;
END $$;

ALTER TABLE casework_case DROP CONSTRAINT state_is_taken, DROP COLUMN machine;
ALTER TABLE casework_intervention DROP CONSTRAINT state_is_taken, DROP COLUMN machine;
DROP TRIGGER one_step_on ON casework_case;
DROP TRIGGER one_step_on ON casework_intervention;
DELETE FROM audit_edge;
DELETE FROM audit_machine;
DROP FUNCTION stays_where_it_is CASCADE;

ALTER TABLE casework_interventionnote DROP CONSTRAINT intervention_of_own_unit;
ALTER TABLE casework_intervention DROP CONSTRAINT case_of_own_unit;
ALTER TABLE casework_priority DROP CONSTRAINT case_of_own_unit;
ALTER TABLE casework_observation DROP CONSTRAINT case_of_own_unit;
ALTER TABLE casework_case DROP CONSTRAINT person_of_own_unit, DROP CONSTRAINT case_unit;
ALTER TABLE casework_person DROP CONSTRAINT person_unit;
ALTER TABLE casework_intervention DROP CONSTRAINT intervention_unit;
REVOKE ALL ON casework_place, casework_person, casework_case, casework_intervention, casework_flagfile,
    casework_referencecounter, casework_observation, casework_priority, casework_interventionnote, casework_caseaccess
    FROM fortur_app;
