DROP TRIGGER ends_once ON casework_hold;
DROP FUNCTION hold_ends_once();
DROP POLICY own_unit ON casework_hold;
ALTER TABLE casework_hold DROP CONSTRAINT case_of_own_unit;
DROP TRIGGER written_once ON casework_retentionrule;
