-- Beside consent a coordination rests on two grounds, one a side: nothing is active, and nothing
-- of the other side's is seen, before both are recorded.
ALTER TABLE casework_coordination DROP CONSTRAINT active_rests_on_something;
ALTER TABLE casework_coordination ADD CONSTRAINT active_rests_on_something CHECK (
    state <> 'active' OR ends_on IS NOT NULL
        AND (basis = 'consent' OR basis = 'ground' AND ground_id IS NOT NULL AND other_ground <> ''));
ALTER TABLE casework_coordination ADD CONSTRAINT ground_has_an_end CHECK (
    (ground_id IS NULL) = (ground_until IS NULL) AND (other_ground = '') = (other_ground_until IS NULL));
ALTER POLICY while_it_is_shared ON casework_planitem USING (
    unit_id = (SELECT acting_unit())
    AND EXISTS (SELECT FROM casework_coordination c WHERE c.id = coordination_id
        AND c.state = 'active' AND c.ends_on >= (SELECT day_in_sweden())
        AND (c.basis = 'consent' AND c.consent_withdrawn_on IS NULL
                AND (SELECT day_in_sweden()) BETWEEN c.consent_from AND c.consent_until
            OR c.basis = 'ground' AND c.ground_id IS NOT NULL AND c.other_ground <> '')));
CREATE TRIGGER grounds_by_a_step BEFORE UPDATE ON casework_coordination FOR EACH ROW
    WHEN (OLD.version = NEW.version
        AND (OLD.ground_answers, OLD.ground_until, OLD.other_ground, OLD.other_ground_until)
        IS DISTINCT FROM (NEW.ground_answers, NEW.ground_until, NEW.other_ground, NEW.other_ground_until))
    EXECUTE FUNCTION only_by_a_step();
INSERT INTO audit_edge (machine, step, from_state, to_state, authority)
    SELECT 'coordination', step, at, at, kind
    FROM unnest(ARRAY['record_ground', 'heard_ground']) step, unnest(ARRAY['accepted', 'active']) at,
        unnest(ARRAY['police', 'social']) kind;
