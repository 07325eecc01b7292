-- One row a side, seen by that side only; its case and unit never change.
GRANT SELECT, INSERT, UPDATE ON casework_coordination, casework_planitem TO fortur_app;

ALTER TABLE casework_coordination ADD CONSTRAINT coordination_unit UNIQUE (id, unit_id);
ALTER TABLE casework_coordination ADD CONSTRAINT case_of_own_unit
    FOREIGN KEY (case_id, unit_id) REFERENCES casework_case (id, unit_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE casework_planitem ADD CONSTRAINT coordination_of_own_unit
    FOREIGN KEY (coordination_id, unit_id) REFERENCES casework_coordination (id, unit_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE casework_coordination ADD CONSTRAINT two_sides CHECK (unit_id <> other_unit_id);
-- Consent is whole or absent: who, from, until.
ALTER TABLE casework_coordination ADD CONSTRAINT consent_is_whole CHECK (
    basis <> 'consent' OR consent_by <> '' AND consent_from IS NOT NULL AND consent_until IS NOT NULL);
-- Nothing is active without something to rest on and an end.
ALTER TABLE casework_coordination ADD CONSTRAINT active_rests_on_something CHECK (
    state <> 'active' OR ends_on IS NOT NULL AND (basis = 'consent' OR basis = 'ground' AND ground_id IS NOT NULL));

ALTER TABLE casework_coordination ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE casework_planitem ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_unit ON casework_coordination USING (
    unit_id = (SELECT acting_unit()) AND EXISTS (SELECT FROM casework_case c WHERE c.id = case_id))
    WITH CHECK (unit_id = (SELECT acting_unit()));

-- What the other side shows is seen while the coordination is active, its end ahead, and a consent
-- in force (or another ground recorded): the door closes with the day, or with the withdrawal.
CREATE FUNCTION day_in_sweden() RETURNS date LANGUAGE sql VOLATILE AS
    $$ SELECT (public.trail_now() AT TIME ZONE 'Europe/Stockholm')::date $$;
CREATE POLICY while_it_is_shared ON casework_planitem USING (
    unit_id = (SELECT acting_unit())
    AND EXISTS (SELECT FROM casework_coordination c WHERE c.id = coordination_id
        AND c.state = 'active' AND c.ends_on >= (SELECT day_in_sweden())
        AND (c.basis = 'consent' AND c.consent_withdrawn_on IS NULL
                AND (SELECT day_in_sweden()) BETWEEN c.consent_from AND c.consent_until
            OR c.basis = 'ground' AND c.ground_id IS NOT NULL)))
    WITH CHECK (unit_id = (SELECT acting_unit()));

CREATE TRIGGER stays BEFORE UPDATE ON casework_coordination FOR EACH ROW
    WHEN (OLD.unit_id <> NEW.unit_id OR OLD.case_id <> NEW.case_id OR OLD.other_unit_id <> NEW.other_unit_id
        OR OLD.shared_id <> NEW.shared_id OR OLD.link_id <> NEW.link_id OR OLD.proposed_here <> NEW.proposed_here)
    EXECUTE FUNCTION stays_where_it_is();
CREATE TRIGGER stays BEFORE UPDATE ON casework_planitem FOR EACH ROW
    WHEN (OLD.unit_id <> NEW.unit_id OR OLD.coordination_id <> NEW.coordination_id OR OLD.source_id <> NEW.source_id)
    EXECUTE FUNCTION stays_where_it_is();

-- The consent that was withdrawn stays withdrawn, and what has ended has ended.
CREATE FUNCTION what_has_ended_stays_so() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a coordination that is over does not change' USING ERRCODE = 'check_violation'; END $$;
CREATE TRIGGER over_is_over BEFORE UPDATE ON casework_coordination FOR EACH ROW
    WHEN (OLD.state IN ('ended', 'declined')) EXECUTE FUNCTION what_has_ended_stays_so();

ALTER TABLE casework_coordination ADD COLUMN machine text GENERATED ALWAYS AS ('coordination') STORED;
SELECT make_stateful('casework_coordination', 'coordination');
