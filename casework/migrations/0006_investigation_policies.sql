-- What the application's role may do with investigations, and which it sees: its acting unit's, with their case.
GRANT SELECT, INSERT, UPDATE ON casework_policeinvestigation, casework_socialinvestigation TO fortur_app;

ALTER TABLE casework_policeinvestigation ADD CONSTRAINT case_of_own_unit
    FOREIGN KEY (case_id, unit_id) REFERENCES casework_case (id, unit_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE casework_socialinvestigation ADD CONSTRAINT case_of_own_unit
    FOREIGN KEY (case_id, unit_id) REFERENCES casework_case (id, unit_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE casework_socialinvestigation ADD CONSTRAINT social_unit UNIQUE (id, unit_id);
ALTER TABLE casework_socialinvestigation ADD CONSTRAINT joined_in_own_unit
    FOREIGN KEY (joined_to_id, unit_id) REFERENCES casework_socialinvestigation (id, unit_id) DEFERRABLE INITIALLY DEFERRED;

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['casework_policeinvestigation', 'casework_socialinvestigation']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY own_unit ON %I USING (unit_id = (SELECT acting_unit())
             AND EXISTS (SELECT FROM casework_case c WHERE c.id = case_id))
             WITH CHECK (unit_id = (SELECT acting_unit()))', name);
    END LOOP;
END $$;

-- Which case it belongs to and what it is about never change: another report is another row.
CREATE TRIGGER stays BEFORE UPDATE ON casework_policeinvestigation FOR EACH ROW
    WHEN (OLD.unit_id <> NEW.unit_id OR OLD.case_id <> NEW.case_id OR OLD.kind <> NEW.kind OR OLD.number <> NEW.number)
    EXECUTE FUNCTION stays_where_it_is();
CREATE TRIGGER stays BEFORE UPDATE ON casework_socialinvestigation FOR EACH ROW
    WHEN (OLD.unit_id <> NEW.unit_id OR OLD.case_id <> NEW.case_id OR OLD.received_at <> NEW.received_at
        OR OLD.delivery_id IS DISTINCT FROM NEW.delivery_id)
    EXECUTE FUNCTION stays_where_it_is();

-- The life of each machine: state and version follow the trail.
ALTER TABLE casework_policeinvestigation
    ADD COLUMN machine text GENERATED ALWAYS AS ('police_investigation') STORED;
ALTER TABLE casework_socialinvestigation
    ADD COLUMN machine text GENERATED ALWAYS AS ('social_investigation') STORED;
SELECT make_stateful('casework_policeinvestigation', 'police_investigation');
SELECT make_stateful('casework_socialinvestigation', 'social_investigation');
