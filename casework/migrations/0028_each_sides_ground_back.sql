DELETE FROM audit_edge WHERE machine = 'coordination' AND step IN ('record_ground', 'heard_ground');
DROP TRIGGER grounds_by_a_step ON casework_coordination;
ALTER POLICY while_it_is_shared ON casework_planitem USING (
    unit_id = (SELECT acting_unit())
    AND EXISTS (SELECT FROM casework_coordination c WHERE c.id = coordination_id
        AND c.state = 'active' AND c.ends_on >= (SELECT day_in_sweden())
        AND (c.basis = 'consent' AND c.consent_withdrawn_on IS NULL
                AND (SELECT day_in_sweden()) BETWEEN c.consent_from AND c.consent_until
            OR c.basis = 'ground' AND c.ground_id IS NOT NULL)));
ALTER TABLE casework_coordination DROP CONSTRAINT ground_has_an_end;
ALTER TABLE casework_coordination DROP CONSTRAINT active_rests_on_something;
ALTER TABLE casework_coordination ADD CONSTRAINT active_rests_on_something CHECK (
    state <> 'active' OR ends_on IS NOT NULL AND (basis = 'consent' OR basis = 'ground' AND ground_id IS NOT NULL));
