-- What the application's role may do, and which rows it sees: its acting unit's, and of the
-- restricted cases only those that an open grant names it for.
GRANT SELECT, INSERT, UPDATE ON casework_place TO fortur_app;
GRANT SELECT, INSERT, UPDATE ON casework_person, casework_case, casework_intervention,
    casework_flagfile, casework_referencecounter TO fortur_app;
GRANT SELECT, INSERT ON casework_observation, casework_priority, casework_interventionnote
    TO fortur_app;
GRANT SELECT, INSERT, DELETE ON casework_caseaccess TO fortur_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO fortur_app;

-- The row says which unit owns it; a case's parts belong to the case's unit, always.
ALTER TABLE casework_case ADD CONSTRAINT case_unit UNIQUE (id, unit_id);
ALTER TABLE casework_person ADD CONSTRAINT person_unit UNIQUE (id, unit_id);
ALTER TABLE casework_intervention ADD CONSTRAINT intervention_unit UNIQUE (id, unit_id);
ALTER TABLE casework_case ADD CONSTRAINT person_of_own_unit
    FOREIGN KEY (person_id, unit_id) REFERENCES casework_person (id, unit_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE casework_observation ADD CONSTRAINT case_of_own_unit
    FOREIGN KEY (case_id, unit_id) REFERENCES casework_case (id, unit_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE casework_priority ADD CONSTRAINT case_of_own_unit
    FOREIGN KEY (case_id, unit_id) REFERENCES casework_case (id, unit_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE casework_intervention ADD CONSTRAINT case_of_own_unit
    FOREIGN KEY (case_id, unit_id) REFERENCES casework_case (id, unit_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE casework_interventionnote ADD CONSTRAINT intervention_of_own_unit
    FOREIGN KEY (intervention_id, unit_id) REFERENCES casework_intervention (id, unit_id) DEFERRABLE INITIALLY DEFERRED;

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['casework_person', 'casework_case', 'casework_observation', 'casework_priority',
        'casework_intervention', 'casework_interventionnote', 'casework_flagfile', 'casework_referencecounter',
        'casework_caseaccess']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['casework_person', 'casework_flagfile', 'casework_referencecounter']
    LOOP
        EXECUTE format('CREATE POLICY own_unit ON %I USING (unit_id = (SELECT acting_unit()))', name);
    END LOOP;
    -- A part is seen with its case: the case's own policy decides inside the EXISTS.
    FOREACH name IN ARRAY ARRAY['casework_observation', 'casework_priority', 'casework_intervention']
    LOOP
        EXECUTE format(
            'CREATE POLICY own_unit ON %I USING (unit_id = (SELECT acting_unit())
             AND EXISTS (SELECT FROM casework_case c WHERE c.id = case_id))
             WITH CHECK (unit_id = (SELECT acting_unit()))', name);
    END LOOP;
END $$;

CREATE POLICY own_unit ON casework_case USING (
    unit_id = (SELECT acting_unit()) AND (NOT restricted OR named_for(id)));
CREATE POLICY own_unit ON casework_interventionnote USING (
    unit_id = (SELECT acting_unit())
    AND EXISTS (SELECT FROM casework_intervention i WHERE i.id = intervention_id))
    WITH CHECK (unit_id = (SELECT acting_unit()));
CREATE POLICY own_unit ON casework_caseaccess USING (
    EXISTS (SELECT FROM access_grant g WHERE g.thing_id = content_object_id AND g.user_id = casework_caseaccess.user_id));

-- A case's unit, person and birth never change; an intervention's case neither.
CREATE FUNCTION stays_where_it_is() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a file stays in its unit' USING ERRCODE = 'check_violation'; END $$;
CREATE TRIGGER stays BEFORE UPDATE ON casework_case FOR EACH ROW
    WHEN (OLD.unit_id <> NEW.unit_id OR OLD.person_id <> NEW.person_id OR OLD.reference <> NEW.reference)
    EXECUTE FUNCTION stays_where_it_is();
CREATE TRIGGER stays BEFORE UPDATE ON casework_person FOR EACH ROW
    WHEN (OLD.unit_id <> NEW.unit_id OR OLD.id <> NEW.id) EXECUTE FUNCTION stays_where_it_is();
CREATE TRIGGER stays BEFORE UPDATE ON casework_intervention FOR EACH ROW
    WHEN (OLD.unit_id <> NEW.unit_id OR OLD.case_id <> NEW.case_id)
    EXECUTE FUNCTION stays_where_it_is();

-- The life of each machine: state and version follow the trail.
ALTER TABLE casework_case ADD COLUMN machine text GENERATED ALWAYS AS ('case') STORED;
ALTER TABLE casework_intervention ADD COLUMN machine text GENERATED ALWAYS AS ('intervention') STORED;
SELECT make_stateful('casework_case', 'case');
SELECT make_stateful('casework_intervention', 'intervention');
