-- Versions of grounds and of delegations are only added, also by the owner: what was decided refers to them.
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON access_legalground
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON access_decider
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();

REVOKE ALL ON access_legalground, access_decider FROM PUBLIC;
GRANT SELECT, INSERT ON access_legalground, access_decider TO fortur_app;
