DROP TRIGGER written_once ON access_decider;
DROP TRIGGER written_once ON access_legalground;
