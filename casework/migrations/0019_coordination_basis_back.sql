DROP TRIGGER by_a_step ON casework_coordination;
DROP FUNCTION only_by_a_step;
