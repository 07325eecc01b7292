DELETE FROM audit_machine WHERE name IN ('disclosure', 'delivery');
ALTER TABLE casework_disclosure DROP CONSTRAINT state_is_taken, DROP COLUMN machine;
ALTER TABLE casework_delivery DROP CONSTRAINT state_is_taken, DROP COLUMN machine;
DROP TRIGGER one_step_on ON casework_disclosure;
DROP TRIGGER one_step_on ON casework_delivery;
DROP TRIGGER stays ON casework_disclosure;
DROP FUNCTION disclosed_for_good CASCADE;
ALTER TABLE casework_disclosure DROP CONSTRAINT sent_is_whole, DROP CONSTRAINT somebody_decided,
    DROP CONSTRAINT case_of_own_unit;
ALTER TABLE casework_delivery DROP CONSTRAINT arrived_whole, DROP CONSTRAINT somebody_handled,
    DROP CONSTRAINT taken_into_a_case, DROP CONSTRAINT case_of_own_unit;
DROP POLICY own_unit ON casework_disclosure;
DROP POLICY own_unit ON casework_delivery;
DROP POLICY own_unit ON casework_deliveryaccess;
ALTER TABLE casework_disclosure DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
ALTER TABLE casework_delivery DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
ALTER TABLE casework_deliveryaccess DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
REVOKE ALL ON casework_disclosure, casework_delivery, casework_deliveryaccess FROM fortur_app;
