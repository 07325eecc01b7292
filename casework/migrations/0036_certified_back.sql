ALTER TABLE casework_certificate DROP CONSTRAINT of_what_ended;
ALTER TABLE casework_destruction DROP CONSTRAINT certified, DROP CONSTRAINT ended_once, DROP COLUMN ended;
DROP TRIGGER counts ON casework_certificate;
DROP FUNCTION certificate_counts();
