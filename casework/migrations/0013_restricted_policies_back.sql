ALTER FUNCTION audit_step_is_taken() SECURITY INVOKER RESET ALL;
DROP POLICY taken ON casework_case;
DROP POLICY own_unit ON casework_case;
CREATE POLICY own_unit ON casework_case USING (
    unit_id = (SELECT acting_unit()) AND (NOT restricted OR named_for(id)));
DROP POLICY own_unit ON casework_person;
CREATE POLICY own_unit ON casework_person USING (unit_id = (SELECT acting_unit()));
