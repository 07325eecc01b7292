ALTER TABLE casework_coordination DROP CONSTRAINT state_is_taken, DROP COLUMN machine;
DROP TRIGGER one_step_on ON casework_coordination;

DELETE FROM audit_machine WHERE name = 'coordination';
DROP POLICY while_it_is_shared ON casework_planitem;
DROP POLICY own_unit ON casework_coordination;
DROP FUNCTION day_in_sweden;
DROP TRIGGER over_is_over ON casework_coordination;
DROP FUNCTION what_has_ended_stays_so;
DROP TRIGGER stays ON casework_planitem;
DROP TRIGGER stays ON casework_coordination;
ALTER TABLE casework_planitem DROP CONSTRAINT coordination_of_own_unit;
ALTER TABLE casework_coordination DROP CONSTRAINT case_of_own_unit, DROP CONSTRAINT coordination_unit,
    DROP CONSTRAINT two_sides, DROP CONSTRAINT consent_is_whole, DROP CONSTRAINT active_rests_on_something;
ALTER TABLE casework_coordination NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
ALTER TABLE casework_planitem NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
REVOKE ALL ON casework_coordination, casework_planitem FROM fortur_app;
